"""The other processes of the kill proof: `build` makes the office, `write` sends letters without end, `check` reads.

A line “receipt number” is printed once a letter is acknowledged. Whatever the database does, a writer asks again under
the same key, as a browser does.
"""

import sys
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import django

Answer = TypeVar("Answer")


def until_answered(send: Callable[[], Answer]) -> Answer:
    """Call again, over a new connection, until the database answers."""
    from django.db import InterfaceError, OperationalError, connection

    while True:
        try:
            return send()
        except (InterfaceError, OperationalError):
            connection.close()
            time.sleep(0.02)


def write() -> None:
    """Send letters until the process is ended."""
    from django.utils import timezone

    from appeals.drafts import Draft
    from appeals.services import submit_appeal
    from geo.models import City

    city = until_answered(lambda: City.objects.get(slug="navchannia"))
    draft = Draft(district="1", place=(25.005, 49.995), category="noise", text="Loud.")
    while True:
        send = partial(submit_appeal, city=city, draft=draft, idempotency_key=str(uuid.uuid4()))
        sent = until_answered(partial(send, received_at=timezone.now()))
        print(sent.receipt, sent.appeal.public_number, flush=True)


def check() -> None:
    """Read acknowledgements from the input; print those whose letter is not there under its number."""
    from appeals.errors import UnknownReceipt
    from appeals.services import appeal_by_receipt

    for line in sys.stdin:
        receipt, number = line.split()
        try:
            found = appeal_by_receipt(receipt)
            if found.public_number == number and found.text == "Loud.":
                continue
        except UnknownReceipt:
            pass
        print(line, end="")


def build() -> None:
    """Make the training city of the tests."""
    from tests.appeals.conftest import build_office

    build_office()


if __name__ == "__main__":
    django.setup()
    {"build": build, "write": write, "check": check}[sys.argv[1]]()
