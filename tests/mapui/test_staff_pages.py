"""Pages of text as the staff changes them: looked at, published, brought back; two editors lose nothing."""

import html
import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from mapui.words_changed import lines_changed
from people.models import Membership, PageVersion, User
from people.pages import publish
from tests.world import NOON, World, build_world

PAGES, ABOUT = "/staff/kvadraty/pages/", "/staff/kvadraty/pages/about/"
SITE = "/staff/site/pages/"


def member(world: World, role: str = "coordinator", email: str = "coordinator@example.org") -> User:
    user = User.objects.create_user(email, first_name="Пані Координаторка")
    Membership.objects.create(user=user, city=world.city, role=role)
    return user


@pytest.fixture
def coordinator(client: Client, world: World) -> Client:
    client.force_login(member(world))
    return client


def hidden(page: str) -> dict[str, str]:
    """What the first form of a page with hidden fields would send."""
    form = next(part for part in page.split("<form")[1:] if 'name="after"' in part).split("</form>")[0]
    return {
        name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    }


def test_a_page_is_written_looked_at_published_and_brought_back(coordinator: Client, world: World) -> None:
    assert "Стоїть текст сайту" in coordinator.get(PAGES).text
    page = coordinator.get(ABOUT).text
    assert "## Хто його веде" in page
    typed = {"uk": "Наше <b>місто</b>.", "en": "Our city.", "after": "0"}
    looked = coordinator.post(ABOUT, typed | {"to": "preview"}).text
    for side in ("<p>Наше &lt;b&gt;місто&lt;/b&gt;.</p>", "<p>Our city.</p>", "About the service"):
        assert side in looked
    assert not PageVersion.objects.exists()
    assert coordinator.post(ABOUT, hidden(looked) | {"to": "publish"})["Location"] == ABOUT
    public = Client().get("/kvadraty/about/").text
    assert "<p>Наше &lt;b&gt;місто&lt;/b&gt;.</p>" in public
    coordinator.post(ABOUT, {"uk": "Інше.", "en": "", "after": "1", "to": "publish"})

    version = coordinator.get(f"{ABOUT}1/").text
    assert "Пані Координаторка" in version
    again = coordinator.post(ABOUT, hidden(version) | {"to": "preview"}).text
    coordinator.post(ABOUT, hidden(again) | {"to": "publish"})
    assert "<p>Наше &lt;b&gt;місто&lt;/b&gt;.</p>" in Client().get("/kvadraty/about/").text
    assert PageVersion.objects.count() == 3
    assert "опубліковано сторінку «Про сервіс»" in coordinator.get("/staff/kvadraty/opening/").text


def test_a_page_goes_back_to_the_sites_text(coordinator: Client, world: World) -> None:
    coordinator.post(ABOUT, {"uk": "Наше.", "en": "", "after": "0", "to": "publish"})
    form = {"follow": "1", "after": "1"}
    looked = coordinator.post(ABOUT, form | {"to": "preview"}).text
    assert "Хто його веде" in looked
    coordinator.post(ABOUT, hidden(looked) | {"to": "publish"})
    assert "Хто його веде" in Client().get("/kvadraty/about/").text
    assert "Наше." in coordinator.get(f"{ABOUT}1/").text


def test_the_second_editor_sees_what_the_first_changed_and_keeps_every_word(coordinator: Client, world: World) -> None:
    other = member(world, email="other@example.org")
    publish(by=other, city=world.city, kind=PageVersion.Kind.ABOUT, uk="Її слова.", en="", after=0, at=NOON)
    page = coordinator.post(ABOUT, {"uk": "Мої слова.", "en": "Mine.", "after": "0", "to": "publish"})
    assert page.status_code == 409
    for told in ("Мої слова.", "Mine.", "<ins>", 'name="after" value="1"'):
        assert told in page.text
    assert PageVersion.objects.count() == 1
    coordinator.post(ABOUT, {"uk": "Мої слова.", "en": "Mine.", "after": "1", "to": "publish"})
    assert PageVersion.objects.count() == 2


@pytest.mark.parametrize(("uk", "told"), [("", "Український текст порожній"), ("за {promis}", "{promis}")])
def test_what_cannot_be_read_is_refused_beside_its_field(coordinator: Client, world: World, uk: str, told: str) -> None:
    page = coordinator.post(ABOUT, {"uk": uk, "en": "Kept words.", "after": "0", "to": "preview"})
    assert page.status_code == 422
    assert told in page.text
    assert "Kept words." in page.text


def test_the_sites_texts_are_the_administrators(coordinator: Client, world: World) -> None:
    form = {"uk": "Сайт.", "en": "", "after": "0", "to": "publish"}
    for path in (SITE, f"{SITE}about/", "/staff/site/phones/"):
        assert coordinator.get(path).status_code == 403
    assert coordinator.post(f"{SITE}about/", form).status_code == 403
    root = Client()
    root.force_login(User.objects.create_superuser("root@example.org"))
    assert root.get(SITE).status_code == root.get(f"{SITE}about/").status_code == 200
    root.post(f"{SITE}about/", form)
    assert "<p>Сайт.</p>" in Client().get("/kvadraty/about/").text
    assert "<p>Сайт.</p>" in Client().get("/about/").text
    assert root.get(f"{SITE}about/1/").status_code == 200
    assert Client().get(SITE)["Location"].startswith("/account/login/")


@pytest.mark.parametrize("role", ["officer", "supervisor", "moderator", "analyst"])
def test_other_roles_and_other_cities_are_kept_out(client: Client, world: World, role: str) -> None:
    client.force_login(member(world, role))
    build_world("inshe", west=26.0)
    for path in (PAGES, ABOUT, "/staff/inshe/pages/about/"):
        assert client.get(path).status_code == 403
    assert client.post(ABOUT, {"uk": "Зло.", "after": "0", "to": "publish"}).status_code == 403
    assert not PageVersion.objects.exists()


@given(*[st.lists(st.sampled_from(["<b>раз</b>", "два", "", "три слова тут"])).map("\n".join)] * 2)
def test_both_texts_can_be_read_in_what_changed(before: str, after: str) -> None:
    told = lines_changed(before, after)
    for text, gone, marks in ((before, "ins", "del"), (after, "del", "ins")):
        left = re.sub(rf"<{gone}>.*?</{gone}>", "", told, flags=re.DOTALL)
        assert html.unescape(re.sub(f"</?{marks}>", "", left)) == text


def test_long_unlike_texts_are_told_whole() -> None:
    told = lines_changed("а " * 1000, "б " * 1000)
    assert told == f"<del>{'а ' * 1000}</del><ins>{'б ' * 1000}</ins>"


def test_there_are_no_other_pages_and_no_other_versions(coordinator: Client, world: World) -> None:
    for path in (f"{PAGES}other/", f"{ABOUT}1/"):
        assert coordinator.get(path).status_code == 404
