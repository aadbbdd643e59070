"""LaTeX: the body of a document, its formulas with the macros that it defines, its text without commands.

Nothing is run. What `\\input` names is told, and read where the document is opened so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from lorafig.auditing.documents.block import Builder, Document, Include, Item, Setting
from lorafig.auditing.documents.inline import URL

MAX_MACROS = 2000
MAX_FORMULA = 4_000  # characters between dollars
MAX_EXPANDED = 20_000  # characters of a formula with its macros written out
MAX_ROUNDS = 8  # macros within macros
_FORMULAS = r"equation|align|gather|multline|displaymath|eqnarray|math|flalign|alignat"
_CODE = (
    r"verbatim|Verbatim|lstlisting|minted|tikzpicture|pgfpicture|algorithm|algorithmic|thebibliography|comment"
    r"|filecontents"
)
_DROPPED = frozenset((
    "cite", "citep", "citet", "citealp", "citeauthor", "citeyear", "ref", "eqref", "autoref", "cref",
    "Cref", "label", "pageref", "url", "includegraphics", "bibliography", "bibliographystyle", "vspace",
    "hspace", "input", "include", "usepackage", "documentclass", "pagestyle",
    "setlength", "newcommand", "renewcommand", "providecommand", "DeclareMathOperator", "definecolor",
    "providecolor", "colorlet",
    "graphicspath", "addbibresource", "lstinputlisting", "inputminted", "lstinline", "thispagestyle",
    "setcounter", "addtocounter", "bibitem", "hypersetup", "color",
))  # fmt: skip
_HEADINGS = {"part": 1, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "title": 1,
             "frametitle": 2}  # fmt: skip
_SIGNS = {
    "%": "%", "&": "&", "#": "#", "_": "_", "{": "{", "}": "}", "$": "$", ",": " ", ";": " ", " ": " ",
    ":": " ", "textbackslash": "", "ldots": "…", "dots": "…", "textasciitilde": "~", "LaTeX": "LaTeX",
    "TeX": "TeX", "textendash": "–", "textemdash": "—", "times": "×", "texttimes": "×", "S": "§",
    "quad": " ", "qquad": " ", "-": "", "/": "", "@": "", "!": "",
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<comment>%[^\n]*\n?[ \t]*)"
    rf"|\\begin\{{(?P<code>{_CODE})\*?\}}"
    rf"|\\begin\{{(?P<formula>(?:{_FORMULAS})\*?)\}}"
    r"|(?P<display>\$\$|\\\[)|(?P<inline>\$|\\\()"
    r"|\\verb\*?(?P<mark>[^A-Za-z\s*]).*?(?P=mark)"
    r"|\\(?P<command>[A-Za-z]+\*?|.)"
    r"|(?P<blank>\n[ \t]*\n\s*)"
    r"|(?P<tie>~)|(?P<dash>-{2,3})|(?P<quote>``|'')|(?P<brace>[{}])|(?P<cell>&)",
    re.DOTALL,
)
_MACRO = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*\{?\s*\\(?P<name>[A-Za-z]+)\s*\}?"
    r"\s*(?:\[(?P<count>[0-9])\])?(?P<optional>\s*\[[^\]]*\])?\s*(?=\{)"
    r"|\\def\s*\\(?P<plain>[A-Za-z]+)(?P<marks>(?:#[0-9])*)\s*(?=\{)"
    r"|\\DeclareMathOperator\*?\s*\{?\s*\\(?P<operator>[A-Za-z]+)\s*\}?\s*(?=\{)"
)
_SINGLE = re.compile(r"[A-Za-z]|\\[A-Za-z]+\{[^{}]*\}")
_INPUT = re.compile(r"\\(?:input|include|subfile)\s*\{([^{}\n]{1,500})\}")
_FRAME = re.compile(r"\{frame\}(?:<[^<>]*>)?(?:\[[^\]]*\])?(?=\{)")
_SETTING = re.compile(r"%+\s*lorafig:\s*(?P<said>.*)")


class _Macro(Struct, frozen=True):
    body: str
    count: int


def read(document: Document) -> Iterator[Item]:
    text = document.text
    begin = text.find(r"\begin{document}")
    first = 0 if begin < 0 else begin + len(r"\begin{document}")
    macros: dict[str, _Macro] = {
        name: macro for name, macro in document.macros.items() if isinstance(macro, _Macro)
    }
    if document.opened is not None and begin >= 0:
        for match in _INPUT.finditer(text, 0, begin):
            macros |= _macros(document.opened(_ended(match[1])).text)
    macros |= _macros(text)
    document.macros = dict(macros)
    for line in re.finditer(r"^[ \t]*(%+\s*lorafig:[^\n]*)", text[:first], re.MULTILINE):
        yield from _setting(line[1], line.start(1))
    last = text.find(r"\end{document}", first)
    yield from _Reader(text, macros, len(text) if last < 0 else last).read(first)


def _ended(name: str) -> str:
    """The name of a file that LaTeX may leave the ending out of."""
    plain = name.strip()
    return plain if plain.endswith((".tex", ".ltx", ".latex")) else f"{plain}.tex"


def _setting(comment: str, at: int) -> Iterator[Setting]:
    said = _SETTING.match(comment)
    if said is not None:
        yield Setting(said["said"].strip(), at + said.start("said"))


class _Reader:
    def __init__(self, text: str, macros: dict[str, _Macro], end: int) -> None:
        self.text, self.macros, self.end = text, macros, end
        self.built = Builder()

    def read(self, at: int) -> Iterator[Item]:
        text, built = self.text, self.built
        headings: list[tuple[int, int]] = []  # the brace that ends one, and its level
        depth = 0
        while at < self.end:
            token = _TOKEN.search(text, at, self.end)
            start = self.end if token is None else token.start()
            self._words(at, start)
            if token is None:
                break
            at = token.end()
            if token["comment"] is not None:
                yield from _setting(token[0].rstrip("\n \t"), token.start())
            elif token["code"] is not None:
                yield from built.take()
                at = self._past(rf"\end{{{token['code']}", at)
            elif token["formula"] is not None:
                yield from built.take()
                stop = self._find(rf"\end{{{token['formula']}}}", at)
                yield from self._formula(at, stop)
                at = self._past("}", stop)
            elif token["display"] is not None:
                closing = "$$" if token[0] == "$$" else r"\]"
                yield from built.take()
                stop = self._find(closing, at)
                yield from self._formula(at, stop)
                at = stop + 2
            elif token["inline"] is not None:
                at = self._inline(token[0], at)
            elif token["blank"] is not None:
                yield from built.take()
            elif token["brace"] is not None:
                depth += 1 if token[0] == "{" else -1
                if headings and depth == headings[-1][0]:
                    yield from built.take(headings.pop()[1])
            elif token["command"] is not None:
                name = token["command"].removesuffix("*")
                if name in _HEADINGS:
                    yield from built.take()
                    headings.append((depth, _HEADINGS[name]))
                elif name in ("item", "\\", "par", "caption", "footnote", "paragraph", "hline", "toprule"):
                    yield from built.take()
                elif name in _SIGNS:
                    built.sign(_SIGNS[name], token.start())
                elif name in ("input", "include", "subfile") and (file := _INPUT.match(text, token.start())):
                    yield from built.take()
                    yield Include(_ended(file[1]), token.start())
                    at = file.end()
                elif name in ("begin", "end"):
                    yield from built.take()
                    frame = _FRAME.match(text, at) if name == "begin" else None
                    if frame is not None:
                        headings.append((depth, 2))
                    at = self._arguments(at) if frame is None else frame.end()
                elif name in _DROPPED:
                    at = self._arguments(at)
                elif name in self.macros and not self.macros[name].count:
                    self._macro(self.macros[name].body, token.start())
                    at = self._blank(at)
                else:
                    at = self._blank(at)
            elif token["mark"] is not None:
                built.sign(" … ", token.start())
            elif token["cell"] is not None:
                yield from built.take()
            elif token["quote"] is None:
                built.sign(" " if token["tie"] else "–", token.start())
        yield from built.take()

    def _words(self, first: int, last: int) -> None:
        at = first
        for url in URL.finditer(self.text, first, last):
            self.built.word(self.text[at : url.start()], at)
            at = url.end()
        self.built.word(self.text[at:last], at)

    def _macro(self, body: str, at: int) -> None:
        """A macro without arguments among the words: mathematics, or words."""
        plain = body.strip()
        if plain.startswith("$") and plain.endswith("$") and len(plain) > 2:
            inner, places = self._expanded(plain.strip("$"), [at] * len(plain.strip("$")))
            self.built.math(inner, places)
        elif re.fullmatch(r"\\ensuremath\{.*\}", plain):
            inner, places = self._expanded(plain[12:-1], [at] * len(plain[12:-1]))
            self.built.math(inner, places)
        elif "\\" not in plain:
            self.built.sign(plain.replace("{", "").replace("}", ""), at)

    def _blank(self, at: int) -> int:
        return at + 1 if self.text[at : at + 1] == " " else at

    def _find(self, closing: str, at: int) -> int:
        found = self.text.find(closing, at, self.end)
        return self.end if found < 0 else found

    def _past(self, closing: str, at: int) -> int:
        found = self._find(closing, at)
        end = self.text.find("}", found)
        return self.end if end < 0 else end + 1

    def _inline(self, opened: str, at: int) -> int:
        closing = re.compile(r"(?<!\\)\$" if opened == "$" else r"\\\)")
        found = closing.search(self.text, at, min(self.end, at + MAX_FORMULA))
        if found is None or re.search(r"\n[ \t]*\n", self.text[at : found.start()]) is not None:
            return at  # a sign that is never closed
        inner, places = self._expanded(self.text[at : found.start()], range(at, found.start()))
        self.built.math(inner, places)
        return found.end()

    def _formula(self, first: int, last: int) -> Iterator[Item]:
        """A displayed formula, each of its lines by itself."""
        body = re.sub(
            r"\\(?:begin|end)\{[A-Za-z]+\*?\}(?:\{[^{}]*\})?|\\label\{[^{}]*\}|\\tag\*?\{[^{}]*\}|\\(?:nonumber|notag)\b"
            r"|(?<!\\)%[^\n]*|\\text\{[ \t]*\}",
            lambda match: " " * len(match[0]),
            self.text[first:last],
        )
        at = 0
        for line in re.split(r"(\\\\\*?(?:\[[^\]\n]*\])?)", body):
            if not line.startswith("\\\\"):
                shown = line.replace("&", " ").replace("\n", " ").rstrip().rstrip(".,;")
                inner, places = self._expanded(shown, range(first + at, first + at + len(shown)))
                self.built.math(inner, places)
                yield from self.built.take()
            at += len(line)

    def _expanded(self, text: str, places: range | list[int]) -> tuple[str, list[int]]:
        """A formula with the document's own macros written out, as far as the limits go."""
        own = list(places)
        for _ in range(MAX_ROUNDS):
            chars, kept, at, changed = [], [], 0, False
            for match in re.finditer(r"\\([A-Za-z]+)", text):
                macro = self.macros.get(match[1])
                if macro is None or match.start() < at:
                    continue
                body, end = _applied(macro, text, match.end())
                if body is None:
                    continue
                place = own[match.start()]
                chars += [text[at : match.start()], body]
                kept += [*own[at : match.start()], *([place] * len(body))]
                at, changed = end, True
            if not changed:
                break
            text, own = "".join([*chars, text[at:]]), [*kept, *own[at:]]
            if len(text) > MAX_EXPANDED:
                return "", []
        return text, own

    def _arguments(self, at: int) -> int:
        """Past the arguments of a command."""
        while at < self.end:
            if self.text[at] == "[":
                at = self._find("]", at) + 1
            elif self.text[at] == "{":
                end = _group(self.text, at, self.end)
                if end is None:
                    return at
                at = end
            else:
                return at
        return at


