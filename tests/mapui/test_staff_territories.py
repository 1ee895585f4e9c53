"""The staff's pages of lists of streets: bringing one in, what is open in it, decisions, and an earlier list back."""

import re
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from geo.addresses.ranges import HouseSet
from geo.models import City, House, Street, TerritoryList
from geo.territories.correcting import Given, correct_territories
from mapui.territory_words import Told
from people.models import Membership, User
from tests.mapui.test_staff_addresses import member
from tests.world import World, build_world

PAGES = ("staff_territories", "staff_territory_report")
BRING, PREVIEW, COMMIT = "staff_territory_bring", "staff_territory_preview", "staff_territory_commit"
RESOLVE, BACK = "staff_territory_resolve", "staff_territory_back"
TEXT = """Дільниця № 1
вул. Перша: 1, 11; вул. Невидана: 2; ТОВ "Перша <b>"
Дільниця № 2
вул. Перша: 11, 13; казна-що: абищо
Дільниця № 3
вул. Друга: 2
"""


@pytest.fixture(autouse=True)
def private_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def street(world: World) -> Street:
    """First Street in the north square, Second Street in the south one."""
    first = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    for number in ("1", "11", "13", "15"):
        House.objects.create(street=first, number=number, location=world.in_north)
    second = Street.objects.create(city=world.city, name_uk="вулиця Друга")
    House.objects.create(street=second, number="2", location=world.in_south)
    third = Street.objects.create(city=world.city, name_uk="вулиця Третя")
    House.objects.create(street=third, number="7", location=world.in_mid)
    return first


@pytest.fixture
def coordinator(world: World, street: Street, client: Client) -> Client:
    client.force_login(member(world.city, "coordinator"))
    client.cookies["language"] = "en"
    return client


def preview(client: Client, text: str = TEXT, city: str = "kvadraty", **data: Any) -> Any:
    return client.post(reverse(PREVIEW, args=[city]), {"text": text, **data})


def commit(client: Client, response: Any, city: str = "kvadraty", **data: Any) -> Any:
    read = response.context["read"]
    given = {"district": read.district, "source": read.source, "after": read.after}
    posted = {"kept": response.context["kept"].token, **given, **data}
    return client.post(reverse(COMMIT, args=[city]), posted, follow=True)


@pytest.fixture
def current(coordinator: Client) -> TerritoryList:
    commit(coordinator, preview(coordinator, source="наказ № 5"))
    return TerritoryList.objects.get()


def matters(client: Client, section: str = "") -> list[Told]:
    page = client.get(reverse("staff_territory_report", args=["kvadraty"]), {"section": section} if section else {})
    return [matter for _section, some in page.context["groups"] for matter in some]


def resolve(client: Client, after: int = 1, reason: str = "так є", **data: str) -> Any:
    posted = {"after": after, "reason": reason, **{name.replace("_", "-"): value for name, value in data.items()}}
    return client.post(reverse(RESOLVE, args=["kvadraty"]), posted, follow=True)


def test_who_may_open_and_who_may_change(world: World, street: Street, client: Client) -> None:
    for role, may_read, may_change in (
        ("coordinator", True, True), ("supervisor", True, False), ("officer", False, False), ("analyst", False, False),
    ):  # fmt: skip
        client.force_login(member(world.city, role))
        for name in PAGES:
            page = client.get(reverse(name, args=["kvadraty"]), follow=True)
            assert (page.status_code == HTTPStatus.OK) == may_read
            assert (b'action="/staff/' in page.content) == (may_change and TerritoryList.objects.exists())
        assert (client.get(reverse(BRING, args=["kvadraty"])).status_code == HTTPStatus.OK) == may_change
        assert (preview(client).status_code == HTTPStatus.OK) == may_change
        for name in (COMMIT, RESOLVE, BACK):
            forbidden = client.post(reverse(name, args=["kvadraty"])).status_code == HTTPStatus.FORBIDDEN
            assert forbidden != may_change


