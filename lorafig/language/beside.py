"""Files that a spec names: they lie in its folder, and nothing else is read."""

from __future__ import annotations

import os

from msgspec import Struct

from lorafig.errors import LorafigError, Problem
from lorafig.files import NotRegularError, meant, read_regular
from lorafig.language.model import Source


class Kind(Struct, frozen=True):
    """What a file is called, what it is of (`network`), and the code of problems with it."""

    name: str
    of: str
    code: str


def folder(source: Source, kind: Kind) -> str:
    """The folder of the spec that a value stands in, which names a file of this kind."""
    where = source.where
    if where is None or not os.path.isfile(where.file):
        what = "the path of a file in a spec that is not a file itself"
        hint = f"save the spec beside the {kind.name}, or name the {kind.of}"
        raise LorafigError(Problem(what, None, hint, kind.code))
    return os.path.dirname(where.file) or "."


def read(path: str, inside: str | None, most: int, kind: Kind) -> bytes:
    """The bytes of a file, at most `most` of them. With a folder it lies `inside` that, and the path is from
    there. Errors: LorafigError."""
    place = path
    if inside is not None:
        place = os.path.realpath(os.path.join(inside, path))
        base = os.path.realpath(inside)
        if os.path.isabs(path) or os.path.commonpath([place, base]) != base:
            what = f"{path} is not in the folder of the spec"
            raise LorafigError(Problem(what, None, f"copy the {kind.name} beside it", kind.code))
    try:
        data = read_regular(place, most)
    except NotRegularError:
        raise LorafigError(Problem(f"{path} is not a regular file", code=kind.code)) from None
    except FileNotFoundError:
        raise LorafigError(Problem(f"there is no file {path}", None, meant(place), code=kind.code)) from None
    except (OSError, ValueError) as error:
        what = f"cannot read {path}: {getattr(error, 'strerror', error)}"
        raise LorafigError(Problem(what, code=kind.code)) from None
    if len(data) > most:
        large = f"{most >> 20} MiB" if most >> 20 else f"{most >> 10} KiB"
        what = f"{path} is larger than {large}"
        raise LorafigError(Problem(what, None, f"a {kind.name} has some kilobytes", kind.code))
    return data
