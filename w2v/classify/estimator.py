"""The classifier for Python, in the manner of scikit-learn: fit, predict, predict_proba, score."""

from __future__ import annotations

import dataclasses
import inspect
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from w2v.classify.classifier_training import train_classifier
from w2v.classify.scores import number_scores
from w2v.classify.targets import encode_targets, label_sets, target_list
from w2v.classify.text_classifier import TextClassifier, given_labels
from w2v.documents.document_vectors import corpus_options, text_list
from w2v.errors import UsageError
from w2v.options import CorpusOptions
from w2v.options.checks import as_path
from w2v.options.classify import ClassifyOptions
from w2v.options.fields import default_of
from w2v.tqdm_progress import listener

if TYPE_CHECKING:
    from w2v.progress import Progress
    from w2v.vectors import Vectors

_DEFAULTS = {field.name: default_of(ClassifyOptions, field.name) for field in dataclasses.fields(ClassifyOptions)}
_TEXT_NAMES = ("tokens", "lowercase")


def _with_options(function: Callable[..., None]) -> Callable[..., None]:
    """Show all options in the signature, where help and scikit-learn look for them."""
    signature = inspect.signature(function)
    own = [parameter for parameter in signature.parameters.values() if parameter.kind is not parameter.VAR_KEYWORD]
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default) for name, default in _DEFAULTS.items()
    ]
    function.__signature__ = signature.replace(parameters=own + options)  # type: ignore[attr-defined]
    return function


