"""Metres for shapes in any CRS: a local equal-area projection used only to measure.

Topology (what touches, what overlaps) is decided in the CRS of the source, where borders share their vertices and the
straight lines between them: a border drawn twice with different vertices falls apart when it is projected. Areas and
widths are measured on the result, in a Lambert azimuthal equal-area projection centred on the city (WGS 84
ellipsoid): areas are exact, and at 50 km from the centre distances are wrong by less than one part in 60,000.
EPSG:6933 gives the same areas but distances up to 30 % off at the latitude of Kyiv.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:  # pyproj takes 12 MB of a process: functions load it, a server seldom asks them
    from pyproj import CRS, Transformer

Geometries = NDArray[Any]

WGS84 = "EPSG:4326"
"""As pyproj reads it."""
NOISE_M = 0.001
"""A place thinner than a millimetre is rounding of coordinates, not a place."""

MAX_SEGMENT_M = 100.0
"""Edges are cut to this length before projecting: the sagitta of 100 m is under 0.3 mm up to latitude 70."""


def transform(geometry: Any, transformer: Transformer) -> Any:
    """Move every vertex of a shapely geometry, or of an array of them, through a pyproj transformer."""

    def move(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = transformer.transform(coordinates[:, 0], coordinates[:, 1])
        return np.column_stack([x, y])

    return shapely.transform(geometry, move)


def working_crs(longitude: float, latitude: float) -> CRS:
    """The local equal-area CRS in metres around a place given in WGS 84 degrees."""
    from pyproj import CRS

    return CRS.from_proj4(
        f"+proj=laea +lat_0={latitude:.6f} +lon_0={longitude:.6f} +datum=WGS84 +units=m +no_defs +type=crs"
    )


class Measure:
    """Measures shapes of one CRS in metres around one place.

    `bounds` are (min x, min y, max x, max y) of the data in `crs`; `unit_m` is about how many metres one unit of the
    CRS is there.
    """

    def __init__(self, crs: CRS | str, bounds: tuple[float, float, float, float]) -> None:
        from pyproj import CRS, Transformer

        self.crs = crs = CRS.from_user_input(crs)
        self.is_wgs84 = crs == WGS84 or crs.to_epsg() == 4326
        self._to_wgs84 = Transformer.from_crs(crs, WGS84, always_xy=True)
        centre_x, centre_y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
        longitude, latitude = (centre_x, centre_y) if self.is_wgs84 else self._to_wgs84.transform(centre_x, centre_y)
        self.metric = working_crs(longitude, latitude)
        self.label = f"Lambert azimuthal equal-area around {latitude:.4f}, {longitude:.4f} (WGS 84), metres"
        self._to_metric = Transformer.from_crs(crs, self.metric, always_xy=True)
        step = 1e-3 if crs.is_geographic else 100.0
        x, y = self._to_metric.transform([centre_x, centre_x, centre_x + step], [centre_y, centre_y + step, centre_y])
        self.unit_m = float(max(np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[2] - x[0], y[2] - y[0]))) / step
        self._centre = np.array([centre_x, centre_y])
        self._flat = np.array([[x[2] - x[0], x[1] - x[0]], [y[2] - y[0], y[1] - y[0]]]) / step

    @classmethod
    def around(cls, geometries: Geometries, crs: CRS | str) -> Measure:
        """The measure of these geometries, of which at least one is not empty."""
        west, south, east, north = (float(value) for value in shapely.total_bounds(geometries))
        return cls(crs, (west, south, east, north))

    def to_wgs84(self, geometry: Any) -> Any:
        """From the CRS of the source to WGS 84, longitude first; unchanged when it is WGS 84 already."""
        return geometry if self.is_wgs84 else transform(geometry, self._to_wgs84)

    def from_wgs84(self, geometry: Any) -> Any:
        """From WGS 84 to the CRS of the source."""
        from pyproj import Transformer

        return geometry if self.is_wgs84 else transform(geometry, Transformer.from_crs(WGS84, self.crs, always_xy=True))

    def to_metric(self, geometry: Any, *, cut: bool = False) -> Any:
        """From the CRS of the source to local metres; `cut` first cuts long edges so that they bend with the CRS."""
        if cut:
            geometry = shapely.segmentize(geometry, MAX_SEGMENT_M / self.unit_m)
        return transform(geometry, self._to_metric)

    def to_flat(self, geometry: Any) -> Any:
        """From the CRS of the source to metres by one affine map, the tangent of the projection at the centre.

        Straight lines stay straight, so that a vertex on the middle of a neighbour's edge stays on it, as it does in
        no projection. Lengths are wrong by 1 % at 50 km north or south of the centre of a source in degrees.
        """
        return shapely.transform(geometry, lambda xy: (xy - self._centre) @ self._flat.T)

    def from_flat(self, geometry: Any) -> Any:
        """Back from `to_flat`."""
        inverse = np.linalg.inv(self._flat).T
        return shapely.transform(geometry, lambda xy: xy @ inverse + self._centre)


def widths_m(metric: Geometries, precision_m: float = 0.01) -> NDArray[np.float64]:
    """The widest place of each polygonal shape: twice the largest radius that fits inside, in metres.

    Found by halving on negative buffers, all shapes at once: the maximum inscribed circle of a hair a kilometre long
    takes GEOS a thousand times longer. Precise to `precision_m` or 1 %, and never too small.
    """
    high = np.asarray(shapely.area(metric) / np.maximum(shapely.length(metric) / 2, 1e-12))
    high = np.maximum(high, precision_m)
    low = np.zeros(len(metric))
    growing = np.ones(len(metric), dtype=bool)
    while growing.any():
        empty = shapely.is_empty(shapely.buffer(metric[growing], -high[growing] / 2, quad_segs=4))
        grown = np.flatnonzero(growing)[~empty]
        growing[:] = False
        low[grown] = high[grown]
        high[grown] *= 2
        growing[grown] = True
    while True:
        open_ = np.flatnonzero(high - low > np.maximum(precision_m, high * 0.01))
        if not len(open_):
            return np.asarray(high)
        middle = (low[open_] + high[open_]) / 2
        empty = shapely.is_empty(shapely.buffer(metric[open_], -middle / 2, quad_segs=4))
        high[open_[empty]] = middle[empty]
        low[open_[~empty]] = middle[~empty]


def mean_widths_m(metric: Geometries) -> NDArray[np.float64]:
    """Area by half the perimeter, in metres: the width of a strip, at most the widest place of any shape."""
    length = shapely.length(metric)
    zero = np.zeros(len(metric))
    return np.asarray(np.divide(2 * shapely.area(metric), length, out=zero, where=length > 0))
