"""What there is on this machine: versions, fonts, TeX, a browser, the cache, extras."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
from collections.abc import Iterator
from importlib import metadata
from typing import Literal, NamedTuple

from lorafig import __version__, cache
from lorafig.resources import folder, gallery

State = Literal["ok", "missing", "broken"]


class Finding(NamedTuple):
    """`missing` is what some commands need, `broken` what all do. `remedy` says what to do."""

    name: str
    state: State
    found: str
    remedy: str | None = None

    def to_data(self) -> dict[str, str | None]:
        return self._asdict()


_FONTS = (
    "lmroman10-regular.otf",
    "latinmodern-math.otf",
    "texgyreheros-regular.otf",
    "noto-serif-sc-regular.otf",
)
# What an extra is for, and a module that comes with it.
_EXTRAS = (
    ("serve", "starlette", "lorafig serve"),
    ("lsp", "pygls", "lorafig lsp"),
    ("docs", "pymdownx", "figures in MkDocs and Zensical"),
    ("dask", "distributed", "--on dask"),
    ("ray", "ray", "--on ray"),
)
_ENGINES = (
    ("pdflatex", "render -f pdf --engine tex", "apt-get install texlive-latex-base texlive-pictures lmodern"),
    (
        "xelatex",
        "Chinese labels and their like in TeX",
        "apt-get install texlive-xetex texlive-lang-chinese",
    ),
)


def examine() -> list[Finding]:
    return [*_versions(), *_resources(), _cache(), *_programs(), *_extras()]


def _versions() -> Iterator[Finding]:
    yield Finding("lorafig", "ok", __version__)
    yield Finding("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    for requirement in metadata.requires("lorafig") or ():
        if "extra ==" in requirement:
            continue
        name = requirement.partition(">")[0].strip()
        try:
            yield Finding(name, "ok", metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(name, "broken", "not installed", f"pip install '{requirement}'")


def _resources() -> Iterator[Finding]:
    missing = [name for name in _FONTS if not os.path.isfile(os.path.join(folder("fonts"), name))]
    again = "install lorafig again: pip install --force-reinstall lorafig"
    yield Finding(
        "fonts",
        "broken" if missing else "ok",
        ", ".join(missing) or folder("fonts"),
        again if missing else None,
    )
    count = len(gallery())
    yield Finding("gallery", "ok" if count else "broken", f"{count} figures", None if count else again)


def _cache() -> Finding:
    base = cache.folder()
    if base is None:
        return Finding("cache", "ok", "off", "unset LORAFIG_CACHE=off for faster runs")
    parent = base
    while not os.path.isdir(parent) and os.path.dirname(parent) != parent:
        parent = os.path.dirname(parent)
    if os.access(parent, os.W_OK):
        return Finding("cache", "ok", base)
    return Finding("cache", "missing", f"{base} cannot be written", "LORAFIG_CACHE names another folder")


def _programs() -> Iterator[Finding]:
    for name, use, remedy in _ENGINES:
        path = shutil.which(name)
        yield Finding(
            name, "missing" if path is None else "ok", path or f"needed for {use}", None if path else remedy
        )
    browser = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "firefox"))), None)
    yield Finding(
        "browser", "missing" if browser is None else "ok", browser or "for pages with sliders",
        None if browser else "any browser will do; lorafig itself needs none",
    )  # fmt: skip


def _extras() -> Iterator[Finding]:
    for extra, module, use in _EXTRAS:
        there = importlib.util.find_spec(module) is not None
        remedy = None if there else f"pip install 'lorafig[{extra}]'"
        yield Finding(
            f"lorafig[{extra}]", "ok" if there else "missing", "installed" if there else f"for {use}", remedy
        )
