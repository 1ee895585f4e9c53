"""Unpack the one set of districts that a zip of a stranger holds, and no more than its size allows."""

import lzma
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geo.boundaries.unreadable import KNOWN_KINDS, ReadLimits, UnreadableBoundaries

COMPANIONS = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
MAIN_SUFFIXES = {".shp", ".geojson", ".json", ".topojson", ".gpkg", ".kml"}
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError,
)  # fmt: skip
"""All that zipfile was seen to raise when single bytes of a zip were changed, in each of its four methods."""
UNPACKED = "source"


def unzipped(path: Path, room: Path, limits: ReadLimits) -> tuple[Path, str]:
    """The one readable file of a zip, unpacked into `room` under a name of ours, and the name it had.

    Raises UnreadableBoundaries.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and _is_wanted(entry.filename)]
            if len(archive.infolist()) > limits.zip_entries:
                raise UnreadableBoundaries(f"{path.name} holds more than {limits.zip_entries} files. Zip only the one.")
            mains = [entry for entry in entries if PurePosixPath(entry.filename).suffix.lower() in MAIN_SUFFIXES]
            if len(mains) != 1:
                names = ", ".join(PurePosixPath(entry.filename).name for entry in mains[:5])
                raise UnreadableBoundaries(
                    f"{path.name} holds {len(mains)} files of districts{f' ({names})' if names else ''}. "
                    f"Zip exactly one: {KNOWN_KINDS}."
                )
            main = PurePosixPath(mains[0].filename)
            wanted = mains
            if main.suffix.lower() == ".shp":
                stem = str(main.with_suffix("")).casefold()
                wanted = [e for e in entries if str(PurePosixPath(e.filename).with_suffix("")).casefold() == stem]
            left = min(limits.unzipped_bytes, limits.unzipped_ratio * path.stat().st_size + 1_000_000)
            for entry in wanted:
                left = _unpack(archive, entry, room / f"{UNPACKED}{PurePosixPath(entry.filename).suffix.lower()}", left)
    except DAMAGED as error:
        raise UnreadableBoundaries(f"{path.name} cannot be unzipped ({error}). Zip the files again.") from error
    return room / f"{UNPACKED}{main.suffix.lower()}", main.stem


def _is_wanted(name: str) -> bool:
    pure = PurePosixPath(name)
    hidden = any(part.startswith((".", "__MACOSX")) for part in pure.parts)
    return not hidden and pure.suffix.lower() in MAIN_SUFFIXES | COMPANIONS


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Unpack one entry by counting what really comes out; gives back how many bytes are still allowed."""
    with archive.open(entry) as packed, target.open("wb") as plain:
        while chunk := packed.read(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise UnreadableBoundaries("The zip unpacks to far more than its size allows. Zip only the boundaries.")
            plain.write(chunk)
    return left
