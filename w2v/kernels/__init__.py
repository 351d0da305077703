"""The inner loops, compiled with Numba."""
