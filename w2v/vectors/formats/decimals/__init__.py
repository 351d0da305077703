"""Decimal numbers to float32 and back: a parser and a printer that use NumPy, and compiled ones that use Numba.

All rely on the numbers that `exact` names.
"""
