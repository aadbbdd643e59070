"""What a caption says of the picture itself: its scale, where things stand, which end of a shape is wide,
what a line of a look means, and how the ways through it part and come together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lorafig.graph.lower import entries
from lorafig.graph.structure import Graph, branches_of
from lorafig.language import model
from lorafig.language.scope import panels
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.pattern import Pattern, any_case
from lorafig.themes.legend import DASHES
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.properties import told
from lorafig.verify.decide.spoken import weight
from lorafig.verify.figure.collector import Collector
from lorafig.verify.meaning.terms import Doubt

_Judge = Callable[[re.Match[str], model.Figure, Collector], Answer | None]
_NOT = any_case(r"\bnot\b|\bn[’']t\b|\bno\b|\bout of scale\b", "no|n’t|n't|out of scale")
_SIDE = r"(?P<side>top|bottom|left|right)"
_ENDS = {
    "up": ("bottom", "top"),
    "down": ("top", "bottom"),
    "right": ("left", "right"),
    "left": ("right", "left"),
}
_PLURAL = r"(?:results?|outputs?|branch(?:es)?|paths?|products?|terms?|summands?)"
_JOINED = {
    "added": r"added|summed(?: up)?|sum(?:med)? together|add up",
    "multiplied": r"multiplied|multiplied entry by entry|gated",
    "averaged": r"averaged",
    "concatenated": r"concatenated|stacked|joined end to end",
    "subtracted": r"subtracted",
}


def answer(sentence: str, figure: model.Figure, collector: Collector) -> Answer | None:
    """The verdict on a sentence about the picture; None for any other, and where nothing is known of it."""
    for pattern, judge in _SAYS:
        match = pattern.search(sentence)
        found = None if match is None else judge(match, figure, collector)
        if found is not None:
            return found
    return None


# Scale and places ---------------------------------------------------------------------------------


def _scale(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    linear = figure.proportion == "linear"
    denied = _NOT.search(match.string) is not None
    how = (
        "in proportion to its size" if linear else f"by `proportion: {figure.proportion}`, shorter than that"
    )
    return told(linear is not denied, f"a side is drawn {how}")


def _direction(figure: model.Figure) -> str:
    """The one way in which all that flows on a figure is drawn; '' if there is none, or nothing flows."""
    if not any(graph.edges for graph in _graphs(figure)):
        return ""
    ways = {
        "up" if panel.stack else "" if panel.flow is None else panel.flow.direction
        for panel in _panels(figure)
    }
    return ways.pop() if len(ways) == 1 else ""


def _panels(figure: model.Figure) -> list[model.Panel]:
    own = model.Panel(figure.stack, flow=figure.flow, product=figure.product)
    return [*panels(figure)] or [own]


def _reads(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    way = _direction(figure)
    if way not in _ENDS:
        return None
    first, last = (part.lower() for part in match.group("first", "last"))
    return told((first, last) == _ENDS[way], f"it is drawn from {' to '.join(_ENDS[way])}")


def _stands(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    way = _direction(figure)
    if way not in _ENDS:
        return None
    sides = dict(zip(("input", "output"), _ENDS[way], strict=True)) | dict(zip("xh", _ENDS[way], strict=True))
    said = [(part["end"], part["side"].lower()) for part in _STANDS.finditer(match.string)]
    wrong = any(sides[end if end in "xh" else end.lower()] != side for end, side in said)
    return told(not wrong, f"the input is at the {_ENDS[way][0]}, the output at the {_ENDS[way][1]}")


def _end(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    """`The wide end of A faces the input`."""
    symbols, name = collector.judge.symbols, match["of"]
    if not symbols.knows(name):
        return None
    kind = symbols.term(name).type
    try:
        rows, columns = (
            int(str(getattr(symbols.size(size), "value", 0))) for size in (kind.rows, kind.columns)
        )
    except (Doubt, ValueError):
        return None
    if rows == columns or kind.is_vector or kind.is_scalar:
        return None
    wide = match["how"].lower() in ("wide", "wider", "broad", "broader", "long", "longer", "large", "larger")
    at = "output" if (rows > columns) == wide else "input"
    facing = match["facing"].removeprefix("the ").lower()
    due = {"input": ("input", "x"), "output": ("output", "h")}[at]
    beside = [other for other in _beside(name, at, figure) if other]
    return told(
        facing in due or any(facing == other.lower() for other in beside),
        f"that end of {name} is where its {at} is",
    )


_BOTTLENECK = frozenset({"bottleneck", "waist", "rank", "hidden layer"})


def _wider(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    """`The bottleneck is narrower than the input.`"""
    values = [_width(match[end].lower(), collector) for end in ("one", "other")]
    one, other = values
    if one is None or other is None:
        return None
    more = match["how"].lower() in ("wider", "larger", "bigger", "longer", "broader", "higher")
    return told(one > other if more else one < other, f"they are {one:,} and {other:,}")


def _width(name: str, collector: Collector) -> int | None:
    size = "r" if name in _BOTTLENECK else "k" if name in ("input", "x") else "d"
    own = collector.judge.symbols.dimension(size)
    return None if own is None else collector.judge.symbols.dimensions.get(own)


def _beside(name: str, end: str, figure: model.Figure) -> Iterator[str]:
    """The symbols that stand next to one, where its input or its output is."""
    if end == "input":
        yield from _tails(name, figure) or ()
        return
    drawn = {
        _key(symbol) for graph in _graphs(figure) for node in graph.nodes.values() for symbol in node.symbols
    }
    yield from (other for other in drawn if name in (_tails(other, figure) or ()))


def _graphs(figure: model.Figure) -> list[Graph]:
    return [entry for entry in entries(figure) if isinstance(entry, Graph)]


# Lines ---------------------------------------------------------------------------------------------


def _line(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    """`Dashed arrows are gradients`, `The gradient flows along the solid lines`."""
    kinds = {
        (edge.look.kind, "dashed" if edge.look.dashed else DASHES.get(edge.look.kind, "solid"))
        for graph in _graphs(figure)
        for edge in graph.edges
        if edge.look is not None
    } | {("data", "solid") for graph in _graphs(figure) if graph.edges}
    said = match["kind"].lower()
    kind = next((kind for words, kind in _KINDS.items() if re.match(words, said)), "")
    drawn = {look for own, look in kinds if own == kind}
    if not drawn:
        return None
    look = match["look"].lower().replace("continuous", "solid").replace("broken", "dashed")
    return told(look in drawn, f"lines of {said} are {' and '.join(sorted(drawn))}")


_KINDS = {
    r"gradients?|backward|backprop": "gradient",
    r"activations?|data|forward": "data",
    r"updates?": "update",
    r"controls?": "control",
    r"memory|paging": "memory",
}


# Ways through it -----------------------------------------------------------------------------------


def _joined(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    how = next(name for name, words in _JOINED.items() if re.fullmatch(words, match["how"], re.IGNORECASE))
    if _joining(figure) is None:
        return None
    return told(how == "added", "they enter a circle with +")


def _alone(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    shown = _joining(figure)
    return None if shown is None else told(False, "both branches enter the sum")


def _meet(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    """Where two trapezoids follow one another, their ends there are as wide as the rank."""
    stacks = [panel.stack for panel in _panels(figure) if panel.stack]
    inner = [part for stack in stacks for part in stack]
    inner += [
        one
        for part in inner
        if isinstance(part, model.Split)
        for branch in branches_of(part)
        for one in branch
    ]
    waists = [part for part in inner if isinstance(part, model.Bottleneck)]
    d, r = (collector.judge.symbols.dimensions.get(name) for name in ("d", "r"))
    if not waists or d is None or r is None or d == r:
        return None
    narrow = match["how"].lower() in ("narrow", "thin", "short")
    return told(narrow is (r < d), f"they meet where {min(d, r) if r < d else r} numbers pass")


def _parallel(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    if _joining(figure) is None:
        return None
    return told(match["how"].lower() in ("side by side", "in parallel"), "both begin where the arrow forks")


def _fork(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    if _joining(figure) is None:
        return None
    return told(match["same"].lower() == "the same", "one arrow forks to both")


def _circle(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    if _joining(figure) is None:
        return None
    return told(match["how"].lower() in ("adds", "sums"), "it has a + in it")


def _joining(figure: model.Figure) -> model.Split | None:
    """The split whose branches are added; None if there is not one."""
    stacks = [panel.stack for panel in _panels(figure) if panel.stack]
    splits = [part for stack in stacks for part in stack if isinstance(part, model.Split)]
    sums = [part for stack in stacks for part in stack if isinstance(part, model.Sum)]
    return splits[0] if len(splits) == len(sums) == 1 and len(splits[0].split) > 1 else None


def _without(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    split = _joining(figure)
    if split is None or len(split.split) != 2:
        return None
    branch = split.split[0 if match["side"].lower() == "left" else 1]
    parts = branch if isinstance(branch, tuple) else (branch,)
    frozen = any(isinstance(part, model.Square) for part in parts)
    return told(
        not frozen,
        "the pretrained weight is on the other side"
        if not frozen
        else "that branch is the pretrained weight",
    )


_MANY = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


def _some(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    """`Of the three matrices, two are trained.`"""
    method = collector.judge.symbols.adapter
    shapes = {name: len(shape) for name, shape in method.symbols.items()}
    trained = [name for name in method.trainable if shapes.get(name) == 2]
    frozen = [name for name in method.frozen if shapes.get(name) == 2]
    whole = _MANY.get(match["all"].lower()) or int(match["all"])
    said = match["some"].lower()
    some = whole if said == "all" else _MANY.get(said) or int(said)
    mine = frozen if match["role"].lower() == "frozen" else trained
    right = (whole, some) == (len(trained) + len(frozen), len(mine))
    return told(right, f"{len(trained)} matrices are trained, and {len(frozen)} frozen")


def _same_input(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    first, second = match["one"], match["other"]
    tails = [_tails(name, figure) for name in (first, second)]
    if None in tails or tails[0] is None:
        return None
    return told(
        (tails[0] == tails[1]) is (match["same"].lower() == "the same"), "by the lines that lead to them"
    )


def _takes(match: re.Match[str], figure: model.Figure, collector: Collector) -> Answer | None:
    """`B takes what A gives`, `The adapter sees the output of the frozen layer`."""
    one, other = (_called(words, collector) for words in (match["one"], match["giver"] or match["other"]))
    tails = None if one is None else _tails(one, figure)
    if tails is None or other is None:
        return None
    if _tails(other, figure) is None:
        return told(False, f"{other} does not lead to it")
    what = (match["what"] or "output").lower()
    if what == "input":
        return told(tails == _tails(other, figure), "by the lines that lead to them")
    return told(other in tails, "by the lines that lead to it")


_CALLED = any_case(
    r"the (?:frozen|pretrained|base) (?:layer|weight|matrix|model)|the (?:adapter|update)", "the "
)


def _called(words: str, collector: Collector) -> str | None:
    """The symbol that is meant."""
    symbols = collector.judge.symbols
    if symbols.knows(words):
        return words
    if _CALLED.fullmatch(words) is None:
        return None
    if words.lower().endswith(("adapter", "update")):
        method = symbols.adapter
        return "A" if "A" in method.symbols else None
    try:
        return weight(symbols)
    except Doubt:
        return None


def _tails(name: str, figure: model.Figure) -> frozenset[str] | None:
    """What a symbol takes: the symbols, or else the nodes, that lead to it; None if it stands nowhere, or at
    several places."""
    found: list[frozenset[str]] = []
    for graph in _graphs(figure):
        for node in graph.nodes.values():
            for at, symbol in enumerate(node.symbols):
                if _key(symbol) != name:
                    continue
                if at > 0:
                    found.append(frozenset({_key(node.symbols[at - 1])}))
                else:
                    found.append(frozenset(_given(node.name, graph)))
    return found[0] if len(found) == 1 and found[0] else None


def _given(name: str, graph: Graph) -> Iterator[str]:
    for tail, head in graph.ways():
        if head == name:
            symbols = graph.nodes[tail].symbols
            yield _key(symbols[-1]) if symbols else tail


def _key(symbol: str) -> str:
    return key(parse_math(symbol)) or symbol


_SIDES = "top|bottom|left|right"
_STANDS = any_case(
    rf"\b(?:the\s+)?(?P<end>input|output|x|h)\s+(?:(?:is|stands|enters|leaves)\s+)?(?:at|on)\s+the\s+{_SIDE}\b",
    _SIDES,
)
_LOOKS = "dashed|dotted|solid|continuous|broken"
_SAYS: tuple[tuple[Pattern, _Judge], ...] = tuple(
    (any_case(pattern, signs), judge)
    for pattern, signs, judge in (
        (
            r"\b(?:to|out of|in) scale\b|\bin (?:true |the right )?proportion\b(?! to| with| of)",
            "scale|proportion",
            _scale,
        ),
        (
            r"^\s*(?:read|reads|it is read|(?:the )?data (?:flows|goes|runs)|the input"
            r" (?:flows|goes|runs)|x (?:flows|goes|runs))"
            r"\b.*\bfrom (?:the )?(?P<first>top|bottom|left|right) to (?:the"
            r" )?(?P<last>top|bottom|left|right)\b",
            "from ",
            _reads,
        ),
        (_STANDS.expression, _SIDES, _stands),
        (
            r"\bthe (?P<one>bottleneck|waist|rank|hidden layer|input|output) is (?:much |far |a lot )?"
            r"(?P<how>wider|narrower|smaller|larger|bigger|thinner|shorter|longer|broader|higher|lower)"
            r" than the (?P<other>bottleneck|waist|rank|hidden layer|input|output)\b",
            " than the ",
            _wider,
        ),
        (
            r"\bthe (?P<how>wide|narrow|broad|thin|long|short|large|small)(?:er)? (?:end|side|edge)"
            r" of (?P<of>[A-Z]\w*)"
            r" (?:faces|points (?:to|at)|is (?:at|towards|next to|beside)|touches|meets)"
            r" (?P<facing>the input|the output|[A-Za-z]\w*)\b",
            " end of | side of | edge of ",
            _end,
        ),
        (
            r"\b(?P<look>dashed|dotted|solid|continuous|broken) (?:arrows?|lines?|edges?)"
            r" (?:are|is|show|shows|mean|means|mark|marks|carry)"
            r" (?:the )?(?P<kind>gradients?|activations?|data|updates?|forward pass|backward"
            r" pass|control signals?)\b",
            _LOOKS,
            _line,
        ),
        (
            r"\bthe (?P<kind>gradients?|activations?|data|updates?|forward pass|backward pass)"
            r" (?:flows?|goes|go|runs?|travels?|is|are)"
            r" (?:drawn )?(?:along|on|by|over|in) the (?P<look>dashed|dotted|solid|continuous|broken)"
            r" (?:arrows?|lines?|edges?)\b",
            _LOOKS,
            _line,
        ),
        (
            r"\b(?:both|the two) (?:branches|paths) (?:get|take|read|see|receive|have)"
            r" (?P<same>the same|different|a different|other) inputs?\b",
            "branches|paths",
            _fork,
        ),
        (
            r"\bthe (?:circle|plus|\+) (?P<how>adds|sums|multiplies|averages|subtracts|concatenates)\b",
            "the circle|the plus|the +",
            _circle,
        ),
        (
            r"^\s*(?:the )?(?P<kind>gradients?|activations?|data|updates?|forward pass|backward pass)"
            r" (?:is|are) (?:drawn|shown) (?:as|by|with|in)"
            r" (?:a )?(?P<look>dashed|dotted|solid|continuous|broken) (?:arrows?|lines?|edges?)\b",
            _LOOKS,
            _line,
        ),
        (
            r"^\s*(?P<look>dashed|dotted|solid|continuous|broken) (?:arrows?|lines?|edges?):\s*(?:the )?"
            r"(?P<kind>gradients?|activations?|data|updates?|forward pass|backward pass|control"
            r" signals?)\b",
            _LOOKS,
            _line,
        ),
        (
            r"\bthe (?:two )?trapezoids (?:meet|touch|join) (?:at|with) (?:the|their)"
            r" (?P<how>narrow|thin|short|wide|broad|long)(?:er)? (?:ends?|sides?)\b",
            "trapezoids",
            _meet,
        ),
        (
            r"\b(?:the )?(?:two|both) (?:branches|paths) (?:run|are|go|stand|work) (?P<how>side by"
            r" side|in parallel|one after (?:the other|another)|in series|in sequence)\b",
            "side by side|in parallel|one after|in series|in sequence",
            _parallel,
        ),
        (
            rf"\b(?:the|both|two|their)\b[\w\s]*?\b{_PLURAL}(?: of (?:the |both |the two )?{_PLURAL})? are"
            rf" (?:then )?(?P<how>{'|'.join(_JOINED.values())})\b",
            "added|sum|add up|multiplied|gated|averaged|concatenated|stacked|joined|subtracted",
            _joined,
        ),
        (
            r"\b(?P<one>[A-Z]\w*) and (?P<other>[A-Z]\w*) (?:read|take|get|see|receive|have)"
            r" (?P<same>the same|a different|different|another) inputs?\b",
            "same input|different input|another input",
            _same_input,
        ),
        (
            r"\b(?P<one>[A-Z]\w*|the adapter|the update) (?:takes|gets|receives|sees|reads)"
            r" (?:what (?P<giver>[A-Z]\w*) gives|the (?P<what>input|output) of (?P<other>the \w+"
            r" \w+|(?!the\b)[A-Z]\w*))",
            "what |put of ",
            _takes,
        ),
        (
            r"^\s*h (?:is computed|is made|comes|is) from (?P<what>the adapter|the base|the frozen"
            r" weight|the pretrained weight|W|A and B)"
            r" (?:alone|only)\s*\.?\s*$",
            "h is|h comes",
            _alone,
        ),
        (
            r"^\s*without the (?P<side>left|right) (?:branch|path),? (?:this|it) (?:is|would be) the"
            r" (?:pretrained|original|base) (?:layer|model)\b",
            "without the ",
            _without,
        ),
        (
            r"^\s*of the (?P<all>two|three|four|five|[2-9]) matrices,? (?:only"
            r" )?(?P<some>one|two|three|[1-9]) (?:is|are)"
            r" (?P<role>trained|frozen|learned|trainable)\b",
            "matrices",
            _some,
        ),
        (
            r"^\s*(?:only )?(?P<some>one|two|three|all|[1-9]) of the"
            r" (?P<all>two|three|four|five|[2-9]) matrices (?:is|are)"
            r" (?P<role>trained|frozen|learned|trainable)\b",
            "matrices",
            _some,
        ),
    )
)
