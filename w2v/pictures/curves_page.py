"""A page with the curves of training runs and their figures, which works offline."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping, Sequence

import numpy as np

from w2v.files import replacing
from w2v.training_log import TrainingCurves

# The plot is at most as high as the window, so that all panels are visible at once.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="w2v plot-training">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ --ground: #ffffff; --ink: #1f2328; --line: #d9dce0; }}
.dark {{ display: none; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ground: #14171b; --ink: #e8eaed; --line: #3a4048; }}
  .dark {{ display: block; }} .light {{ display: none; }}
}}
html {{ background: var(--ground); color: var(--ink); }}
body {{ margin: 12px auto; max-width: 100rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; }}
h1 {{ margin: 0 0 8px; font-size: 20px; overflow-wrap: anywhere; }}
svg {{ display: block; width: 100%; height: auto; max-height: calc(100vh - 70px); min-height: 20rem; }}
div {{ overflow-x: auto; }}
table {{ margin-top: 1rem; border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th, td {{ padding: 0.2rem 1rem 0.2rem 0; text-align: right; border-bottom: 1px solid var(--line); }}
:is(th, td):is(:first-child, :last-child) {{ text-align: left; }}
</style>
</head>
<body>
<h1 dir="auto">{title}</h1>
{svgs}
<div>
<table>
<tr><th>log</th><th>epochs</th><th>words</th><th>first loss</th><th>last loss</th><th>median words per second</th>\
<th>objective</th></tr>
{rows}
</table>
</div>
</body>
</html>
"""


def save_curves_page(
    runs: Sequence[TrainingCurves], path: str | os.PathLike[str], title: str, svgs: Mapping[str, str]
) -> None:
    """Write a page.

    Args:
        runs: the runs, a row of the table each.
        path: the file.
        title: the title of the page.
        svgs: the plot, for a `light` and a `dark` page.

    Raises:
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    page = _PAGE.format(
        title=html.escape(title),
        svgs="\n".join(f'<div class="{name}">{svg[svg.index("<svg") :]}</div>' for name, svg in svgs.items()),
        rows="\n".join(map(_row, runs)),
    )
    with replacing(path) as stream:
        stream.write(page.encode())


def _row(run: TrainingCurves) -> str:
    cells = (
        html.escape(run.name), f"{run.epoch[-1]:.0f}", f"{run.words[-1]:,.0f}", f"{run.loss[0]:.4f}",
        f"{run.loss[-1]:.4f}", f"{np.median(run.words_per_second):,.0f}", html.escape(run.objective),
    )  # fmt: skip
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
