"""From the parameters of a request to the layer that they ask for."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from analysis.access import as_analyst
from analysis.exports.sources import districts, live_cells, released_spots
from analysis.filters import HeatFilters
from analysis.layers import Layer
from analysis.released import ReleasedAreas, ReleaseFilters
from analysis.released_hotspots import released_hotspots
from geo.models import City
from geo.problems import BadRequest
from people.models import User

WHAT = ("areas", "hotspots", "districts", "cells")
"""What there are files of."""
Context = Callable[[], AbstractContextManager[object]]


def layer_asked(
    city: City, user: User | AnonymousUser, query: QueryDict, *, what: str, filters: HeatFilters
) -> tuple[Callable[[], Layer], Context]:
    """Return what gives a layer of `WHAT`, and the context to ask it in, once its rows are to be sent.

    What a query gets wrong is said at once: raises BadFilter, BadRequest.
    """
    if what == "cells":
        return (lambda: live_cells(city, user, filters)), transaction.atomic
    if what == "districts":
        return (lambda: districts(city, at=timezone.now())), transaction.atomic
    released = ReleaseFilters.read(query, filters)
    if what == "areas":
        return (lambda: ReleasedAreas.ask(city, released).layer()), as_analyst
    by_addresses = by_addresses_asked(query)
    return (lambda: released_spots(city, released_hotspots(city, released, by_addresses=by_addresses))), as_analyst


def by_addresses_asked(query: QueryDict) -> bool:
    """Read `per`: whether chance is even over addresses, or over the area. Raises BadRequest."""
    per = query.get("per") or "area"
    if per not in {"area", "address"}:
        raise BadRequest(_("“per” must be area or address."))
    return per == "address"
