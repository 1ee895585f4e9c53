"""Draw the demonstration cities from their sketches: `python data/boundaries/draw.py [--into FOLDER]`.

Reads `<city>/sketch.toml` (what a person drew) and writes, the same bytes every time, `<city>/*.geojson` and `*.csv`.
The method and the fields are in README.md. Needs numpy and shapely.
"""

import argparse
import csv
import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from cards import Row, officers, stations
from houses import Road, houses
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapes import Plane, borders, coverage, cut_into_blocks, grow, join, rough, smooth

HERE = Path(__file__).resolve().parent
CITIES = ("ternopil", "kyiv-holosiivskyi")
NOTE = "Demonstration: drawn by hand, not the real police districts. CC0-1.0."
WALL_M = {"main": 450, "street": 200, "rail": 900, "lake": 350, "wood": 250}
LARGE_M2 = 500_000
JOIN_M = 130
Feature = tuple[BaseGeometry, Row]


class Land:
    """What the sketch shows on the ground, in metres, no longer straight: each shape wavers by a seed of its own."""

    def __init__(self, sketch: Row, plane: Plane) -> None:
        self._seed: int = sketch["seed"]
        self._turn = 0
        self._plane = plane
        self.still = [(self._area(w["area"]), w) for w in sketch["water"] if "area" in w]
        self.rivers = [(self._river(w["line"]), w) for w in sketch["water"] if "line" in w]
        self.green = [(self._area(g["area"]), g) for g in sketch["green"]]
        self.streets = [(LineString(smooth(plane.metres(s["line"]))), s) for s in sketch["street"]]
        self.lanes = self._lanes(sketch["lane"])
        self.rails = [LineString(smooth(plane.metres(r["line"]))) for r in sketch["rail"]]
        ring = plane.metres(sketch["outline"])
        ring = np.concatenate([ring, ring[:1]])
        calm = shapely.union_all([shape for shape, w in self.still if w["kind"] == "river"])
        self.rim = Polygon(rough(ring, self._rng(), share=0.08, times=2, calm=calm)).simplify(4)

    def _rng(self) -> np.random.Generator:
        self._turn += 1
        return np.random.default_rng([self._seed, self._turn])

    def _area(self, text: str) -> Polygon:
        ring = self._plane.metres(text)
        ring = rough(np.concatenate([ring, ring[:1]]), self._rng(), share=0.1, times=2)
        return Polygon(smooth(ring[:-1], closed=True, step_m=40)).buffer(0).simplify(2)

    def _river(self, text: str) -> LineString:
        return LineString(smooth(rough(self._plane.metres(text), self._rng(), share=0.12, times=1), step_m=40))

    def _lanes(self, drawn: list[Row]) -> list[tuple[LineString, Row]]:
        """Lesser streets: each joins the streets drawn before it; the districts do not know them."""
        lines = [line for line, _ in self.streets]
        for lane in drawn:
            lines.append(LineString(smooth(join(self._plane.metres(lane["line"]), lines, within_m=JOIN_M))))
        return list(zip(lines[len(self.streets) :], drawn, strict=True))

    def walls(self) -> list[tuple[LineString, int]]:
        """Lines that districts rather stop at than cross, with the metres a crossing costs."""
        walls = [(line, WALL_M[s["class"]]) for line, s in self.streets]
        walls += [(line, WALL_M["rail"]) for line in self.rails]
        walls += [(line, w["barrier"]) for line, w in self.rivers]
        walls += [(shape.exterior, WALL_M["lake"]) for shape, w in self.still if w["kind"] == "lake"]
        walls += [(shape.exterior, WALL_M["wood"]) for shape, _ in self.green if shape.area > LARGE_M2]
        return walls

    def water(self) -> list[Feature]:
        """Lakes and ponds as drawn; rivers as wide as they are, where no lake is."""
        found: list[Feature] = [(shape, _names(w) | {"kind": w["kind"]}) for shape, w in self.still]
        still = shapely.union_all([shape for shape, _ in self.still])
        for line, w in self.rivers:
            ribbon = line.buffer(w["width_m"] / 2, quad_segs=2, cap_style="flat").simplify(1).difference(still)
            found.append((ribbon, _names(w) | {"kind": w["kind"]}))
        return found


