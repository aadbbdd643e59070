"""Errors of YAML's syntax in the words of an author: what the parser says, what we say, what to do."""

from __future__ import annotations

import re

_SINGLE_QUOTES = "backslashes keep their meaning in single quotes: write '\\alpha', not \"\\alpha\""
QUOTE_IT = "put the text in single quotes"

# What the parser says, what we say, and what to do about it.
TABLE: tuple[tuple[str, str, str | None], ...] = (
    (r"found unknown escape character (.*)",
     r"in double quotes, '\\' before \1 has no meaning", _SINGLE_QUOTES),
    (r"expected escape sequence of .*", "an incomplete escape sequence in double quotes", _SINGLE_QUOTES),
    (r"found character '\\t'.*", "a tab where YAML wants spaces", "indent with spaces"),
    (r"found character (.*) that cannot start any token", r"a value cannot begin with \1", QUOTE_IT),
    (r"mapping values are not allowed here", "a ':' where no key can stand",
     "put text with ': ' in it in single quotes, or indent the line to its place"),
    (r"could not find expected ':'", "a key without ':'", "write 'key: value'"),
    (r"found unexpected (?:end of stream|document separator)", "a quote that is not closed",
     "add the same quote at the end of the text"),
    (r"expected chomping or indentation indicators.*", "a value cannot begin with '|' or '>'", QUOTE_IT),
    (r"expected a comment or a line break.*", "a value cannot begin with '|' or '>'", QUOTE_IT),
    (r"expected <block end>, but found .*", "this line does not fit what stands above it",
     "entries of one list or mapping begin in the same column; quote text that begins with a quote"),
    (r"expected ',' or '(.)'.*<stream end>.*", r"a bracket that is not closed: '\1' is missing",
     r"add '\1' at its end"),
    (r"expected ',' or '(.)'.*", r"expected ',' or '\1'",
     "text with brackets, ',' or ': ' needs single quotes"),
    (r"expected the node content, but found '(.*)'", r"unexpected '\1'", QUOTE_IT),
    (r"expected '<document start>'.*", "this does not belong to what stands above it",
     "a spec is one mapping of keys to values; quote the whole of a text, not its beginning"),
    (r"sequence entries are not allowed here", "a '-' where no list can begin",
     "begin the list on the next line"),
    (r"mapping keys are not allowed here", "a '?' where no key can stand", QUOTE_IT),
    (r"expected alphabetic or numeric character.*", "a value cannot begin with '&' or '*'", QUOTE_IT),
    (r"expected (?:URI|' '|'!').*", "a value cannot begin with '!'", QUOTE_IT),
)  # fmt: skip


def explain(said: str) -> tuple[str, str | None]:
    """The parser's words as a fact and a hint; words that are not in the table stay as they are."""
    for pattern, what, hint in TABLE:
        match = re.fullmatch(pattern, said)
        if match is not None:
            named = match.groups()[0] if match.groups() else None
            return match.expand(what), hint if hint is None or named is None else hint.replace("\\1", named)
    return said, None
