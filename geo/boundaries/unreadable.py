"""What a file of boundaries must not be: one that cannot be read, or that asks too much of the machine."""

from dataclasses import dataclass

KNOWN_KINDS = "GeoJSON, TopoJSON, GeoPackage, Shapefile (with its .dbf, .shx and .prj, or zipped) or KML"


class UnreadableBoundaries(Exception):
    """The file cannot be taken; the message is a sentence that names the place and the remedy."""


@dataclass(frozen=True)
class ReadLimits:
    """How much one file may ask of the machine. `unzipped_ratio` is content by packed size (a bomb has thousands)."""

    file_bytes: int = 300_000_000
    unzipped_bytes: int = 600_000_000
    unzipped_ratio: int = 200
    zip_entries: int = 200
    features: int = 20_000
    vertices: int = 10_000_000
    memory_bytes: int = 3_000_000_000
    cpu_s: int = 120
    wall_s: float = 180.0
