"""What a letter says: its text, its writer, its place, its entry in the register, sealed under a key of its own."""

import datetime
import json
from dataclasses import dataclass
from functools import cached_property

import orjson
from django.contrib.gis.db import models
from django.contrib.gis.geos import Point
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from appeals.models.sealed import LetterKey, SealedRow
from appeals.squares import square_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: longitude and latitude in degrees, WGS 84, or None; the address in the writer's words, or empty."""

    lon: float | None = None
    lat: float | None = None
    address: str = ""

    @property
    def point(self) -> Point | None:
        """The point, EPSG:4326, where it is known."""
        return None if self.lon is None or self.lat is None else Point(self.lon, self.lat, srid=4326)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote, as far as they said; all empty for an anonymous letter."""

    name: str = ""
    residence: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """The entry of a crime report in the unified register (єдиний облік, ЄО): its number and local day."""

    number: str
    on: datetime.date


class SealedContents(SealedRow):
    """The columns of a letter that are sealed, and what repeats a part of them in plain words for maps and searches."""

    sealed_by: LetterKey
    protected = models.BooleanField(_("protected"), default=False)
    building_hash = models.CharField(max_length=64, blank=True, editable=False)
    location = models.PointField(_("place"), srid=4326, null=True, blank=True, spatial_index=False)
    square = models.GeneratedField(
        expression=square_of(F("location")), output_field=models.BigIntegerField(null=True), db_persist=True
    )
    text_sealed = models.BinaryField()
    writer_sealed = models.BinaryField()
    place_sealed = models.BinaryField(null=True)
    registration_sealed = models.BinaryField(null=True)
    receipt_hash = models.CharField(max_length=64, editable=False)

    class Meta:
        abstract = True

    @cached_property
    def letter_key(self) -> bytes:
        """The letter's key; set it before the letter is first saved."""
        return self.sealed_by.key

    @property
    def sealed_as(self) -> str:
        """The receipt's hash: unique, and known before the row is there."""
        return self.receipt_hash

    @property
    def is_erased(self) -> bool:
        """Whether the letter was erased: number, district, category and days are left, and no key. Its text is empty,
        as that of no other letter.
        """
        return not self.text_sealed

    @property
    def has_no_writer(self) -> bool:
        """Whether the writer's name and contacts, or their absence, were erased."""
        return not self.writer_sealed

    @property
    def text(self) -> str:
        """What the writer wrote."""
        return self.unseal("text")

    @cached_property
    def writer(self) -> Writer:
        """Who wrote, as far as they said; nobody once that is erased."""
        return Writer(**json.loads(self.unseal("writer") or "{}"))

    def put_writer(self, writer: Writer) -> None:
        """Seal who wrote."""
        self.seal("writer", orjson.dumps(writer).decode())
        self.__dict__.pop("writer", None)

    @cached_property
    def place(self) -> Place:
        """Where it is, as far as the writer said."""
        return Place(**json.loads(self.unseal("place") or "{}"))

    def put_place(self, place: Place, *, building: str) -> None:
        """Seal where it is; maps show it unless the letter is protected. `building` is a keyed hash or empty."""
        if place != Place():
            self.seal("place", orjson.dumps(place).decode())
        self.location = None if self.protected else place.point
        self.building_hash = building
        self.__dict__.pop("place", None)

    @property
    def registration(self) -> Registration | None:
        """Its entry in the unified register, where there is one."""
        known = json.loads(self.unseal("registration") or "null")
        return Registration(known["number"], datetime.date.fromisoformat(known["on"])) if known else None

    def put_registration(self, registration: Registration) -> None:
        """Seal its entry in the unified register."""
        self.seal("registration", json.dumps({"number": registration.number, "on": registration.on.isoformat()}))
