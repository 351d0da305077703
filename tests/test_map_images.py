"""Maps of words as images: what covers what, sizes, fonts and scripts."""

import itertools
import re
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from w2v.cli import main
from w2v.options import MapOptions, PictureOptions
from w2v.pictures import draw_map, fonts, make_map, map_image
from w2v.pictures.label_placement import Box, FreeSpace
from w2v.pictures.label_search import search_labels
from w2v.pictures.scripts import listed
from w2v.vectors import Vectors

SVG = "{http://www.w3.org/2000/svg}"
DEJAVU = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSerif.ttf")
ARABIC = ["ملك", "ملكة", "رجل", "امرأة", "أمير", "أميرة", "قصر", "مدينة", "كتاب", "قلم", "مدرسة", "معلم"]


def grouped(count, seed, groups=6, words=None):
    """Vectors of words in groups of different spread."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % groups
    spread = rng.uniform(0.3, 1.2, (groups, 1))[labels]
    rows = 3 * np.eye(groups, 20)[labels] + spread * rng.standard_normal((count, 20))
    return Vectors(words or [f"word{number}" for number in range(count)], rows)


def texts(path):
    """Return the texts of an SVG as (text, font size, x of its anchor, y of its baseline)."""
    found = []
    for element in ET.parse(path).iter(f"{SVG}text"):
        size = re.search(r"font-size: ([\d.]+)px|font: (?:\d+ )?([\d.]+)px", element.get("style"))
        place = float(element.get("x")), float(element.get("y"))
        found.append(("".join(element.itertext()), float(size[1] or size[2]), *place))
    return found


def points(path):
    """Return the middles of all points of an SVG, shape (n, 2)."""
    uses = [use for use in ET.parse(path).iter(f"{SVG}use") if "fill-opacity" in use.get("style", "")]
    return np.array([[float(use.get("x")), float(use.get("y"))] for use in uses])


def ink(text, size, x, y, *, weight="normal"):
    """Return left, right, top and bottom of the letters of a centered text, y down."""
    box = TextPath((0, 0), text, size=size, prop=FontProperties(family="DejaVu Sans", weight=weight)).get_extents()
    middle = (box.x0 + box.x1) / 2
    return x + box.x0 - middle, x + box.x1 - middle, y - box.y1, y - box.y0


def covered(box, places, reach):
    left, right, top, bottom = box
    x, y = places.T
    away = np.hypot(np.clip(x, left, right) - x, np.clip(y, top, bottom) - y)
    return int((away < reach).sum())


@pytest.mark.parametrize("count, width", [(120, None), (120, 4.0), (400, None), (1500, None), (1500, 7.0)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_names_of_groups_cover_no_point(tmp_path, count, width, seed):
    word_map = make_map(grouped(count, seed), MapOptions(clusters=6, seed=seed, threads=1, layout="pca"))
    drawing = draw_map(word_map, tmp_path / "m.svg", "", PictureOptions(width=width))
    shown = {text: place for text, *place in texts(tmp_path / "m.svg")}
    places = points(tmp_path / "m.svg")
    assert len(places) == count
    names = [name for name in word_map.cluster_names if name in shown]
    assert len(names) == drawing.named == 6
    boxes = [ink(name, *shown[name], weight="bold") for name in names]
    assert [covered(box, places, reach=0.8) for box in boxes] == [0] * len(names)
    for one, other in itertools.combinations(boxes, 2):
        assert one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]


@pytest.mark.parametrize("count, seed", [(10, 1), (40, 1), (40, 2), (60, 1), (60, 2), (99, 1), (99, 2)])
def test_all_words_of_a_small_map_have_a_label_that_covers_no_point(tmp_path, count, seed):
    word_map = make_map(grouped(count, seed), MapOptions(seed=seed))
    drawing = draw_map(word_map, tmp_path / "m.svg", "Title")
    shown = [entry for entry in texts(tmp_path / "m.svg") if entry[0] in word_map.words]
    assert len(shown) == drawing.labelled == drawing.words == count
    assert drawing.notes == ()
    boxes = [ink(*entry) for entry in shown]
    places = points(tmp_path / "m.svg")
    assert [covered(box, places, reach=1.5) for box in boxes] == [0] * count
    for one, other in itertools.combinations(boxes, 2):
        assert one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]


def test_a_label_without_room_is_counted(tmp_path):
    rows = np.random.default_rng(1).standard_normal((90, 2)) * 0.01 + [1, 0]
    word_map = make_map(Vectors([f"a_rather_long_word_{row}" for row in range(90)], rows), MapOptions())
    drawing = draw_map(word_map, tmp_path / "m.svg", "", PictureOptions(width=2.0, font_size=12.0))
    assert drawing.labelled < 90
    assert re.search(r"\d+ words have no room for a label; raise `width`, or lower `font_size`", drawing.notes[0])
    assert drawing.summary == f"{drawing.labelled} words have labels"


def test_free_space_is_the_closest_that_is_free():
    frame = Box(0, 0, 100, 60)
    row = np.stack([np.arange(0, 100, 4.0), np.full(25, 30.0)], axis=1)
    space = FreeSpace(row, 1, frame)
    first = space.take((50, 30), 40, 10, farthest=30)
    second = space.take((50, 30), 40, 10, farthest=30)
    assert {first.bottom >= 31, second.bottom >= 31} == {True, False}  # one above, one below
    assert abs((first.left + first.right) / 2 - 50) <= 2
    assert FreeSpace(row, 1, frame).take((50, 30), 40, 10, farthest=3) is None
    assert FreeSpace(row, 1, frame).take((50, 30), 140, 10, farthest=30) is None


def test_labels_far_from_their_point_have_a_line_to_it():
    crowd = np.full((12, 2), 100.0) + np.random.default_rng(1).uniform(-4, 4, (12, 2))
    found = search_labels(crowd, np.full((12, 2), (30.0, 10.0)), Box(0, 0, 200, 200), reach=2, gap=3, farthest=60)
    assert len(found) == 12
    assert any(label.line for label in found.values())
    for number, label in found.items():
        if label.line:
            assert label.line[:2] == tuple(crowd[number])
    for one, other in itertools.combinations(found.values(), 2):
        assert not one.box.overlaps(other.box)


# sizes


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run `w2v map vectors.txt ARGUMENTS...` with words in a folder; return exit code and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments, words=None):
        grouped(len(words or range(30)), 1, 3, words).save("vectors.txt")
        with pytest.raises(SystemExit) as stopped:
            main(["map", "vectors.txt", *arguments])
        return stopped.value.code, capsys.readouterr().err

    return run


def pixels(path):
    return struct.unpack(">II", Path(path).read_bytes()[16:24])


def test_width_and_resolution_of_an_image(run):
    assert run("-o", "m.png", "--width", "3.5", "-q") == (0, "")
    assert pixels("m.png")[0] == 3.5 * 300
    assert run("-o", "m.png", "--width", "3.5", "--dpi", "100", "-q") == (0, "")
    assert pixels("m.png")[0] == 350
    assert run("-o", "m.svg", "--width", "3.5", "--font-size", "8", "-q") == (0, "")
    assert ET.parse("m.svg").getroot().get("width") == "252pt"
    assert {size for text, size, *_ in texts("m.svg") if text.startswith("word")} == {8.0}
    assert run("-o", "m.pdf", "--width", "3.5", "-q") == (0, "")
    first = Path("m.pdf").read_bytes()
    assert b"/MediaBox [ 0 0 252 " in first
    assert run("-o", "m.pdf", "--width", "3.5", "-q") == (0, "")
    assert Path("m.pdf").read_bytes() == first


def test_the_page_has_the_font_size_and_refuses_options_of_images(run):
    assert run("-o", "m.html", "--font-size", "15", "-q") == (0, "")
    assert '"fontSize":20.0' in Path("m.html").read_text("utf-8")
    for option, value in (("--width", "5"), ("--dpi", "100"), ("--font", "DejaVu Sans")):
        code, error = run("-o", "m.html", option, value)
        assert code == 2
        assert error == (
            f"w2v: error: {option} is for images, and m.html is a page; write .png, .svg or .pdf, or leave it out\n"
        )


def test_the_layout_can_be_chosen(run):
    assert run("-o", "m.svg", "--layout", "pca", "-q") == (0, "")
    assert any(text.startswith("principal components 1 and 2: ") for text, *_ in texts("m.svg"))
    assert run("-o", "m.svg", "--layout", "tsne", "-q") == (0, "")
    assert not any(text.startswith("principal components") for text, *_ in texts("m.svg"))
    assert run("--layout", "umap") == (2, "w2v: error: --layout must be one of pca, tsne, not 'umap'\n")


# fonts and scripts


def test_a_font_is_chosen_by_name_or_file(run):
    assert run("-o", "m.svg", "--font", "dejavu serif", "-q") == (0, "")
    assert "DejaVu Serif" in Path("m.svg").read_text("utf-8")
    assert run("-o", "m.pdf", "--font", str(DEJAVU), "-q") == (0, "")
    assert b"DejaVuSerif" in Path("m.pdf").read_bytes()
    Path("bad.ttf").write_bytes(b"no font")
    for font, text in (
        ("DejaVu Sanz", "must be an installed font or a font file, not DejaVu Sanz; did you mean DejaVu Sans"),
        ("none.ttf", "none.ttf: no such file"),
        ("bad.ttf", "bad.ttf: is not a font that matplotlib can read"),
    ):
        code, error = run("-o", "m.png", "--font", font)
        assert code == 2
        assert error.startswith(f"w2v: error: --font {text}")
        assert error.count("\n") == 1


def test_words_without_a_font_have_no_label_and_one_note(run, monkeypatch):
    monkeypatch.setattr(fonts, "_regular_fonts", list)
    words = ["女王", "王", "ไทย", *(f"word{number}" for number in range(27))]
    code, error = run("-o", "m.png", words=words)
    assert code == 0
    assert (
        "w2v: note: 3 labels left out: no installed font has ท ย ไ 女 王; install a font such as Noto Sans Thai, or"
        " name a font file with --font; .svg and .html use the fonts of their viewer\n"
    ) in error
    assert error.endswith("w2v: saved 30 words in 3 groups to m.png; 27 words have labels\n")
    code, error = run("-o", "m.svg", words=words)
    assert "note" not in error
    assert set(words) <= {text for text, *_ in texts("m.svg")}


def test_letters_that_are_not_joined_are_told(run, monkeypatch):
    told = "can't join letters or draw them from right to left"
    words = ARABIC
    if fonts.joins_letters():
        assert told not in run("-o", "m.png", words=words)[1]
    monkeypatch.setattr(map_image, "joins_letters", lambda: False)
    assert told in run("-o", "m.png", words=words)[1]
    assert told not in run("-o", "m.svg", words=words)[1]
    assert told not in run("-o", "m.png")[1]


@pytest.mark.parametrize(
    "words, expected",
    [
        (["king", "queen"], "king, queen"),
        (["ملك", "12", "رجل"], "\u200f\u2068ملك\u2069، \u206812\u2069، \u2068رجل\u2069"),
        (["ملك", "رجل"], "ملك، رجل"),
        (["שלום", "מלך"], "שלום, מלך"),
        (["女王", "王"], "女王、王"),
        (["ひめ", "姫"], "ひめ、姫"),
        (["여왕", "왕"], "여왕, 왕"),
        (["ንጉሥ", "ንግሥት"], "ንጉሥ፣ ንግሥት"),
        (["king", "ملك"], "\u200e\u2068king\u2069, \u2068ملك\u2069"),
        (["ملك", "king"], "\u200f\u2068ملك\u2069, \u2068king\u2069"),
        (["12", "_"], "12, _"),
        ([], ""),
    ],
)
def test_lists_have_the_comma_and_the_direction_of_their_words(words, expected):
    assert listed(words) == expected


def test_names_of_arabic_groups_have_arabic_commas(tmp_path):
    words = [word + letter for word in ARABIC for letter in "ابتثجحخدذر"]
    word_map = make_map(grouped(len(words), 2, 3, words), MapOptions(clusters=3, layout="pca"))
    assert all(name.count("، ") == 2 and "," not in name for name in word_map.cluster_names)
    draw_map(word_map, tmp_path / "m.svg", "عنوان")
    assert {*word_map.cluster_names, "عنوان"} <= {text for text, *_ in texts(tmp_path / "m.svg")}
