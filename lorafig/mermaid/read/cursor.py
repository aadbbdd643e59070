"""A place in the text of a chart, and what every statement reads: names, labels in brackets, strings."""

from __future__ import annotations

import re
from typing import NoReturn

from lorafig.errors import LorafigError, Problem
from lorafig.language.messages import did_you_mean, listing
from lorafig.language.nodes import MAX_CHARACTERS, shorten
from lorafig.mermaid.chart import Form, Label
from lorafig.mermaid.read.build import Builder
from lorafig.mermaid.read.prepare import prepare

SPACE = re.compile(r"[^\S\n]*+")
KEYWORDS = (
    "subgraph", "end", "style", "linkStyle", "classDef", "class", "click",
    "flowchart-elk", "flowchart", "graph",
)  # fmt: skip
KEYWORD = re.compile(rf"(?:{'|'.join(KEYWORDS)})\b")
# A name may hold more than letters: `a/b`, `a-b`, `预训练`. ':::' begins a class, '--' a link.
_NAME = re.compile(r"(?:[A-Za-z0-9!#$%&'*+.`?\\_/,]|:(?!::)|(?!\d)[^\W\x00-\x7f]|-(?=[^>.\n-]))++")
_PLAIN = re.compile(r"[^\[\](){}|\"]*+")
_SLANTED = re.compile(r"(?:[^\\/\[\](){}\"]|[\\/](?!\]))*+")
QUOTE = 'put words with brackets, quotes or bars in them between quotes: A["f(x)"]'
_ELLIPSE = re.compile(r"(?:[^()\[\]{}\"-]|-(?!\)))*+")


class Cursor:
    def __init__(self, text: str, file: str) -> None:
        source = prepare(text, file)
        self.text = source.text
        self.lines = source.lines
        self.at = 0
        self.build = Builder(source.title, list(source.remarks))

    def fail(self, at: int, what: str, hint: str | None = None) -> NoReturn:
        raise LorafigError(Problem(what, self.lines.place(at), hint, code="chart"))

    def remark(self, at: int, what: str, hint: str | None = None) -> None:
        self.build.remarks.append(Problem(what, self.lines.place(at), hint, code="chart"))

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        return match

    def there(self, at: int) -> str:
        """What stands there, for an error."""
        if at >= len(self.text):
            return "the end of the file"
        line = self.text[at : at + 40].split("\n", 1)[0].rstrip()
        return shorten(line) if line else "the end of the line"

    def want(self, pattern: re.Pattern[str], what: str, hint: str) -> re.Match[str]:
        """What has to stand here."""
        match = self.take(pattern)
        if match is None:
            self.fail(self.at, f"expected {what}, found {self.there(self.at)}", hint)
        return match

    def ended(self, expected: str = "an arrow or the end of the line") -> None:
        """A statement ends with its line or with ';'."""
        self.take(SPACE)
        if self.at >= len(self.text) or self.text[self.at] in "\n;":
            return
        hint = None
        if self.text.startswith("%%", self.at):
            hint = "a comment stands on a line of its own"
        elif self.text[self.at] in "[({>":
            hint = "no blank stands between a node and its brackets"
        elif self.text.startswith(("->", "=>", "–", "—", "→"), self.at):
            hint = "the arrows are '-->', '---', '-.->' and '==>'"
        elif self.text[self.at] in ')]}"|':
            hint = QUOTE
        else:
            hint = self.meant()
        self.fail(self.at, f"expected {expected}, found {self.there(self.at)}", hint)

    def meant(self) -> str | None:
        """What a statement with words behind its node may have been."""
        begin = max(self.text.rfind("\n", 0, self.at), self.text.rfind(";", 0, self.at)) + 1
        before = self.text[begin : self.at].strip()
        if before.endswith(":"):
            return "words of an arrow stand on it: a -->|words| b"
        if before.startswith(("//", "#")):
            return "a comment begins with '%%'"
        return None if KEYWORD.match(before) else did_you_mean(before, KEYWORDS)

    def reserved(self, at: int, word: str) -> NoReturn:
        hint = f"give the node another name and keep its words: {word}1[{word}]"
        self.fail(at, f"'{word}' is a word of Mermaid's own", hint)

    def name(self, expected: str) -> str:
        keyword = KEYWORD.match(self.text, self.at)
        if keyword is not None:
            self.reserved(self.at, keyword.group())
        hint = "names are letters and digits; words stand in brackets: A[the words]"
        return self.want(_NAME, expected, hint).group()

    def bracket(self, opening: str, endings: dict[str, str]) -> tuple[Label, str]:
        start = self.at
        self.at += len(opening)
        label = self.quoted()
        if label is None:
            begin = self.at
            slanted = opening in ("[/", "[\\")
            self.take(_SLANTED if slanted else _ELLIPSE if opening == "(-" else _PLAIN)
            label = self.label(self.text[begin : self.at], "text", begin)
        ending = next((closing for closing in endings if self.text.startswith(closing, self.at)), None)
        if ending is not None:
            self.at += len(ending)
            return label, ending
        if self.at >= len(self.text):
            self.fail(start, f"'{opening}' is never closed", f"close it with '{next(iter(endings))}'")
        words = re.fullmatch(
            r"(.*?)\s*(?:-->|---|==>|-\.->)\s*[\w-]+", self.text[start + len(opening) : self.at]
        )
        if words is not None and label.form == "text":
            closing = next(iter(endings))
            self.fail(
                start, f"'{opening}' is never closed", f"write {opening}{shorten(words[1])[1:-1]}{closing}"
            )
        what = f"expected {listing(tuple(endings))} after {shorten(label.text)}, found {self.there(self.at)}"
        rest = self.text[self.at :].partition("\n")[0]
        closed = label.form != "text" and re.search(r"[\[\]]|^[(){}|]", rest) is None
        return self.fail(self.at, what, f"close it with '{next(iter(endings))}'" if closed else QUOTE)

    def quoted(self) -> Label | None:
        """A string, or a Markdown string."""
        if not self.text.startswith('"', self.at):
            return None
        start = self.at
        markdown = self.text.startswith('"`', start)
        begin = start + (2 if markdown else 1)
        end = self.text.find('`"' if markdown else '"', begin)
        if end < 0:
            self.fail(start, "a quote that is never closed", "a quote within a text is #quot;")
        self.at = end + (2 if markdown else 1)
        return self.label(self.text[begin:end], "markdown" if markdown else "string", begin)

    def label(self, text: str, form: Form, at: int) -> Label:
        if len(text) > 4 * MAX_CHARACTERS:  # every character of it may be an entity
            what = f"a label of {len(text):,} characters; the limit is {MAX_CHARACTERS:,}"
            raise LorafigError(Problem(what, self.lines.place(at)), "limit")
        return Label(text, form, self.lines.place(at))
