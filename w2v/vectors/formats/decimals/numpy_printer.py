"""float32 to decimal text, one value at a time (NumPy): for a few, or where the compiled printer gives up."""

from __future__ import annotations

import numpy as np


def format_value(value: float) -> str:
    """Return the fewest of 1..9 significant digits that read back as the same float32; plain from 1e-4 up to 1e9.

    Example:
        >>> [format_value(value) for value in (0.1, 1 / 3, 1.5e-5, -0.0)]
        ['0.1', '0.33333334', '1.5e-05', '-0']
    """
    single = np.float32(value)
    if single == 0:
        return "-0" if np.signbit(single) else "0"
    scientific = np.format_float_scientific(single, trim="-", exp_digits=2)
    mantissa, exponent = scientific.split("e")
    point = int(exponent) + 1  # digits before the point; negative counts zeros after it
    if not -3 <= point <= 9:
        return scientific
    sign = "-" if single < 0 else ""
    digits = mantissa.lstrip("-").replace(".", "")
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return f"{sign}{digits[:point]:0<{point}}{'.' if len(digits) > point else ''}{digits[point:]}"
