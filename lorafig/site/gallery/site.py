"""Entries to the files of the site."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lorafig.resources import folder, gallery, page_templates
from lorafig.site.gallery import views
from lorafig.site.gallery.entry import Entry
from lorafig.themes.palettes import grounds

if TYPE_CHECKING:
    from jinja2 import Environment

ASSETS = ("gallery.css", "gallery.js", "icon.svg")


def files(entries: Sequence[Entry]) -> dict[str, bytes]:
    """The site's files by path, '/' between folders. The same entries give the same bytes."""
    environment = page_templates("gallery")
    base = os.path.join(folder("templates"), "gallery")
    site: dict[str, bytes] = {}
    for name in ASSETS:
        with open(os.path.join(base, name), "rb") as file:
            site[name] = (grounds().encode() if name.endswith(".css") else b"") + file.read()
    site["index.html"] = _page(environment, "index.html.j2", root="", index=views.index(entries))
    shipped = _shipped()
    for number, entry in enumerate(entries):
        before = views.link(entries[number - 1]) if number > 0 else None
        after = views.link(entries[number + 1]) if number + 1 < len(entries) else None
        page = views.page(entry, shipped.get(entry.id) == entry.source)
        site[f"{entry.id}/index.html"] = _page(
            environment, "figure.html.j2", root="../", page=page, before=before, after=after
        )
        for shade, file_name in views.pictures(entry).items():
            site[f"{entry.id}/{file_name}"] = entry.pictures[shade]
        for form, output in entry.outputs.items():
            site[f"{entry.id}/{entry.id}.{form}"] = output
        site[f"{entry.id}/{entry.id}.yaml"] = entry.source.encode()
    return site


def _page(environment: Environment, template: str, **values: object) -> bytes:
    return environment.get_template(template).render(**values).encode()


def _shipped() -> Mapping[str, str]:
    """The specs of lorafig's own gallery by id: `lorafig new` begins with one of them."""
    specs = {}
    for name, path in gallery().items():
        with open(path, encoding="utf-8") as file:
            specs[name] = file.read()
    return specs
