"""What is answered, to whom, and for how long: spoken to without a browser."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urljoin

import pytest

from lorafig.site.serve import server
from lorafig.site.serve.board import Board
from lorafig.site.serve.drawing import Picture
from lorafig.site.serve.pages import Pages
from tests.browser import Complaints
from tests.site.serve.conftest import OTHER, SMALL, Preview


def started(folder: Path) -> Preview:
    (folder / "small.yaml").write_text(SMALL)
    preview = Preview(folder, ("small.yaml", "--port", "0"))
    while ask(preview, "/figure/0/claims")[0].status != 200:
        time.sleep(0.05)
    return preview


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """One for all tests that leave it as it is."""
    preview = started(tmp_path_factory.mktemp("preview"))
    yield preview
    preview.close()
    assert preview.stderr().strip() == ""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Preview]:
    """One for a test alone, in its folder."""
    preview = started(tmp_path)
    yield preview
    preview.close()


def ask(
    running: Preview, path: str, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", running.port, timeout=20)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in ({"Host": f"127.0.0.1:{running.port}"} | (headers or {})).items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def raw(running: Preview, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as connection:
        connection.sendall(data)
        found = b""
        while chunk := connection.recv(65536):
            found += chunk
        return found


@contextmanager
def events(running: Preview) -> Iterator[Iterator[dict]]:
    """The states as the page is told of them."""
    connection = HTTPConnection("127.0.0.1", running.port, timeout=30)
    connection.request("GET", "/events")
    response = connection.getresponse()
    assert (response.status, response.getheader("Content-Type")) == (200, "text/event-stream")

    def read() -> Iterator[dict]:
        while line := response.readline():
            if line.startswith(b"data: "):
                yield json.loads(line[6:])

    try:
        yield read()
    finally:
        response.close()
        connection.close()


PATHS = ["/", "/figure/0/", "/events", "/serve.js", "/figure/0/picture/paper.svg", "/figure/0/claims"]


@pytest.mark.parametrize("path", PATHS)
def test_strangers_are_refused(running: Preview, path: str) -> None:
    host = f"127.0.0.1:{running.port}"
    refused: list[dict[str, str]] = [
        {"Host": "rebound.test"},
        {"Host": f"rebound.test:{running.port}"},
        {"Host": "127.0.0.1"},
        {"Host": f"0.0.0.0:{running.port}"},
        {"Host": f"127.0.0.1:{running.port + 1}"},
        {"Host": f"{host}.rebound.test"},
        {"Host": ""},
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": f"https://{host}"},
        {"Origin": f"http://localhost:{running.port + 1}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": f"http://{host}", "Sec-Fetch-Site": "cross-site"},
    ]
    for headers in refused:
        response, body = ask(running, path, headers=headers)
        assert (response.status, b"Small" in body) == (403, False), headers
        assert response.getheader("Access-Control-Allow-Origin") is None


def test_friends_are_answered(running: Preview) -> None:
    host = f"127.0.0.1:{running.port}"
    for headers in (
        {},
        {"Host": host.upper()},
        {"Host": f"localhost:{running.port}"},
        {"Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ):
        assert ask(running, "/", headers=headers)[0].status == 200, headers


def test_one_host_and_no_other(running: Preview) -> None:
    host = f"Host: 127.0.0.1:{running.port}\r\n".encode()
    assert raw(running, b"GET / HTTP/1.1\r\n" + host + b"\r\n").startswith(b"HTTP/1.1 200 ")
    assert raw(running, b"GET / HTTP/1.1\r\n" + host + host + b"\r\n").startswith(b"HTTP/1.1 400 ")
    assert raw(running, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert raw(running, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 403 ")


def test_a_rebound_name_is_refused_in_the_browser(page, complaints: Complaints, running: Preview) -> None:
    complaints.expect(f"request to another machine: http://rebound.test:{running.port}/")
    complaints.allow("403")
    response = page.goto(f"http://rebound.test:{running.port}/")
    assert response.status == 403
    assert page.locator("body").text_content().strip() == f"this is {running.address}, and nothing else"


def test_a_page_of_another_origin_reads_nothing(
    page, complaints: Complaints, running: Preview, serve_folder, tmp_path: Path
) -> None:
    """Another port of this machine is another origin, though the same site."""
    (tmp_path / "www").mkdir()
    (tmp_path / "www/evil.html").write_text("<!doctype html><title>evil</title><body>")
    page.goto(serve_folder(tmp_path / "www") + "evil.html")
    complaints.expect("403")
    complaints.allow("")  # the browser says what it thinks of it in many ways
    found = page.evaluate(
        """async (base) => {
          const tried = (make, done) => new Promise((resolve) => {
            const element = document.createElement(make);
            element.onload = () => resolve("load"); element.onerror = () => resolve("error");
            element.src = base + done; document.body.append(element);
          });
          const fetched = (mode) => fetch(base, {mode}).then((answer) => answer.text(), () => "error");
          return [await fetched("cors"), await fetched("no-cors"),
            await tried("img", "figure/0/picture/paper.svg"), await tried("script", "serve.js"),
            await new Promise((resolve) => {
              const source = new EventSource(base + "events");
              source.onmessage = () => resolve("told"); source.onerror = () => resolve("error");
            })];
        }""",
        running.address,
    )
    assert found == ["error"] * 5
    page.evaluate(
        "(base) => { const f = document.createElement('iframe'); f.src = base; document.body.append(f); }",
        running.address,
    )
    page.wait_for_timeout(300)
    assert "Small" not in (page.frames[-1].evaluate("document.documentElement.textContent") or "")


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "BREW"])
def test_only_get(running: Preview, method: str) -> None:
    response, _ = ask(running, "/", method, {"Content-Length": "0"})
    assert (response.status, response.getheader("Allow")) == (405, "GET")


@pytest.mark.parametrize(
    "path",
    [
        "/small.yaml", "//small.yaml", "/../small.yaml", "/%2e%2e/small.yaml", "/figure/0/../../small.yaml",
        "/etc/passwd", "//etc/passwd", "/figure/0/page", "/figure/1/", "/figure/-1/", "/figure/00/",
        "/figure/0", "/figure/9999/claims", "/figure/99999999999999999999/claims",
        "/figure/0/picture/none.svg",
        "/figure/0/picture/../claims", "/figure/0/claims/okabe-ito.svg", "/serve.js/", "/figure/٣/claims",
        "http://127.0.0.1/", "*", "/figure/0/picture/paper.svg/", "/templates/serve/serve.js", "/.stderr",
    ],
)  # fmt: skip
def test_there_is_nothing_else(running: Preview, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n\r\n".encode()
    answer = raw(running, request)
    assert answer.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 ")), answer[:200]
    assert b"title: Small" not in answer
    assert b"root:" not in answer


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n\r\n", b"\0" * 100 + b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
        b"GET / FTP\r\n\r\n",
        b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n",
        b"GET / HTTP/1.1\r\na: " + b"b" * 70000 + b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused(running: Preview, data: bytes) -> None:
    answer = b""
    with suppress(ConnectionResetError):  # hung up while there was more to come
        answer = raw(running, data)
    assert b" 200 " not in answer
    assert ask(running, "/")[0].status == 200


def test_headers(running: Preview) -> None:
    for path in PATHS[:2] + PATHS[3:]:
        response, _ = ask(running, path)
        assert response.status == 200
        assert response.getheader("Content-Security-Policy", "").startswith("default-src 'none'; ")
        assert "unsafe-eval" not in response.getheader("Content-Security-Policy", "")
        assert response.getheader("X-Content-Type-Options") == "nosniff"
        assert response.getheader("Cross-Origin-Resource-Policy") == "same-origin"
        assert response.getheader("Cache-Control") == "no-store"
        assert response.getheader("Server", "").strip() == "lorafig"
    policy = ask(running, "/")[0].getheader("Content-Security-Policy", "")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_only_the_loopback_address_listens(running: Preview) -> None:
    """As the kernel says: of all sockets that listen at the port there is one, at 127.0.0.1."""
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            address, port = local.split(":")
            if state == "0A" and int(port, 16) == running.port:  # TCP_LISTEN
                found.append(address)
    assert found == ["0100007F"]


def test_streams_tell_of_changes_and_end(own: Preview, tmp_path: Path) -> None:
    with events(own) as one, events(own) as other:
        assert next(one)["figures"][0]["picture"]["title"] == "Small"
        next(other)
        (tmp_path / "small.yaml").write_text(OTHER)
        for stream in (one, other):
            titles = (told["figures"][0]["picture"]["title"] for told in stream)
            assert next(title for title in titles if title != "Small") == "Another"
        assert own.interrupt() == 130
        assert list(one) == list(other) == []  # they end


def test_those_who_go_leave_nothing_behind(own: Preview) -> None:
    handles = f"/proc/{own.process.pid}/fd"
    before = len(os.listdir(handles))
    for _ in range(3):
        with ExitStack() as stack:
            for _ in range(20):
                next(stack.enter_context(events(own)))
            assert len(os.listdir(handles)) > before + 15  # at first, one that has gone may have been counted
        end = time.monotonic() + 30
        while len(os.listdir(handles)) > before and time.monotonic() < end:
            time.sleep(0.1)
        assert len(os.listdir(handles)) <= before
    assert own.stderr() == ""


def test_slow_and_silent_clients_stop_nobody(own: Preview) -> None:
    """As many as are let in, saying nothing or too little; the others are answered at once, if only by 503,
    and all of them when the slow ones have been hung up on."""
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", own.port))) for _ in range(64)]
        for connection in slow[::2]:  # the others say nothing at all
            connection.sendall(b"GET / HTTP/1.1\r\nX: ")
        time.sleep(0.3)
        assert raw(own, b"").startswith(b"HTTP/1.1 503 ")
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for connection in slow[::4]:
                with suppress(OSError):
                    connection.send(b"y")  # a byte at a time
            with suppress(OSError):
                if ask(own, "/")[0].status == 200:
                    break
            time.sleep(0.3)
        assert ask(own, "/")[0].status == 200
        for connection in slow[::2]:
            connection.settimeout(20)
            with suppress(ConnectionResetError):
                while connection.recv(1000):
                    pass
    assert own.stderr() == ""


def test_streams_are_bounded(own: Preview) -> None:
    with ExitStack() as stack:
        for _ in range(32):
            next(stack.enter_context(events(own)))
        response, body = ask(own, "/events")
        assert (response.status, body) == (503, b"too many pages are open\n")
        assert ask(own, "/")[0].status == 200


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_a_signal_and_frees_the_port(own: Preview, sent: int) -> None:
    tasks = Path(f"/proc/{own.process.pid}/task")
    children = [child for one in tasks.glob("*/children") for child in one.read_text().split()]
    assert len(children) >= 1
    with events(own) as stream:
        next(stream)
        begun = time.monotonic()
        own.process.send_signal(sent)
        assert own.process.wait(timeout=20) in (130, 143)
        assert time.monotonic() - begun < 10
    end = time.monotonic() + 10
    while any(os.path.exists(f"/proc/{pid}") for pid in children) and time.monotonic() < end:
        time.sleep(0.05)
    assert [pid for pid in children if os.path.exists(f"/proc/{pid}")] == []
    with socket.create_server(("127.0.0.1", own.port)):
        pass
    assert own.stderr().strip() == ""


def test_a_pipe_in_the_place_of_a_spec_stops_no_other(preview, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    os.mkfifo(tmp_path / "pipe.yaml")
    with events(preview("pipe.yaml", "small.yaml")) as stream:
        for told in stream:
            pipe, small = told["figures"]
            if pipe["faults"] and small["picture"]:
                break
        assert pipe["faults"][0]["what"] == "pipe.yaml is not a regular file"


def test_it_ends_while_it_draws(preview, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    assert preview("small.yaml").interrupt() == 130


def test_silence_is_ended_and_a_stuck_reader_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a shorter patience than in earnest: nobody holds a connection who neither asks nor reads."""
    board, pages = Board(["small.yaml"]), Pages(["small.yaml"])
    large = Picture("Small", "", "paper", {}, {"paper": b"x" * 50_000_000}, b"", False, False)
    board.update(0, picture=large)
    monkeypatch.setattr(server, "PATIENCE", 0.5)
    serving = server.Server(server.bind(0), board, pages)
    serving.start()
    try:
        with socket.create_connection(("127.0.0.1", serving.port), timeout=20) as silent, suppress(OSError):
            assert silent.recv(1) == b""
        host = f"Host: 127.0.0.1:{serving.port}\r\n\r\n".encode()
        for path in ("/figure/0/picture/paper.svg", "/events"):
            with socket.create_connection(("127.0.0.1", serving.port), timeout=20) as stuck:
                stuck.sendall(f"GET {path} HTTP/1.1\r\n".encode() + host)
                end = time.monotonic() + 20
                while (busy := server.connections()) == 0 and time.monotonic() < end:
                    time.sleep(0.01)
                assert busy == 1
                while server.connections() > 0 and time.monotonic() < end:
                    if path == "/events":  # told more than it reads
                        board.update(0, more=board.state(0).more + 1, page_wrong="x" * 100_000, picture=large)
                        board.update(0, file="x" * 1_000_000)
                    time.sleep(0.05)
                assert server.connections() == 0
    finally:
        serving.close()


