"""Draw the pictures of these pages, each for light and for dark pages: `python docs/learn/pictures.py`."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from w2v.sampling import keep_probabilities, negative_probabilities

FOLDER = Path(__file__).parent / "images"
GAP = 0.19  # from the center of a circle to where its lines begin


class Colors(NamedTuple):
    """The colors of one theme."""

    ink: str
    faint: str
    blue: str
    orange: str
    green: str


THEMES = {
    "light": Colors("#1c2733", "#9aa5b1", "#1f6feb", "#c2410c", "#15803d"),
    "dark": Colors("#e6edf3", "#6e7a87", "#6cb6ff", "#ffab70", "#7ee2a8"),
}


def node(axes: Axes, x: float, y: float, text: str, color: str, size: float = 10) -> None:
    """Draw a circle with a text in it."""
    axes.plot(x, y, "o", markersize=26, markerfacecolor="none", markeredgecolor=color, markeredgewidth=1.5)
    axes.text(x, y, text, ha="center", va="center", color=color, fontsize=size)


def arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], color: str, **style: Any) -> None:
    """Draw an arrow between two circles."""
    axes.annotate(
        "", end, start, arrowprops={"arrowstyle": "->", "color": color, "shrinkA": 15, "shrinkB": 15, **style}
    )


def diagram(size: tuple[float, float], xs: tuple[float, float], ys: tuple[float, float]) -> tuple[Figure, Axes]:
    """Return a figure without axes, for circles and arrows."""
    figure = Figure(figsize=size)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=xs, ylim=ys)
    axes.axis("off")
    return figure, axes


def plots(colors: Colors, count: int = 1, size: tuple[float, float] = (5, 3)) -> tuple[Figure, list[Axes]]:
    """Return a figure with some plots side by side."""
    figure = Figure(figsize=size, layout="constrained")
    panels = list(np.atleast_1d(figure.subplots(1, count)))
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=colors.ink)
        for spine in axes.spines.values():
            spine.set_color(colors.faint)
        for label in (axes.xaxis.label, axes.yaxis.label, axes.title):
            label.set_color(colors.ink)
    return figure, panels


def neuron(colors: Colors) -> Figure:
    """A neuron: inputs, weights, a sum, an activation."""
    figure, axes = diagram((5.6, 2.4), (-0.4, 5.2), (-0.4, 2.4))
    for i, y in enumerate((2, 1, 0)):
        node(axes, 0, y, f"$x_{i + 1}$", colors.ink)
        arrow(axes, (0, y), (2, 1), colors.faint)
        axes.text(0.95, 1.13 + (y - 1) * 0.53, f"$w_{i + 1}$", color=colors.blue, fontsize=10, ha="center")
    node(axes, 2, 1, r"$\Sigma$", colors.blue)
    axes.text(2, 0.25, "$+\\,b$", color=colors.blue, ha="center", fontsize=10)
    arrow(axes, (2, 1), (3.4, 1), colors.faint)
    axes.text(2.7, 1.14, "$s$", color=colors.ink, ha="center", fontsize=10)
    node(axes, 3.4, 1, "$f$", colors.orange)
    arrow(axes, (3.4, 1), (4.8, 1), colors.faint)
    axes.text(4.95, 1, "$f(s)$", color=colors.orange, va="center", ha="center", fontsize=10)
    return figure


def network(colors: Colors) -> Figure:
    """A network with one hidden layer."""
    figure, axes = diagram((5.6, 3.2), (-0.5, 4.5), (-0.9, 3.4))
    layers = ((0.0, "x", 3, colors.ink), (2.0, "h", 4, colors.blue), (4.0, "s", 2, colors.orange))
    places = [[(x, 1.5 + (n - 1) / 2 - i) for i in range(n)] for x, _, n, _ in layers]
    for left, right in itertools.pairwise(places):
        for start in left:
            for end in right:
                arrow(axes, start, end, colors.faint, lw=0.7)
    names = ("input layer", "hidden layer", "output layer")
    for (x, letter, _, color), column, name in zip(layers, places, names, strict=True):
        for i, (_, y) in enumerate(column):
            node(axes, x, y, f"${letter}_{i + 1}$", color)
        axes.text(x, -0.75, name, color=colors.ink, ha="center", fontsize=9)
    axes.text(1, 3.2, "$W_1, b_1$", color=colors.blue, ha="center", fontsize=10)
    axes.text(3, 3.2, "$W_2, b_2$", color=colors.orange, ha="center", fontsize=10)
    return figure


def activations(colors: Colors) -> Figure:
    """The three activations and their derivatives."""
    figure, panels = plots(colors, 3, (7.2, 2.4))
    x = np.linspace(-4, 4, 321)
    s = 1 / (1 + np.exp(-x))
    curves = {
        "sigmoid": (s, s * (1 - s)),
        "tanh": (np.tanh(x), 1 - np.tanh(x) ** 2),
        "ReLU": (np.maximum(0, x), (x > 0).astype(float)),
    }
    for axes, (name, (value, slope)) in zip(panels, curves.items(), strict=True):
        axes.plot(x, value, color=colors.blue, lw=2)
        axes.plot(x, slope, color=colors.orange, lw=1.5, ls="--")
        axes.axhline(0, color=colors.faint, lw=0.6)
        axes.axvline(0, color=colors.faint, lw=0.6)
        axes.set_title(name, fontsize=10)
    panels[0].text(1.4, 0.62, "value", color=colors.blue, fontsize=9)
    panels[0].text(1.4, 0.26, "slope", color=colors.orange, fontsize=9)
    return figure


def entropy(colors: Colors) -> Figure:
    """The cross-entropy against the probability of the right class."""
    figure, (axes,) = plots(colors, size=(5, 2.8))
    p = np.linspace(0.01, 1, 200)
    axes.plot(p, -np.log(p), color=colors.blue, lw=2)
    for chance in (0.05, 0.25, 0.5, 0.9):
        axes.plot(chance, -np.log(chance), "o", color=colors.orange)
        axes.text(chance + 0.025, -np.log(chance) + 0.08, f"{-np.log(chance):.2f}", color=colors.orange, fontsize=9)
    axes.set(xlabel="probability of the right class", ylabel="loss (nats)", xlim=(0, 1.05), ylim=(0, 4))
    return figure


def descent(colors: Colors) -> Figure:
    """Steps down a parabola with three learning rates."""
    figure, panels = plots(colors, 3, (7.2, 2.4))
    w = np.linspace(-2.2, 2.2, 200)
    for axes, lr, name in zip(panels, (0.1, 0.6, 1.05), ("too small", "well chosen", "too large"), strict=True):
        axes.plot(w, w**2, color=colors.faint, lw=1.5)
        path = [1.5]
        for _ in range(6):
            path.append(path[-1] - lr * 2 * path[-1])
        axes.plot(path, np.square(path), "o-", color=colors.blue, lw=1, markersize=4)
        axes.set_title(f"rate {lr}: {name}", fontsize=10)
        axes.set(xlabel="w", ylim=(-0.3, 5), xlim=(-2.4, 2.4))
    panels[0].set_ylabel("loss")
    return figure


def graph(colors: Colors) -> Figure:
    """The worked example of back-propagation, with values above and gradients below."""
    figure, axes = diagram((7.2, 3), (-0.8, 6.9), (-0.65, 2.95))
    parts = {
        "x": (0, 2, "x", "2"), "w": (0, 0.3, "w", "-1"), "p": (1.6, 1.15, "·", "-2"), "b": (1.6, 2.45, "b", "3"),
        "s": (3.2, 1.15, "+", "1"), "h": (4.7, 1.15, "tanh", "0.76"), "L": (6.2, 1.15, "(h-t)²", "0.58"),
    }  # fmt: skip
    gradients = {"w": "1.28", "p": "0.64", "b": "0.64", "s": "0.64", "h": "1.52", "L": "1"}
    for start, end in (("x", "p"), ("w", "p"), ("p", "s"), ("b", "s"), ("s", "h"), ("h", "L")):
        arrow(axes, parts[start][:2], parts[end][:2], colors.faint)
    for name, (x, y, text, value) in parts.items():
        node(axes, x, y, text, colors.ink, 10 if len(text) < 3 else 7)
        left = name in ("w", "b")  # a line leaves to the right
        place, align = (x - 0.25, "right") if left else (x + 0.3, "left")
        axes.text(place, y + 0.2, value, color=colors.blue, fontsize=10, ha=align)
        if name in gradients:
            axes.text(place, y - 0.33, gradients[name], color=colors.orange, fontsize=10, ha=align)
    axes.text(3.2, -0.45, "value", color=colors.blue, fontsize=9, ha="right")
    axes.text(3.4, -0.45, "gradient of the loss", color=colors.orange, fontsize=9)
    return figure


def window(colors: Colors) -> Figure:
    """A window that slides over a sentence, for CBOW and for skip-gram."""
    words = ["the", "old", "king", "rules", "the", "land"]
    figure, axes = diagram((7.2, 2.9), (-0.7, 5.7), (-1.75, 1.75))
    for i, word in enumerate(words):
        color = colors.orange if i == 2 else colors.blue if i in (0, 1, 3, 4) else colors.faint
        axes.text(i, 0, word, color=color, ha="center", va="center", fontsize=13)
    for i in (0, 1, 3, 4):
        bend = 0.35 if i < 2 else -0.35
        curve = f"arc3,rad={-bend}"
        style: dict[str, Any] = {"arrowstyle": "->", "connectionstyle": curve, "shrinkA": 4, "shrinkB": 4}
        axes.annotate("", (2, 0.22), (i, 0.22), arrowprops={**style, "color": colors.blue})
        axes.annotate("", (2 - 0.05 * (2 - i), -0.22), (i, -0.22), arrowprops={**style, "color": colors.orange,
                      "connectionstyle": f"arc3,rad={bend}"})  # fmt: skip
    axes.text(
        5.6, 1.35, "CBOW: the mean of the context\npredicts the center", color=colors.blue, ha="right", fontsize=9
    )
    axes.text(5.6, -1.6, "skip-gram: each context word\npredicts the center", color=colors.orange, ha="right",
              fontsize=9)  # fmt: skip
    axes.text(2, 0.62, "window 2", color=colors.ink, ha="center", fontsize=8)
    return figure


def negatives(colors: Colors) -> Figure:
    """How often words are drawn as negatives, by the exponent."""
    figure, (axes,) = plots(colors, size=(5.6, 2.8))
    counts = np.array([5000, 1000, 200, 40, 8])
    for place, (exponent, color) in enumerate(((1.0, colors.faint), (0.75, colors.blue), (0.0, colors.orange))):
        shares = negative_probabilities(counts, exponent)
        axes.bar(np.arange(5) + (place - 1) * 0.27, shares, 0.25, color=color, label=f"count to the power {exponent:g}")
    axes.set_xticks(np.arange(5), [f"{count:,}" for count in counts])
    axes.set(xlabel="count of the word in the text", ylabel="share of the draws")
    axes.legend(frameon=False, labelcolor=colors.ink, fontsize=9)
    return figure


def tree(colors: Colors) -> Figure:
    """The Huffman tree of five words."""
    figure, axes = diagram((6.4, 3.4), (-0.7, 6.3), (-0.85, 3.9))
    inner = {"1": (1.8, 3.5), "2": (2.9, 2.6), "3": (4.0, 1.7), "4": (4.9, 0.8)}
    leaves = {
        "the\n5": (0.7, 2.6), "king\n3": (1.8, 1.7), "queen\n2": (2.9, 0.8), "sea\n1": (4.1, -0.2),
        "tree\n1": (5.7, -0.2),
    }  # fmt: skip
    edges = {
        "1": ("the\n5", "2"), "2": ("king\n3", "3"), "3": ("queen\n2", "4"), "4": ("sea\n1", "tree\n1"),
    }  # fmt: skip
    places = {**inner, **leaves}
    for parent, children in edges.items():
        for child, sign in zip(children, ("1", "-1"), strict=True):
            start, end = places[parent], places[child]
            arrow(axes, start, end, colors.faint)
            middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
            axes.text(middle[0] + (-0.18 if sign == "1" else 0.18), middle[1] + 0.1, sign, color=colors.blue,
                      fontsize=9, ha="center")  # fmt: skip
    for name, (x, y) in inner.items():
        node(axes, x, y, f"$u_{name}$", colors.orange)
    for name, (x, y) in leaves.items():
        axes.text(x, y - 0.05, name, color=colors.ink, ha="center", va="top" if y < 0 else "center", fontsize=10)
    return figure


def kept(colors: Colors) -> Figure:
    """The probability that a token is kept, by its word's share of the text."""
    figure, (axes,) = plots(colors, size=(5.6, 2.8))
    shares = np.logspace(-6, -1, 200)
    counts = np.round(shares * 1e12).astype(np.int64)
    for sample, color in ((1e-3, colors.blue), (1e-4, colors.orange), (1e-5, colors.green)):
        # The rest of the text is one word, so that each share is of the same total
        probabilities = [keep_probabilities(np.array([count, 10**12 - count]), sample)[0] for count in counts]
        axes.plot(shares, probabilities, color=color, lw=2, label=f"sample = {sample:g}")
    axes.set(xscale="log", xlabel="share of the word in the text", ylabel="probability to be kept", ylim=(0, 1.05))
    axes.legend(frameon=False, labelcolor=colors.ink, fontsize=9)
    return figure


PICTURES: dict[str, Callable[[Colors], Figure]] = {
    "neuron": neuron, "network": network, "activations": activations, "cross-entropy": entropy, "descent": descent,
    "graph": graph, "window": window, "negatives": negatives, "tree": tree, "subsampling": kept,
}  # fmt: skip


def main() -> None:
    """Draw all of them."""
    FOLDER.mkdir(exist_ok=True)
    mpl.rcParams.update({"svg.fonttype": "path", "svg.hashsalt": "w2v", "font.family": "DejaVu Sans"})
    for theme, colors in THEMES.items():
        for name, draw in PICTURES.items():
            draw(colors).savefig(FOLDER / f"{name}-{theme}.svg", transparent=True, metadata={"Date": None})


if __name__ == "__main__":
    main()
