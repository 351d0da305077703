"""The options of commands that draw: what an image looks like."""

from __future__ import annotations

from pathlib import Path

from w2v.cli.shared_options import field_option, stacked
from w2v.errors import UsageError
from w2v.options import PictureOptions

picture_options = stacked(
    field_option(
        PictureOptions,
        "width",
        type=float,
        metavar="INCHES",
        default_text="depends on the picture",
        heading="Output",
        help="Width of an image; 3.4 fits a column of a paper, 7 a page.",
    ),
    field_option(
        PictureOptions,
        "font_size",
        type=float,
        metavar="POINTS",
        default_text="depends on the picture",
        heading="Output",
        help="Size of labels in points (1/72 inch).",
    ),
    field_option(
        PictureOptions,
        "font",
        metavar="NAME",
        default_text="one that has the letters",
        heading="Output",
        help="Font of an image: an installed font, or a font file.",
    ),
    field_option(
        PictureOptions,
        "dpi",
        type=int,
        metavar="N",
        default_text="300; less if wider than 7 inches",
        heading="Output",
        help="Pixels per inch of a .png.",
    ),
)


def require_image(output: Path, options: PictureOptions) -> None:
    """Refuse options of images for a page, which fills its window and uses the fonts of the browser.

    Raises:
        UsageError: one of them is given.
    """
    for name in ("width", "font", "dpi"):
        if getattr(options, name) is not None:
            raise UsageError(
                f"`{name}` is for images, and {output} is a page; write .png, .svg or .pdf, or leave it out"
            )
