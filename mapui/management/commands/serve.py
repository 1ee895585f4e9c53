"""The site as `./dev` opens it: fill an empty database, serve, send mail; in one process, so that a start is quick."""

import errno
import signal
import sys
import threading
from argparse import ArgumentParser
from http.client import HTTPConnection
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler, get_internal_wsgi_application
from django.utils import timezone
from django.utils.autoreload import run_with_reloader

from geo.models import City
from mapui.demo import load_demo, sign_ins
from mapui.worker import worker_beside

HOST = "127.0.0.1"
PORTS = range(8000, 8100)


class Command(BaseCommand):
    """Open the site for development; the live site runs under granian (docs/operations.md)."""

    help = "Load the demonstration into an empty database, and serve the site on 127.0.0.1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="this port or none; default: the first free one from 8000")
        parser.add_argument("--reload", action="store_true", help="start anew when the code changes")

    def handle(self, *args: Any, port: int | None, reload: bool, **options: Any) -> None:
        """Serve until Ctrl-C or SIGTERM, both of which are a good end."""
        if not settings.DEBUG:
            raise CommandError("serve is for development; the live site runs under granian (docs/operations.md)")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        if reload:
            run_with_reloader(self.open_site, port)
        else:
            self.open_site(port)

    def open_site(self, port: int | None) -> None:
        """Take a port, fill the database and answer requests. Raises CommandError."""
        server = free_server(port)
        self.fill()
        for sign_in in sign_ins(timezone.now()):
            self.stdout.write(f"sign in    {sign_in}")
        self.stdout.write("sign in    codes live for 30 seconds; ./dev manage demo_codes shows those of now")
        server.set_app(get_internal_wsgi_application())
        server.daemon_threads = True
        threading.Thread(target=self.announce, args=[server.server_port], daemon=True).start()
        try:
            with worker_beside():
                server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("\nsite       stopped; ./dev stop also stops the database")
        finally:
            server.server_close()

    def fill(self) -> None:
        """Load the demonstration where there is no city yet."""
        if not City.objects.exists():
            load_demo(now=timezone.now(), say=lambda line: self.stdout.write(f"city       {line}"))

    def announce(self, port: int) -> None:
        """Say so once the site has answered its first request, which is also its slowest."""
        connection = HTTPConnection(HOST, port)
        connection.request("GET", "/")
        connection.getresponse().read()
        self.stdout.write(f"ready http://{HOST}:{port}/")


def free_server(port: int | None) -> ThreadedWSGIServer:
    """A server on `port`, or on the first free one of ours. Raises CommandError when taken."""
    for candidate in [port] if port else PORTS:
        try:
            return ThreadedWSGIServer((HOST, candidate), WSGIRequestHandler)
        except OSError as error:
            if error.errno == errno.EACCES:
                raise CommandError(f"port {candidate} is not allowed; type ./dev run for a free one") from error
            if error.errno != errno.EADDRINUSE:
                raise
    wanted = f"port {port} is" if port else f"ports {PORTS[0]} to {PORTS[-1]} are all"
    raise CommandError(f"{wanted} taken; type ./dev run" + (" for a free one" if port else " --port N"))
