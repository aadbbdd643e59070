"""The pages and their assets, made once: nothing that a browser asks for is looked up in the file system."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lorafig.cli.console import printable
from lorafig.resources import folder, page_templates
from lorafig.themes.palettes import grounds

if TYPE_CHECKING:
    pass

_ASSETS = {
    "/serve.css": ("serve/serve.css", "text/css; charset=utf-8"),
    "/serve.js": ("serve/serve.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("gallery/icon.svg", "image/svg+xml"),
}


class Pages:
    """Contents by path, each with its type. `session` tells this run from one that had its port before."""

    def __init__(self, files: Sequence[str]) -> None:
        self.session = os.urandom(8).hex()
        self.contents: dict[str, tuple[bytes, str]] = {}
        for path, (name, kind) in _ASSETS.items():
            with open(os.path.join(folder("templates"), *name.split("/")), "rb") as file:
                rules = grounds().encode() if path.endswith(".css") else b""
                self.contents[path] = (rules + file.read(), kind)
        templates = page_templates("serve", ends=False)
        named = [printable(file) for file in files]
        html = "text/html; charset=utf-8"
        for number in range(len(files)):
            page = templates.get_template("figure.html.j2").render(
                files=named, number=number, session=self.session, top="../../"
            )
            self.contents[f"/figure/{number}/"] = (page.encode(), html)
        # Addresses are relative, so that a proxy may serve all of it under a prefix.
        if len(files) == 1:
            only = templates.get_template("figure.html.j2").render(
                files=named, number=0, session=self.session, top=""
            )
            self.contents["/"] = (only.encode(), html)
        else:
            index = templates.get_template("index.html.j2").render(files=named, session=self.session, top="")
            self.contents["/"] = (index.encode(), html)