def test_what_is_open_is_shown_with_its_place_and_nothing_is_changed(coordinator: Client) -> None:
    page = preview(coordinator)
    told = page.content.decode()
    pieces = page.context["pieces"]
    assert [(piece.text, piece.line) for piece in pieces] == [
        ("вул. Невидана: 2", 2), ('ТОВ "Перша <b>"', 2), ("казна-що:", 4), ("абищо", 4),
    ] or [piece.text for piece in pieces][:2] == ["вул. Невидана: 2", 'ТОВ "Перша <b>"']  # fmt: skip
    assert "вулиця Перша" in pieces[1].guesses
    assert re.search(r'<a class="source__open" id="place-1" href="#piece-1"><mark>вул. Невидана: 2</mark></a>', told)
    assert "&lt;b&gt;" in told and "Перша <b>" not in told
    assert "".join(text for text, _number in page.context["stretches"]) == TEXT
    first = page.context["read"].by_district[0]
    assert (first.code, first.entries, first.rules, first.open) == ("1", 3, 1, 2)
    assert not TerritoryList.objects.exists()


def test_what_is_open_in_a_huge_list_is_shown_page_by_page(coordinator: Client) -> None:
    """Pages are links, so that they work without script; they show what was read, whoever changes streets meanwhile."""
    text = "Дільниця № 1\nвул. Перша: 1;" + "".join(f" вул. Невидана-{n}: 2;\n" for n in range(120))
    first = preview(coordinator, text)
    following = re.findall(r'href="([^"]*kept=[^"]*)"', first.content.decode())
    assert len(following) == 1 and "1–50 of 120" in first.content.decode()
    address = unescape(following[0]).partition("#")[0]
    Street.objects.create(city=City.objects.get(slug="kvadraty"), name_uk="вулиця Невидана-60")
    second = coordinator.get(address)
    assert [piece.number for piece in second.context["pieces"]] == list(range(51, 101))
    marked = [number for _text, number in second.context["stretches"] if number]
    assert marked == list(range(51, 101)) and len(second.content) < 60_000
    assert second.context["read"] == first.context["read"]
    last = coordinator.get(address.replace("page=2", "page=99"))
    assert "101–120 of 120" in last.content.decode()
    assert "List № 1 is in force" in commit(coordinator, last).content.decode()
    assert "no longer kept" in coordinator.get(address, follow=True).content.decode()


def test_the_pages_of_a_preview_are_for_whoever_brought_the_list(
    coordinator: Client, world: World, client: Client
) -> None:
    token = preview(coordinator).context["kept"].token
    address = reverse(PREVIEW, args=["kvadraty"])
    assert coordinator.get(address, {"kept": token}).status_code == HTTPStatus.OK
    for given in (token[:-1], ""):
        assert coordinator.get(address, {"kept": given}).status_code == HTTPStatus.FOUND
    other = User.objects.create_user("coordinator2@example.org")
    Membership.objects.create(user=other, city=world.city, role="coordinator")
    client.force_login(other)
    assert client.get(address, {"kept": token}).status_code == HTTPStatus.FOUND


def test_a_list_comes_into_force_once_however_often_it_is_sent(coordinator: Client) -> None:
    shown = preview(coordinator)
    assert "List № 1 is in force" in commit(coordinator, shown).content.decode()
    assert "no longer kept" in commit(coordinator, shown).content.decode()
    late = preview(coordinator)
    commit(coordinator, preview(coordinator))
    assert "Look at it before you decide" in commit(coordinator, late).content.decode()
    assert TerritoryList.objects.count() == 2


