"""Pages of changes: a moderator proposes, a coordinator decides, everybody reads it, and it can be undone."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from appeals.models import Category
from people.models import Officer, PageVersion, Proposal, User
from people.page_proposals import pages_now
from people.proposing import change, propose
from people.subjects import fingerprint
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.pictures import tagged
from tests.people.importing.files import commit
from tests.world import NOON

CHANGES, CARDS = "/staff/navchannia/changes/", "/staff/navchannia/cards/"


@pytest.fixture
def moderator(office: Office) -> User:
    return user_with_role(office.world, "moderator", "moderator@example.org")


@pytest.fixture
def coordinator(office: Office) -> User:
    return user_with_role(office.world, "coordinator", "coordinator@example.org")


def page_of(card: Officer) -> str:
    return f"{CARDS}officer/{card.pk}/"


def typed(card: Officer, **changes: object) -> dict[str, object]:
    """The form of a card as it is shown, with changes."""
    card = Officer.objects.get(pk=card.pk)
    names = ("name_uk", "name_en", "kind", "rank_uk", "rank_en", "email", "reception_uk", "reception_en")
    return {
        **{name: getattr(card, name) for name in names},
        "phone": str(card.phone), "languages": ",".join(card.languages), "station": card.station_id or "",
        "checked_on": card.checked_on.isoformat(), "shown": fingerprint(card), "why": "Дзвонила, так сказав",
    } | changes  # fmt: skip


def wait_for(office: Office, by: User, **changes: object) -> Proposal:
    """A proposal about the card of the north's officer."""
    card = Officer.objects.get(pk=office.world.officer.pk)
    return propose(
        by=by, city=office.world.city, row=card, changes=changes or {"reception_uk": "пн 10:00"}, why="Так на дверях",
        shown=fingerprint(card), at=NOON,
    )  # fmt: skip


def test_proposal_is_approved_read_by_everybody_and_undone(
    english: Client, office: Office, moderator: User, coordinator: User
) -> None:
    card, public = office.world.officer, "/navchannia/1/"
    english.force_login(moderator)
    sent = english.post(page_of(card), typed(card, reception_en="Mon 10:00", phone="0443000222"), follow=True)
    assert "Your proposal waits for a decision." in sent.text
    assert "Tue 17:00" in english.get(public).text
    waiting = Proposal.objects.get()
    assert set(waiting.proposed) == {"phone", "reception_en"}

    english.force_login(coordinator)
    assert '<span class="tag tag--notice">1<span' in english.get("/staff/").text
    page = english.get(f"{CHANGES}{waiting.pk}/")
    assert "Дзвонила, так сказав" in page.text
    assert "<del>0201</del><ins>0222</ins>" in page.text
    assert "<del>Tue" not in page.text  # hardly a word has stayed
    assert "is_stale" in page.context
    assert not page.context["is_stale"]
    done = english.post(
        f"{CHANGES}{waiting.pk}/", {"to": "approve", "shown": fingerprint(Officer.objects.get(pk=card.pk))}
    )
    assert done.status_code == 302
    assert "Mon 10:00" in english.get(public).text

    assert "Undo" in english.get(f"{page_of(card)}history/").text
    back = english.post(f"{CHANGES}{waiting.pk}/", {"to": "undo"}, follow=True)
    assert "Put back as it was." in back.text
    assert "Tue 17:00" in english.get(public).text
    assert "This was undone." in english.get(f"{CHANGES}{waiting.pk}/").text


def test_stale_proposal_shows_three_values(english: Client, office: Office, moderator: User, coordinator: User) -> None:
    waiting = wait_for(office, moderator)
    card = Officer.objects.get(pk=office.world.officer.pk)
    shown = fingerprint(card)
    change(
        by=coordinator, city=office.world.city, row=card, changes={"reception_uk": "ср 9:00"}, shown=shown, at=NOON
    )  # fmt: skip
    english.force_login(coordinator)
    late = english.post(f"{CHANGES}{waiting.pk}/", {"to": "approve", "shown": shown})
    assert late.status_code == 422
    for words in ("It was changed since this was proposed.", "вт 17:00–19:00", "ср 9:00", "Approve all the same"):
        assert words in late.text
    assert Officer.objects.get(pk=card.pk).reception_uk == "ср 9:00"


