"""The gallery as a static site: an index that can be searched, and a page for every figure.

Every page holds its own Content-Security-Policy and loads files of the site alone, so that the site works
from a folder as it does from a server. What is on a page comes from specs of strangers: templates escape all
of it, and the only HTML that they get is made in `site.markup` and `words.write.html`, from parsed trees.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["build"]


def build(arguments: Sequence[str], target: str, jobs: int = 1) -> int:
    """Builds the site of specs (files, folders of them; the shipped gallery with none) in the folder
    `target`, and returns the exit status. Where one figure fails, the site that was there stays."""
    from lorafig.site.gallery.build import run

    return run(arguments, target, jobs)