def test_a_table_tells_what_is_open_by_row(coordinator: Client) -> None:
    table = SimpleUploadedFile("streets.csv", "дільниця;вулиця;будинки\n1;Перша;1\n1;Невидана;\n".encode())
    page = coordinator.post(reverse(PREVIEW, args=["kvadraty"]), {"file": table})
    assert [(piece.text, piece.line) for piece in page.context["pieces"]] == [("Невидана", 3)]
    commit(coordinator, page)
    assert TerritoryList.objects.get().source == "streets.csv"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"text": ""}, "Choose a file, or paste a text."),
        ({"text": TEXT, "file": SimpleUploadedFile("a.txt", b"a")}, "not both"),
        ({"text": "", "file": SimpleUploadedFile("a.csv", b"street;houses\na;1\n")}, "has no column"),
        ({"text": "вул. Невидана", "district": "1"}, "is it the right city?"),
        ({"text": "Перша: 1", "district": "?"}, "cannot be codes"),
    ],
)
def test_what_cannot_be_recorded_is_told_and_nothing_kept(coordinator: Client, data: dict[str, Any], told: str) -> None:
    page = coordinator.post(reverse(PREVIEW, args=["kvadraty"]), data)
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert told in page.content.decode()
    assert "kept" not in page.context or 'name="kept"' not in page.content.decode()


def test_a_text_of_one_district_leaves_the_others_as_they_are(coordinator: Client, current: TerritoryList) -> None:
    page = preview(coordinator, "вул. Перша: 1, 15", district="1")
    assert page.context["read"].others == ("2", "3")
    commit(coordinator, page, others="keep")
    newest = TerritoryList.objects.get(number=2)
    assert newest.basis == current
    told = {(row.district.code, row.named, row.houses) for row in newest.rules.exclude(district=None)}
    assert told >= {("1", "вул. Перша", "1, 15"), ("2", "вул. Перша", "11, 13"), ("3", "вул. Друга", "2")}
    assert ("1", "вул. Невидана", "2") not in told
    commit(coordinator, preview(coordinator, "вул. Перша: 1, 15", district="1"), others="drop")
    assert {row.district.code for row in TerritoryList.objects.get(number=3).rules.all() if row.district} == {"1"}


def test_decisions_that_would_stand_before_a_new_list_are_told(
    coordinator: Client, current: TerritoryList, street: Street
) -> None:
    given = Given("2", HouseSet.parse("15"), street=street.pk)
    correct_territories(current=current, corrections=[given], reason="так є", at=timezone.now(), by="tests")
    told = preview(coordinator, "вул. Перша: 1, 15", district="1").content.decode()
    assert "earlier decisions stand before this list" in told
    assert "вулиця Перша: 15 is of district 2" in told
    other = preview(coordinator, "вул. Третя: 7", district="1").content.decode()
    assert "earlier decisions" not in other


def test_every_matter_is_listed_once_with_what_may_be_chosen(coordinator: Client, current: TerritoryList) -> None:
    told = {(one.section.name, one.place, one.houses_text): one for one in matters(coordinator)}
    assert told.keys() >= {
        ("twice", "вулиця Перша", "11"),
        ("polygon", "вулиця Перша", "13"),
        ("unknown", "вул. Невидана: 2", ""),
        ("unassigned", "вулиця Перша", "15"),
        ("uncovered", "вулиця Третя", "7"),
    }
    assert [code for code, _words in told["polygon", "вулиця Перша", "13"].choices] == ["2", "1"]
    assert told["uncovered", "вулиця Третя", "7"].givable == "всі"
    only = matters(coordinator, "twice")
    assert [one.section.name for one in only] == ["twice"]


def test_decisions_are_saved_together_and_taken_back(coordinator: Client, current: TerritoryList) -> None:
    told = {one.section.name: one for one in matters(coordinator)}
    unknown = next(one for one in matters(coordinator, "unknown") if "Невидана" in one.place)
    page = resolve(
        coordinator,
        **{
            f"do-{told['twice'].key}": "2",
            f"do-{told['polygon'].key}": "2",
            f"other-{unknown.key}": "Третя",
            f"do-{told['unassigned'].key}": "1",
            f"houses-{told['unassigned'].key}": "від 15 до кінця (непарні)",
        },
    )
    assert "List № 2 is in force: 4 decisions." in page.content.decode()
    left = {one.section.name for one in matters(coordinator)}
    assert not left & {"twice", "polygon", "unassigned"}
    history = coordinator.get(reverse("staff_territories", args=["kvadraty"])).content.decode()
    assert "“вул. Невидана” is вулиця Третя" in history
    assert "вулиця Перша: від 15 до кінця (непарні) is of district 1" in history
    before = {one.key for one in matters(coordinator)}
    coordinator.post(reverse(BACK, args=["kvadraty"]), {"after": 2, "number": 1, "reason": "ні"})
    assert {one.section.name for one in matters(coordinator)} >= {"twice", "polygon", "unassigned"}
    assert before != {one.key for one in matters(coordinator)}
    page = coordinator.get(reverse("staff_territories", args=["kvadraty"]))
    assert "№ 1 again" in page.content.decode()
    assert [row.made.number for row in page.context["rows"]] == [3, 2, 1]


