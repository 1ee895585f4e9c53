"""Pages of text as everybody reads them."""

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from geo.labels import PAGES
from mapui.markdown import as_html, unknown_facts
from people.models import HelpLine, Membership, PageVersion, User
from people.pages import publish
from tests.world import NOON, TODAY, World

Kind = PageVersion.Kind


@pytest.fixture
def coordinator(world: World) -> User:
    user = User.objects.create_user("coordinator@example.org")
    Membership.objects.create(user=user, city=world.city, role="coordinator")
    return user


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("language", ["uk", "en"])
def test_every_page_has_an_address_of_the_site_and_of_a_city(
    client: Client, world: World, kind: str, language: str
) -> None:
    client.cookies["language"] = language
    for path, place in ((f"/{kind}/", ("Дільничний", "Dilnychnyi")), (f"/kvadraty/{kind}/", ("Квадрати", "Squares"))):
        page = client.get(path)
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.text
        assert re.search(rf"<title>[^<]+ — {place[language == 'en']}</title>", page.text)
        assert f'<div class="prose" lang="{language}">' in page.text
        assert "{" not in page.text.split('class="prose"')[1].split("</div>")[0]


def test_every_page_is_a_step_from_any_other_and_from_the_citys(client: Client, world: World) -> None:
    for path, prefix in (("/", ""), ("/about/", ""), ("/kvadraty/", "/kvadraty"), ("/kvadraty/1/", "/kvadraty")):
        page = client.get(path).text
        for kind in PAGES:
            assert f'href="{prefix}/{kind}/"' in page


def test_a_city_without_a_page_has_no_pages_of_text(client: Client, world: World) -> None:
    world.city.stage = "closed"
    world.city.save()
    assert client.get("/kvadraty/about/").status_code == 404
    assert client.get("/kvadraty/unknown/").status_code == 404


def test_a_citys_own_words_stand_on_its_page_alone(client: Client, world: World, coordinator: User) -> None:
    publish(by=coordinator, city=world.city, kind=Kind.HOW, uk="Відповімо за {promise}.", en="", after=0, at=NOON)
    page = client.get("/kvadraty/how-it-works/").text.replace("&nbsp;", " ")
    assert "<p>Відповімо за 2 робочі дні.</p>" in page
    assert "1 червня 2026" in page
    assert "Відповімо за" not in client.get("/how-it-works/").text
    client.cookies["language"] = "en"
    page = client.get("/kvadraty/how-it-works/").text.replace("&nbsp;", " ")
    assert '<div class="prose" lang="uk"><p>Відповімо за 2 робочі дні.</p>' in page


def test_help_lines_of_the_city_stand_with_the_day_of_their_check(client: Client, world: World) -> None:
    HelpLine.objects.create(city=world.city, phone="044 200", name_uk="Притулок", purpose="emergency", checked_on=TODAY)
    page = client.get("/kvadraty/help/").text
    assert 'href="tel:044200"' in page
    assert "Дані перевірено 1 червня 2026" in page
    assert 'href="tel:+380443000101"' in page
    assert "Притулок" not in client.get("/help/").text
    assert "Притулок" in client.post("/kvadraty/lookup/", {"lat": "49.995", "lon": "25.4"}).text
    assert "Притулок" not in client.post("/", {"lat": "49.995", "lon": "25.4"}).text


def test_the_notice_of_letters_has_no_title_of_its_own(client: Client, world: World) -> None:
    page = client.get("/letters/privacy/").text
    assert page.split("<title>")[1].split("<")[0] == client.get("/letters/").text.split("<title>")[1].split("<")[0]
    assert 'id="history"' in page
    for path in ("/letters/privacy/", "/letters/", "/letters/new/"):
        assert 'href="/rights/"' not in client.get(path).text


def test_the_history_of_the_browser_is_told_whatever_a_page_says(
    client: Client, world: World, coordinator: User
) -> None:
    publish(by=coordinator, city=world.city, kind=Kind.PRIVACY, uk="Ми чемні.", en="", after=0, at=NOON)
    assert 'id="history"' in client.get("/kvadraty/privacy/").text


# --- Markdown -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Назва", "<h2>Назва</h2>"),
        ("- раз\n- два", "<ul>\n<li>раз</li>\n<li>два</li>\n</ul>"),
        ("рядок\nдругий", "<p>рядок<br>\nдругий</p>"),
        ("**так**", "<p><strong>так</strong></p>"),
        ("[ми](https://example.org/)", '<p><a href="https://example.org/" rel="noopener">ми</a></p>'),
        ("[102](tel:102)", '<p><a href="tel:102" rel="noopener">102</a></p>'),
        ("[місто](/)", '<p><a href="/" rel="noopener">місто</a></p>'),
        ("[зло](javascript:alert(1))", "<p>[зло](javascript:alert(1))</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("![фото](https://example.org/a.png)", '<p>!<a href="https://example.org/a.png" rel="noopener">фото</a></p>'),
        ("за {days}", "<p>за 2 &amp; 3</p>"),
        ("за {nobody}", "<p>за {nobody}</p>"),
        ("[за]({days})", '<p><a href="%7Bdays%7D" rel="noopener">за</a></p>'),
    ],
)
def test_a_few_kinds_of_text_and_nothing_else(text: str, html: str) -> None:
    assert as_html(text, {"days": "2 &amp; 3"}).strip() == html


@given(st.text(st.sampled_from("<>\"'&{}[]()!#*-:/\\ \nabonclickscript=javascript")))
def test_no_text_becomes_more_than_it_may(text: str) -> None:
    html = as_html(text, {})
    assert set(re.findall(r"</?(\w+)", html)) <= {
        "h2", "h3", "h4", "p", "br", "ul", "ol", "li", "strong", "em", "blockquote", "hr", "a"
    }  # fmt: skip
    assert not re.search(r'<[^>]*\s(?!href=|rel=)\w+="', html)


def test_what_is_no_fact_is_named_once() -> None:
    assert unknown_facts("{kept} {x} {x} {Y}", {"kept": ""}) == ["{x}"]
