"""A mail server for tests: it speaks SMTP, keeps what it was given, and refuses or falls silent when it is told to."""

import contextlib
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Behaviour = Callable[[str], str]
"""Given an address, `ok`, a refusal such as `550 no such mailbox`, or what the server does after it took the mail:
`hang up`, or `451 later` with an `after ` before it."""
MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE | re.IGNORECASE)


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a free port of 127.0.0.1; `received` holds pairs of address and mail in the order they came."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: list[tuple[str, bytes]] = []
        self.behaviour: Behaviour = lambda _address: "ok"

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]

    def message_ids(self) -> list[str]:
        """Return the Message-ID of each mail that it took."""
        return [MESSAGE_ID.search(content)[1].decode() for _address, content in list(self.received)]


class Conversation(socketserver.StreamRequestHandler):
    """One client's connection."""

    server: MailServer

    def handle(self) -> None:
        """Answer until the client leaves or is gone."""
        self.address = ""
        with contextlib.suppress(ConnectionError):  # a client may be killed
            self.converse()

    def converse(self) -> None:
        """Speak as long as the client does."""
        self.say("220 test")
        while line := self.rfile.readline():
            command = line.decode().split(":")[0].split()[0].upper()
            if command == "RCPT":
                self.address = line.decode().partition("<")[2].partition(">")[0]
                said = self.server.behaviour(self.address)
                self.say(said if said[0].isdigit() else "250 ok")
            elif command == "DATA":
                if not self.take():
                    return
            else:
                self.say("221 bye" if command == "QUIT" else "250 ok")
            if command == "QUIT":
                return

    def take(self) -> bool:
        """Take one mail; tell whether the conversation goes on."""
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line)
        said = self.server.behaviour(self.address)
        if said.startswith("after "):
            self.say(said.removeprefix("after "))
            return True
        self.server.received.append((self.address, b"".join(lines)))
        if said == "hang up":
            return False
        self.say("250 taken")
        return True

    def say(self, line: str) -> None:
        """Send one line."""
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server until the block ends."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield server
        server.shutdown()
