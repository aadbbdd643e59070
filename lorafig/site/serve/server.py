"""The server: on the loopback address alone, with bounds on connections and on the time that one may take."""

from __future__ import annotations

import errno
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from lorafig.errors import LorafigError, Problem
from lorafig.site.serve.board import Board
from lorafig.site.serve.handler import Handler
from lorafig.site.serve.pages import Pages

HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS = 20  # that are tried, from the first on
MOST_CONNECTIONS = 64
MOST_STREAMS = 32  # of these, connections that stay open to be told of changes
LONGEST_REQUEST = 5.0  # seconds from the first byte to the end of the headers
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port: int, board: Board, pages: Pages) -> None:
        self.board = board
        self.pages = pages
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._streams = threading.BoundedSemaphore(MOST_STREAMS)
        self._asking: dict[socket.socket, float] = {}  # connections in the middle of a request, since when
        super().__init__((HOST, port), Handler)
        # What a browser may call us. A name that a stranger resolves to this machine is none of these.
        self.hosts = frozenset({f"{HOST}:{self.server_port}", f"localhost:{self.server_port}"})

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_port}/"

    def server_bind(self) -> None:
        # That of HTTPServer asks for this machine's name, which can take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._free.acquire(blocking=False):
            with suppress(OSError):
                request.sendall(_BUSY)
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.asked(request)
            self._free.release()

    def asks(self, request: socket.socket) -> None:
        """The first byte of the request is here."""
        self._asking[request] = time.monotonic()

    def asked(self, request: socket.socket) -> None:
        """The request is here, or nothing more will come."""
        self._asking.pop(request, None)

    def service_actions(self) -> None:
        """Hangs up on those who send their request a byte at a time. Called twice a second."""
        latest = time.monotonic() - LONGEST_REQUEST
        for request, since in list(self._asking.items()):
            if since < latest:
                with suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def stream(self) -> Iterator[bool]:
        """A place among those who are told of changes; False where there is none left."""
        free = self._streams.acquire(blocking=False)
        try:
            yield free
        finally:
            if free:
                self._streams.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """One who goes away in the middle of an answer is nothing to report."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def bind(port: int | None, board: Board, pages: Pages) -> Server:
    """A server that listens: on that port, or on the first free one where none is named.

    Errors: LorafigError where the port is in use, or may not be used.
    """
    tried = [port] if port is not None else [*range(FIRST_PORT, FIRST_PORT + PORTS), 0]
    for one in tried:
        try:
            return Server(one, board, pages)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                problem = Problem(f"cannot listen on port {one}: {error.strerror or error}")
                raise LorafigError(problem) from None
    hint = "leave --port out for a free one, or end what uses it"
    raise LorafigError(Problem(f"port {port} is in use", None, hint))
