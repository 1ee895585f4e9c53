"""Pages of text: whose text everybody reads, and the one deed that publishes another version."""

import threading
from typing import Any

import pytest
from django.db import DatabaseError, close_old_connections, transaction

from geo.models import City
from people.cities import review_texts
from people.models import PAGE_MAX, Membership, PageVersion, StaffDeed, User
from people.pages import (
    BadPageText,
    NotSiteKeeper,
    PublishedMeanwhile,
    behind,
    page_of,
    pages_of,
    publish,
    shipped,
    unread_pages,
)
from people.rights import NotCoordinator
from tests.world import NOON, World, build_world

Kind = PageVersion.Kind
ABOUT = Kind.ABOUT


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root@example.org")


@pytest.fixture
def coordinator(world: World) -> User:
    user = User.objects.create_user("coordinator@example.org")
    Membership.objects.create(user=user, city=world.city, role="coordinator")
    return user


def published(by: User, city: City | None, uk: str = "Текст.", en: str = "", *, after: int = 0, **more: Any) -> Any:
    return publish(by=by, city=city, kind=ABOUT, uk=uk, en=en, after=after, at=NOON, **more)


@pytest.mark.parametrize("kind", Kind)
def test_every_page_ships_in_both_languages(kind: PageVersion.Kind) -> None:
    text = shipped(kind)
    assert 200 < len(text.uk) <= PAGE_MAX
    assert 200 < len(text.en) <= PAGE_MAX
    headings = [[line for line in words.splitlines() if line.startswith("#")] for words in (text.uk, text.en)]
    assert len(headings[0]) == len(headings[1])


def test_a_city_reads_its_own_text_else_the_sites_else_what_ships(world: World, coordinator: User, root: User) -> None:
    assert page_of(ABOUT, world.city) == shipped(ABOUT)
    published(root, None, "Сайт.")
    assert page_of(ABOUT, world.city).uk == "Сайт."
    published(coordinator, world.city, "Місто.", "City.")
    own = page_of(ABOUT, world.city)
    assert (own.uk, own.en) == ("Місто.", "City.")
    assert page_of(ABOUT, None).uk == page_of(ABOUT, build_world("inshe", west=26.0).city).uk == "Сайт."
    published(coordinator, world.city, "", after=1)
    assert page_of(ABOUT, world.city).uk == behind(ABOUT, world.city).uk == "Сайт."
    assert page_of(ABOUT, world.city).own is None


def test_all_pages_are_read_in_one_question(world: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert [each.kind for each in pages_of(world.city)] == list(Kind)


def test_the_reader_of_english_gets_the_ukrainian_text_where_there_is_no_other(world: World, coordinator: User) -> None:
    published(coordinator, world.city, "Місто.")
    assert page_of(ABOUT, world.city).in_language("en") == ("Місто.", "uk")


def test_a_version_is_written_down_and_never_changed(world: World, coordinator: User) -> None:
    version = published(coordinator, world.city, " Місто.\r\nДругий рядок. ")
    assert version.text_uk == "Місто.\nДругий рядок."
    assert StaffDeed.objects.get().facts == {"page": "about", "number": 1}
    for change in (lambda: PageVersion.objects.update(text_uk="Інше."), lambda: PageVersion.objects.all().delete()):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()


def test_what_did_not_change_makes_no_version(world: World, coordinator: User) -> None:
    assert published(coordinator, world.city, "") is None
    published(coordinator, world.city)
    assert published(coordinator, world.city, after=1) is None
    assert PageVersion.objects.count() == 1


def test_the_second_of_two_editors_is_refused(world: World, coordinator: User) -> None:
    published(coordinator, world.city, "Перша.")
    with pytest.raises(PublishedMeanwhile):
        published(coordinator, world.city, "Друга.")
    with pytest.raises(PublishedMeanwhile):
        published(coordinator, world.city, "Із майбутнього.", after=7)
    assert page_of(ABOUT, world.city).uk == "Перша."


def test_of_two_editors_at_one_time_one_is_refused(transactional_db: None) -> None:
    root = User.objects.create_superuser("root@example.org")
    at_once, told = threading.Barrier(2), []

    def edit(text: str) -> None:
        at_once.wait(10)
        try:
            published(root, None, text)
            told.append("published")
        except PublishedMeanwhile:
            told.append("refused")
        finally:
            close_old_connections()

    threads = [threading.Thread(target=edit, args=[text]) for text in ("Перша.", "Друга.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["published", "refused"]


def test_a_page_is_ukrainian_first_and_not_endless(world: World, coordinator: User) -> None:
    for uk, en in (("", "Only English."), ("а" * (PAGE_MAX + 1), "")):
        with pytest.raises(BadPageText):
            published(coordinator, world.city, uk, en)


def test_a_city_is_its_coordinators_and_the_site_the_administrators(world: World, coordinator: User) -> None:
    with pytest.raises(NotSiteKeeper):
        published(coordinator, None)
    with pytest.raises(NotCoordinator):
        published(coordinator, build_world("inshe", west=26.0).city)


def test_another_text_is_to_be_read_again_by_the_cities_that_show_it(
    world: World, coordinator: User, root: User
) -> None:
    other = build_world("inshe", west=26.0).city
    published(coordinator, world.city)
    for city in (world.city, other):
        review_texts(by=root, city=city, at=NOON)
    published(root, None)
    unread = {city.slug: unread_pages(city) for city in City.objects.all()}
    assert unread == {"kvadraty": [], "inshe": [ABOUT]}
    published(coordinator, world.city, "Ще інше.", after=1)
    assert unread_pages(City.objects.get(slug="kvadraty")) == [ABOUT]
