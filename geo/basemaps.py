"""The map below the districts: a city's own, of a host that the operator allows, or the operator's."""

import re
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_TEMPLATE: Final = re.compile(r"https://([\w.{}-]+(?::\d+)?)/[^\s\"'<>\\]*")
_NEEDED, _KNOWN = {"{z}", "{x}", "{y}"}, {"{z}", "{x}", "{y}", "{s}", "{r}"}
"""What stands in the address of a tile: zoom, column and row; Leaflet fills in one of several servers, and @2x, too."""


def host_of(address: str) -> str:
    """Return the host of an XYZ template, with * for one of several servers; empty where it is no such template."""
    found = _TEMPLATE.fullmatch(address)
    return found[1].replace("{s}", "*") if found else ""


def is_allowed(address: str) -> bool:
    """Whether the operator lets browsers ask the host of an XYZ template (BASEMAP_HOSTS)."""
    host = host_of(address)
    wanted = {host, f"*.{host.partition('.')[2]}"}  # a.tile.example.org is one of *.tile.example.org
    return bool(host) and bool(wanted & set(settings.BASEMAP_HOSTS))


def refuse_basemap(address: str) -> None:
    """Raise ValidationError for what is no address of tiles, or lies on a host that the operator does not allow."""
    braces = set(re.findall(r"\{[^}]*\}?|\}", address))
    if not host_of(address) or not _NEEDED <= braces <= _KNOWN:
        raise ValidationError(
            _("The address of tiles begins with https:// and holds {z}, {x} and {y}, as in %(example)s.")
            % {"example": "https://tiles.example.org/{z}/{x}/{y}.png"}
        )
    if not is_allowed(address):
        raise ValidationError(_("The operator of the site does not allow maps from this host: %(host)s.") % {
            "host": host_of(address)
        })  # fmt: skip
