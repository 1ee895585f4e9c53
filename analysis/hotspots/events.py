"""Events with place and time from a CSV, counted by week and cell: for evaluations on open data of any city."""

import csv
import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.hotspots.forecast import Weekly
from analysis.hotspots.neighbourhoods import Mask

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "lon": ("lon", "longitude", "lng", "x"),
    "lat": ("lat", "latitude", "y"),
    "time": ("time", "date", "datetime", "timestamp"),
}
DEGREE_M = 111_195.0
"""A degree of latitude on a sphere of 6,371 km."""
LARGEST = 4_000_000
"""Cells of a grid: beyond, the cells are too small for the extent, or a point is far off."""


class UnreadableEvents(Exception):
    """The file cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Events:
    """Points in degrees (WGS 84) and their days, counted from 1970-01-01."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    day: NDArray[np.int64]

    @property
    def since(self) -> datetime.date:
        """The first day."""
        return datetime.date(1970, 1, 1) + datetime.timedelta(days=int(self.day.min()))

    @property
    def until(self) -> datetime.date:
        """The last day."""
        return datetime.date(1970, 1, 1) + datetime.timedelta(days=int(self.day.max()))


def read_events(path: Path) -> Events:
    """Read a CSV with columns lon, lat and time (ISO 8601, the day counts). Raises UnreadableEvents."""
    lons, lats, days = [], [], []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            names = {name.strip().lower(): name for name in rows.fieldnames or ()}
            column = {}
            for wanted, spellings in COLUMNS.items():
                found = next((names[each] for each in spellings if each in names), None)
                if found is None:
                    raise UnreadableEvents(f"{path.name} has no column {wanted} ({', '.join(spellings)}).")
                column[wanted] = found
            for row in rows:
                try:
                    lon, lat = float(row[column["lon"]]), float(row[column["lat"]])
                    day = datetime.date.fromisoformat(row[column["time"]][:10])
                except (ValueError, TypeError) as error:
                    raise UnreadableEvents(f"{path.name}, line {rows.line_num}: {error}.") from error
                if not (math.isfinite(lon) and math.isfinite(lat) and abs(lat) <= 85 and abs(lon) <= 180):
                    raise UnreadableEvents(f"{path.name}, line {rows.line_num}: {lon}, {lat} is no place in degrees.")
                lons.append(lon)
                lats.append(lat)
                days.append((day - datetime.date(1970, 1, 1)).days)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableEvents(f"{path.name} cannot be read: {error}.") from error
    if not days:
        raise UnreadableEvents(f"{path.name} holds no events.")
    return Events(np.array(lons), np.array(lats), np.array(days))


@dataclass(frozen=True, slots=True)
class Binned:
    """Two periods on one grid. The area is every cell where the first period had an event.

    `weekly` begins so that a week ends with the last day before the test; `elsewhere` are the test's events outside
    the area, week by week.
    """

    weekly: Weekly
    inside: Mask
    train_weeks: int
    elsewhere: NDArray[np.int64]


def bin_weeks(train: Events, test: Events, *, cell_m: float) -> Binned:
    """Count by whole weeks and square cells of `cell_m` metres on the ground (equirectangular about the middle).

    Days at the ends that make no whole week are left out. Raises UnreadableEvents where the test does not begin after
    the training, has no whole week, or the grid would be absurdly large.
    """
    start = int(test.day.min())
    if int(train.day.max()) >= start:
        raise UnreadableEvents(f"The test must begin after the training ends ({train.until}); it begins {test.since}.")
    train_weeks = (start - int(train.day.min())) // 7
    test_weeks = (int(test.day.max()) + 1 - start) // 7
    if test_weeks < 1:
        raise UnreadableEvents("The test must have at least one whole week.")
    lon, lat = np.concatenate([train.lon, test.lon]), np.concatenate([train.lat, test.lat])
    week = (np.concatenate([train.day, test.day]) - start) // 7 + train_weeks
    x = (lon - lon.min()) * DEGREE_M * math.cos(math.radians(float(np.median(lat))))
    y = (lat - lat.min()) * DEGREE_M
    column, row = (x // cell_m).astype(np.int64), (y // cell_m).astype(np.int64)
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    if rows * columns > LARGEST:
        raise UnreadableEvents(
            f"A grid of {rows} x {columns} cells is too large: take larger cells, look for far points."
        )
    used = (week >= 0) & (week < train_weeks + test_weeks)
    row, column, week = row[used], column[used], week[used]
    inside = np.zeros((rows, columns), bool)
    inside[row[week < train_weeks], column[week < train_weeks]] = True
    there = inside[row, column]
    weekly = np.zeros((train_weeks + test_weeks, rows, columns), np.int32)
    np.add.at(weekly, (week[there], row[there], column[there]), 1)
    outside = week[~there] - train_weeks
    return Binned(weekly, inside, train_weeks, np.bincount(outside, minlength=test_weeks).astype(np.int64))
