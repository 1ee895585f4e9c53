"""Every page of the staff for four clients at once, beside the sign-in page, in the largest of fifty cities.

worst_vs_bare   the slowest page / the sign-in page's bare render, looked at right before and after it (at most 5)

A machine may be slower for a while, by half and more: each page is set beside the sign-in page of the same seconds, and
the median of five such rounds is told. Whatever comes near the limit by it is looked at ten times more: from one round
to the next the same page may take twice as long.

1,000 officers and 1,000,000 letters in all, 100,000 of them in the city that is looked at (`benchmarks._offices`);
each page is read by the role for which there is most to show (`benchmarks._staff_pages`). The sign-in page asks the
database for no more than its menu of cities. Files, which grow with what they hold, are told and not limited.
BENCH_LETTERS=20000 fills fewer letters, in seconds; BENCH_PAGES=staff_home,staff_mail looks at those alone.
"""

import http.client
import math
import os
import statistics
import subprocess
import sys
import time
from typing import Any

from benchmarks._database import libpq_url, use_own_database
from benchmarks._offices import LETTERS, MILLION, fill
from benchmarks._report import report, require
from benchmarks._serving import HEADERS, PORT, serving_ours, wrk

DATABASE = "dilnychnyi_bench_staff" if LETTERS == MILLION else f"dilnychnyi_bench_staff_{LETTERS}"
CLIENTS, ROUNDS, MORE_ROUNDS = 4, 5, 10
SIGN_IN = "/account/login/"
LIMIT, NEAR = 5, 4
"""Sign-in pages that a page may take, and from where on it is looked at again."""
WRK = """
wrk.headers["X-Forwarded-Proto"] = "https"
wrk.headers["Host"] = "localhost"
wrk.headers["Cookie"] = "{cookie}"
request = function() return wrk.format("GET", "{path}") end
"""


def collect_static() -> None:
    """Collect what pages link to, as a live site names it."""
    live = os.environ | {"DEBUG": "0"}
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"], env=live, check=True)


def cookie_of(email: str) -> str:
    """Sign a person in as after password and second factor, now; return the cookie."""
    from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from people.models import User
    from people.sessions import begin_session

    user, session = User.objects.get(email=email), SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    begin_session(session, now=timezone.now())
    shown = [{"method": method, "at": time.time()} for method in ("password", "mfa")]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = shown
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def p50_ms(path: str, cookie: str, seconds: int = 1) -> float:
    """Return the median of what a page takes for four clients, in ms."""
    script = WRK.format(path=path, cookie=cookie)
    return wrk(script, what=path, seconds=seconds, connections=CLIENTS).p50_ms


def seconds_of(path: str, cookie: str) -> float:
    """Ask once, so that what is kept is kept, and return how long it took; a page that leads elsewhere is none."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("GET", path, headers=HEADERS | {"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        sys.exit(f"{path} answers {answer.status}")
    connection.close()
    return time.perf_counter() - began


def main() -> None:
    """Fill the database once, then look at each page in turn, with the sign-in page between them."""
    require("wrk")
    is_new = use_own_database(DATABASE)
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks._staff_pages import READERS, Page, city_pages
    from geo.models import City

    call_command("migrate", verbosity=0)
    filling = time.perf_counter()
    if is_new:
        print(f"filling {LETTERS:,} letters (once) …", flush=True)
        fill(libpq_url(os.environ["DATABASE_URL"]), now=timezone.now())
    filling = time.perf_counter() - filling
    emails = {role: f"{role}@example.org" for role in READERS} | {"officer": "officer0@bench.example.org"}
    cookies = {role: cookie_of(email) for role, email in emails.items()}
    chosen = set(filter(None, os.environ.get("BENCH_PAGES", "").split(",")))
    pages = {
        page: path
        for page, path in city_pages(City.objects.get(slug="bench")).items()
        if not chosen or page.name in chosen
    }
    took: dict[Page, list[float]] = {page: [] for page in pages}
    seconds: dict[Page, int] = {}
    bare: list[float] = []
    collect_static()
    with serving_ours():
        for page, path in pages.items():
            alone = min(seconds_of(path, cookies[page.reader]) for _ in range(3))
            seconds[page] = min(10, 1 + math.ceil(alone * CLIENTS))  # time for each client to be answered
        bare.append(p50_ms(SIGN_IN, ""))
        for number in range(ROUNDS + MORE_ROUNDS):
            for page, path in pages.items():
                if number >= ROUNDS and (page.is_file or statistics.median(took[page][:ROUNDS]) < NEAR):
                    continue
                one = p50_ms(path, cookies[page.reader], seconds[page])
                bare.append(p50_ms(SIGN_IN, ""))
                took[page].append(one / statistics.mean(bare[-2:]))
                print(f"  {page.title}: {took[page][-1]:.1f} times the sign-in page", flush=True)
    ratios = {page: statistics.median(each) for page, each in took.items()}
    slowest = max((page for page in ratios if not page.is_file), key=lambda page: ratios[page])
    figures: dict[str, Any] = {"letters": LETTERS, "filling_s": round(filling, 1)}
    figures |= {"sign_in_ms": statistics.median(bare)}
    figures |= {f"{page.title}_vs_bare": round(ratio, 2) for page, ratio in ratios.items()}
    over = sum(ratio > LIMIT for page, ratio in ratios.items() if not page.is_file)
    figures |= {"pages_over_the_limit": over, "slowest": slowest.title, "load_1_min": round(os.getloadavg()[0], 1)}
    report("staff", ratios={"worst_vs_bare": ratios[slowest]}, figures=figures)


if __name__ == "__main__":
    main()
