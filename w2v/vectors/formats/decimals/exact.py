"""What a double holds exactly.

The product or quotient of a whole number below EXACT and one of TENS is rounded once, so it equals what a correct
reader makes of the text (Clinger 1990, "How to read floating point numbers accurately").
"""

from __future__ import annotations

import numpy as np

TENS = 10.0 ** np.arange(23)  # all powers of ten that a double holds exactly
EXACT = 2**53  # below it, a double holds every whole number
