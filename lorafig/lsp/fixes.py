"""Quick fixes: what a hint says, done. A fix is offered if the problem is gone with it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lorafig.lsp.analysis import Analysis, Finding, analyse


class Fix(NamedTuple):
    """`new` takes the place of the text from `start` to `end`."""

    title: str
    start: int
    end: int
    new: str


def fixes(text: str, file: str, finding: Finding) -> list[Fix]:
    """What mends one finding. Each was tried: with it, the finding is gone and none is new."""
    if finding.hint is None:
        return []
    before = analyse(text, file)
    found: dict[tuple[int, int, str], Fix] = {}
    for fix in _proposed(text, finding):
        if fix.new != text[fix.start : fix.end] and _mends(text, file, fix, finding, before):
            found.setdefault((fix.start, fix.end, fix.new), fix)
    return list(found.values())


def _mends(text: str, file: str, fix: Fix, finding: Finding, before: Analysis) -> bool:
    after = analyse(text[: fix.start] + fix.new + text[fix.end :], file)
    errors = [(one.code, one.what) for one in after.findings if one.severity == "error"]
    known = [(one.code, one.what) for one in before.findings if one.severity == "error"]
    if (finding.code, finding.what) in errors:
        return False
    # A spec that can be read now is verified for the first time: its claims are not faults of the fix.
    return set(errors) <= set(known) or (before.report is None and after.report is not None)


def _proposed(text: str, finding: Finding) -> Iterator[Fix]:
    hint = finding.hint or ""
    start, end = finding.start, finding.end
    line_end = (text + "\n").find("\n", start)
    value_end = _value_end(text, start, line_end)
    meant = re.search(r"did you mean '([^']+)'\?", hint)
    if meant is not None:
        yield Fix(f"Change to '{meant[1]}'", start, end, meant[1])
        yield from _key_only(text, start, meant[1])
        for match in re.finditer(r"[\w.-]+", text[start:line_end]):  # the word that is near
            yield Fix(f"Change to '{meant[1]}'", start + match.start(), start + match.end(), meant[1])
    said = re.search(r"it would hold as (.+)$", hint)
    read = re.search(r"it should read (.+)$", hint)
    way = re.search(r"it narrows: (.+)$", hint)
    written = re.search(r"(?:^|: |; )write (?:it as )?(.+?)(?:, in quotes|, without quotes)?$", hint)
    quoted = re.search(r"quotes[^:]*: ('[^']*')", hint)
    claim = re.match(r"'(.+)' (?:does not hold|is ill-typed|cannot be decided)", finding.what)
    if said is not None and claim is not None:
        yield from _replaced(text, start, claim[1], said[1], f"Change to {said[1]}")
    if read is not None and claim is not None:
        shown = re.search(r", not (\S+)$", finding.what)
        if shown is not None:
            yield from _replaced(text, start, shown[1], read[1], f"Change {shown[1]} to {read[1]}")
        yield from _replaced(text, start, claim[1], read[1], f"Change to {read[1]}")
    if way is not None:
        line_start = text.rfind("\n", 0, start) + 1
        key, _, value = way[1].partition(": ")
        listed = re.search(rf"{key}:\s*(\[[^\]]*\])", text[line_start:line_end])
        if listed is not None:
            yield Fix(f"Turn it: {way[1]}", line_start + listed.start(1), line_start + listed.end(1), value)
    if written is not None:
        new = written[1].strip()
        bare = new.strip("'")
        yield Fix(f"Write {new}", start, value_end, new)
        yield Fix(f"Write {new}", start, end, new)
        yield Fix(f"Write '{bare}'", start, value_end, f"'{bare}'")
        yield Fix(f"Write '{bare}'", start, end, f"'{bare}'")
        yield from _key_only(text, start, new.partition(":")[0])
    if quoted is not None:
        yield Fix(f"Write {quoted[1]}", start, value_end, quoted[1])
        yield Fix(f"Write {quoted[1]}", start, end, quoted[1])
        before = text.rfind(":", 0, start) + 1
        yield Fix(f"Write {quoted[1]}", before, value_end, f" {quoted[1]}")
    if "delete it" in hint:
        yield Fix("Delete it", start, start + 1, "")


def _key_only(text: str, start: int, key: str) -> Iterator[Fix]:
    """Another key before the same value."""
    match = re.match(r"[\w-]+(?=\s*:)", text[start:])
    if match is not None and re.fullmatch(r"[\w-]+", key):
        yield Fix(f"Change to '{key}'", start, start + match.end(), key)


def _replaced(text: str, start: int, old: str, new: str, title: str) -> Iterator[Fix]:
    """The text `old` that stands at a place or on the rest of its line."""
    line_end = (text + "\n").find("\n", start)
    at = text.find(old, start, line_end)
    if at >= 0:
        yield Fix(title, at, at + len(old), new)


def _value_end(text: str, start: int, line_end: int) -> int:
    """Where the value that begins at a place ends: before what closes it, or at the end of its line."""
    depth, at, quote = 0, start, ""
    while at < line_end:
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"" and at == start:
            quote = char
        elif char in "[{(":
            depth += 1
        elif char in "]})" or (char == "," and depth == 0):
            if depth == 0:
                return at
            depth -= 1
        elif char == "#" and text[at - 1 : at] == " ":
            break
        at += 1
    return len(text[:at].rstrip())