class Classifier:
    """Classifies texts, or predicts numbers from them.

    It works in scikit-learn's pipelines and searches, and its input is texts. scikit-learn takes it for a classifier
    before it is trained; `task="regression"` makes it a regressor.

    Args:
        vectors: vectors of words to start from; without, they start at random.
        tokens: how text becomes tokens, as for `w2v.train`; None is as the vectors' text was cut, or at white space.
        lowercase: convert tokens to lower case; None likewise.
        options: those of `w2v classify train`; `w2v.options.classify.ClassifyOptions` explains each.

    Attributes:
        classes_: the labels, in the order of `predict_proba`'s columns; a regression has none.

    Example:
        >>> texts = ["a good film", "good fun", "a bad film", "bad taste"] * 10
        >>> classifier = w2v.Classifier(dim=10).fit(texts, ["+", "+", "-", "-"] * 10)
        >>> classifier.predict(["good", "so bad"]).tolist()
        ['+', '-']
    """

    @_with_options
    def __init__(
        self,
        *,
        vectors: Vectors | None = None,
        tokens: str | None = None,
        lowercase: bool | None = None,
        **options: Any,
    ) -> None:
        unknown = sorted(options.keys() - set(_DEFAULTS))
        if unknown:
            raise UsageError(f"no option {unknown[0]}; there are {', '.join(_DEFAULTS)}")
        self.vectors, self.tokens, self.lowercase = vectors, tokens, lowercase
        for name, value in {**_DEFAULTS, **options}.items():
            setattr(self, name, value)

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002
        """Return all options by name, for scikit-learn."""
        return {name: getattr(self, name) for name in ("vectors", *_TEXT_NAMES, *_DEFAULTS)}

    def set_params(self, **options: Any) -> Classifier:
        """Set options by name, for scikit-learn.

        Raises:
            UsageError: there is no such option.
        """
        known = self.get_params()
        for name, value in options.items():
            if name not in known:
                raise UsageError(f"no option {name}; there are {', '.join(known)}")
            setattr(self, name, value)
        return self

    def fit(
        self, texts: Iterable[str], targets: Iterable[Any], *, progress: Progress | bool | None = None
    ) -> Classifier:
        """Learn from n texts. Ctrl-C keeps the best epoch so far.

        Args:
            texts: n texts.
            targets: a label for each (str, int or bool); a list of labels for each, or rows of zeros and ones (n,
                labels); or a number for each (float), which makes a regression.
            progress: receives progress.

        Raises:
            UsageError: texts and targets don't fit together, or an option is out of range.
            W2VError: anything else that prevents training.
        """
        options = ClassifyOptions(**{name: getattr(self, name) for name in _DEFAULTS})
        self._trained = train_classifier(
            text_list(texts), targets, options, corpus=self._corpus(), vectors=self.vectors,
            progress=listener(progress), keep=self._keep,
        )  # fmt: skip
        return self

    def _keep(self, trained: TextClassifier) -> None:
        self._trained = trained

    @property
    def trained(self) -> TextClassifier:
        """What was trained or loaded.

        Raises:
            UsageError: nothing yet.
        """
        trained = getattr(self, "_trained", None)
        if trained is None:
            raise UsageError("the classifier is not trained; call fit() first, or load one")
        found: TextClassifier = trained
        return found

    @property
    def classes_(self) -> npt.NDArray[Any]:
        """The labels, in the order of `predict_proba`'s columns.

        Raises:
            AttributeError: it is not trained, or predicts numbers.
        """
        if not self.__sklearn_is_fitted__() or self.trained.task == "regression":
            raise AttributeError("only a trained classifier has classes_, not a regression")
        return np.array(self.trained.labels)

    def predict_proba(self, texts: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return the probability of each label, (n, labels).

        Raises:
            UsageError: it predicts numbers, or a text is no str.
        """
        if self.trained.task == "regression":
            raise UsageError("a regression has no probabilities; use predict()")
        return self._outputs(text_list(texts))

    def predict(self, texts: Iterable[str]) -> npt.NDArray[Any]:
        """Return a label for each text, (n,); for several labels (n, labels) zeros and ones; or numbers, (n,)."""
        found = self._outputs(text_list(texts))
        if self.trained.task == "regression":
            return found[:, 0]
        if self.trained.task == "multilabel":
            return given_labels(found, "multilabel").astype(np.int64)
        labels: npt.NDArray[Any] = self.classes_[found.argmax(axis=1)]
        return labels

    def score(self, texts: Iterable[str], targets: Iterable[Any]) -> float:
        """Return the accuracy, the share of texts whose labels are all right; of a regression, R².

        Args:
            texts: n texts.
            targets: their targets, as for `fit`, or as `predict` returns them.

        Raises:
            UsageError: texts and targets don't fit together, or there are none.
        """
        listed, wanted = text_list(texts), target_list(targets)
        if len(listed) != len(wanted):
            raise UsageError(f"there are {len(listed)} texts, but {len(wanted)} targets")
        if not listed:
            raise UsageError("there are no texts to score")
        given, labels = self.predict(listed), self.trained.labels
        if self.trained.task == "regression":
            truth = encode_targets(wanted, "regression").values[:, 0]
            return number_scores(truth, given.astype(np.float64), self.trained.baseline).r2
        sets = label_sets(wanted, labels)
        kind = type(labels[0])
        other = next((label for chosen in sets for label in chosen if type(label) is not kind), None)
        if other is not None:
            raise UsageError(f"the classifier's labels are {kind.__name__}, but the targets have {other!r}")
        if self.trained.task == "multilabel":
            found = [{labels[i] for i in np.flatnonzero(row)} for row in given]
        else:
            found = [{label} for label in given.tolist()]
        return float(np.mean([chosen == set(right) for chosen, right in zip(found, sets, strict=True)]))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the trained classifier to a file.

        Raises:
            OutputError: the file can't be written, or holds something else.
        """
        from w2v.classify.classifier_file import save_classifier

        save_classifier(as_path("path", path), self.trained)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Classifier:
        """Read a classifier that `save` or `w2v classify train` wrote.

        Raises:
            ModelError: there is no such file, or it holds no classifier.
        """
        from w2v.classify.classifier_file import load_classifier

        trained = load_classifier(Path(as_path("path", path)))
        options, corpus = dataclasses.asdict(trained.options), trained.features.options
        loaded = cls(tokens=corpus.tokens, lowercase=corpus.lowercase, **{**options, "task": trained.task})
        loaded._trained = trained
        return loaded

    def _corpus(self) -> CorpusOptions:
        known = corpus_options({} if self.vectors is None else self.vectors.metadata)
        chosen = {name: value for name in _TEXT_NAMES if (value := getattr(self, name)) is not None}
        return dataclasses.replace(known, **chosen)

    def _outputs(self, texts: list[str]) -> npt.NDArray[np.float32]:
        return self.trained.outputs(texts, self.threads)  # type: ignore[attr-defined]

    def __sklearn_clone__(self) -> Classifier:
        return type(self)(**self.get_params())  # shares the vectors, which may be large

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_trained")

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, InputTags, RegressorTags, Tags, TargetTags

        task = self.trained.task if self.__sklearn_is_fitted__() else self.task  # type: ignore[attr-defined]
        is_number = task == "regression"
        return Tags(
            estimator_type="regressor" if is_number else "classifier",
            target_tags=TargetTags(required=True),
            transformer_tags=None,
            regressor_tags=RegressorTags() if is_number else None,
            classifier_tags=None if is_number else ClassifierTags(),
            input_tags=InputTags(two_d_array=False, string=True),
        )

    def __repr__(self) -> str:
        changed = {name: value for name, value in self.get_params().items() if value != _DEFAULTS.get(name)}
        return f"Classifier({', '.join(f'{name}={value!r}' for name, value in changed.items())})"
