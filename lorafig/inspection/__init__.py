"""What a saved adapter is: `lorafig inspect`, and `lorafig.inspect` in Python."""

from __future__ import annotations

import os
from typing import Any

from lorafig.core.files.saved import Remark, saved
from lorafig.core.files.weights import has_weights
from lorafig.errors import LorafigError, Problem
from lorafig.files import write_whole
from lorafig.inspection import write
from lorafig.inspection.arrays import read_arrays
from lorafig.inspection.base import network_of, said_by
from lorafig.inspection.found import Found


class Inspection(Found):
    """A saved adapter, its base if that is known, and what was found out. A notebook shows it as a table."""

    __slots__ = ()

    def to_data(self) -> dict[str, Any]:
        """The object of `inspect --json`."""
        return write.to_data(self)

    def to_markdown(self) -> str:
        return write.to_markdown(self)

    def to_svg(self) -> str:
        """A picture of layers × projections, each in the shade of its rank. Errors: LorafigError."""
        from lorafig.inspection.picture import scene_of
        from lorafig.render import svg

        return svg.render(scene_of(self))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes that picture, in the format that the name ends in. Errors: LorafigError."""
        from lorafig.inspection.picture import scene_of
        from lorafig.render.output import SCENE_FORMATS, Pen

        ending = os.path.splitext(os.fspath(path))[1].removeprefix(".").lower()
        for form in SCENE_FORMATS:
            if form == ending:
                pen = Pen("mpl", "paths")
                pen.show(scene_of(self))
                write_whole(path, pen.output(form))
                return
        endings = ", ".join(f".{form}" for form in SCENE_FORMATS)
        raise LorafigError(
            Problem(f"no picture ends in '.{ending}'", None, f"those that do: {endings}", code="adapter-file")
        )

    def _repr_html_(self) -> str:
        return write.to_html(self) + self._image()

    def _image(self) -> str:
        """The picture for a notebook; none where there is too much for one."""
        from base64 import b64encode
        from html import escape

        from lorafig.inspection.picture import scene_of
        from lorafig.render import svg
        from lorafig.scene import on_paper

        try:
            scene = scene_of(self)
        except LorafigError:
            return ""
        source = b64encode(svg.render(on_paper(scene)).encode()).decode()
        return f'<img alt="{escape(scene.description)}" src="data:image/svg+xml;base64,{source}">'

    def __repr__(self) -> str:
        count = f"{len(self.modules):,} modules, {self.trainable:,} trained parameters"
        return f"<lorafig.Inspection {self.path}: {write.title(self)}, {count}>"


def inspect(
    path: str | os.PathLike[str],
    base: str | os.PathLike[str] | None = None,
    *,
    verify: bool = False,
    merged: str | os.PathLike[str] | None = None,
) -> Inspection:
    """What a saved adapter is: a folder, or a safetensors file. `base` is the name of its network, its
    `config.json`, or the folder with that.

    Only the header of the weights is read. `verify` reads the arrays too, and the weights in the folder
    `base`, in blocks; `merged` is a checkpoint that is held to the merge of the two. Errors: LorafigError."""
    found = saved(path)
    network, unknown = None, []
    if base is not None:
        try:
            network = network_of(os.fspath(base))
        except LorafigError as error:
            if not verify or not has_weights(base):
                raise
            unknown = [Remark(problem) for problem in error.problems]  # its weights are there all the same
    said = said_by(found) if base is None else None
    told = Inspection(found, network or said, said=said is not None)
    told.remarks = (*told.remarks, *unknown)
    if verify:
        read_arrays(told, base, merged)
    return told
