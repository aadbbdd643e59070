"""The server: on the loopback address alone, with bounds on connections and on the time that one may take."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Sequence
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from lorafig.errors import LorafigError, Problem
from lorafig.site.serve.app import app
from lorafig.site.serve.board import Board
from lorafig.site.serve.pages import Pages

HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS = 20  # that are tried, from the first on
MOST_CONNECTIONS = 64
LONGEST_REQUEST = 5.0  # seconds from the first byte to the end of the headers
# Seconds without a byte of a request, and for an answer to be taken. Browsers open connections before they
# need them and close unused ones after ten seconds: hanging up before may cut a request off.
PATIENCE = 15.0
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class _Connection(H11Protocol):
    """Hangs up on those who ask for too much, say nothing, say it a byte at a time, or do not read."""

    _open = 0
    _end: asyncio.TimerHandle | None = None
    _begun = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        _Connection._open += 1
        if _Connection._open > MOST_CONNECTIONS:
            transport.write(_BUSY)
            transport.close()
        self.patience(PATIENCE)

    def connection_lost(self, exc: Exception | None) -> None:
        _Connection._open -= 1
        self.patience(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._begun:
            self._begun = True
            self.patience(LONGEST_REQUEST)
        super().data_received(data)
        if self.scope is not None:  # the request is here
            self.patience(None)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.patience(PATIENCE)

    def resume_writing(self) -> None:
        super().resume_writing()
        self.patience(None)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.patience(PATIENCE)

    def patience(self, seconds: float | None) -> None:
        """Hangs up after so long, unless it is called again."""
        if self._end is not None:
            self._end.cancel()
        self._end = None if seconds is None else self.loop.call_later(seconds, self.transport.abort)


def connections() -> int:
    return _Connection._open


class Server:
    """Answers in a thread of its own, from `start` to `close`."""

    def __init__(
        self, listening: socket.socket, board: Board, pages: Pages, allowed: Sequence[str] = ()
    ) -> None:
        self.port: int = listening.getsockname()[1]
        self.address = f"http://{HOST}:{self.port}/"
        self._board = board
        self._listening = listening
        config = uvicorn.Config(
            app(self.port, board, pages, allowed),
            http=_Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",  # the terminal is for what is wrong with the specs
            access_log=False,
            proxy_headers=False,
            server_header=False,
            headers=[("Server", "lorafig")],
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._board.close()  # which ends the streams
        self._server.should_exit = True
        self._thread.join(timeout=5)
        self._listening.close()


def bind(port: int | None) -> socket.socket:
    """A socket that listens: at that port, or at the first free one if none is named.

    Errors: LorafigError if the port is in use, or may not be used.
    """
    tried = [port] if port is not None else [*range(FIRST_PORT, FIRST_PORT + PORTS), 0]
    for number in tried:
        try:
            return socket.create_server((HOST, number), backlog=64)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                problem = Problem(
                    f"cannot listen on port {number}: {error.strerror or error}", code="preview"
                )
                raise LorafigError(problem) from None
    hint = "leave --port out for a free one, or end what uses it"
    raise LorafigError(Problem(f"port {port} is in use", None, hint, code="preview"))
