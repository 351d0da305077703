"""Maps of words: neighbours, layout, labels, colors, images, and `w2v map`."""

import itertools
import subprocess
import sys
import tracemalloc
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from console import environment, error_line
from hypothesis import given, settings
from hypothesis import strategies as st

import w2v.pictures.neighbours
from w2v.cli import main
from w2v.errors import MissingExtraError, UnknownWordError, UsageError
from w2v.options import MapOptions, PictureOptions
from w2v.pictures import WordMap, draw_map, make_map
from w2v.pictures.colors import palette
from w2v.pictures.label_placement import Box, LabelSpace, place_labels
from w2v.pictures.layout import fitted
from w2v.progress import Silent
from w2v.vectors import Vectors

rng = np.random.default_rng(11)
GROUPS = 3
COUNT = 90
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def vectors():
    """Words in three groups, whose names end in the number of theirs."""
    groups = np.arange(COUNT) % GROUPS
    rows = 3 * np.eye(GROUPS, 10)[groups] + 0.5 * rng.standard_normal((COUNT, 10))
    return Vectors([f"word{row}.{group}" for row, group in enumerate(groups)], rows)


@pytest.fixture(scope="module")
def word_map(vectors):
    return make_map(vectors, MapOptions(clusters=GROUPS, threads=1, perplexity=8, neighbours=6))


@pytest.fixture
def folder(vectors, tmp_path):
    """A folder with vectors.txt."""
    vectors.save(tmp_path / "vectors.txt")
    return tmp_path


def test_a_map_holds_the_neighbours_of_each_word(vectors, word_map):
    for row, word in enumerate(vectors.words):
        expected = vectors.similar(word, n=6)
        assert [word_map.words[other] for other in word_map.neighbours.rows[row]] == [near.word for near in expected]
        np.testing.assert_allclose(
            word_map.neighbours.similarity[row], [near.similarity for near in expected], atol=1e-5
        )


def test_neighbours_do_not_depend_on_blocks(vectors, word_map, monkeypatch):
    monkeypatch.setattr(w2v.pictures.neighbours, "_BLOCK_VALUES", 7 * COUNT)
    rows = w2v.clusters.unit(vectors.matrix)
    found = w2v.pictures.neighbours.closest_rows(rows, 6, Silent())
    np.testing.assert_array_equal(found.rows, word_map.neighbours.rows)


def test_similar_words_are_close_together(word_map):
    distances = np.hypot(*(word_map.positions[:, None] - word_map.positions[None]).transpose(2, 0, 1))
    np.fill_diagonal(distances, np.inf)
    assert (distances.argmin(axis=1) % GROUPS == np.arange(COUNT) % GROUPS).mean() > 0.95
    assert word_map.positions.min() >= 0
    assert word_map.positions.max() <= 1
    assert {name[-2:] for name in word_map.cluster_names} == {".0", ".1", ".2"}


def test_the_seed_determines_the_layout(vectors, word_map):
    options = MapOptions(clusters=GROUPS, threads=1, perplexity=8, neighbours=6)
    np.testing.assert_array_equal(make_map(vectors, options).positions, word_map.positions)


def test_given_words_are_shown_in_their_order_and_once(vectors):
    words = [vectors.words[row] for row in (50, 3, 3, 7, 11, 50)]
    found = make_map(vectors, MapOptions(threads=1), words=words)
    assert found.words == [words[0], words[1], words[3], words[4]]
    assert found.neighbours.rows.shape == (4, 3)
    with pytest.raises(UnknownWordError, match=r"did you mean word3\.0"):
        make_map(vectors, MapOptions(), words=["word3,0"])
    with pytest.raises(UsageError, match="a map shows from 4 to 65536 words, not 2"):
        make_map(vectors, MapOptions(), words=words[:2])


