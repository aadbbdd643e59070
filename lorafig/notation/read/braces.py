"""What follows a command: a bracket after `\\left`, a word in `\\mathrm{…}`, words in `\\text{…}`."""

from __future__ import annotations

from lorafig.notation.read.commands import CHARACTERS, COMMANDS
from lorafig.notation.read.fault import fault
from lorafig.notation.read.scan import BLANKS, LETTERS, after_white, command_at, end_of
from lorafig.notation.textchars import read_character

_RAISED = {"-": "−", "^2": "²", "^3": "³"}
_SIGNS = frozenset({"symbol", "relation", "times", "sign", "delta", "open", "close"})
_MATRICES = frozenset("WABUVMX")


def next_bracket(source: str, at: int) -> tuple[str, str, int]:
    """The kind of the bracket that comes next, the bracket, and where it ends; '' if there is none."""
    at = end_of(source, at, BLANKS)
    shown = source[at : at + 1]
    if shown == "\\":
        name = command_at(source, at)
        kind, value = COMMANDS.get(name, ("", ""))
        shown += name
    else:
        kind, value = CHARACTERS.get(shown, ("", ""))
    return (kind, value, at + len(shown)) if kind in ("open", "close", "bar") else ("", "", at)


def upright_word(source: str, at: int) -> tuple[str, int]:
    """The word in the braces that come next, `{merged}`, and where they end; '' if a product stands there
    that is set upright: `{BAx}`."""
    opening = after_white(source, at)
    closing = source.find("}", opening)
    word = source[opening + 1 : closing].strip()
    plain = word.replace("-", "a")
    if source[opening : opening + 1] != "{" or closing < 0 or len(word) < 2:
        return "", at
    if word[0] not in LETTERS or not (plain.isascii() and plain.isalnum()):
        return "", at
    matrices = word[:-1] if word[-1] in "xh" else word
    product = len(matrices) < 4 and _MATRICES.issuperset(matrices)
    if product or (word[0].isupper() and word[1:].isdecimal()):
        return "", at
    return word, closing + 1


def words_in_braces(source: str, name: str, start: int) -> tuple[str, int]:
    """The words of `\\text{…}` (or another command of that kind, `name`), and where its braces end."""
    at = opening = after_white(source, start + 1 + len(name))
    if source[at : at + 1] != "{":
        raise fault(source, start, f"no braces after \\{name}", f"write \\{name}{{words}}")
    pieces: list[str] = []
    at += 1
    while (char := source[at : at + 1]) != "}":
        if char == "":
            raise fault(source, opening, f"the brace {{ of \\{name} is never closed", "add }")
        piece, at = _character(source, name, at)
        pieces.append(piece)
    content = "".join(pieces)
    while "  " in content:
        content = content.replace("  ", " ")
    if content.strip() == "":
        raise fault(source, start, f"\\{name} has no words in it")
    return content, at + 1


def _character(source: str, name: str, at: int) -> tuple[str, int]:
    """What stands for one character in `\\text{…}`, and where it ends."""
    char = source[at]
    if char == "\\":
        following = source[at + 1 : at + 2]
        if following != "" and following in "%&#_{}$, ":
            return (" " if following == "," else following), at + 2
        read = read_character(source, at)
        if read is not None:
            return read
        shown = source[at : max(end_of(source, at + 1, LETTERS), at + 2)]
        what = f"the command {shown} inside \\{name}"
        raise fault(source, at, what, "\\text takes words only; close it first")
    if char == "$":
        closing = source.find("$", at + 1)
        sign = source[at + 1 : max(closing, at + 1)]
        if sign in _RAISED:
            return _RAISED[sign], closing + 1
        kind, value = COMMANDS.get(sign[1:], ("", ""))
        if kind in _SIGNS and sign[0] == "\\" and sign[1:].isalpha():
            return value, closing + 1
    if char in "{$":
        raise fault(source, at, f"{char} inside \\{name}", f"\\{name} takes words only; close it first")
    return (" " if char == "~" or char.isspace() else char), at + 1
