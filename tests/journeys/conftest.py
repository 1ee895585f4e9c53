"""A real browser on the smallest city. Every journey also fails on a request to another host, on an error in the
console (a blocked inline style is one), and on a place that got into an address."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from people.models import Membership, User
from tests.journeys.browser import CHROMIUM, FLAGS
from tests.world import World, build_world

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the thread of the test

PLACE_IN_ADDRESS = re.compile(r"\d{2}\.\d{2,}|%D0%9F%D0%B5%D1%80%D1%88%D0%B0|[?&](q|lat|lon)=", re.IGNORECASE)
"""Coordinates, the street of the smallest city («Перша»), or the names of the field's values."""


NORTH, MID, SOUTH = "Північна", "Середня", "Південна"
"""The districts of the smallest city."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, quiet."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], live_server: LiveServer) -> dict[str, Any]:
    """A reader with an English browser: the site is Ukrainian all the same."""
    return {
        **browser_context_args,
        "base_url": live_server.url,
        "locale": "en-US",
        "viewport": {"width": 1280, "height": 800},
    }


@pytest.fixture
def served(transactional_db: None) -> World:
    """The smallest city, committed, so that the server's thread sees it."""
    return build_world()


class Watch:
    """What a browser did behind a journey's back."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.errors: list[str] = []
        self.addresses: list[str] = []

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.on("request", lambda request: self.addresses.append(request.url))
        context.on("console", lambda said: self.errors.append(said.text) if said.type in {"error", "warning"} else None)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("page", lambda page: page.on("framenavigated", lambda frame: self.addresses.append(frame.url)))

    def verdict(self) -> None:
        """Fail where something foreign, broken or private was seen."""
        own = {self.host, ""}
        assert not [url for url in self.addresses if urlsplit(url).netloc not in own], "a request left the site"
        assert not [url for url in self.addresses if PLACE_IN_ADDRESS.search(url)], "a place got into an address"
        assert not self.errors, self.errors


@pytest.fixture
def watch(live_server: LiveServer) -> Iterator[Watch]:
    """Watch the journey; a journey that provokes an error clears `watch.errors` itself."""
    watching = Watch(urlsplit(live_server.url).netloc)
    yield watching
    watching.verdict()


@pytest.fixture
def page(context: BrowserContext, watch: Watch, served: World) -> Page:
    """A watched page of the smallest city's site."""
    watch.over(context)
    context.set_default_timeout(10_000)
    return context.new_page()


@pytest.fixture
def on_map(page: Page) -> Page:
    """The city's page with its map drawn."""
    open_map(page)
    return page


def open_map(page: Page, path: str = "/kvadraty/") -> None:
    """Open a page with a map and wait for the districts."""
    page.goto(path)
    page.wait_for_selector("district-map[data-ready]")


def click_district(page: Page, name: str, *, from_right: float | None = None) -> None:
    """Click in the middle of a district, or some pixels left of its eastern border."""
    box = page.get_by_role("button", name=name, exact=True).bounding_box()
    assert box
    x = box["x"] + (box["width"] / 2 if from_right is None else box["width"] - from_right)
    page.mouse.click(x, box["y"] + box["height"] * 0.3)


def expect_card(page: Page, district: str) -> None:
    """Wait until the answer is headed by this district, or whatever it says instead."""
    expect(page.locator("[data-answer-title]")).to_have_text(district)


def axe_violations(page: Page) -> list[str]:
    """Return what axe finds wrong (WCAG 2.2 AA and best practices), one line a finding."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def sign_in(context: BrowserContext, user: User, live_server: LiveServer) -> None:
    """Let a browser be signed in, second factor and all; how it is done for real is walked in test_sign_in.py."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])


@pytest.fixture
def coordinator(
    page: Page,
    context: BrowserContext,
    served: World,
    live_server: LiveServer,
    settings: Any,
    tmp_path: Path,
) -> Page:
    """A watched page, signed in as the city's coordinator."""
    settings.MEDIA_ROOT = tmp_path / "media"
    user = User.objects.create_user("coordinator@example.org")
    Membership.objects.create(user=user, city=served.city, role="coordinator")
    sign_in(context, user, live_server)
    return page
