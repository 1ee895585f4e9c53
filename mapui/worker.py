"""The worker beside the site of `./dev`: a thread with a loop of its own, so that nothing outlives the one process."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

ENDS_WITHIN_S = 5.0
logger = logging.getLogger(__name__)


@contextmanager
def worker_beside() -> Iterator[None]:
    """Run a worker until the block ends; then it finishes its job, within a few seconds, and says goodbye."""
    loop = asyncio.new_event_loop()
    work = loop.create_task(_work())
    thread = threading.Thread(target=_run, args=[loop, work], name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(work.cancel)
            thread.join(ENDS_WITHIN_S)


async def _work() -> None:
    with app.replace_connector(DjangoConnector().get_worker_connector()):
        async with app.open_async():
            await app.run_worker_async(install_signal_handlers=False)


def _run(loop: asyncio.AbstractEventLoop, work: "asyncio.Task[None]") -> None:
    try:
        loop.run_until_complete(work)
    except asyncio.CancelledError:
        pass
    except Exception:
        logger.exception("the worker has ended; mails wait until the site is started again")
    finally:
        loop.close()
