"""U+0000, which no text of the database can hold, is refused wherever an address or a cookie brings it."""

import pytest
from django.test import Client

from tests.appeals.conftest import Office


@pytest.mark.parametrize(
    "address",
    [
        "/navchannia/%00/",
        "/navchannia/1%00/write/",
        "/navchannia/%00/mistake/",
        "/staff/navchannia/heatmap/?category=%00",
        "/admin/people/posting/?during=%00",
    ],
)
def test_page_says_that_the_address_cannot_be_read(office: Office, client: Client, address: str) -> None:
    client.force_login(office.officer)
    client.cookies["language"] = "en"
    answer = client.get(address)
    assert (answer.status_code, "This address cannot be read" in answer.text) == (400, True)


@pytest.mark.parametrize(
    "address",
    [
        "lookup/?city=%00&lat=49.995&lon=25.005",
        "lookup/?city=navchannia&address=%00",
        "districts/?city=%00",
        "streets/?city=%00",
        "analysis/heatmap/?city=navchannia&category=%00",
    ],
)
def test_api_answers_with_a_problem(office: Office, client: Client, address: str) -> None:
    client.force_login(office.officer)
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["type"] == "urn:dilnychnyi:bad-request"


def test_quoted_cookie_is_refused(office: Office, client: Client) -> None:
    assert client.get("/staff/", headers={"Cookie": r'session="aaaaaaaa\000"'}).status_code == 400


def test_percent_sign_before_two_zeros_is_text(office: Office, client: Client) -> None:
    assert client.get("/api/v1/districts/?city=navchannia&v=%2500").status_code == 200
