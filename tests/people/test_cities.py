"""Deeds on a city itself: added by the administrator, settings changed by its coordinator, each written down."""

import datetime
import re
from dataclasses import replace
from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from geo.models import City
from geo.stages import Readiness
from people.cities import (
    NobodyReadsLetters,
    NotAdministrator,
    TextsChangedMeanwhile,
    add_city_with_coordinator,
    change_settings,
    review_texts,
)
from people.inviting import join
from people.models import Invitation, Membership, Officer, PageVersion, StaffDeed, User, invitation_key_hash
from people.pages import digests_of, publish, shipped, unread_pages
from people.readiness import texts_item
from people.rights import NotCoordinator
from tests.world import NOON, TODAY, World, build_world

NEW = {
    "slug": "poltava", "name_uk": "Полтава", "name_en": "Poltava", "katottg": "", "coordinator": "Перша Людина",
    "email": "first@example.org",
}  # fmt: skip


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root@example.org")


def with_role(city: City, role: str) -> User:
    user = User.objects.create_user(f"{role}@{city.slug}.example.org")
    Membership.objects.create(user=user, city=city, role=role)
    return user


def test_an_administrator_adds_a_city_and_its_coordinator_comes_in_by_the_link(root: User) -> None:
    invitation, key = add_city_with_coordinator(by=root, at=NOON, **NEW)
    city = City.objects.get(slug="poltava")
    assert (city.stage, invitation.city) == ("draft", city)
    user = join(key_hash=invitation_key_hash(key), password="correct horse battery", at=NOON)
    assert list(user.memberships.values_list("city__slug", "role")) == [("poltava", "coordinator")]
    deeds = list(StaffDeed.objects.filter(city=city).order_by("pk").values_list("deed", "by"))
    assert deeds == [("added", root.pk), ("invited", root.pk), ("joined", user.pk)]


def test_nobody_else_adds_a_city(world: World) -> None:
    with pytest.raises(NotAdministrator):
        add_city_with_coordinator(by=with_role(world.city, "coordinator"), at=NOON, **NEW)
    assert not City.objects.filter(slug="poltava").exists()


@pytest.mark.parametrize("slug", ["kvadraty", "staff", "not a slug"])
def test_a_slug_that_cannot_be_leaves_nothing_behind(root: User, world: World, slug: str) -> None:
    with pytest.raises(ValidationError), transaction.atomic():
        add_city_with_coordinator(by=root, at=NOON, **(NEW | {"slug": slug}))
    assert not Invitation.objects.exists()
    assert not StaffDeed.objects.exists()


def test_changed_settings_are_written_down_with_before_and_after(world: World) -> None:
    by = with_role(world.city, "coordinator")
    changed = change_settings(by=by, city=world.city, changes={"name_uk": "Квадрати", "accent": "blue"}, at=NOON)
    assert changed.accent == "blue"
    [deed] = StaffDeed.objects.all()
    assert (deed.deed, deed.by, deed.city, deed.whom, deed.at) == ("settings", by, world.city, None, NOON)
    assert deed.facts == {"before": {"accent": "teal"}, "after": {"accent": "blue"}}


def test_nothing_changed_is_no_deed(world: World) -> None:
    change_settings(by=with_role(world.city, "coordinator"), city=world.city, changes={"accent": "teal"}, at=NOON)
    assert not StaffDeed.objects.exists()


def test_texts_that_were_read_wait_to_be_read_again_once_one_changes(world: World) -> None:
    by = with_role(world.city, "coordinator")
    review_texts(by=by, city=world.city, read=digests_of(world.city), at=NOON)
    read = City.objects.get(pk=world.city.pk)
    assert read.texts_reviewed_on == datetime.date(2026, 6, 1)
    assert change_settings(by=by, city=read, changes={"accent": "green"}, at=NOON).texts_reviewed_on
    assert change_settings(by=by, city=read, changes={"welcome_uk": "Вітаємо."}, at=NOON).texts_reviewed_on is None


def test_a_new_release_asks_to_read_the_pages_that_it_changed(world: World) -> None:
    by, about = with_role(world.city, "coordinator"), PageVersion.Kind.ABOUT
    world.city.texts_reviewed_on = TODAY  # by an earlier release, which kept no words
    with translation.override("en"):
        assert "Nobody knows how the pages of text read then" in texts_item(world.city, on=TODAY).sentence
    review_texts(by=by, city=world.city, read=digests_of(world.city), at=NOON)
    read = City.objects.get(pk=world.city.pk)
    assert unread_pages(read) == []
    assert texts_item(read, on=TODAY).readiness is Readiness.DONE
    before = replace(shipped(about), en="What an earlier release said.")
    City.objects.update(texts_read=read.texts_read | {about: before.digest})
    read.refresh_from_db()
    assert unread_pages(read) == [about]
    with translation.override("en"):
        told = texts_item(read, on=TODAY)
    assert (told.readiness, "About the service" in told.sentence) == (Readiness.MISSING, True)
    review_texts(by=by, city=world.city, read=digests_of(world.city), at=NOON)
    assert unread_pages(City.objects.get(pk=world.city.pk)) == []