def _applied(macro: _Macro, text: str, at: int) -> tuple[str | None, int]:
    """The body with the arguments that stand behind the command, and where these end."""
    arguments, start = [], text.rfind("\\", 0, at)
    for _ in range(macro.count):
        while text[at : at + 1] == " ":
            at += 1
        end = _group(text, at, len(text)) if text[at : at + 1] == "{" else at + 1
        if end is None or at >= len(text):
            return None, at
        arguments.append(text[at + 1 : end - 1] if text[at] == "{" else text[at])
        at = end
    body = macro.body
    for number, argument in enumerate(arguments, 1):
        body = body.replace(f"#{number}", argument)
    if len(body) > MAX_EXPANDED:
        return None, at
    single = _SINGLE.fullmatch(body) is not None and not text[:start].endswith(("^", "_"))
    return body if arguments or single else f"{{{body}}}", at


def _group(text: str, at: int, end: int) -> int | None:
    """Where the group that begins at a brace ends."""
    depth = 0
    for place in range(at, min(end, at + MAX_EXPANDED)):
        if text[place] == "\\":
            continue
        if text[place] == "{" and text[place - 1 : place] != "\\":
            depth += 1
        elif text[place] == "}" and text[place - 1 : place] != "\\":
            depth -= 1
            if depth == 0:
                return place + 1
    return None


def _macros(text: str) -> dict[str, _Macro]:
    found: dict[str, _Macro] = {}
    for match in _MACRO.finditer(text):
        end = _group(text, match.end(), len(text))
        if end is None or match["optional"] is not None or len(found) >= MAX_MACROS:
            continue
        body = text[match.end() + 1 : end - 1].strip()
        if match["operator"] is not None:
            found[match["operator"]] = _Macro(f"\\mathrm{{{body}}}", 0)
        else:
            count = int(match["count"] or 0) if match["name"] else len(match["marks"]) // 2
            found[match["name"] or match["plain"]] = _Macro(body, count)
    return found