def test_who_decides_edits_before_approving(
    english: Client, office: Office, moderator: User, coordinator: User
) -> None:
    waiting = wait_for(office, moderator)
    english.force_login(coordinator)
    card = office.world.officer
    page = english.post(
        f"{CHANGES}{waiting.pk}/", typed(card, reception_uk="пн 10:00–12:00", to="edit"), follow=True
    )  # fmt: skip
    assert "Approved: the public reads it now." in page.text
    assert "What was proposed" in page.text
    assert Officer.objects.get(pk=card.pk).reception_uk == "пн 10:00–12:00"
    other = wait_for(office, moderator, name_en="X")
    wrong = english.post(f"{CHANGES}{other.pk}/", typed(card, name_uk="", to="edit"))
    assert wrong.status_code == 422
    assert other.state == "waiting"


def test_proposer_reads_why_it_was_declined(english: Client, office: Office, coordinator: User) -> None:
    waiting = wait_for(office, office.officer)
    english.force_login(coordinator)
    assert english.post(f"{CHANGES}{waiting.pk}/", {"to": "decline", "reason": ""}).status_code == 422
    english.post(f"{CHANGES}{waiting.pk}/", {"to": "decline", "reason": "Наказу ще немає"})
    english.force_login(office.officer)
    assert "Наказу ще немає" in english.get(f"{CHANGES}?show=done").text
    assert "My card" in english.get("/staff/").text


def test_proposal_about_a_card_that_is_gone_waits_for_nobody_else_than_before(
    english: Client, office: Office, moderator: User, coordinator: User
) -> None:
    card = Officer.objects.get(pk=office.world.officer.pk)
    done = change(
        by=coordinator, city=office.world.city, row=card, changes={"name_en": "X"}, shown=fingerprint(card), at=NOON
    )  # fmt: skip
    waiting = wait_for(office, moderator)
    Officer.objects.filter(pk=card.pk).delete()
    page, no = f"{CHANGES}{waiting.pk}/", {"to": "decline", "reason": "Картки немає"}
    english.force_login(user_with_role(office.world, "moderator", "other@example.org"))
    refused = english.post(page, no)
    assert (refused.status_code, refused.context["decides"]) == (422, False)
    english.force_login(coordinator)
    assert 'value="decline"' in english.get(page).text
    assert english.post(page, no)["Location"] == CHANGES
    assert "to decide" not in english.get("/staff/").text
    assert "It cannot be undone" not in english.get(f"{CHANGES}{done.pk}/").text


def test_proposer_takes_a_proposal_back(english: Client, office: Office, moderator: User) -> None:
    waiting = wait_for(office, moderator)
    english.force_login(moderator)
    page = english.post(f"{CHANGES}{waiting.pk}/", {"to": "withdraw"}, follow=True)
    assert "You have taken your proposal back." in page.text


def test_form_that_was_overtaken_shows_both_and_is_sent_once_more(
    english: Client, office: Office, coordinator: User
) -> None:
    english.force_login(coordinator)
    card = Officer.objects.get(pk=office.world.officer.pk)
    mine = typed(card, name_en="Mine")
    change(
        by=coordinator, city=office.world.city, row=card, changes={"name_en": "Theirs"}, shown=fingerprint(card),
        at=NOON,
    )  # fmt: skip
    page = english.post(page_of(card), mine)
    assert page.status_code == 422
    [line] = page.context["clash"]
    assert (line.was.text, line.new.text) == ("Theirs", "Mine")
    assert "What stands there now, and what you typed" in page.text
    again = mine | {"shown": page.context["form"]["shown"].value()}
    assert english.post(page_of(card), again).status_code == 302
    assert Officer.objects.get(pk=card.pk).name_en == "Mine"


def a_photo() -> SimpleUploadedFile:
    """A picture as a person brings it."""
    file = io.BytesIO()
    Image.new("RGB", (900, 600), "red").save(file, "PNG")
    return SimpleUploadedFile("me.png", file.getvalue())


