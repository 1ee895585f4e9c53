"""Pictures of the site for a person to judge: `./dev screenshots [--only PART]`, into .local/screenshots.

Starts the site on a free port with the database it is given (the demonstration must be loaded) and visits every page
in three widths and both colour schemes.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.browser import CHROMIUM, FLAGS

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / ".local" / "screenshots"
SIZES = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1280, 800)}
SCHEMES = ("light", "dark")
Step = Callable[[Page], None]


def nothing(page: Page) -> None:
    """Leave the page as it opens."""


def ask(text: str) -> Step:
    """Return a step that types a place and asks about it."""

    def step(page: Page) -> None:
        page.locator("#id_q").fill(text)
        page.locator("#id_q").press("Enter")
        page.wait_for_timeout(900)

    return step


def begin(text: str) -> Step:
    """Return a step that types a place and looks at what is suggested."""

    def step(page: Page) -> None:
        page.locator("#id_q").press_sequentially(text)
        page.wait_for_timeout(900)
        page.keyboard.press("ArrowDown")

    return step


def crosshair(page: Page) -> None:
    """Come to the map by keyboard."""
    page.locator(".leaflet-container").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(600)


def menu(page: Page) -> None:
    """Open the menu of cities."""
    page.locator("site-menu summary").click()


def sheet(page: Page) -> None:
    """Pull the answer up, where it is a sheet."""
    handle = page.locator("[data-sheet-toggle]")
    if handle.is_visible():
        handle.click()
        page.wait_for_timeout(400)


def closer(page: Page) -> None:
    """Zoom in until streets have names."""
    for _ in range(2):
        page.locator(".leaflet-control-zoom-in").click()
        page.wait_for_timeout(500)


PAGES: dict[str, tuple[str, Step]] = {
    "home": ("/", nothing),
    "home-menu": ("/", menu),
    "city": ("/ternopil/", nothing),
    "city-kyiv": ("/kyiv-holosiivskyi/", nothing),
    "city-training": ("/ternopil-training/", nothing),
    "city-close": ("/ternopil/", closer),
    "crosshair": ("/ternopil/", crosshair),
    "not-found": ("/ternopil/", ask("вул. Невідома, 1")),
    "suggestions": ("/ternopil/", begin("Бригадна")),
    "nothing-suggested": ("/ternopil/", begin("Хрещатик")),
    "former-name": ("/ternopil/", ask("вул. Бригадна 14")),
    "missing-house": ("/ternopil/", ask("вул. Київська 999")),
    "no-number": ("/ternopil/", ask("Бригадна")),
    "streets": ("/ternopil/01/streets/", nothing),
    "outside": ("/ternopil/", ask("49.60, 25.50")),
    "card": ("/ternopil/01/", nothing),
    "card-full": ("/ternopil/01/", sheet),
    "border": ("/ternopil/", ask("49.5506, 25.5912")),
    "vacant": ("/ternopil/07/", nothing),
    "acting": ("/ternopil/03/", nothing),
    "training-card": ("/ternopil-training/02/", nothing),
    "mistake": ("/ternopil/01/mistake/", nothing),
    "sign-in": ("/account/login/", nothing),
    "unknown": ("/nowhere/", nothing),
}


@contextmanager
def site() -> Iterator[str]:
    """Serve the site on a free port and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    environment = os.environ | {"DEBUG": "1", "PUBLIC_API_RATE_PER_MINUTE": "0", "LOG_LEVEL": "ERROR"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(360):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=5)  # noqa: S310 - our own server
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.25)
        yield address
    finally:
        server.terminate()
        server.wait()


def picture(browser: Browser, address: str, *, name: str, size: str, scheme: str) -> None:
    """Take one picture, named PAGE-SIZE-SCHEME.png."""
    path, step = PAGES[name]
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=size != "desktop",
        is_mobile=size == "phone",
    )
    page = context.new_page()
    page.on("console", lambda said: print(name, size, said.type, said.text) if said.type == "error" else None)
    page.goto(address + path)
    if page.locator("district-map").count():
        page.wait_for_selector("district-map[data-ready]")
    page.wait_for_timeout(400)
    step(page)
    page.screenshot(path=TARGET / f"{name}-{size}-{scheme}.png")
    context.close()


def main() -> int:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of PAGE-SIZE-SCHEME, such as card-phone or dark")
    parser.add_argument("--address", default="", help="a site that already runs")
    options = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = [
        (name, size, scheme)
        for name in PAGES
        for size in SIZES
        for scheme in SCHEMES
        if options.only in f"{name}-{size}-{scheme}"
    ]

    def take(address: str) -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for name, size, scheme in wanted:
                picture(browser, address, name=name, size=size, scheme=scheme)
            browser.close()

    if options.address:
        take(options.address)
    else:
        with site() as address:
            take(address)
    print(f"{len(wanted)} pictures in {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
