"""The page that `w2v map` makes, in a real browser without a network."""

import contextlib
import itertools
import re
import subprocess

import numpy as np
import pytest
from browser import Browser, executable
from matplotlib.image import imread

from w2v.clusters import Clusters, unit
from w2v.options import PictureOptions
from w2v.pictures import WordMap, save_page
from w2v.pictures.neighbours import closest_rows
from w2v.progress import Silent

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 1200, 800
SIDE = 30  # words on a grid, shaken
COUNT = SIDE * SIDE
BAD = "<img src=http://example.org/x onerror=alert(1)></script>"
WORDS = ["king", "queen", "Kingston", "viking", BAD, "x=y?", "a b", "100%", "#1", "女王"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    path = executable()
    if path is None:
        pytest.fail(
            "these tests need Chromium: apt-get install chromium, or leave them out: -m 'not browser'", pytrace=False
        )
    browser = Browser(path, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def word_map():
    rng = np.random.default_rng(5)
    places = np.stack(np.divmod(rng.permutation(COUNT), SIDE), axis=1) + rng.uniform(-0.4, 0.4, (COUNT, 2))
    positions = ((places - places.min()) / (places.max() - places.min())).astype(np.float32)
    labels = (places[:, 0] * 4 // SIDE).astype(np.int32).clip(0, 3)
    rows = unit(np.concatenate([positions - 0.5, np.full((COUNT, 1), 0.2)], axis=1).astype(np.float32))
    words = WORDS + [f"word{number}" for number in range(len(WORDS), COUNT)]
    clusters = Clusters(labels, np.eye(4, dtype=np.float32), rng.random(COUNT, dtype=np.float32))
    return WordMap(words, positions, closest_rows(rows, 8, Silent()), clusters)


@pytest.fixture(scope="module")
def path(word_map, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "map.html"
    save_page(word_map, path, "Words & <worlds>")
    return path


@pytest.fixture
def page(browser, path):
    """The page, just opened."""
    browser.requests.clear()
    browser.complaints.clear()
    browser.open(path, WIDTH, HEIGHT)
    yield browser
    assert browser.complaints == []


def text(page, selector):
    return page.run(f"document.querySelector({selector!r}).innerText")


def place(page, word):
    """Return the place of a word in the window."""
    return page.run(f"[wordMap.view.screenX({word}), wordMap.view.screenY({word})]")


def labels(page):
    return page.run("wordMap.view.labels()")


def listed(page):
    """Return the closest words in the panel with their similarities."""
    return page.run(
        "[...document.querySelectorAll('#neighbours button')]"
        ".map(line => [line.querySelector('.name').textContent, line.querySelector('.value').textContent])"
    )


def expected(word_map, word):
    near = zip(word_map.neighbours.rows[word], word_map.neighbours.similarity[word], strict=True)
    return [[word_map.words[row], f"{value:.4f}"] for row, value in near]


def color(page, word):
    """Return the color in the middle of a word's point, as shown."""
    return page.run(f"""(() => {{
        const {{ canvas, screenX, screenY }} = wordMap.view;
        const [red, green, blue] = canvas.getContext("2d").getImageData(screenX({word}), screenY({word}), 1, 1).data;
        return "#" + [red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("");
    }})()""")


def search(page, word):
    page.key("/", text="/")
    page.type(word)


def test_the_page_needs_no_network(page, path):
    assert [request for request in page.requests if request != "about:blank"] == [path.as_uri()]
    assert text(page, "h1") == "Words & <worlds>"
    assert text(page, "#about").startswith("900 words")
    assert not re.search(
        r"""(src|href)=["']?(https?:)?//""",
        path.read_text("utf-8").replace(BAD.split(">")[0].replace("<", "\\u003c"), ""),
    )


def test_a_searched_word_is_highlighted_with_its_neighbours(page, word_map):
    search(page, "kin")
    assert page.run("[...document.querySelectorAll('#suggestions li')].map(item => item.textContent)") == [
        "king", "Kingston", "viking",
    ]  # fmt: skip
    page.key("ArrowDown")
    page.key("ArrowUp")
    page.key("Enter")
    page.wait("!document.getElementById('selected').hidden")
    page.settle()
    assert text(page, "#word") == "king"
    assert listed(page) == expected(word_map, 0)
    shown = page.run("wordMap.data.colors.light")
    for word in [0, *word_map.neighbours.rows[0].tolist()]:
        x, y = place(page, word)
        if 320 < x < WIDTH and 0 < y < HEIGHT:
            assert color(page, word) == shown[word_map.clusters.labels[word]]
    x, y = place(page, 0)
    assert 300 < x < WIDTH
    assert 0 < y < HEIGHT
    far = next(word for word in range(COUNT) if word not in word_map.neighbours.rows[0] and word != 0)
    assert color(page, far) not in shown  # faint
    page.key("Escape")
    page.wait("document.getElementById('selected').hidden")


def test_a_search_without_results_says_so(page):
    search(page, "zebra")
    assert text(page, "#suggestions") == "Not on this map"
    page.key("Enter")
    assert page.run("wordMap.view.state.selected") == -1


@pytest.mark.parametrize("word", range(len(WORDS)))
def test_every_word_can_be_chosen_and_is_shown_as_it_is(page, word_map, word):
    page.run(f"document.querySelector('#query').value = wordMap.data.words[{word}]")
    page.run("document.querySelector('#query').dispatchEvent(new Event('input'))")
    page.run("document.querySelector('#query').focus()")
    page.key("Enter")
    page.wait(f"wordMap.view.state.selected === {word}")
    assert page.run(f"document.querySelector('#word').textContent === wordMap.data.words[{word}]")
    assert page.run("document.images.length") == 0


def test_a_choice_can_be_undone(page, word_map):
    page.run("location.hash = 'king'")
    page.wait("wordMap.view.state.selected === 0")
    page.run("document.querySelector('#neighbours button').click()")
    first = int(word_map.neighbours.rows[0][0])
    page.wait(f"wordMap.view.state.selected === {first}")
    page.run("history.back()")
    page.wait("wordMap.view.state.selected === 0")


def test_the_word_under_the_mouse_is_shown(page, word_map):
    x, y = place(page, 20)
    page.mouse("mouseMoved", x + 1, y + 1)
    first, value = expected(word_map, 20)[0]
    assert text(page, "#tip strong") == "word20"
    assert f"{first} {float(value):.2f}" in text(page, "#tip")
    page.mouse("mouseMoved", WIDTH - 80, 5)
    page.wait("document.getElementById('tip').hidden")


def test_a_click_on_a_word_chooses_it_and_a_click_elsewhere_chooses_none(page):
    page.click(*place(page, 20))
    page.wait("wordMap.view.state.selected === 20")
    page.run("wordMap.view.whole()")
    page.click(WIDTH - 100, 3)
    page.wait("wordMap.view.state.selected === -1")


def test_the_wheel_zooms_about_the_mouse(page):
    x, y = map(int, place(page, 33))
    start = place(page, 33)
    before = page.run("wordMap.view.state.scale")
    for _ in range(3):
        page.mouse("mouseWheel", x, y, deltaX=0, deltaY=-240)
    assert page.run("wordMap.view.state.scale") == pytest.approx(8 * before)
    assert place(page, 33) == pytest.approx([x + 8 * (start[0] - x), y + 8 * (start[1] - y)], abs=1e-3)
    page.mouse("mouseWheel", x, y, deltaX=0, deltaY=480 / 2)
    assert page.run("wordMap.view.state.scale") == pytest.approx(4 * before)
    page.key("0", text="0")
    assert page.run("wordMap.view.state.scale") == pytest.approx(before)


def test_dragging_moves_the_map_and_chooses_nothing(page):
    x, y = place(page, 33)
    page.mouse("mousePressed", x, y, button="left", clickCount=1)
    page.mouse("mouseMoved", x + 60, y + 10, button="left", buttons=1)
    page.mouse("mouseMoved", x + 100, y + 30, button="left", buttons=1)
    page.mouse("mouseReleased", x + 100, y + 30, button="left", clickCount=1)
    assert place(page, 33) == pytest.approx([x + 100, y + 30])
    assert page.run("wordMap.view.state.selected") == -1


def test_buttons_zoom_too(page):
    before = page.run("wordMap.view.state.scale")
    page.run("document.getElementById('in').click()")
    assert page.run("wordMap.view.state.scale") == pytest.approx(1.5 * before)
    page.run("document.getElementById('out').click()")
    assert page.run("wordMap.view.state.scale") == pytest.approx(before)


def test_labels_never_overlap_and_stay_while_zooming_in(page):
    x, y = place(page, 0)
    for _ in range(2):  # until the names of groups, which labels give way to, are gone
        page.mouse("mouseWheel", x, y, deltaX=0, deltaY=-240)
    shown = set()
    for _ in range(6):
        boxes = labels(page)
        names = {box["word"] for box in boxes}
        assert names
        edges = np.array([[box[side] for side in ("left", "right", "top", "bottom")] for box in boxes])
        left, right, top, bottom = edges.T
        crossing = (left[:, None] < right) & (left < right[:, None]) & (top[:, None] < bottom) & (top < bottom[:, None])
        assert crossing.sum() == len(boxes)  # each with itself
        inside = page.run(
            f"{sorted(shown)!r}.filter(word => {{ const n = wordMap.data.find(word);"
            f" const x = wordMap.view.screenX(n), y = wordMap.view.screenY(n);"
            f" return x > 60 && x < {WIDTH - 60} && y > 40 && y < {HEIGHT - 40}; }})"
        )
        assert set(inside) <= names
        shown = names
        page.mouse("mouseWheel", x, y, deltaX=0, deltaY=-120)


def test_a_group_can_be_shown_alone(page, word_map):
    page.run("document.querySelectorAll('#groups button')[1].click()")
    page.settle()
    assert page.run("document.querySelectorAll('#groups button')[1].getAttribute('aria-pressed')") == "true"
    members = {word_map.words[word] for word in np.flatnonzero(word_map.clusters.labels == 1)}
    assert {box["word"] for box in labels(page)} <= members
    page.run("document.querySelectorAll('#groups button')[1].click()")
    page.settle()
    assert page.run("wordMap.view.state.group") == -1


def test_the_page_follows_the_dark_mode_of_the_browser(browser, path):
    browser.open(path, WIDTH, HEIGHT, scheme="dark")
    ground = browser.run("[...wordMap.view.canvas.getContext('2d').getImageData(1190, 5, 1, 1).data]")
    assert max(ground[:3]) < 50


@pytest.mark.parametrize("scheme, least, most", [("light", 240, 255), ("dark", 10, 50)])
def test_the_page_is_drawn_before_its_first_frame(browser, path, scheme, least, most):
    stopped = browser.order(
        "Page.addScriptToEvaluateOnNewDocument", source="window.requestAnimationFrame = () => 1"
    )  # all that is drawn is drawn by the script itself
    try:
        browser.order("Emulation.setDeviceMetricsOverride", width=1200, height=800, deviceScaleFactor=1, mobile=False)
        browser.order("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.order("Page.navigate", url="about:blank")
        browser.order("Page.navigate", url=path.as_uri())
        browser.wait("globalThis.wordMap !== undefined")
        corner = browser.run("[...wordMap.view.canvas.getContext('2d').getImageData(1190, 5, 1, 1).data]")
        assert all(least <= part <= most for part in corner[:3])
        assert browser.run("wordMap.view.labels().length") > 5
        size = browser.run("[wordMap.view.canvas.width, wordMap.view.canvas.height]")
        assert size == [1200, 800]
    finally:
        browser.order("Page.removeScriptToEvaluateOnNewDocument", identifier=stopped["identifier"])


@pytest.mark.parametrize("scheme, least, most", [("light", 240, 255), ("dark", 10, 50)])
@pytest.mark.parametrize("budget", [10, 50, 500])
def test_a_capture_soon_after_opening_is_not_black(path, tmp_path, scheme, least, most, budget):
    for attempt in range(4):  # now and then Chromium does not end when its time is short
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                [executable(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                 "--window-size=600,400", f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}",
                 f"--virtual-time-budget={budget}", f"--user-data-dir={tmp_path / str(attempt)}",
                 f"--screenshot={tmp_path / 'm.png'}", path.as_uri()],
                check=True, capture_output=True, timeout=30,
            )  # fmt: skip
            break
    pixels = imread(tmp_path / "m.png")[..., :3] * 255
    assert np.logical_and(pixels > least, pixels < most + 0.5).all(axis=2).mean() > 0.5
    assert (pixels.sum(axis=2) == 0).mean() < 0.01


@pytest.mark.parametrize(
    "count, width, height", [(120, 1200, 800), (2000, 1200, 800), (2000, 700, 600), (400, 390, 700)]
)
def test_names_of_groups_cover_no_point(browser, tmp_path, count, width, height):
    for seed in (1, 2):
        rng = np.random.default_rng(seed)
        labels = (np.arange(count) % 8).astype(np.int32)
        rows = unit((2 * np.eye(8, 20)[labels] + 0.5 * rng.standard_normal((count, 20))).astype(np.float32))
        around = rng.uniform(0.1, 0.9, (8, 2))[labels] + 0.05 * rng.standard_normal((count, 2))
        clusters = Clusters(labels, np.eye(8, dtype=np.float32), rng.random(count, dtype=np.float32))
        words = [f"word{number}" for number in range(count)]
        save_page(
            WordMap(words, around.clip(0, 1).astype(np.float32), closest_rows(rows, 5, Silent()), clusters),
            tmp_path / "m.html", "names",
        )  # fmt: skip
        browser.open(tmp_path / "m.html", width, height)
        for zoom in (1, 1.3, 1.3, 1.3):
            browser.run(f"wordMap.view.zoomAt({width} / 2, {height} / 2, {zoom})")
            browser.settle()
            names = browser.run("wordMap.view.names()")
            places = np.array(browser.run(
                "Array.from(wordMap.data.x, (_, word) => [wordMap.view.screenX(word), wordMap.view.screenY(word)])"
            ))  # fmt: skip
            radius = browser.run("wordMap.view.radius()")
            for name in names:
                x, y = places.T
                away = np.hypot(
                    np.clip(x, name["left"], name["right"]) - x, np.clip(y, name["top"], name["bottom"]) - y
                )
                assert away.min() >= radius - 0.1
            for one, other in itertools.combinations(names, 2):
                assert (
                    one["right"] <= other["left"] or other["right"] <= one["left"]
                    or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]
                )  # fmt: skip
            if zoom == 1 and width >= 1200:
                assert len(names) >= 7  # of 8


def test_all_words_of_a_small_map_have_a_label_beside_all_points(browser, tmp_path):
    rng = np.random.default_rng(1)
    places = np.stack(np.divmod(np.arange(60), 10), axis=1) * [0.16, 0.1] + rng.uniform(-0.03, 0.03, (60, 2)) + 0.04
    rows = unit(rng.standard_normal((60, 10)).astype(np.float32))
    clusters = Clusters(np.zeros(60, np.int32), np.eye(1, dtype=np.float32), rng.random(60, dtype=np.float32))
    found = WordMap(
        [f"word{n}" for n in range(60)], places.astype(np.float32), closest_rows(rows, 5, Silent()), clusters
    )
    save_page(found, tmp_path / "m.html", "small", PictureOptions(font_size=9.0))
    browser.open(tmp_path / "m.html", WIDTH, HEIGHT)
    boxes = labels(browser)
    assert len(boxes) == 60
    assert browser.run("wordMap.view.names()") == []
    radius = browser.run("wordMap.view.radius()")
    for box, (x, y) in itertools.product(boxes, [place(browser, word) for word in range(60)]):
        away = np.hypot(min(max(x, box["left"]), box["right"]) - x, min(max(y, box["top"]), box["bottom"]) - y)
        assert away >= radius - 0.1


def test_words_from_right_to_left_are_isolated_and_lists_have_their_commas(browser, tmp_path):
    words = ["ملك", "ملكة", "رجل", "امرأة", "king", "queen", "man", "woman", "שלום", "12", "f16", "نجم"]
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], np.int32)
    rng = np.random.default_rng(1)
    near = closest_rows(unit(rng.standard_normal((12, 5)).astype(np.float32)), 5, Silent())
    clusters = Clusters(labels, np.eye(3, dtype=np.float32), np.linspace(1, 0, 12, dtype=np.float32))
    save_page(WordMap(words, rng.random((12, 2), dtype=np.float32), near, clusters), tmp_path / "m.html", "عنوان")
    browser.open(tmp_path / "m.html", WIDTH, HEIGHT)
    groups = browser.run("[...document.querySelectorAll('#groups bdi')].map(name => name.textContent)")
    assert groups == [
        "ملك، ملكة، رجل", "king, queen, man", "\u200f\u2068שלום\u2069, \u206812\u2069, \u2068f16\u2069",
    ]  # fmt: skip
    assert [browser.run(f"wordMap.data.directionOf({name!r})") for name in groups] == ["rtl", "ltr", "rtl"]
    direction = "getComputedStyle(document.querySelector('{}')).direction"
    browser.run("location.hash = encodeURIComponent('ملك')")
    browser.wait("wordMap.view.state.selected === 0")
    assert text(browser, "#word") == "ملك"
    assert browser.run(direction.format("#word")) == "rtl"
    for word, way in browser.run(
        "[...document.querySelectorAll('#neighbours .name')]"
        ".map(name => [name.textContent, getComputedStyle(name).direction])"
    ):
        assert way == ("rtl" if word > "\u0590" else "ltr")
    assert browser.complaints == []


def test_the_page_fits_a_phone(browser, path):
    browser.open(path, 390, 700)
    assert browser.run("document.documentElement.scrollWidth") == 390
    x, y = place(browser, 20)
    assert 0 < x < 390
    assert 0 < y < 700