def test_only_the_words_shown_are_copied(tmp_path):
    matrix = np.lib.format.open_memmap(tmp_path / "m.npy", "w+", np.float32, (200_000, 50))
    matrix[:100] = rng.standard_normal((100, 50))
    large = Vectors([str(row) for row in range(len(matrix))], matrix)
    make_map(large, MapOptions(top=20, threads=1))  # so that imports are not counted
    tracemalloc.start()
    make_map(large, MapOptions(top=20, threads=1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < matrix.nbytes / 4


def test_equal_and_empty_vectors_have_a_place_too():
    found = make_map(Vectors(list("abcdef"), np.array([[0, 0]] * 2 + [[1, 1]] * 4)), MapOptions(threads=1))
    assert np.isfinite(found.positions).all()


@pytest.mark.parametrize(
    "option, value", [("top", 3), ("top", 70_000), ("neighbours", 0), ("clusters", 0), ("clusters", 201),
                      ("perplexity", 1.0), ("perplexity", float("nan")), ("layout", "umap"),
                      ("seed", -1), ("threads", 0)]
)  # fmt: skip
def test_options_out_of_range_are_named(option, value):
    with pytest.raises(UsageError, match=f"{option} must be "):
        MapOptions(**{option: value})


@pytest.mark.parametrize(
    "option, value", [("width", 1.9), ("width", 41.0), ("width", float("nan")), ("font_size", 3.9), ("font_size", 41.0),
                      ("font", " "), ("dpi", 49), ("dpi", 1201)]
)  # fmt: skip
def test_options_of_images_out_of_range_are_named(option, value):
    with pytest.raises(UsageError, match=f"{option} must be "):
        PictureOptions(**{option: value})


def test_few_words_are_laid_out_by_principal_components():
    plane = rng.standard_normal((30, 2)) * [3, 1]
    rows = np.concatenate([np.full((30, 1), 20.0), plane], axis=1)  # far away, so that directions are almost a plane
    rows = rows @ np.linalg.qr(rng.standard_normal((3, 3)))[0]
    found = make_map(Vectors([f"w{row}" for row in range(30)], rows), MapOptions())
    assert found.explained is not None
    assert found.explained[0] > found.explained[1] > 0
    assert sum(found.explained) > 0.98

    def distances(points):
        between = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
        return between / between.max()

    np.testing.assert_allclose(distances(found.positions), distances(plane), atol=0.05)


def test_the_layout_depends_on_the_number_of_words():
    assert [MapOptions().layout_for(words) for words in (4, 99, 100, 5000)] == ["pca", "pca", "tsne", "tsne"]
    assert MapOptions(layout="tsne").layout_for(10) == MapOptions(layout="tsne").layout_for(500) == "tsne"
    assert MapOptions(layout="pca").layout_for(500) == "pca"


def test_layouts_are_fitted_in_proportion():
    np.testing.assert_allclose(fitted(np.array([[-4.0, 0], [4, 4]])), [[0, 0.25], [1, 0.75]])
    np.testing.assert_allclose(fitted(np.zeros((3, 2))), np.full((3, 2), 0.5))


# labels and colors

BOXES = st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200), st.floats(0, 90), st.floats(1, 40)), max_size=40)


@given(BOXES)
@settings(max_examples=60, deadline=None)
def test_labels_overlap_nothing_and_stay_inside(entries):
    points = np.array([entry[:2] for entry in entries]).reshape(-1, 2)
    sizes = np.array([entry[2:] for entry in entries]).reshape(-1, 2)
    space = LabelSpace(300, 200)
    taken = Box(100, 80, 200, 120)
    assert space.take(taken)
    found = place_labels(space, points, sizes, gap=2)
    for first, second in itertools.combinations([taken, *found.values()], 2):
        assert not first.overlaps(second)
    for number, box in found.items():
        assert sizes[number][0] > 0
        assert 0 <= box.left <= box.right <= 300
        assert 0 <= box.bottom <= box.top <= 200
        np.testing.assert_allclose((box.right - box.left, box.top - box.bottom), sizes[number], atol=1e-9)


def test_the_first_label_is_placed_first_and_right_of_its_point():
    found = place_labels(
        LabelSpace(100, 100), np.array([[50.0, 50], [50, 50]]), np.array([[40.0, 10], [40, 10]]), gap=3
    )
    assert found == {0: Box(53, 45, 93, 55), 1: Box(7, 45, 47, 55)}


@pytest.mark.parametrize("dark", [False, True])
def test_colors_differ_from_each_other_and_from_the_background(dark):
    colors = palette(40, dark=dark)
    assert len(set(colors)) == 40
    parts = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors]) / 255
    luminance = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
    ground = 0.008 if dark else 0.955
    contrast = (np.maximum(luminance, ground) + 0.05) / (np.minimum(luminance, ground) + 0.05)
    assert contrast.min() >= 3  # what WCAG asks of graphics


# images


def texts(path):
    return ["".join(element.itertext()) for element in ET.parse(path).iter(f"{SVG}text")]


def test_an_svg_holds_title_names_and_words_as_text(word_map, tmp_path):
    draw_map(word_map, tmp_path / "m.svg", "a < b & $c$")
    shown = texts(tmp_path / "m.svg")
    assert shown[0] == "a < b & $c$"
    assert len(set(word_map.words) & set(shown)) > 0.8 * COUNT


def test_words_in_any_script_can_be_drawn(word_map, tmp_path):
    words = ["$x$", "<b>", "женщина", "γυνή", "女王", "\U0001f451", "ملكة", "\ud800", "_", "a\u0301"]
    words += word_map.words[10:]
    odd = WordMap(words, word_map.positions, word_map.neighbours, word_map.clusters)
    draw_map(odd, tmp_path / "m.png", "女")
    assert (tmp_path / "m.png").read_bytes().startswith(b"\x89PNG\r\n")
    draw_map(odd, tmp_path / "m.svg", "女")
    assert {"女", "$x$", "<b>", "женщина", "女王", "\U0001f451", "ملكة", "?"} <= set(texts(tmp_path / "m.svg"))


