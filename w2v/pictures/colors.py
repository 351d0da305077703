"""Colors for groups: of similar brightness, and far apart for groups of similar size."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_GOLDEN_ANGLE = 137.508  # degrees; the first multiples of it are far apart on the circle
_FIRST_HUE = 255.0  # blue
_ON_LIGHT, _ON_DARK = (0.56, 0.62, 0.48), (0.74, 0.67, 0.82)  # OKLCH lightness, in turn
_CHROMA = 0.15

# Björn Ottosson, "A perceptual color space for image processing", 2020: OKLab to LMS to linear sRGB
_LAB_TO_LMS = np.array(
    [
        [1, 0.3963377774, 0.2158037573],
        [1, -0.1055613458, -0.0638541728],
        [1, -0.0894841775, -1.2914855480],
    ]
)
_LMS_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def palette(count: int, *, dark: bool) -> list[str]:
    """Return `count` colors, such as "#1f77b4", for a dark or a light background.

    Example:
        >>> palette(2, dark=False)
        ['#2d74ca', '#d15e48']
    """
    steps = np.arange(count)
    lightness = np.array(_ON_DARK if dark else _ON_LIGHT)[steps % 3]
    hue = np.deg2rad(_FIRST_HUE + _GOLDEN_ANGLE * steps)
    return [_hex(color) for color in _srgb(lightness, np.full(count, _CHROMA), hue)]


def _srgb(
    lightness: npt.NDArray[np.float64], chroma: npt.NDArray[np.float64], hue: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    lab = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1)
    linear = np.clip((lab @ _LAB_TO_LMS.T) ** 3 @ _LMS_TO_RGB.T, 0, 1)
    encoded: npt.NDArray[np.float64] = np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055
    )
    return encoded


def _hex(color: npt.NDArray[np.float64]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in color.tolist())
