"""Slow, endless, oversized and too many: each is cut off, and others are served meanwhile."""

import asyncio
import json
import resource
import socket
import time
from collections import Counter

import httpx
import pytest

from tests.attacks.conftest import AT_ONCE, Server

HOST = "127.0.0.1"
CONNECTIONS = 10_000
START = b"POST /events/1.0/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def exchange(server: Server, sent: bytes, *, seconds: float = 5) -> tuple[bytes, float]:
    """All that comes back until the server hangs up, and after how long it did."""
    begun = time.monotonic()
    received = b""
    with socket.create_connection((HOST, server.settings.port), timeout=seconds) as connection:
        try:
            connection.sendall(sent)
            while part := connection.recv(65_536):
                received += part
        except ConnectionError:  # it hung up while we still sent
            pass
    return received, time.monotonic() - begun


def problem_of(received: bytes) -> tuple[int, str]:
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["type"].removeprefix("urn:timeback:error:")


@pytest.mark.usefixtures("partner")
class TestHeads:
    @pytest.mark.parametrize("sent", [b"", b"GET /health HTTP/1.1\r\n", START])
    def test_one_that_never_ends_is_cut_off(self, server: Server, sent: bytes) -> None:
        received, seconds = exchange(server, sent)
        assert received == b""
        assert 0.5 < seconds < 4

    @pytest.mark.parametrize(
        ("sent", "refusal"),
        [
            (b"GET / HTTP/1.1\r\nX: " + b"x" * 40_000 + b"\r\n\r\n", (431, "headers_too_large")),
            (b"GET / HTTP/1.1\r\nX: " + b"x" * 400_000, (431, "headers_too_large")),
            (b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20_000, (431, "headers_too_large")),
            (
                b"GET /?" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                (414, "address_too_long"),
            ),
            (b"\x16\x03\x01 no HTTP at all\r\n\r\n", (400, "not_http")),
            (b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", (400, "not_http")),
            (
                b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                (400, "not_http"),
            ),
            (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", (400, "not_http")),
        ],
    )
    def test_one_that_cannot_be_taken_is_refused(
        self, server: Server, sent: bytes, refusal: tuple[int, str]
    ) -> None:
        assert problem_of(exchange(server, sent)[0]) == refusal


@pytest.mark.usefixtures("partner")
class TestBodies:
    @pytest.mark.parametrize(
        "path", ["/events/1.0/", "/rostering/1.0/courses/slow", "/auth/1.0/token"]
    )
    def test_one_that_stands_still_is_cut_off(self, server: Server, path: str) -> None:
        token = server.sign_in("tryout")
        method = "PUT" if "courses" in path else "POST"
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        )
        received, seconds = exchange(server, head.encode())
        assert problem_of(received) == (408, "body_too_slow")
        assert seconds < 3

    def test_one_that_trickles_is_cut_off_in_the_end(self, server: Server) -> None:
        head = START + f"Authorization: Bearer {server.sign_in('tryout')}\r\n".encode()
        with socket.create_connection((HOST, server.settings.port), timeout=5) as connection:
            connection.sendall(head + b"Content-Length: 1000\r\n\r\n")
            begun = time.monotonic()
            connection.settimeout(0.1)
            received = b""
            while time.monotonic() - begun < 4 and not received:
                try:
                    connection.sendall(b" ")
                    received = connection.recv(65_536)
                except TimeoutError:
                    continue
        assert received.startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - begun < 3

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/events/1.0/"),
            ("PUT", "/rostering/1.0/courses/big"),
            ("PATCH", "/rostering/1.0/courses/tryout"),
            ("POST", "/rostering/1.0/courses"),
            ("PUT", "/rostering/1.0/students/a/agents/b"),
        ],
    )
    @pytest.mark.parametrize("is_chunked", [True, False])
    def test_one_beyond_the_limit_is_refused(
        self, partner: httpx.Client, method: str, path: str, is_chunked: bool
    ) -> None:
        body = b'{"title": "' + b"x" * 5_000_000 + b'"}'
        content = (body[at : at + 500_000] for at in range(0, len(body), 500_000))
        answer = partner.request(
            method,
            path,
            content=content if is_chunked else body,
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code == 413
        assert answer.json()["type"] == "urn:timeback:error:body_too_large"

    def test_a_token_request_beyond_its_limit_is_refused(self, partner: httpx.Client) -> None:
        form = {"grant_type": "client_credentials", "client_id": "x" * 100_000}
        answer = partner.post("/auth/1.0/token", data=form)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def knock(port: int, count: int) -> list[asyncio.StreamWriter]:
    """Connections that send a bit of a head and then nothing."""
    opened: list[asyncio.StreamWriter] = []

    async def open_one() -> None:
        _, writer = await asyncio.open_connection(HOST, port)
        writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\n")
        opened.append(writer)

    for _ in range(0, count, 500):
        await asyncio.gather(*(open_one() for _ in range(500)))
    return opened


def test_ten_thousand_connections_at_once_keep_nobody_out(server: Server) -> None:
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    count = CONNECTIONS if most_files > CONNECTIONS + 1_000 else most_files // 2

    async def attack() -> list[httpx.Response]:
        opened = await knock(server.settings.port, count)
        headers = {"Authorization": f"Bearer {server.sign_in('tryout')}"}
        async with httpx.AsyncClient(base_url=server.origin, headers=headers, timeout=20) as http:
            paths = ["/rostering/1.0/courses/tryout"] * 20
            answers = await asyncio.gather(*(http.get(path) for path in paths))
        for writer in opened:
            writer.transport.abort()
        return answers

    assert [answer.status_code for answer in asyncio.run(attack())] == [200] * 20


def test_more_requests_at_once_than_are_worked_on_are_told_to_come_back(server: Server) -> None:
    head = START + f"Authorization: Bearer {server.sign_in('tryout')}\r\n".encode()

    async def hold() -> bytes:
        reader, writer = await asyncio.open_connection(HOST, server.settings.port)
        writer.write(head + b"Content-Length: 9\r\n\r\n{")
        try:
            return (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)).lower()
        except asyncio.IncompleteReadError:  # the test itself was too slow with its head
            return b""
        finally:
            writer.close()

    async def attack() -> list[bytes]:
        return list(await asyncio.gather(*(hold() for _ in range(5 * AT_ONCE))))

    answers = asyncio.run(attack())
    busy = [answer for answer in answers if answer.startswith(b"http/1.1 503 ")]
    assert len(busy) >= AT_ONCE, Counter(answer[:13] for answer in answers)
    assert all(b"retry-after: 1" in answer for answer in busy)
    assert {answer[:13] for answer in answers} <= {b"http/1.1 503 ", b"http/1.1 408 ", b""}
    assert httpx.get(f"{server.origin}/health", timeout=60).status_code == 200
