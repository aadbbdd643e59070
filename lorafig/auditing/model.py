"""What a document is held to: a spec, a saved adapter, a network, or what the document itself says."""

from __future__ import annotations

import os
import textwrap

from msgspec.structs import replace

from lorafig import language
from lorafig.auditing.documents.block import Document, Setting
from lorafig.errors import LorafigError, Place, Problem
from lorafig.inspection import inspect
from lorafig.inspection.base import network_of
from lorafig.inspection.found import Found
from lorafig.inspection.model import measured, model_of, targets_of
from lorafig.language.convert import convert
from lorafig.language.model import Figure, NamedNetwork
from lorafig.language.networks import by_name
from lorafig.language.nodes import Mapping, Node, Scalar, Sequence
from lorafig.language.reader import compose

_SPECS = (".yaml", ".yml")
_CONFIGS = ("config.json",)


def figure_of(said: str, base: str | None = None) -> Figure:
    """The figure whose symbols and sizes the claims of a document are about. `said` is a spec, the folder or
    file of a saved adapter, the name of a network, its `config.json` or its folder. Errors: LorafigError."""
    if said.endswith(_SPECS) or (said.endswith(".json") and os.path.basename(said) not in _CONFIGS):
        return language.load(said)
    is_adapter = said.endswith(".safetensors") or (
        os.path.isdir(said) and not os.path.lexists(os.path.join(said, "config.json"))
    )
    if is_adapter or (os.path.isdir(said) and os.path.lexists(os.path.join(said, "adapter_config.json"))):
        return _of_adapter(inspect(said, base))
    network = network_of(said)
    known = NamedNetwork(network.name)
    known.network = network
    sizes = {"d": network.sizes["d_model"]} if "d_model" in network.sizes else {}
    figure = _figure({"adapter": "lora", **sizes})
    return replace(figure, title=network.title, model=replace(figure.model, network=known))


def _of_adapter(found: Found) -> Figure:
    network = measured(found)
    if network is None:
        what = f"the base of {found.path} is not known, and so not what is a part of it"
        raise LorafigError(
            Problem(what, None, "give it with --base: a name, a config.json, or its folder", code="audit")
        )
    known = NamedNetwork(network.name)
    known.network = network
    figure = _figure(model_of(found))
    model = replace(figure.model, network=known, targets=targets_of(found))
    title = network.title if found.saved.base is None else f"{network.title}, {found.saved.base}"
    return replace(figure, title=title, model=model)


def _figure(model: dict[str, object]) -> Figure:
    return language.from_data(
        {"id": "document", "title": "Document", "model": model, "stack": [{"bar": "x"}]}
    )


def figure_said(setting: Setting, document: Document) -> Figure:
    """The figure of what a document says of its model: a mapping as that of a spec's `model`. Errors:
    LorafigError, at the place where it stands."""
    said = setting.text
    body = f" {said}" if said.startswith("{") else "\n" + textwrap.indent(textwrap.dedent(said), "  ")
    text = f"id: document\ntitle: Document\nstack: [{{bar: x}}]\nmodel:{body}\n"
    try:
        figure = convert(_drawn(compose(text, document.file)))
        assert isinstance(figure, Figure)
        return figure
    except LorafigError as error:
        place = document.place(setting.offset)
        raise LorafigError(tuple(_moved(problem, place) for problem in error.problems), error.kind) from None


def _drawn(spec: Node) -> Node:
    """The spec with d and k of the first target: a document draws none of them, so it need not choose."""
    model = spec.get("model") if isinstance(spec, Mapping) else None
    if not isinstance(spec, Mapping) or not isinstance(model, Mapping) or {"d", "k"} & set(model.entries):
        return spec
    name, listed = model.get("network"), model.get("targets")
    nodes = listed.items if isinstance(listed, Sequence) else (listed,)
    targets = [node.value for node in nodes if isinstance(node, Scalar) and isinstance(node.value, str)]
    if not isinstance(name, Scalar) or not isinstance(name.value, str) or name.value.endswith(".json"):
        return spec
    chosen = by_name(name.value).chosen(targets)
    if not chosen:
        return spec
    sizes = {"d": chosen[0].d, "k": chosen[0].k}
    added = {
        key: (
            Scalar(key, key, "", model.where, key),
            Scalar(size, str(size), "", model.where, f"model.{key}"),
        )
        for key, size in sizes.items()
    }
    whole = Mapping({**model.entries, **added}, model.where, model.path)
    return Mapping({**spec.entries, "model": (spec.entries["model"][0], whole)}, spec.where, spec.path)


def _moved(problem: Problem, place: Place) -> Problem:
    hint = problem.hint or "it is written as the model of a spec: lorafig: {adapter: lora, d: 4096, r: 8}"
    return Problem(f"lorafig: {problem.what}", place, hint, code="audit")