def test_photo_is_proposed_and_drawn_anew(
    english: Client, office: Office, moderator: User, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    english.force_login(moderator)
    page = english.post(page_of(office.world.officer), typed(office.world.officer, photo=a_photo()), follow=True)
    name = Proposal.objects.get().proposed["photo"]
    assert name.startswith("officers/")
    assert name.endswith(".jpg")
    assert name in page.text
    assert not Officer.objects.get(pk=office.world.officer.pk).photo
    refused = typed(office.world.officer, photo=a_photo(), why="")
    assert english.post(page_of(office.world.officer), refused).status_code == 422
    assert len(list((tmp_path / "officers").iterdir())) == 1  # what was refused left no file


def test_photo_of_a_telephone_is_taken_before_anything_has_loaded_its_kind(
    english: Client, office: Office, coordinator: User, settings: Any, tmp_path: Any, no_picture_read_yet: None
) -> None:
    settings.MEDIA_ROOT = tmp_path
    english.force_login(coordinator)
    photo = SimpleUploadedFile("me.heic", tagged("HEIF"))
    assert english.post(page_of(office.world.officer), typed(office.world.officer, photo=photo)).status_code == 302
    assert Officer.objects.get(pk=office.world.officer.pk).photo.width == 480


@pytest.mark.parametrize(("to", "stays"), [("decline", False), ("withdraw", False), ("approve", True)])
def test_photo_that_was_proposed_and_not_taken_is_deleted(
    english: Client,
    office: Office,
    moderator: User,
    coordinator: User,
    settings: Any,
    tmp_path: Any,
    django_capture_on_commit_callbacks: Any,
    to: str,
    stays: bool,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    english.force_login(moderator)
    english.post(page_of(office.world.officer), typed(office.world.officer, photo=a_photo()))
    waiting = Proposal.objects.get()
    if to != "withdraw":
        english.force_login(coordinator)
    shown = english.get(f"{CHANGES}{waiting.pk}/").context["form"]
    decided = {"to": to, "reason": "Not this one", "shown": shown["shown"].value() if shown else ""}
    with django_capture_on_commit_callbacks(execute=True):
        assert english.post(f"{CHANGES}{waiting.pk}/", decided).status_code == 302
    assert (tmp_path / waiting.proposed["photo"]).exists() is stays
    page = english.get(f"{CHANGES}{waiting.pk}/").text
    assert ("a photo that was deleted" in page) is not stays
    assert (waiting.proposed["photo"] in page) is stays


def test_nobody_opens_what_is_not_theirs(client: Client, office: Office, moderator: User) -> None:
    elsewhere = build_office("inshe", west=26.0)
    waiting = wait_for(office, moderator)
    client.force_login(office.officer)
    assert client.get(page_of(office.world.acting)).status_code == 403
    assert client.get(CARDS).status_code == 403
    client.force_login(moderator)
    assert client.get(f"{CARDS}officer/{elsewhere.world.officer.pk}/").status_code == 404
    assert client.get(f"{CARDS}pages/1/").status_code == 404
    client.force_login(user_with_role(elsewhere.world, "coordinator", "foreign@example.org"))
    assert client.get(f"{CHANGES}{waiting.pk}/").status_code == 403
    assert client.get(f"/staff/inshe/changes/{waiting.pk}/").status_code == 404


def test_categories_tell_no_city_who_changed_them_in_another(english: Client, office: Office, moderator: User) -> None:
    elsewhere, topic = build_office("inshe", west=26.0), Category.objects.order_by("pk")[0]
    foreign = user_with_role(elsewhere.world, "moderator", "foreign@example.org")
    about = propose(
        by=foreign, city=elsewhere.world.city, row=topic, changes={"name_en": "Quarrels"}, why="Таємна причина",
        shown=fingerprint(topic), at=NOON,
    )  # fmt: skip
    root = User.objects.create_superuser("root@example.org")
    english.force_login(root)
    english.post(f"/staff/inshe/changes/{about.pk}/", {"to": "approve", "shown": fingerprint(topic)})
    english.force_login(moderator)
    page = english.get(f"{CARDS}category/{topic.pk}/history/").text
    assert "Quarrels" in page
    assert "Proposed in another city." in page
    assert "foreign@example.org" not in page
    assert "Таємна причина" not in page
    assert "Quarrels" not in english.get(CHANGES).text


def test_file_and_administration_write_their_changes_down(english: Client, office: Office, coordinator: User) -> None:
    english.force_login(coordinator)
    commit(
        office.world.city, {"name_uk": "Тестовий Офіцер 1", "key": "north", "phone": "+380443000777", "districts": "1"}
    )
    [done] = Proposal.objects.about(Proposal.Kind.OFFICER, office.world.officer.pk)
    assert (done.through, done.by, done.became["phone"]) == ("file", None, "+380443000777")
    coordinator.is_staff = True
    coordinator.save()
    station = office.world.station
    english.post(
        f"/admin/people/station/{station.pk}/change/",
        {"city": station.city_id, "name_uk": "Нова назва", "key": "main", "address_uk": "вул. Перша, 1",
         "phone": "+380443000101", "is_duty": "on"},
    )  # fmt: skip
    [done] = Proposal.objects.about(Proposal.Kind.STATION, station.pk)
    assert (done.through, done.by, done.became["name_uk"]) == ("admin", coordinator, "Нова назва")
    assert "In the administration." in english.get(f"{CARDS}station/{station.pk}/history/").text


def test_cards_are_listed_with_what_waits(english: Client, office: Office, moderator: User) -> None:
    wait_for(office, moderator)
    english.force_login(moderator)
    page = english.get(CARDS).text
    assert page.count("a proposal waits") == 1
    assert "Test Officer 3" in page
    for kind, words in (("station", "Station"), ("district", "North"), ("category", "Noise"), ("no such", "Test")):
        assert words in english.get(f"{CARDS}?kind={kind}").text


def test_cards_are_found_by_a_part_of_a_name(english: Client, office: Office, moderator: User) -> None:
    english.force_login(moderator)
    found = english.get(f"{CARDS}?kind=district&q=nor").text
    assert "North" in found and "Mid" not in found
    assert "Nothing is called like this." in english.get(f"{CARDS}?q=nobody").text


def test_page_of_changes_is_kept_on_the_way_to_a_change_and_back(
    english: Client, office: Office, coordinator: User
) -> None:
    waiting = wait_for(office, office.officer)
    english.force_login(coordinator)
    side = "?show=waiting&amp;page=1"
    assert f"{CHANGES}{waiting.pk}/{side}" in english.get(f"{CHANGES}?show=waiting&page=1").text
    address = f"{CHANGES}{waiting.pk}/?show=waiting&page=1"
    assert f'href="{CHANGES}{side}"' in english.get(address).text
    declined = english.post(address, {"to": "decline", "reason": "Ні"})
    assert declined["Location"] == f"{CHANGES}?show=waiting&page=1"


def test_page_of_text_is_proposed_looked_at_and_published(
    english: Client, office: Office, moderator: User, coordinator: User
) -> None:
    english.force_login(moderator)
    assert f'href="{CARDS}page/1/"' in english.get(f"{CARDS}?kind=page").text
    assert english.get("/staff/navchannia/pages/about/").status_code == 403
    form = english.get(f"{CARDS}page/1/").context["form"]
    fields = {
        "text_uk": "Наше місто.\r\n\r\n{promise}",
        "text_en": "",
        "shown": form.initial["shown"],
        "why": "Коротше",
    }
    wrong = english.post(f"{CARDS}page/1/", fields | {"text_uk": "{nothing}"})
    assert wrong.status_code == 422
    assert "The site does not know {nothing}." in wrong.text
    sent = english.post(f"{CARDS}page/1/", fields, follow=True)
    assert "Your proposal waits for a decision." in sent.text
    assert "Наше місто." not in english.get("/navchannia/about/").text

    english.force_login(coordinator)
    waiting = Proposal.objects.get()
    assert waiting.proposed["text_uk"] == "Наше місто.\n\n{promise}"
    assert f'href="{CHANGES}{waiting.pk}/"' in english.get("/staff/navchannia/pages/about/").text
    assert f'href="{CHANGES}{waiting.pk}/"' not in english.get("/staff/navchannia/pages/help/").text
    page = english.get(f"{CHANGES}{waiting.pk}/")
    assert "<p>2&nbsp;робочі&nbsp;дні</p>" in page.text  # as it would be read, beside the change itself
    done = english.post(
        f"{CHANGES}{waiting.pk}/", {"to": "approve", "shown": page.context["form"].initial["shown"]}, follow=True
    )  # fmt: skip
    assert "Approved: the public reads it now." in done.text
    assert "Наше місто." in english.get("/navchannia/about/").text
    editor = english.get(f"{CARDS}page/1/")
    assert editor["Location"] == "/staff/navchannia/pages/about/"
    back = english.post(f"{CHANGES}{waiting.pk}/", {"to": "undo"}, follow=True)
    assert "Put back as it was." in back.text
    assert "Наше місто." not in english.get("/navchannia/about/").text


def test_everybody_is_offered_what_they_may_decide_or_propose(english: Client, office: Office, moderator: User) -> None:
    everything = ["officer", "station", "district", "category", "page"]
    supervisor = user_with_role(office.world, "supervisor", "supervisor@example.org")
    for person, offered in ((moderator, everything), (supervisor, ["officer", "station"])):
        english.force_login(person)
        page = english.get(CARDS)
        assert [kind for kind, _name, _is_shown in page.context["kinds"]] == offered


def test_a_page_of_text_has_the_history_of_its_own_city(english: Client, office: Office, coordinator: User) -> None:
    elsewhere = build_office("inshe", west=26.0)
    foreign = user_with_role(elsewhere.world, "coordinator", "foreign@example.org")
    for by, city, words in (
        (coordinator, office.world.city, "Слова своїх"), (foreign, elsewhere.world.city, "Слова чужих"),
    ):  # fmt: skip
        row = pages_now(city, [PageVersion.Kind.ABOUT])[0]
        change(by=by, city=city, row=row, changes={"text_uk": words}, why="", shown=fingerprint(row), at=NOON)
    english.force_login(coordinator)
    page = english.get(f"{CARDS}page/{row.pk}/history/").text
    assert "Слова своїх" in page
    assert "Слова чужих" not in page
