"""Foreign names of the options of classifiers: what `fasttext supervised` calls them, over those of all commands."""

from __future__ import annotations

from collections.abc import Collection

from w2v.options.foreign_names import ABSENT, CONVERTED, GENERAL, NEEDLESS, RENAMED, Converted, Needless, Tables

_NO_AUTOTUNE = "w2v does not tune options; try some on texts kept aside, with `validation=0.1`"

CLASSIFIERS = Tables(
    RENAMED | {"pretrained_vectors": "vectors", "label": "label_prefix"},
    CONVERTED
    | {
        "loss": Converted(
            "task",
            {"softmax": None, "hs": None, "ns": None, "ova": "multilabel", "one-vs-all": "multilabel"},
            "use `task=multiclass` or `task=multilabel`",
        ),
        "autotune_validation": Converted("task", {"": None}, _NO_AUTOTUNE),
        "autotune_modelsize": Converted("task", {"": None}, "a model's size follows from its words and dimensions"),
    },
    NEEDLESS
    | {
        "ws": Needless("task", "texts have no windows", ("5",)),
        "neg": Needless("task", "all labels are scored", ("5",)),
        "t": Needless("task", "frequent words are weighed, not left out", ("0.0001",)),
        "bucket": Needless("task", "n-grams need no buckets", ("0", "2000000")),
        "save_output": Needless("task", "a classifier keeps all its layers", ("0", "false"), is_flag=True),
        "min_count_label": Needless("task", "all labels are kept", ("0", "1")),
        "autotune_metric": Needless("task", _NO_AUTOTUNE, ("f1",)),
        "autotune_predictions": Needless("task", _NO_AUTOTUNE, ("1",)),
        "autotune_duration": Needless("task", _NO_AUTOTUNE, ("300",)),
    },
    ABSENT,
)


def tables_for(options: Collection[str]) -> Tables:
    """Return the foreign names that a command with these options understands.

    Example:
        >>> tables_for(["dim", "label_prefix"]).renamed["label"]
        'label_prefix'
    """
    return CLASSIFIERS if "label_prefix" in options else GENERAL
