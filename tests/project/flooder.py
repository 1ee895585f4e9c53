"""The other processes of the flood proof: `flood` sends what a hostile crowd sends, `write` does what honest people do.

    python -m tests.project.flooder flood|write PORT SECONDS START

Each prints one line of JSON. They speak HTTP over bare sockets, as a proxy in front of the site would pass it on: the
address of whoever asks is the last one of X-Forwarded-For. START is a moment of the wall clock, in seconds.
"""

import asyncio
import collections
import html
import json
import random
import re
import sys
import time
import uuid
from collections.abc import Awaitable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.appeals.solving import solved

PER_S = 200
HOSTILE_ADDRESSES = 2_000
HOSTILE_PAGES = 100
"""Pages of letters that the crowd opened a minute before, so that their keys have waited."""
WRITERS = 12
KEPT_S = 5
PATIENCE_S = 30
BEFORE_S = 15
"""People write before the flood too: it meets a site that is in use, not one that was just started."""
FILL_S = 5.5
"""How long a writer's page is open, at least: a little more than LETTERS_MIN_FILL_S."""
LETTER = {"city": "navchannia", "district": "1", "category": "noise", "text": "Loud."}
SEND = {"to": "send"}
FORM = LETTER | {"lane": "message", "answer_by": "receipt", "keep_from": "nobody", "stance": "myself", "at": "preview"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
WORK = re.compile(r'<spare-work [^>]*data-challenge="(\w+)" data-salt="([^"]+)" [^>]*"(\w+)" data-maxnumber="(\d+)"')
RECEIPT = re.compile(r"data-receipt[^>]*>([^<]+)<")


class Answer(NamedTuple):
    """What came back, and after how many seconds."""

    status: int
    cookies: dict[str, str]
    text: str
    took_s: float


class Visitor:
    """Somebody with an address and cookies; connections are shared, as behind a proxy."""

    idle: collections.deque[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = collections.deque()

    def __init__(self, port: int, address: str) -> None:
        self.port, self.address = port, address
        self.cookies: dict[str, str] = {}

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Send a request and read the whole answer. Raises OSError where none comes."""
        async with asyncio.timeout(PATIENCE_S):
            return await self._asked(method, path, body, headers)

    async def _asked(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        begun = time.perf_counter()
        reader, writer = await self.connection()
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: localhost",
            "X-Forwarded-Proto: https",
            "Origin: https://localhost",
        ]
        lines += [f"X-Forwarded-For: {self.address}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = [line.split(": ", 1) for line in head[1:] if line]
        length = next(int(value) for name, value in pairs if name.lower() == "content-length")
        text = (await reader.readexactly(length)).decode()
        self.idle.append((time.monotonic(), reader, writer))
        cookies = [value.split(";")[0].split("=", 1) for name, value in pairs if name.lower() == "set-cookie"]
        return Answer(int(head[0].split()[1]), dict(cookies), text, time.perf_counter() - begun)

    async def connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return the connection that rested for the shortest while, or a new one: the site closes those that rest."""
        while self.idle:
            since, reader, writer = self.idle.pop()
            if time.monotonic() - since < KEPT_S and not writer.is_closing():
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def get(self, path: str) -> Answer:
        """Open a page and keep its cookies."""
        answer = await self.ask("GET", path)
        self.cookies |= answer.cookies
        return answer

    async def submit(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form and keep its cookies."""
        body = urlencode(fields).encode()
        answer = await self.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded")
        self.cookies |= answer.cookies
        return answer

    async def call(self, path: str, body: Mapping[str, Any], **headers: str) -> Answer:
        """Call the API."""
        return await self.ask("POST", path, json.dumps(body).encode(), Content_Type="application/json", **headers)


def hidden(page: Answer) -> dict[str, str]:
    """Return what the last form of a page carries."""
    form = page.text.rpartition("<form")[2]
    return {name: html.unescape(value) for name, value in HIDDEN.findall(form)} | token(page)


def token(page: Answer) -> dict[str, str]:
    """Return the field against forged requests."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    return {"csrfmiddlewaretoken": found[1]} if found else {}


def asked_work(page: Answer) -> str:
    """Do the work that a page asks for."""
    found = WORK.search(page.text)
    assert found, page.text[:500]
    challenge, salt, signature, maxnumber = found.groups()
    given = {"challenge": challenge, "salt": html.unescape(salt), "signature": signature, "algorithm": "SHA-256"}
    return solved(given | {"maxnumber": int(maxnumber)})


def any_receipt(chance: random.Random) -> str:
    """Return a receipt that nobody has."""
    return "".join(chance.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=16))


async def flood(port: int, seconds: float, start: float) -> dict[str, Any]:
    """Send PER_S requests a second, whatever becomes of those before, and tell what came back."""
    chance = random.Random(1)
    addresses = [f"198.51.{number // 250}.{number % 250 + 1}" for number in range(HOSTILE_ADDRESSES)]
    opened = []
    for _ in range(HOSTILE_PAGES):
        visitor = Visitor(port, chance.choice(addresses))
        page = await visitor.get("/letters/new/")
        reading = await visitor.get("/letters/")
        key = re.search(r'name="key" value="([^"]+)"', page.text)
        opened.append((visitor.cookies, hidden(page) | FORM | SEND, hidden(reading)))
        assert key, "the page brings a key"
    told: collections.Counter[str] = collections.Counter()

    async def one() -> None:
        try:
            kind, answer = await sent()
            told[f"{kind} {answer.status}"] += 1
        except (OSError, asyncio.IncompleteReadError):
            told["lost"] += 1

    async def sent() -> tuple[str, Answer]:
        visitor = Visitor(port, chance.choice(addresses))
        kind = chance.choices(
            ["letter", "receipt", "letter page", "receipt page", "one address"], [40, 20, 20, 10, 10]
        )[0]
        if kind in {"letter", "one address"}:
            if kind == "one address":
                visitor.address = "203.0.113.66"
            answer = await visitor.call("/api/v1/appeals/", LETTER, Idempotency_Key=str(uuid.uuid4()))
        elif kind == "receipt":
            answer = await visitor.call("/api/v1/appeals/by-receipt/", {"receipt": any_receipt(chance)})
        else:
            cookies, letter, reading = chance.choice(opened)
            visitor.cookies = dict(cookies)
            if kind == "letter page":
                answer = await visitor.submit("/letters/new/", letter)
            else:
                answer = await visitor.submit("/letters/", reading | {"receipt": any_receipt(chance)})
        return kind, answer

    await asyncio.sleep(max(0, start - time.time()))
    begun, tasks = time.perf_counter(), []
    for number in range(round(PER_S * seconds)):
        await asyncio.sleep(max(0, begun + number / PER_S - time.perf_counter()))
        tasks.append(asyncio.create_task(one()))
    sent_s = time.perf_counter() - begun
    await asyncio.gather(*tasks)
    return {"sent": len(tasks), "per_s": len(tasks) / sent_s, "ended_s": time.perf_counter() - begun, "told": told}


class Honest(Visitor):
    """A person, or the program of a city's own site, who writes one letter and reads it."""

    def __init__(self, port: int, address: str, took: dict[str, list[float]], failed: list[str]) -> None:
        super().__init__(port, address)
        self.took, self.failed = took, failed

    async def write_by_page(self) -> None:
        """Open the page, take one's time, send; read the letter with its receipt."""
        page = await self.get("/navchannia/1/write/")
        self.took["opening the page"].append(page.took_s)
        await asyncio.sleep(FILL_S)
        # What the three steps gather; each is a page like the first.
        sent = await self.timed("sending by page", self.submit_working("/letters/new/", hidden(page) | FORM | SEND))
        if not (receipt := RECEIPT.search(sent.text)):
            self.failed.append(f"page {sent.status}")
            return
        page = await self.get("/letters/")
        read = self.submit_working("/letters/", hidden(page) | {"receipt": receipt[1]})
        self.expect("Loud.", await self.timed("reading by page", read))

    async def write_by_api(self) -> None:
        """Send a letter, and read it with its receipt."""
        await asyncio.sleep(FILL_S)
        key = str(uuid.uuid4())
        sent = await self.timed("sending by API", self.call_working("/api/v1/appeals/", LETTER, Idempotency_Key=key))
        if sent.status != 201:
            self.failed.append(f"API {sent.status} {sent.text}")
            return
        receipt = {"receipt": json.loads(sent.text)["receipt"]}
        read = self.call_working("/api/v1/appeals/by-receipt/", receipt)
        self.expect("Loud.", await self.timed("reading by API", read))

    async def timed(self, what: str, asking: Awaitable[Answer]) -> Answer:
        """Write down how long something took, with the work that was asked for."""
        begun = time.perf_counter()
        answer = await asking
        self.took[what].append(time.perf_counter() - begun)
        return answer

    async def submit_working(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form, and again with the work where a browser is asked for it."""
        answer = await self.submit(path, fields)
        if answer.status == 429:
            answer = await self.submit(path, {**fields, "work": asked_work(answer)})
        return answer

    async def call_working(self, path: str, body: Mapping[str, str], **headers: str) -> Answer:
        """Call the API, and again with the work where it is asked for."""
        answer = await self.call(path, body, **headers)
        if answer.status == 429:
            answer = await self.call(path, {**body, "work": solved(json.loads(answer.text)["challenge"])}, **headers)
        return answer

    def expect(self, words: str, answer: Answer) -> None:
        """Note what was answered instead of some words."""
        if words not in answer.text:
            self.failed.append(f"{answer.status} {answer.text[:200]}")


async def write(port: int, seconds: float, start: float) -> dict[str, Any]:
    """Let people write letters and read them before and during the flood; tell what each step took during it."""
    before: dict[str, list[float]] = collections.defaultdict(list)
    took: dict[str, list[float]] = collections.defaultdict(list)
    failed: list[str] = []

    async def writer(number: int) -> None:
        await asyncio.sleep(max(0, start - BEFORE_S - time.time()) + number / WRITERS)
        letter = 0
        while time.time() < start + seconds - FILL_S - 1:
            letter += 1
            told = took if time.time() >= start - FILL_S else before
            one = Honest(port, f"192.0.{number}.{letter}", told, failed)
            await (one.write_by_page() if number % 2 else one.write_by_api())

    await asyncio.gather(*(writer(number) for number in range(WRITERS)))
    return {"took": took, "failed": failed}


if __name__ == "__main__":
    deed, port, seconds, start = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    print(json.dumps(asyncio.run({"flood": flood, "write": write}[deed](port, seconds, start))))
