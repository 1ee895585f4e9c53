"""Who may open what: every address of the site and its API, for every role, on one's own and on foreign things.

The table says who is let in; everybody else is stopped (asked to sign in, 403, 404 or 405) and has changed nothing in
the database. Nobody, let in or stopped, meets a letter that is not theirs to read; and nobody but the superuser meets a
word of another city, its people's names and e-mails, outside of that city's own public pages.
"""

import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from appeals import access
from tests.project import permission_table
from tests.project.permission_scene import FOREIGN, Scene, build_scene, sign_in
from tests.project.permission_table import ACCESS, ROLES, WITH_CITY, Address, addresses


def test_every_address_is_in_the_table() -> None:
    known, there = set(ACCESS), {address.name for address in addresses()}
    missing = [
        f"“{name}”: say in TABLE of {permission_table.__name__} who may open it" for name in sorted(there - known)
    ]
    gone = [f"“{name}”: is no address any more, take it out" for name in sorted(known - there)]
    assert not missing + gone, "\n".join(["", *missing, *gone])


WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', re.IGNORECASE)
MARKED_AS_READ = {"appeals_opening", "appeals_appeal", "appeals_message", "analysis_export"}
"""What looking writes: who opened a letter, and that it was read; who took a file away."""
UNTOLD = {"django_session", "people_sign_in_tries"}


def ask(client: Client, scene: Scene, address: Address, kind: str, method: str) -> tuple[Any, str, set[str]]:
    """Ask, take back what was done; return the answer, its words and the tables that were written to."""
    parts = scene.parts(kind, address)
    data: dict[str, str] = {}
    if address.name in WITH_CITY:
        data = {"city": parts["slug"], "q": "Тиха"}
        if address.name == "api-export":
            data |= {"what": "cells", "format": "csv"}
    elif address.name == "api-lookup":
        data = {"lat": "49.995", "lon": "27.005"}
    elif address.name == "admin:autocomplete":
        data = {"app_label": "people", "model_name": "officer", "field_name": "station"}
    with access._seeing(access._NOBODY), transaction.atomic(), CaptureQueriesContext(connection) as asked:
        path = address.filled(parts)
        response: Any = client.get(path, data) if method == "get" else client.post(path, data | {"body": "Відповідь."})
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    written = {found[1] for query in asked if (found := WRITES.match(query["sql"]))}
    return response, body.decode(errors="replace"), written - UNTOLD


def is_let_in(response: HttpResponse) -> bool:
    """Whether the page did what it is for, rather than stop the one who asked."""
    leads = response.get("Location", "")
    if leads.startswith(("/account/login/", "/admin/login/")) or leads == "/admin/":
        return False
    return response.status_code not in {401, 403, 404, 405}


@pytest.mark.parametrize("role", ROLES, ids=ROLES.values())
@override_settings(PUBLIC_API_RATE_PER_MINUTE=0)
def test_each_role_opens_what_the_table_says_and_nothing_else(db: None, role: str) -> None:
    scene = build_scene()
    client, foreign, wrong = sign_in(scene, role), scene.foreign_to(role), []
    signed_in = client.cookies.copy()
    for address in addresses():
        for kind in address.kinds:
            for method in ("get", "post"):
                response, body, written = ask(client, scene, address, kind, method)
                asked_for = response.wsgi_request.path  # a page may repeat the address it was asked by
                client.cookies = signed_in.copy()
                wanted = role in ACCESS[address.name][method].get(kind, "")
                what = f"{method.upper()} {address.name} ({kind}): {response.status_code}"
                if response.status_code >= 500:
                    wrong.append(f"{what}, an error")
                elif wanted != is_let_in(response):
                    wrong.append(f"{what} {response.get('Location', '')}, should be {'open' if wanted else 'stopped'}")
                if (not wanted or method == "get") and written - (MARKED_AS_READ if wanted else set()):
                    wrong.append(f"{what}, and wrote to {', '.join(sorted(written))}")
                if role != "R" and FOREIGN in body and not (kind == "city" and wanted):
                    wrong.append(f"{what}, and told of the other city")
                wrong += [f"{what}, and told “{word}”" for word in foreign if word in body and word not in asked_for]
    assert not wrong, "\n".join(["", *wrong])
