"""From a saved file to the board: the picture at once, beside it the page with sliders, which is slower."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from lorafig.cli import console
from lorafig.cli.watching import named
from lorafig.errors import LorafigError
from lorafig.files import read_spec
from lorafig.language.themes import theme_files
from lorafig.options import Options
from lorafig.site.serve.board import Board
from lorafig.site.serve.drawing import Outcome, draw, page
from lorafig.site.serve.faults import faults
from lorafig.site.serve.process import Worker
from lorafig.site.serve.queue import Queue


class Studio:
    """Draws the specs that `ask` names, in two threads with a process each."""

    def __init__(self, paths: Sequence[str], board: Board, options: Options) -> None:
        self._paths = paths
        self._board = board
        self._options = options
        self._drawn: dict[int, bytes] = {}  # the bytes that the board's states came of
        self._beside: dict[int, list[bytes]] = {}  # and those of the files that these name
        self._pictures, self._pages = Queue(self._draw), Queue(self._page)
        self._drawer, self._printer = Worker(), Worker()
        self._threads = [
            threading.Thread(target=queue.run, name="lorafig-draw", daemon=True)
            for queue in (self._pictures, self._pages)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def ask(self, numbers: Iterable[int]) -> None:
        self._pictures.ask(numbers)

    def close(self) -> None:
        for queue in (self._pictures, self._pages):
            queue.close()
        for worker in (self._drawer, self._printer):
            worker.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def _draw(self, number: int) -> None:
        path = self._paths[number]
        try:
            data = read_spec(path)
        except LorafigError as error:
            self._drawn.pop(number, None)
            self._put(number, b"", Outcome(None, None, error.problems))
            return
        beside = [_content(file) for file in (*named(path), *theme_files(self._options.theme))]
        if self._drawn.get(number) == data and self._beside.get(number) == beside:
            return
        self._board.update(number, drawing=True)
        before = self._board.state(number).picture
        anyhow = before is None or before.unverified
        arguments = (data, path, self._options, anyhow)
        outcome: Outcome | None
        try:
            outcome = self._drawer.do(draw, arguments, lambda: self._pictures.waits(number))
        except LorafigError as error:
            outcome = Outcome(None, None, error.problems)
        if outcome is not None:
            self._drawn[number], self._beside[number] = data, beside
            self._put(number, data, outcome)

    def _put(self, number: int, data: bytes, outcome: Outcome) -> None:
        path = self._paths[number]
        before = self._board.state(number)
        shown, more = faults(outcome.problems, data, path)
        picture = before.picture if outcome.picture is None else outcome.picture
        moves = picture is not None and picture.moves
        self._board.update(
            number,
            drawing=False,
            picture=picture,
            claims=before.claims if outcome.claims is None else outcome.claims,
            faults=shown,
            more=more,
            revision=before.revision + 1,
            page=before.page if moves else None,
            page_wrong=before.page_wrong if moves else None,
        )
        if outcome.picture is not None and moves:
            self._pages.ask([number])
        if outcome.problems and shown != before.faults:
            sources = console.Sources()
            sources.texts[path] = data
            console.report_error(LorafigError(outcome.problems), sources)

    def _page(self, number: int) -> None:
        path, data = self._paths[number], self._drawn.get(number)
        state = self._board.state(number)
        if data is None or state.faults or state.picture is None or not state.picture.moves:
            return  # it has changed since; the next good picture asks again
        self._board.update(number, printing=True)
        made: bytes | None = None
        wrong: str | None = None
        try:
            made = self._printer.do(page, (data, path, self._options), lambda: self._pages.waits(number))
        except LorafigError as error:
            wrong = console.printable(error.problems[0].what)
            console.report_error(error)
        if made is None and wrong is None:
            self._board.update(number, printing=False)
            return
        before = self._board.state(number)
        self._board.update(
            number,
            printing=False,
            page=before.page if made is None else made,
            page_wrong=wrong,
            page_revision=before.page_revision + 1,
        )


def _content(path: str) -> bytes:
    try:
        return read_spec(path)
    except LorafigError:
        return b""