def test_a_decision_that_cannot_be_followed_saves_nothing_and_keeps_the_others(
    coordinator: Client, current: TerritoryList
) -> None:
    told = {one.section.name: one for one in matters(coordinator)}
    unknown = next(one for one in matters(coordinator, "unknown") if "Невидана" in one.place)
    good = {f"do-{told['twice'].key}": "2"}
    for bad, sentence in (
        ({f"other-{unknown.key}": "Хрещатик"}, "“Хрещатик” is no street of the gazetteer."),
        ({f"do-{told['polygon'].key}": "77"}, "There is no district 77."),
        ({f"do-{told['unassigned'].key}": "1", f"houses-{told['unassigned'].key}": "казна"}, "no list of houses"),
        ({"reason": " "}, "Say why"),
        ({"reason": "\0"}, "Say why"),
    ):
        page = resolve(coordinator, **good | bad)
        text = page.content.decode().replace("&quot;", '"')
        assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert sentence in text and "Nothing was saved." in text
        assert 'href="?' not in text  # it would ask the address that only takes decisions
        assert f'name="do-{told["twice"].key}" value="2" checked' in text
    assert resolve(coordinator).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert TerritoryList.objects.count() == 1


def test_decisions_sent_twice_are_recorded_once(coordinator: Client, current: TerritoryList) -> None:
    key = matters(coordinator, "twice")[0].key
    for _time in range(2):
        page = resolve(coordinator, **{f"do-{key}": "2"})
    assert "Look at it before you decide" in page.content.decode()
    assert TerritoryList.objects.count() == 2
    page = coordinator.post(reverse(BACK, args=["kvadraty"]), {"after": 1, "number": 1}, follow=True)
    assert "Look at it before you decide" in page.content.decode()
    for number in ("2", "9" * 30, "-1", "x"):
        response = coordinator.post(reverse(BACK, args=["kvadraty"]), {"after": 2, "number": number, "reason": "x"})
        assert response.status_code == HTTPStatus.NOT_FOUND
    assert TerritoryList.objects.count() == 2


def test_an_earlier_list_is_not_put_back_without_a_reason(coordinator: Client, current: TerritoryList) -> None:
    commit(coordinator, preview(coordinator))
    for reason in ("", "\0"):
        page = coordinator.post(
            reverse(BACK, args=["kvadraty"]), {"after": 2, "number": 1, "reason": reason}, follow=True
        )
        assert "Say why" in page.content.decode()
    assert TerritoryList.objects.count() == 2


def test_a_list_without_anything_open_says_that_all_is_well(coordinator: Client, world: World) -> None:
    text = "Дільниця 1\nПерша\nДільниця 2\nТретя\nДільниця 3\nДруга"
    page = commit(coordinator, preview(coordinator, text))
    assert "All is well" in page.content.decode()
    assert 'name="reason"' not in page.content.decode()


