"""How tests open the heatmap: live for the office, released for an analyst."""

import json
import re
from typing import Any

from django.test import Client

from analysis.closing import close_due
from tests.analysis.letters import Sent, accepted, give_houses
from tests.analysis.test_closing import LATE, june
from tests.appeals.conftest import Office

PAGE = "/staff/navchannia/heatmap/"


DV = "domestic-violence"


def release_june(office: Office) -> None:
    """Release June of a city of 180 houses: six letters about noise in one place, one in another, five protected."""
    give_houses(office.world, 60)
    far = Sent((25.0251, 49.9921), district="3", at=june(2, 20))
    accepted(office, [Sent()] * 6 + [far] + [Sent(category=DV)] * 5)
    close_due(now=LATE)


def words(client: Client, **query: Any) -> str:
    """Return what the page says, without its markup and with single spaces."""
    response = client.get(PAGE, query)
    assert response.status_code == 200
    text = re.sub(r"<(script|style|template).*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\N{NO-BREAK SPACE}", " ").split())


def on_map(client: Client, **query: str) -> Any:
    """Return what the page gives its map to draw."""
    found = re.search(r'<script id="heat-shapes"[^>]*>(.*?)</script>', client.get(PAGE, query).text, re.DOTALL)
    assert found
    return json.loads(found[1])
