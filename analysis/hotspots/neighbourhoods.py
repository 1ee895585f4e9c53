"""Sums over neighbourhoods of a grid, and the Getis-Ord statistic on them."""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Values = NDArray[np.float64]


def neighbourhood_sums(values: NDArray[np.int64 | np.float64], inside: Mask, radius: int) -> Values:
    """Sum of the values of every cell and its neighbours inside, up to `radius` cells in rows and columns.

    Integers below 2^53 are summed exactly. Nothing beyond the grid's edge or outside the city counts. `values` may be
    many grids behind one another: rows and columns are the last two of its axes.
    """
    width, edge = 2 * radius + 1, (radius + 1, radius + 1)
    behind = [(0, 0)] * (values.ndim - 2)
    padded = np.pad(np.where(inside, values, 0).astype(np.float64), [*behind, edge, edge])
    down = np.cumsum(np.cumsum(padded, axis=-2), axis=-1)  # a summed-area table: four corners give any sum
    rows, columns = inside.shape
    low, high = slice(0, rows), slice(width, width + rows)
    left, right = slice(0, columns), slice(width, width + columns)
    sums: Values = down[..., high, right] - down[..., low, right] - down[..., high, left] + down[..., low, left]
    return sums


def getis_ord(counts: Counts, inside: Mask, radius: int = 1) -> Values:
    """Gi* of every cell inside (a z-score), NaN outside and where all cells hold the same.

    Getis and Ord 1992, Ord and Ord 1995, with binary weights that include the cell itself; esda's G_Local with
    star=True says the same to rounding.
    """
    n = int(inside.sum())
    values = counts[inside].astype(np.float64)
    z = np.full(counts.shape, np.nan)
    if n < 2 or values.min() == values.max():
        return z
    weights = neighbourhood_sums(np.ones(counts.shape), inside, radius)[inside]
    sums = neighbourhood_sums(counts, inside, radius)[inside]
    spread = np.sqrt(np.mean(values**2) - values.mean() ** 2)
    error = spread * np.sqrt((n * weights - weights**2) / (n - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        z[inside] = np.where(error > 0, (sums - weights * values.mean()) / error, np.nan)
    return z
