"""Answers to a browser: who may ask, and for what.

Any page that is open in the same browser can make it ask this server. What such a page could then read is
kept from it three times over: by the Host (a stranger's name that resolves to this machine), by what the
browser says about where the request comes from (Origin, Sec-Fetch-Site), and by the answers' own headers.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from lorafig.site.serve.board import Board, State
from lorafig.site.serve.pages import Pages

MOST_STREAMS = 32  # connections that stay open to be told of changes
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


def app(port: int, board: Board, pages: Pages, allowed: Sequence[str] = ()) -> ASGIApp:
    """What is at http://127.0.0.1:`port`/, and at the hosts that are `allowed`."""
    views = _Views(board, pages)
    figure = "/figure/{number}"
    routes = [
        Route("/events", views.events),
        Route(f"{figure}/claims", views.claims),
        Route(f"{figure}/words", views.words),
        Route(f"{figure}/page", views.page),
        Route(f"{figure}/picture/{{palette}}.svg", views.picture),
        Route("/{path:path}", views.content),
    ]
    answers = Starlette(routes=routes, exception_handlers={HTTPException: _refusal})
    answers.router.redirect_slashes = False
    return _Guard(answers, port, allowed)


class _Guard:
    """Lets in what this machine's browser asks for by itself, and only to read."""

    def __init__(self, answers: ASGIApp, port: int, allowed: Sequence[str] = ()) -> None:
        self.answers = answers
        # What a browser may call us. A name that a stranger resolves to this machine is none of these.
        own = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        named = frozenset(host.lower() for host in allowed)
        self.hosts = own | named
        # What is forwarded has encryption on the way to the browser.
        self.origins = {f"http://{host}" for host in self.hosts} | {f"https://{host}" for host in named}
        self.address = f"http://127.0.0.1:{port}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        reason = self._stranger(Request(scope))
        if scope["method"] != "GET":
            refusal = _refused(405, "only GET is answered here")
            refusal.headers["Allow"] = "GET"
            await refusal(scope, receive, send)
        elif reason is not None:
            await _refused(403, reason)(scope, receive, send)
        else:
            await self.answers(scope, receive, send)

    def _stranger(self, request: Request) -> str | None:
        """Why the request is none of ours, if it is none."""

        def said(name: str) -> list[str]:
            return [value.strip().lower() for value in request.headers.getlist(name)]

        hosts = said("host")
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            return f"this is {self.address}, and nothing else"
        if not set(said("origin")) <= self.origins:
            return "a page of another origin asks"
        if not set(said("sec-fetch-site")) <= {"same-origin", "none"}:
            return f"a page of another site asks: open {self.address} by itself"
        return None


class _Views:
    def __init__(self, board: Board, pages: Pages) -> None:
        self.board = board
        self.pages = pages
        self.numbers = {str(number): number for number in range(len(board.states()))}
        self.streams = 0

    async def content(self, request: Request) -> Response:
        body, kind = self.pages.contents.get(request.url.path, (None, ""))
        return _answer(body, kind, _POLICY)

    async def claims(self, request: Request) -> Response:
        claims = self._state(request).claims
        return _answer(None if claims is None else claims.html, _HTML, _POLICY)

    async def words(self, request: Request) -> Response:
        picture = self._state(request).picture
        return _answer(None if picture is None else picture.words, _HTML, _POLICY)

    async def page(self, request: Request) -> Response:
        state = self._state(request)
        return _answer(None if state.picture is None else state.page, _HTML, _PAGE_POLICY)

    async def picture(self, request: Request) -> Response:
        picture = self._state(request).picture
        palettes = {} if picture is None else picture.palettes
        return _answer(palettes.get(request.path_params["palette"]), "image/svg+xml", _PICTURE_POLICY)

    async def events(self, request: Request) -> Response:
        if self.streams >= MOST_STREAMS:
            return _refused(503, "too many pages are open")
        return StreamingResponse(self._told(), headers=_headers("text/event-stream", _POLICY))

    async def _told(self) -> AsyncIterator[bytes]:
        """A stream of states (server-sent events): one at once, one after every change."""
        rung = asyncio.Event()
        loop = asyncio.get_running_loop()
        self.streams += 1
        try:
            with self.board.listen(lambda: loop.call_soon_threadsafe(rung.set)):
                yield b"retry: 500\n\n"
                while not self.board.closed:
                    rung.clear()
                    figures = [state.to_data() for state in self.board.states()]
                    told = {"session": self.pages.session, "figures": figures}
                    yield b"data: " + json.dumps(told).encode() + b"\n\n"
                    await rung.wait()
                yield b"event: end\ndata:\n\n"
        finally:
            self.streams -= 1

    def _state(self, request: Request) -> State:
        number = self.numbers.get(request.path_params["number"])
        if number is None:
            raise HTTPException(404)
        return self.board.state(number)


def _answer(body: bytes | None, kind: str, policy: str) -> Response:
    if body is None:
        return _refused(404, "there is no such page")
    return Response(body, headers=_headers(kind, policy))


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _refused(error.status_code, "there is no such page")


def _refused(status: int, reason: str) -> Response:
    return Response(f"{reason}\n", status, _headers("text/plain; charset=utf-8", "default-src 'none'"))


def _headers(kind: str, policy: str) -> dict[str, str]:
    headers = {
        "Content-Type": kind,
        "Connection": "close",
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    if policy is _POLICY:  # a document in a sandbox cannot have it
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return headers