def test_a_host_that_is_allowed_is_answered_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    preview = Preview(tmp_path, ("small.yaml", "--port", "0", "--allow-host", "My-8000.example.org"))
    try:
        named = "my-8000.example.org"
        for headers, status in (
            ({"Host": named}, 200),
            ({"Host": named, "Origin": f"https://{named}", "Sec-Fetch-Site": "same-origin"}, 200),
            ({"Host": f"127.0.0.1:{preview.port}"}, 200),
            ({"Host": "other.example.org"}, 403),
            ({"Host": f"a.{named}"}, 403),
            ({"Host": f"{named}:{preview.port}"}, 403),
            ({"Host": named, "Origin": "https://example.org"}, 403),
            ({"Host": named, "Sec-Fetch-Site": "cross-site"}, 403),
        ):
            assert ask(preview, "/", headers=headers)[0].status == status, headers
    finally:
        preview.close()


def test_every_address_on_a_page_is_relative(running: Preview) -> None:
    """A proxy may serve the preview under a prefix."""
    for path in ("/", "/figure/0/"):
        body = ask(running, path)[1].decode()
        assert re.findall(r'(?:href|src)="(/[^"]*)"', body) == []
        for target in re.findall(r'(?:href|src)="([^"#]+)"', body):
            there = urljoin(f"http://x{path}", target).removeprefix("http://x")
            assert ask(running, there)[0].status in (200, 404), target
            assert there.startswith(("/figure/0/", "/icon.svg", "/serve.", "/")), there
    assert '"/' not in ask(running, "/serve.js")[1].decode()


@pytest.mark.parametrize("host", ["http://example.org", "example.org/x", "*", "a b", ""])
def test_what_is_no_host(host: str, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from lorafig.cli.group import cli

    told = CliRunner().invoke(cli, ["serve", "x.yaml", "--allow-host", host])
    assert told.exit_code == 2
    assert "is not a host" in told.output