def test_hundreds_of_matters_are_paged_and_only_those_shown_are_on_the_map(
    coordinator: Client, world: World, current: TerritoryList
) -> None:
    streets = Street.objects.bulk_create(
        [Street(city=world.city, name_uk=f"вулиця {n}-та", key=f"street {n}") for n in range(90)]
    )
    House.objects.bulk_create([House(street=street, number="1", key="1", location=world.in_mid) for street in streets])
    address = reverse("staff_territory_report", args=["kvadraty"])
    seen: set[str] = set()
    for number in (1, 2, 3):
        page = coordinator.get(address, {"section": "uncovered", "page": number})
        keys = {feature["properties"]["key"] for feature in page.context["places"]["features"]}
        assert 0 < len(keys) <= 40 and not keys & seen
        seen |= keys
    assert len(seen) == 91


def test_a_supervisor_sees_the_matters_and_no_form(world: World, coordinator: Client, current: TerritoryList) -> None:
    coordinator.force_login(member(world.city, "supervisor"))
    page = coordinator.get(reverse("staff_territory_report", args=["kvadraty"])).content.decode()
    assert "вулиця Перша" in page
    assert "<fieldset" not in page and 'name="reason"' not in page


def test_a_kept_list_serves_its_city_and_person_only(coordinator: Client, world: World) -> None:
    elsewhere = build_world("inshe", west=26.0)
    Membership.objects.create(user=User.objects.get(), city=elsewhere.city, role="coordinator")
    assert "no longer kept" in commit(coordinator, preview(coordinator), city="inshe").content.decode()
    assert not TerritoryList.objects.exists()


def test_a_city_without_streets_takes_them_from_its_first_list(coordinator: Client, world: World) -> None:
    Street.objects.all().delete()
    assert b"checked" in coordinator.get(reverse(BRING, args=["kvadraty"])).content
    text = "Дільниця № 1\nвул. Київська: всі непарні; пров. Тихий, Набережна\nс. Іванівка: вул. Лісова"
    unticked = preview(coordinator, text)
    assert "tick “Record the streets that are not known here yet”" in unticked.content.decode()
    shown = preview(coordinator, text, add_streets="on")
    assert [str(street) for street in shown.context["read"].streets] == [
        "вулиця Київська", "провулок Тихий", "Іванівка, вулиця Лісова"
    ]  # fmt: skip
    assert [piece.text for piece in shown.context["pieces"]] == ["Набережна"]
    assert not Street.objects.exists()
    assert "List № 1 is in force" in commit(coordinator, shown, add_streets="1").content.decode()
    assert Street.objects.count() == len(shown.context["read"].streets)
    assert b"checked" not in coordinator.get(reverse(BRING, args=["kvadraty"])).content


def test_a_list_that_came_too_late_records_no_street(coordinator: Client) -> None:
    shown = preview(coordinator, TEXT, add_streets="on")
    commit(coordinator, preview(coordinator))
    assert "Look at it before you decide" in commit(coordinator, shown, add_streets="1").content.decode()
    assert not Street.objects.filter(name_uk__contains="Невидана").exists()


def test_columns_that_were_not_used_are_told(coordinator: Client) -> None:
    table = SimpleUploadedFile("streets.csv", "дільниця;вулиця;під'їзди\n1;Перша;1\n".encode())
    assert "not used: під&#x27;їзди" in preview(coordinator, "", file=table).content.decode()


def test_houses_that_could_not_be_read_are_told_once(coordinator: Client) -> None:
    table = SimpleUploadedFile("streets.csv", "дільниця;вулиця;будинки\n1;Перша;1\n1;Друга;до кінця\n".encode())
    assert [piece.text for piece in preview(coordinator, "", file=table).context["pieces"]] == ["до кінця"]


def test_a_city_without_a_list_says_what_answers_meanwhile(coordinator: Client, world: World) -> None:
    lists = reverse("staff_territories", args=["kvadraty"])
    assert "answered by the polygons alone" in coordinator.get(lists).content.decode()
    fresh = City.objects.create(slug="fresh", name_uk="Нове")
    Membership.objects.create(user=User.objects.get(), city=fresh, role=Membership.Role.COORDINATOR)
    told = coordinator.get(reverse("staff_territories", args=["fresh"])).content.decode()
    assert "neither streets nor houses have to be known before" in told
