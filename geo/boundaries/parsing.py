"""Have a child process with one driver of GDAL and limits of its own parse a file (see `read_child`)."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.boundaries.unreadable import ReadLimits, UnreadableBoundaries

CHILD = Path(__file__).with_name("read_child.py")


def parse(
    path: Path, driver: str, layer: str | None, room: Path, limits: ReadLimits
) -> tuple[dict[str, Any], list[bytes]]:
    """What the child process read: its header and the WKB of every feature (empty where one has none).

    `room` is a folder of its own. Raises UnreadableBoundaries.
    """
    import pyogrio  # not above: it takes 15 MB of each server process, 60 where pandas is installed

    request, answer = room / "request.json", room / "answer.bin"
    skip = sorted(set(pyogrio.list_drivers()) - {driver})
    asked = {
        "path": str(path),
        "driver": driver,
        "layer": layer,
        "skip_drivers": skip,
        "max_features": limits.features,
        "max_vertices": limits.vertices,
        "memory_bytes": limits.memory_bytes,
        "cpu_s": limits.cpu_s,
        "answer_bytes": 2_000_000_000,
    }
    request.write_text(json.dumps(asked), "utf-8")
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(room), "TMPDIR": str(room)}
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(CHILD), str(request), str(answer)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=room,
            env=environment,
            timeout=limits.wall_s,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableBoundaries(
            f"Reading took longer than {limits.wall_s:g} s and was stopped. Save the districts alone, as GeoJSON."
        ) from error
    if done.returncode or not answer.exists():
        if b"MemoryError" in done.stderr or b"bad_alloc" in done.stderr:
            raise UnreadableBoundaries(_TOO_LARGE)
        raise UnreadableBoundaries(
            f"The file broke its reader ({_ending(done.returncode)}). Open it in QGIS and save it again as GeoJSON."
        )
    with answer.open("rb") as file:
        header: dict[str, Any] = json.loads(file.read(struct.unpack(">Q", file.read(8))[0]))
        if "reason" in header:
            raise UnreadableBoundaries(why(header, limits))
        return header, [file.read(length) for length in header["lengths"]]


_TOO_LARGE = "The file is too large to read: it needs more memory than is allowed. Leave out vertices nobody needs."


def _ending(code: int) -> str:
    return "it used too much processor time" if code in {-24, -9} else f"exit {code}"


def why(header: Mapping[str, Any], limits: ReadLimits) -> str:
    """The sentence for the reason that the child process gave, or that the caller found."""
    layers = ", ".join(header.get("layers", []))
    sentences = {
        "broken": f"The file cannot be read: {header.get('detail', '')}. Open it in QGIS and save it again as GeoJSON.",
        "features": f"The file is too large: more than {limits.features:,} features. Save the districts alone.",
        "vertices": f"The file is too large: more than {limits.vertices:,} vertices. Simplify it as a coverage first.",
        "memory": _TOO_LARGE,
        "layer": f"There is no such layer. The file has: {layers}. Choose with --layer.",
        "layers": f"The file has several layers: {layers}. Choose one with --layer.",
        "no_layers": "The file holds no layer with shapes. Save the districts as polygons.",
        "drivers": "The reader could not be confined to one format; nothing was read. Tell whoever runs this site.",
    }
    return sentences[header["reason"]]
