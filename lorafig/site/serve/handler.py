"""Answers to a browser: who may ask, and for what.

Any page that is open in the same browser can make it ask this server. What such a page could then read is
kept from it three times over: by the Host (a stranger's name that resolves to this machine), by what the
browser says about where the request comes from (Origin, Sec-Fetch-Site), and by the answers' own headers.
"""

from __future__ import annotations

import json
import re
import select
import socket
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from lorafig.site.serve.server import Server

_FIGURE = re.compile(r"/figure/(?P<number>0|[1-9][0-9]{0,3})/(?P<what>[a-z-]+)(/(?P<palette>[a-z-]+)\.svg)?")
_HTML = "text/html; charset=utf-8"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
# The page of a figure is a document of its own, with its own policy inside. It may run its script, and is a
# stranger to the preview.
_PAGE_POLICY = "sandbox allow-scripts allow-downloads allow-modals; frame-ancestors 'self'"
_LOOK = 1.0  # seconds after which a stream looks whether anybody is still there
_FRAMES = frozenset({"same-origin", "none"})


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "lorafig"
    sys_version = ""
    # Seconds for every read, and for every whole answer. Browsers open connections before they need them and
    # close what they did not use after ten: whoever hangs up before that may cut a request off.
    timeout = 15

    @property
    def ours(self) -> Server:
        return cast("Server", self.server)

    def handle(self) -> None:
        try:
            begun = self.connection.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return
        if begun:
            self.ours.asks(self.connection)
            super().handle()

    def parse_request(self) -> bool:
        """Whether there is a request to answer; the headers have been read then."""
        if not super().parse_request():
            return False
        self.ours.asked(self.connection)
        if self.command != "GET":
            self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, "only GET is answered here")
            return False
        return True

    def do_GET(self) -> None:
        reason = self._stranger()
        if reason is not None:
            self._refuse(HTTPStatus.FORBIDDEN, reason)
            return
        path = self.path.partition("?")[0]
        if path == "/events":
            self._events()
        elif path in self.ours.pages.contents:
            body, kind = self.ours.pages.contents[path]
            self._answer(body, kind, _POLICY)
        else:
            self._figure(path)

    def _stranger(self) -> str | None:
        """Why the request is none of ours, if it is none."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0].strip().lower() not in self.ours.hosts:
            return f"this is {self.ours.address}, and nothing else"
        origins = self.headers.get_all("Origin", [])
        if any(one.strip().lower() not in {f"http://{host}" for host in self.ours.hosts} for one in origins):
            return "a page of another origin asks"
        sites = self.headers.get_all("Sec-Fetch-Site", [])
        if any(one.strip().lower() not in _FRAMES for one in sites):
            return f"a page of another site asks: open {self.ours.address} by itself"
        return None

    def _figure(self, path: str) -> None:
        match = _FIGURE.fullmatch(path)
        number = -1 if match is None else int(match["number"])
        count = len(self.ours.board.states()[1])
        if match is None or number >= count:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")
            return
        state = self.ours.board.state(number)
        picture = state.picture
        what, palette = match["what"], match["palette"]
        if what == "claims" and palette is None and state.claims is not None:
            self._answer(state.claims.html, _HTML, _POLICY)
        elif picture is None:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no picture yet")
        elif what == "picture" and palette in picture.palettes:
            self._answer(picture.palettes[palette], "image/svg+xml", _PICTURE_POLICY)
        elif what == "words" and palette is None:
            self._answer(picture.words, _HTML, _POLICY)
        elif what == "page" and palette is None and state.page is not None:
            self._answer(state.page, _HTML, _PAGE_POLICY)
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")

    def _events(self) -> None:
        """A stream of states (server-sent events): one at once, one after every change."""
        board = self.ours.board
        with self.ours.stream() as free:
            if not free:
                self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too many pages are open")
                return
            self._head(HTTPStatus.OK, "text/event-stream", _POLICY, None)
            self.wfile.write(b"retry: 500\n\n")
            seen = 0
            while True:
                rung = board.wait(seen, _LOOK)
                if board.closed:
                    self.wfile.write(b"event: end\ndata:\n\n")
                    return
                if self._gone():
                    return
                if not rung:
                    continue
                seen, states = board.states()
                told = {"session": self.ours.pages.session, "figures": [one.to_data() for one in states]}
                self.wfile.write(b"data: " + json.dumps(told).encode() + b"\n\n")

    def _gone(self) -> bool:
        """Whether the other side has hung up; it has nothing more to say otherwise."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and self.connection.recv(1) == b""

    def _answer(self, body: bytes, kind: str, policy: str) -> None:
        self._head(HTTPStatus.OK, kind, policy, len(body))
        self.wfile.write(body)

    def _refuse(self, status: HTTPStatus, reason: str) -> None:
        body = f"{reason}\n".encode("utf-8", "replace")
        self._head(status, "text/plain; charset=utf-8", "default-src 'none'", len(body))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: HTTPStatus, kind: str, policy: str, length: int | None) -> None:
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET")
        self.send_header("Connection", "close")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", policy)
        if policy is _POLICY:  # a document in a sandbox cannot have it
            self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library refuses by itself: a request that is none."""
        status = HTTPStatus(code)
        self._refuse(status, message if message is not None else status.phrase)

    def log_message(self, *args: Any) -> None:
        """The terminal is for what is wrong with the specs."""
