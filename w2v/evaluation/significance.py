"""The probability of a correlation by chance.

SciPy has these functions (`scipy.special.betainc`), but the core install has no SciPy, and p-values are always shown.
Tests compare the two.
"""

from __future__ import annotations

import math

_TINY = 1e-300  # stands for zero in a fraction
_PRECISION = 1e-15
_MOST_STEPS = 10_000


def correlation_p_value(r: float, n: int) -> float:
    """Return the probability that n pairs of independent values have a correlation at least as far from 0 as r.

    Two-sided, from Student's t distribution with n - 2 degrees of freedom: exact for Pearson's r of normal values, and
    the usual approximation for Spearman's rho. nan if r is nan; 1 for fewer than three pairs, which show nothing.

    Example:
        >>> f"{correlation_p_value(0.5, 20):.4f}"
        '0.0248'
    """
    if math.isnan(r):
        return math.nan
    if n < 3:
        return 1.0
    # t^2 = r^2 (n - 2) / (1 - r^2), and P(|T| > t) = I(df / (df + t^2); df/2, 1/2) = I(1 - r^2; df/2, 1/2)
    return incomplete_beta((n - 2) / 2, 0.5, max(0.0, (1 - r) * (1 + r)), r * r)


def incomplete_beta(a: float, b: float, x: float, y: float) -> float:
    """Return I(x; a, b), the regularised incomplete beta function, for a, b > 0 and 0 <= x <= 1.

    y is 1 - x; the caller may know more of its digits.

    By its continued fraction (Abramowitz and Stegun 26.5.8), evaluated with Lentz's method as in Press et al.,
    "Numerical Recipes", 6.4.
    """
    if x <= 0 or y <= 0:
        return float(y <= 0)
    if x > (a + 1) / (a + b + 2):  # here the fraction converges slowly, and that of the complement quickly
        return 1 - incomplete_beta(b, a, y, x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(y)
    return math.exp(log_front) * _beta_fraction(a, b, x) / a


def _beta_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, _inverse(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_STEPS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = _inverse(1 + numerator * d)
            c = 1 + numerator / (c or _TINY)
            value *= c * d
        if abs(c * d - 1) < _PRECISION:
            break
    return value


def _inverse(value: float) -> float:
    return 1 / (value or _TINY)
