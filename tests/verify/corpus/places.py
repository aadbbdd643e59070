"""Where a text stands: the figure around it, and what lorafig says of it there."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import lorafig
from lorafig import LorafigError
from lorafig.embed import inline
from lorafig.embed.request import Request
from lorafig.embed.source import Source
from lorafig.verify import decide_claim, verify
from lorafig.verify.verdicts import SEVERITY
from tests.verify.corpus import Case

MERGED = r"W_{\mathrm{merged}}"
REFUSED = "refused"  # as a spec: what it has is not known to the language, or it cannot be read
SAID = {"does not hold": "fails", "is ill-typed": "ill-typed", "cannot be decided": "undetermined"}
SIZES = ("d", "k", "r", "alpha")


def outcome(case: Case) -> tuple[str, str]:
    """The verdict on the text with what was said: 'prose' where nothing of it was taken for a claim."""
    try:
        if case.at.startswith("fence"):
            return _embedded(case)
        claims = [_alone(case)] if case.at == "claim" else _new(case)
    except LorafigError as error:
        return REFUSED, str(error).splitlines()[0]
    claims = [claim for claim in claims if claim.verdict != "prose"]
    if not claims:
        return "prose", ""
    worst = max(claims, key=lambda claim: SEVERITY[claim.verdict])
    return worst.verdict, f"{worst.text}: {worst.detail}"


def _alone(case: Case) -> Any:
    sizes = dict(case.sizes)
    alpha = sizes.pop("alpha", None)
    network, _, targets = (case.network or "").partition(" targets=")
    options: dict[str, Any] = {"network": network, "targets": tuple(filter(None, targets.split(",")))}
    options = options if network else {}
    if case.shapes:
        rows = (row.partition(":") for row in case.shapes.split(";"))
        options["shapes"] = {name.strip(): tuple(map(str.strip, shape.split(","))) for name, _, shape in rows}
    if alpha is not None:
        options["scalars"] = {"alpha": Fraction(alpha)}
    try:
        return decide_claim(case.text, dims=sizes, lets=case.lets, adapter=case.adapter, **options)
    except TypeError as error:
        if not case.network or "network" not in str(error):
            raise
        raise LorafigError(lorafig.Problem("networks are not known", None, None)) from None


def _embedded(case: Case) -> tuple[str, str]:
    """What a page says that has the text beside the figure. Nothing is said of what passes."""
    data = json.dumps(spec(case, None)).encode()
    try:
        inline.figure(Request(**{case.at.removeprefix("fence "): case.text}), Source(data, "case.yaml"), "p")
    except LorafigError as error:
        said = str(error).splitlines()[0]
        return next((verdict for words, verdict in SAID.items() if words in said), REFUSED), said
    return "holds", ""


def _new(case: Case) -> list[Any]:
    """The claims that the text adds to its figure, and those that it turns."""
    bare = _checked(case, None)
    full = _checked(case, case.text)
    before = [_key(claim) for claim in bare]
    added = []
    for claim in full:
        if _key(claim) in before:
            before.remove(_key(claim))
        else:
            added.append(claim)
    return added


def _key(claim: Any) -> tuple[str, str, str]:
    return str(claim.text), str(claim.kind), claim.verdict


_bare: dict[tuple[Any, ...], list[Any]] = {}


def _checked(case: Case, text: str | None) -> list[Any]:
    key = (case.adapter, case.sizes, case.lets, case.network, case.at)
    if text is None and key in _bare:
        return _bare[key]
    made = lorafig.from_data(spec(case, text))
    claims = list(verify(made.spec, floating=False).claims)
    if text is None:
        _bare[key] = claims
    return claims


def spec(case: Case, text: str | None) -> dict[str, Any]:
    """The figure of the case, with another text or with none."""
    sizes = {name: size for name, size in case.sizes if name in SIZES}
    model: dict[str, Any] = {"adapter": case.adapter, **sizes, "let": list(case.lets)}
    if extra := {name: size for name, size in case.sizes if name not in SIZES}:
        model["sizes"] = extra
    if case.network:
        name, _, targets = case.network.partition(" targets=")
        model["network"] = name
        if targets:
            model["targets"] = targets.split(",")
    figure: dict[str, Any] = {"id": "case", "title": "Case", "model": model}
    place, _, on = case.at.partition(" ")
    return _PLACES[place](figure, on, text)


def _flow(figure: dict[str, Any], nodes: dict[str, Any], edges: list[Any], **more: Any) -> dict[str, Any]:
    return figure | {"flow": {"nodes": nodes, "edges": edges, **more}}


def _caption(figure: dict[str, Any], on: str, text: str | None) -> dict[str, Any]:
    given = {} if text is None else {on or "caption": text}
    return _flow(figure, {"x": {"bar": "x"}}, []) | given


def _equation(figure: dict[str, Any], on: str, text: str | None) -> dict[str, Any]:
    return figure | {"row": [{"equations": ["h", *([] if text is None else [text])]}]}


def _on(key: str) -> Any:
    def place(figure: dict[str, Any], on: str, text: str | None) -> dict[str, Any]:
        node: dict[str, Any] = {"bar" if on in ("x", "h") else "box": on}
        if text is not None:
            node |= {key: text}
        nodes: dict[str, Any] = {"x": {"bar": "x"}, "it": node}
        if on == "B":
            nodes = {"x": {"bar": "x"}, "A": {"box": "A"}, "it": node}
        return _flow(figure, nodes, [] if on == "x" else [" -> ".join(nodes)])

    return place


def _words(figure: dict[str, Any], on: str, text: str | None) -> dict[str, Any]:
    """A node of words with a badge."""
    node: dict[str, Any] = {"rounded": [text or "Model"]} | ({"badge": on} if on else {})
    return _flow(figure, {"it": node}, [])


def _like(figure: dict[str, Any], on: str, text: str | None) -> dict[str, Any]:
    node = {"rounded": [text or "Model"], "class": "kind"}
    return _flow(figure, {"it": node}, [], classes={"kind": {"like": on}})


def _edge(figure: dict[str, Any], on: str, text: str | None) -> dict[str, Any]:
    edge = {"edge": f"{on.partition('>')[0]} -> {on.partition('>')[2]}"}
    if text is not None:
        edge["text"] = text
    nodes = {name: {"bar" if name in ("x", "h") else "box": name} for name in on.split(">")}
    return _flow(figure, nodes, [edge])


def _group(figure: dict[str, Any], on: str, text: str | None) -> dict[str, Any]:
    names = on.split(",")
    nodes = {"x": {"bar": "x"}} | {
        f"n{number}": {"box": name} for number, name in enumerate(names) if name != "x"
    }
    inside = [name for name in nodes if name != "x"]
    group: dict[str, Any] = {"of": inside} | ({} if text is None else {"title": text})
    return _flow(figure, nodes, ["x -> " + " -> ".join(inside)], groups={"g": group})


def _brace(figure: dict[str, Any], on: str, text: str | None) -> dict[str, Any]:
    element: dict[str, Any] = {"bar" if on in ("x", "h") else "square": on}
    if text is not None:
        element["brace"] = text
    return figure | {"stack": [{"bar": "x"}, element] if on not in ("x", "h") else [element]}


def _panel(figure: dict[str, Any], on: str, text: str | None) -> dict[str, Any]:
    factors = {"bottleneck": ["A", "B"]}
    middle: list[Any] = [{"split": [{"square": "W"}, factors]}, {"sum": ["Wx", "BAx"]}]
    if on == "merged":
        figure["model"]["let"] = [MERGED + " = W + BA"]
        middle = [{"square": MERGED}]
    if on == "base":
        middle = [{"square": "W"}]
    panel: dict[str, Any] = {"stack": [{"bar": "x"}, *middle, {"bar": "Wx" if on == "base" else "h"}]}
    return figure | {"row": [panel | ({} if text is None else {"panel": text})]}


STEPS = {
    "load": "Load the model",
    "freeze": "Freeze its weights",
    "inject": "Add adapters",
    "train": "Train them",
    "save": "Save them",
    "load_adapter": "Load them",
    "merge": "Merge them",
}


def _does(figure: dict[str, Any], on: str, text: str | None) -> dict[str, Any]:
    steps = {
        step: {"rounded": [words], "does": {"inject": ["q", "v"]} if step == "inject" else step}
        for step, words in STEPS.items()
    }
    if text is not None:
        steps[on]["rounded"] = [text]
    names = [step.replace("_", "-") for step in steps]
    return _flow(figure, dict(zip(names, steps.values(), strict=True)), [" -> ".join(names)])


def _card(figure: dict[str, Any], on: str, text: str | None) -> dict[str, Any]:
    rows = ["LoRA", *([] if text is None else [text])]
    return _flow(figure, {"x": {"bar": "x"}}, []) | {"card": {"rows": rows}}


def _answer(figure: dict[str, Any], on: str, text: str | None) -> dict[str, Any]:
    question = {"ask": on or "What do you see?"} | ({} if text is None else {"answer": text})
    return _flow(figure, {"x": {"bar": "x"}}, []) | {"lesson": {"questions": [question]}}


_PLACES: dict[str, Any] = {
    "caption": _caption,
    "top": _caption,  # `top title`
    "equation": _equation,
    "note": _on("note"),
    "label": _on("math"),
    "text": _on("text"),
    "badge": _on("badge"),
    "words": _words,
    "like": _like,
    "fence": lambda figure, on, text: _panel(figure, "training", None),
    "edge": _edge,
    "group": _group,
    "brace": _brace,
    "panel": _panel,
    "does": _does,
    "card": _card,
    "answer": _answer,
}