def test_without_open_tsne_the_extra_is_named(vectors, monkeypatch):
    monkeypatch.setitem(sys.modules, "openTSNE", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'w2v\[plot\]'"):
        make_map(vectors, MapOptions(layout="tsne"))
    make_map(vectors, MapOptions())  # principal components need no package


def test_without_matplotlib_the_extra_is_named(folder):
    code = "import sys; sys.modules['matplotlib'] = None; from w2v.cli import main; main()"
    arguments = ["map", "-q", "-o", "m.png", "--top", "20"]
    process = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, capture_output=True, env=environment()
    )
    assert process.returncode == 1
    line = error_line(process)
    assert line.startswith("drawing an image needs an extra package: ")
    assert line.endswith("[plot]'")


# the command


@pytest.fixture
def run(folder, monkeypatch, capsys):
    """Run `w2v map ARGUMENTS...` in a folder with vectors.txt; return exit code, output and errors."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("W2V_VECTORS", raising=False)

    def run(*arguments):
        with pytest.raises(SystemExit) as stopped:
            main(["map", *arguments])
        return stopped.value.code, *capsys.readouterr()

    return run


def test_a_page_is_made_of_the_most_frequent_words(run, tmp_path):
    code, out, err = run("vectors.txt", "--top", "30", "--neighbours", "4", "-k", "3", "--threads", "1", "--seed", "2")
    assert (code, out) == (0, "")
    assert err.endswith("w2v: saved 30 words in 3 groups to map.html\n")
    page = (tmp_path / "map.html").read_text("utf-8")
    assert '"word29.2"]' in page
    assert "word30." not in page
    assert "<title>vectors.txt</title>" in page


def test_an_image_is_made_of_the_words_in_a_file(run, tmp_path):
    (tmp_path / "words.txt").write_text("\ufeffword1.1\r\n\nword4.1\nword5.2\n word6.0 \n", encoding="utf-8")
    code, out, err = run("-o", "m.svg", "--words", "words.txt", "--perplexity", "2", "--title", "Mine", "-q")
    assert (code, out, err) == (0, "", "")
    assert {"Mine", "word1.1", "word4.1", "word5.2", "word6.0"} <= set(texts(tmp_path / "m.svg"))


def test_unknown_words_are_left_out_of_a_map(run, tmp_path):
    (tmp_path / "words.txt").write_text("word1.1 12\nnobody\nword4.1\nword5.2\t3\nno one\nword6.0\n")
    code, _, err = run("-o", "m.svg", "--words", "words.txt", "--perplexity", "2")
    assert code == 0
    assert "w2v: note: left out 2 of 6 words, which are not in vectors.txt: nobody, no one\n" in err
    assert {"word1.1", "word4.1", "word5.2", "word6.0"} <= set(texts(tmp_path / "m.svg"))
    (tmp_path / "words.txt").write_text("nobody\nnothing\n")
    told = "w2v: error: words.txt: none of its 2 words is in vectors.txt\n"
    assert run("-o", "m.svg", "--words", "words.txt") == (2, "", told)


@pytest.mark.parametrize("name", ["m.html", "m.png", "m.svg", "m.pdf"])
def test_only_an_earlier_map_is_replaced(run, tmp_path, name):
    for _ in range(2):
        assert run("-o", name, "--top", "12", "-q") == (0, "", "")
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes().replace(b"w2v", b"else"))
    told = f"{name}: exists, holds no picture that w2v drew, and would be overwritten; choose another name, or"
    assert run("-o", name, "--top", "12") == (1, "", f"w2v: error: {told} remove it first\n")


@pytest.mark.parametrize(
    "arguments, code, text",
    [
        (["-o", "m.gif"], 2, "--output m.gif: the name must end in one of .html, .png, .svg, .pdf"),
        (["-o", "no/m.png"], 1, "no/m.png: there is no folder no; make it first, or choose another name"),
        (["none.txt"], 1, "none.txt: no such file; train vectors with 'w2v train corpus.txt', or name another file"),
        (["--words", "."], 2, ".: can't be read (Is a directory)"),
        (["--words", "empty"], 2, "empty: holds no words; write one a line"),
        (["--words", "binary"], 2, "binary:1: not UTF-8; convert the file first"),
    ],
)  # fmt: skip
def test_errors_are_one_line(run, tmp_path, arguments, code, text):
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"\xff\xff")
    assert run(*arguments) == (code, "", f"w2v: error: {text}\n")
    assert not (tmp_path / "map.html").exists()
