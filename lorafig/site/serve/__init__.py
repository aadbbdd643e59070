"""Live preview: what is saved is drawn at once in the browser, on this machine alone.

    files ──watching──▶ studio ──process──▶ drawing ──▶ board ──server──▶ browser

One thread watches, two see to pictures and pages, one answers each connection; what they share is the board.
Drawing itself is done in other processes: a figure that takes long, or all the memory, stops nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NoReturn

import click

from lorafig.cli import console
from lorafig.cli.watching import changed, demand_one
from lorafig.errors import LorafigError, Problem
from lorafig.language.themes import theme_files
from lorafig.options import Options, palette_named
from lorafig.site.serve.board import Board
from lorafig.site.serve.pages import Pages
from lorafig.site.serve.studio import Studio

MOST_SPECS = 200  # the page asks for the state of all of them at every change


def serve(
    paths: Sequence[str], port: int | None, theme: str | None, show: bool, allowed: Sequence[str] = ()
) -> NoReturn:
    """Serves previews of the specs until it is interrupted, in the palette `theme` where one is named. `port`
    is one that has to be free; without it, the first free one from 8000 on. `show` opens a browser. `allowed`
    are hosts by which a proxy forwards to it.

    Errors: LorafigError for a port that is not to be had, a theme that does not exist, too many specs.
    """
    if len(paths) > MOST_SPECS:
        hint = f"name at most {MOST_SPECS}"
        raise LorafigError(Problem(f"{len(paths)} specs are too many to watch", None, hint), "limit")
    if theme is not None:
        palette_named(theme)
    demand_one(paths)
    try:
        from lorafig.site.serve.server import Server, bind
    except ImportError as error:
        what = f"a preview needs the package {(error.name or '').partition('.')[0]}"
        raise LorafigError(Problem(what, None, "pip install 'lorafig[serve]'"), "tool") from None
    board = Board(paths)
    studio = Studio(paths, board, Options(theme=theme))
    server = Server(bind(port), board, Pages(paths), allowed)
    server.start()
    try:
        studio.start()
        click.echo(server.address)
        if console.on_terminal():
            console.say("Ctrl-C ends the preview.")
        if show:
            import webbrowser

            threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
        for numbers in changed(paths, theme_files(theme)):
            studio.ask(numbers)
        raise SystemExit(0)
    finally:
        studio.close()
        server.close()