def test_only_what_was_shown_counts_as_read(world: World) -> None:
    by, about = with_role(world.city, "coordinator"), PageVersion.Kind.ABOUT
    shown = digests_of(world.city)
    publish(by=by, city=world.city, kind=about, uk="Інше.", en="", after=0, at=NOON)
    with translation.override("en"), pytest.raises(TextsChangedMeanwhile, match="on: «About the service»"):
        review_texts(by=by, city=world.city, read=shown, at=NOON)
    assert City.objects.get(pk=world.city.pk).texts_reviewed_on is None
    review_texts(by=by, city=world.city, read=digests_of(world.city), at=NOON)
    assert unread_pages(City.objects.get(pk=world.city.pk)) == []


def test_the_page_of_settings_asks_to_read_what_it_showed(world: World, client: Client) -> None:
    by, about = with_role(world.city, "coordinator"), PageVersion.Kind.ABOUT
    client.force_login(by)
    asked = client.get(reverse("staff_city", args=["kvadraty"])).content.decode()
    shown = dict(re.findall(r'name="(read-[\w-]+)" value="(\w+)"', asked))
    publish(by=by, city=world.city, kind=about, uk="Інше.", en="", after=0, at=NOON)
    refused = client.post(reverse("staff_texts_read", args=["kvadraty"]), shown, headers={"Accept-Language": "en"})
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "other words stand on: «About the service»" in refused.content.decode()
    shown = dict(re.findall(r'name="(read-[\w-]+)" value="(\w+)"', refused.content.decode()))
    assert client.post(reverse("staff_texts_read", args=["kvadraty"]), shown).status_code == HTTPStatus.FOUND
    assert unread_pages(City.objects.get(pk=world.city.pk)) == []


def test_the_stage_and_the_slug_are_no_settings(world: World) -> None:
    by = with_role(world.city, "coordinator")
    change_settings(by=by, city=world.city, changes={"stage": "open", "slug": "inshe"}, at=NOON)
    world.city.refresh_from_db()
    assert (world.city.stage, world.city.slug) == ("pilot", "kvadraty")


def test_a_city_takes_letters_only_with_a_supervisor(world: World) -> None:
    by = with_role(world.city, "coordinator")
    with pytest.raises(NobodyReadsLetters):
        change_settings(by=by, city=world.city, changes={"takes_letters": True}, at=NOON)
    with_role(world.city, "supervisor")
    assert change_settings(by=by, city=world.city, changes={"takes_letters": True}, at=NOON).takes_letters


@pytest.mark.parametrize("role", ["supervisor", "moderator", "officer", "analyst"])
def test_only_a_coordinator_of_the_city_changes_it(world: World, role: str) -> None:
    stranger = with_role(build_world("inshe", west=26.0).city, "coordinator")
    for by in (stranger, with_role(world.city, role)):
        with pytest.raises(NotCoordinator):
            change_settings(by=by, city=world.city, changes={"accent": "blue"}, at=NOON)
        with pytest.raises(NotCoordinator):
            review_texts(by=by, city=world.city, read=digests_of(world.city), at=NOON)
    assert not StaffDeed.objects.exists()


def test_an_account_has_one_card_besides_those_for_training(world: World) -> None:
    user = with_role(world.city, "officer")
    Officer.objects.filter(pk=world.officer.pk).update(user=user)
    other = build_world("inshe", west=26.0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Officer.objects.filter(pk=other.officer.pk).update(user=user)
    Officer.objects.filter(pk=other.officer.pk).update(user=user, is_training=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Officer.objects.filter(pk=other.acting.pk).update(user=user, is_training=True)


def test_a_training_copy_stays_in_training(world: World) -> None:
    copy = City.objects.create(slug="kvadraty-training", name_uk="Квадрати", stage="training", copy_of=world.city)
    for stage in ("draft", "pilot", "open", "closed"):
        with pytest.raises(IntegrityError), transaction.atomic():
            City.objects.filter(pk=copy.pk).update(stage=stage)