def draw(city: str, into: Path) -> None:
    """Write the files of one city into the folder `into`."""
    sketch = tomllib.loads((HERE / city / "sketch.toml").read_text("utf-8"))
    lon, lat = (float(number) for number in sketch["outline"].split(",")[0].split())
    plane = Plane(lon, lat)

    land = Land(sketch, plane)
    seeds = [Point(plane.metres(d["at"])[0]) for d in sketch["district"]]
    blocks = cut_into_blocks(land.rim, land.walls(), np.random.default_rng(sketch["seed"]), block_m=(110, 240))
    owner = grow(blocks, seeds, [d.get("reach", 0) for d in sketch["district"]])
    lines = [plane.degrees(line) for line in borders(blocks, owner)]
    districts = coverage(lines, [plane.degrees(seed) for seed in seeds])
    outline = shapely.normalize(shapely.coverage_union_all(districts))
    if not isinstance(outline, Polygon):
        raise TypeError(f"the districts of {city} do not make one whole")

    codes = [f"{number:02}" for number in range(1, len(districts) + 1)]
    _geojson(into / "outline.geojson", [(MultiPolygon([outline]), {"demonstration": True})])
    _geojson(
        into / "districts.geojson",
        [(shape, _district(code, d)) for shape, code, d in zip(districts, codes, sketch["district"], strict=True)],
    )
    west, south, east, north = outline.bounds
    frame = shapely.box(west - 0.02, south - 0.014, east + 0.02, north + 0.014)
    _geojson(into / "water.geojson", [(_cut(plane.degrees(w), frame), row) for w, row in land.water()])
    _geojson(into / "green.geojson", [(_cut(plane.degrees(g), outline), _names(row)) for g, row in land.green])
    _geojson(into / "railway.geojson", [(_longest(plane.degrees(line), outline), {}) for line in land.rails])
    streets = [
        (_longest(plane.degrees(line), outline), _names(s) | {"class": s.get("class", "street")})
        for line, s in (*land.streets, *land.lanes)
    ]
    _geojson(into / "streets.geojson", streets)
    _csv(into / "stations.csv", stations(sketch))
    _csv(into / "officers.csv", officers(sketch, codes, [d.representative_point() for d in districts]))
    _csv(into / "addresses.csv", _addresses(sketch, plane, land, districts))
    _csv(into / "other_names.csv", [_other_name(drawn) for drawn in sketch["other_name"]])


def _district(code: str, drawn: Row) -> Row:
    return {
        "code": code,
        "name_uk": f"Дільниця № {int(code)} · {drawn['uk']}",
        "name_en": f"District No. {int(code)} · {drawn['en']}",
        "population": drawn["people"],
        "demonstration": True,
    }


def _addresses(sketch: Row, plane: Plane, land: Land, districts: list[Polygon]) -> list[Row]:
    fixed = {(s["street"], s["house"]): Point(plane.metres(s["at"])[0]) for s in sketch["station"]}
    lived_in = [plane.flat(shape).buffer(-8) for shape in districts]
    dry = shapely.union_all(lived_in).difference(shapely.union_all([shape for shape, _ in land.water()]).buffer(15))
    roads = [
        Road(s["uk"], line, {house: at for (street, house), at in fixed.items() if street == s["uk"]})
        for line, s in (*land.streets, *land.lanes)
    ]
    empty = {s["uk"] for _, s in land.streets if not s.get("houses", True)}
    found = houses(roads, dry, sketch["seed"], empty=empty)
    order = sorted(found, key=lambda house: (house.street.split()[-1], house.street, house.number, house.rest))
    at = [plane.degrees(house.at) for house in order]
    return [
        {"street": house.street, "house": f"{house.number}{house.rest}", "lat": f"{p.y:.6f}", "lon": f"{p.x:.6f}"}
        for house, p in zip(order, at, strict=True)
    ]


def _other_name(drawn: Row) -> Row:
    kept = {field: drawn.get(field, "") for field in ("street", "kind", "name", "houses", "until")}
    return kept | {"source": "Demonstration"}


def _cut(shape: BaseGeometry, frame: Polygon) -> BaseGeometry:
    """The part inside the frame, rounded again: cutting makes new corners."""
    return shapely.set_precision(shapely.intersection(shape, frame), 1e-6)


def _longest(line: LineString, outline: Polygon) -> BaseGeometry:
    """The longest part of the line inside the city."""
    inside = shapely.get_parts(shapely.intersection(line, outline))
    longest: BaseGeometry = inside[int(np.argmax(shapely.length(inside)))]
    return shapely.transform(longest.simplify(1e-5), lambda xy: np.round(xy, 6))


def _names(drawn: Row) -> Row:
    return {"name_uk": drawn["uk"], "name_en": drawn["en"]}


def _geojson(path: Path, features: list[Feature]) -> None:
    """RFC 7946, one feature a line so that a change shows in a diff."""
    rows = []
    for shape, properties in features:
        geometry: dict[str, Any] = json.loads(shapely.to_geojson(shapely.orient_polygons(shape)))
        row = {"type": "Feature", "properties": properties, "geometry": geometry}
        rows.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
    head = json.dumps(NOTE, ensure_ascii=False)
    body = ",\n".join(rows)
    path.write_text(f'{{"type":"FeatureCollection","note":{head},"features":[\n{body}\n]}}\n', "utf-8", newline="\n")


def _csv(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Draw every city beside its sketch, or into folders of the same names under `--into`."""
    parser = argparse.ArgumentParser(description="Draw the demonstration cities from their sketches.")
    parser.add_argument("--into", type=Path, default=HERE, help="folder for the cities' folders (default: here)")
    into: Path = parser.parse_args().into
    for city in CITIES:
        (into / city).mkdir(parents=True, exist_ok=True)
        draw(city, into / city)


if __name__ == "__main__":
    main()
