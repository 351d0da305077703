"""Junk as arguments raises only W2VError, in one line, and never an error of NumPy or the interpreter."""

import inspect
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import w2v
from w2v import options
from w2v.vectors import Query, Vectors

VECTORS = Vectors(["king", "queen", "café", "apple", "zero"], [[1, 0.1], [1, 0.2], [3, 3], [0, 1], [0, 0]])


class Strange:
    """Neither a word nor a number, with a representation of two lines."""

    __hash__ = None

    def __eq__(self, other):
        return False

    def __repr__(self):
        return "strange\nthing"


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 7), st.sampled_from([10**30, -(10**400), 2**63, 2**64]),
    st.floats(), st.sampled_from([1e300, math.nan, math.inf, np.float32(2), np.int64(3), np.bool_(True), 1j]),
    st.sampled_from(["king", "queen", "cafe\u0301", "zzz", "", "add", "mul", "5", "\0", "\ud800", "a b"]),
    st.binary(max_size=3), st.just(Strange()), st.just(object), st.just(VECTORS), st.just(Query("king")),
)  # fmt: skip
ARRAYS = st.sampled_from(
    [np.ones(2), np.ones(3), np.ones((2, 2)), np.ones((5, 2)), np.ones((0, 2)), np.ones((1, 2, 2)), np.zeros(2),
     np.array([]), np.array(1.5), np.array([np.nan, 1]), np.array([1e300, 1]), np.array([3e38, 3e38], np.float32),
     np.array(["king", "queen"]), np.array([None, 1]), np.array([True, False]), np.array([[1j]]),
     np.array(["2020-01-01"], "M8[D]")]
)  # fmt: skip
JUNK = st.recursive(
    st.one_of(SCALARS, ARRAYS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.tuples(inner, inner), st.builds(Query, inner, inner),
        st.dictionaries(st.sampled_from(["king", "a", "b"]), inner, max_size=2),
    ),
    max_leaves=6,
)  # fmt: skip
METHODS = [
    "__getitem__", "get", "index", "similar", "similar_batch", "analogy", "similarity", "similarity_batch", "rank",
    "similarities", "mean_vector", "centrality", "count", "encode", "odd_one_out", "select", "top", "normalized",
    "from_gensim", "__contains__", "__eq__", "to_gensim",
]  # fmt: skip
QUIET = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def attempt(function, *arguments, **keywords):
    """Return what a function returns, or None after a W2VError, which must have one line."""
    message = "none"
    result = None
    try:
        result = function(*arguments, **keywords)
    except w2v.W2VError as error:
        message = str(error)
    assert message
    assert "\n" not in message
    return result


def required(function):
    """Return how many positional arguments a function takes at least and at most, and its keywords.

    Those that it answers with a suggestion, as gensim spells them, count as well.
    """
    kinds = [parameter for parameter in inspect.signature(function).parameters.values() if parameter.name != "self"]
    positional = [one for one in kinds if one.kind is one.POSITIONAL_OR_KEYWORD]
    least = sum(one.default is one.empty for one in positional)
    suggests = ["topn", "topm"] if any(one.kind is one.VAR_KEYWORD for one in kinds) else []
    return least, len(positional), [*(one.name for one in kinds if one.kind is one.KEYWORD_ONLY), *suggests]


def test_every_public_method_is_tried():
    public = {name for name, _ in inspect.getmembers(Vectors, callable) if not name.startswith("_")}
    assert public - {"load", "save"} <= set(METHODS)


@QUIET
@given(st.data())
def test_methods_of_vectors(data):
    method = getattr(VECTORS, data.draw(st.sampled_from(METHODS)))
    least, most, keywords = required(method)
    arguments = data.draw(st.lists(JUNK, min_size=least, max_size=most))
    chosen = data.draw(st.dictionaries(st.sampled_from(keywords), JUNK, max_size=2) if keywords else st.just({}))
    attempt(method, *arguments, **chosen)


@QUIET
@given(JUNK, JUNK, st.dictionaries(st.sampled_from(["counts", "metadata"]), JUNK))
def test_new_vectors(words, matrix, keywords):
    made = attempt(Vectors, words, matrix, **keywords)
    if made is not None and len(made):
        assert np.isfinite(made.norms).all()
        attempt(made.similar, made.words[0])


@pytest.mark.parametrize("function", [w2v.load, VECTORS.save, w2v.evaluate_pairs, w2v.evaluate_analogies])
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_functions_of_files(function, tmp_path_factory, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("empty"))
        least, _, keywords = required(function)
        arguments = data.draw(st.lists(JUNK, min_size=least, max_size=least))
        if least == 2 and data.draw(st.booleans()):
            arguments[0] = VECTORS
        attempt(function, *arguments, **data.draw(st.dictionaries(st.sampled_from(keywords or ["cache"]), JUNK))
                if keywords else {})  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(JUNK, JUNK, JUNK)
def test_groups(vectors, clusters, seed):
    attempt(w2v.cluster, vectors, clusters, seed=seed)
    attempt(w2v.cluster, VECTORS, clusters, seed=seed, progress=vectors)


@pytest.mark.parametrize("name", options.__all__)
@QUIET
@given(data=st.data())
def test_options(name, data):
    owner = getattr(options, name)
    attempt(owner, **data.draw(st.dictionaries(st.sampled_from(list(owner.__dataclass_fields__)), JUNK, max_size=3)))


def test_options_that_once_were_badly_refused():
    assert attempt(options.CorpusOptions, language=np.ones(2)) is None  # "truth value of an array is ambiguous"


@pytest.mark.parametrize("function", [w2v.train, w2v.find_phrases])
@QUIET
@given(data=st.data())
def test_text(function, data):
    names = {*required(function)[2], "dim", "vector_size", "sg", "cbow_mean", "tokens", "min_count", "minCount", "junk"}
    keywords = data.draw(st.dictionaries(st.sampled_from(sorted(names - {"log", "save_model", "save_vocab"})), JUNK))
    with pytest.raises(w2v.W2VError) as failure:
        function(data.draw(st.one_of(JUNK, st.just(Path("nowhere.txt")))), **{**keywords, "epochs": 0, "passes": 0})
    assert "\n" not in str(failure.value)
