"""Words of other tools for keys and values, and how this language says them."""

from __future__ import annotations

from lorafig.language import model

# For a class: keys of elsewhere, and what to write instead.
_STACK = {
    **dict.fromkeys(("box", "rect", "rectangle", "matrix", "block", "weight", "layer"), "square: W"),
    **dict.fromkeys(("vector", "input", "output", "node", "line"), "bar: x"),
    **dict.fromkeys(("add", "plus", "merge"), "sum: [Wx, BAx]"),
    **dict.fromkeys(("branch", "branches", "parallel", "fork"), "split: [{square: W}, [{trapezoid: A}]]"),
    **dict.fromkeys(("activation", "function", "fn"), "apply: ReLU"),
    **dict.fromkeys(("multiply", "times", "mul"), "scale: '\\frac{\\alpha}{r}'"),
    "adapter": "bottleneck: [A, B]",
    "residual": "split: [{square: W}, skip]",
}
_CLASS = "class: warm, and in the flow classes: {warm: {fill: '#FFE6C4'}}"
_COLOURS = ("color", "colour", "fill", "stroke", "style", "background", "ink")
_BADGE = "a badge is of a node in a flow; here the colour says whether it is trained"
_ELEMENT = {
    **dict.fromkeys(("label", "latex", "formula", "eq"), "math: what is written on it"),
    **dict.fromkeys(("note", "caption", "description", "title", "words"), "text: [words]"),
    **dict.fromkeys((*_COLOURS, "class", "role"), "colours follow the role of the symbol in the model"),
    "badge": _BADGE,
    "dim": "brace: d",
    "size": "brace: d",
    "id": "name: w",
}
KEYS: dict[type, dict[str, str]] = {
    model.Figure: {
        **dict.fromkeys(("panels", "panel", "columns", "figures"), "row: [{panel: Title, stack: […]}]"),
        **dict.fromkeys(("layers", "elements", "items", "children", "steps"), "stack: […]"),
        **dict.fromkeys(("nodes", "edges", "graph", "groups", "direction"), "flow: {nodes: …, edges: …}"),
        **dict.fromkeys(("equation", "equations", "formula", "formulas"), "row: [{equations: ['h = Wx']}]"),
        **dict.fromkeys(("height", "size", "scale", "columnwidth", "linewidth"), "width: 8.5cm"),
        **dict.fromkeys(("color", "colour", "colors", "colours", "palette", "style"), "theme: paper"),
        **dict.fromkeys(("description", "desc", "alt", "summary"), "about: {shows: words}"),
        **dict.fromkeys(("sliders", "slider", "interactive", "widgets"), "controls: {r: {min: 1, max: 64}}"),
        **dict.fromkeys(("adapter", "d", "k", "r", "rank", "alpha", "symbols", "let"), "model: {r: 8}"),
        "name": "id: my-figure",
        "version": "lorafig: 1",
    },
    model.Model: {
        **dict.fromkeys(("rank", "lora_r", "lora_rank"), "r: 8"),
        **dict.fromkeys(("dim", "dims", "hidden", "hidden_size", "d_model", "d_out", "out", "n"), "d: 4096"),
        **dict.fromkeys(("d_in", "in", "input", "k_in", "m"), "k: 4096"),
        **dict.fromkeys(("lora_alpha", "scaling", "scale"), "alpha: 16"),
        **dict.fromkeys(("base", "base_model", "name", "base_model_name_or_path"), "network: llama-3-8b"),
        **dict.fromkeys(("target_modules", "target", "modules"), "targets: [q_proj, v_proj]"),
        **dict.fromkeys(("method", "type", "peft_type", "kind"), "adapter: lora"),
        **dict.fromkeys(("define", "definitions", "equations", "where"), "let: ['g = Wx']"),
        **dict.fromkeys(("assume", "assumptions"), "given: ['g = 0']"),
        **dict.fromkeys(("layers", "n_layers", "L", "N", "heads", "dimensions"), "sizes: {L: 32}"),
        **dict.fromkeys(("matrices", "variables", "weights"), "symbols: {G: {shape: [d, d], role: trained}}"),
    },
    model.FlowNode: {
        **dict.fromkeys(("label", "title", "name", "content", "id"), "the key is the shape: box: [words]"),
        **dict.fromkeys(("shape", "type", "kind", "form"), "the key is the shape: box: [words], circle: +"),
        **dict.fromkeys((*_COLOURS, "like"), _CLASS),
        **dict.fromkeys(("words", "lines"), "text: [words]"),
        **dict.fromkeys(("icon", "emoji", "image"), "badge: frozen"),
        **dict.fromkeys(("rect", "rectangle", "square", "matrix"), "box: W"),
        **dict.fromkeys(("ellipse", "oval", "pill"), "stadium: [words]"),
        **dict.fromkeys(("function", "fn", "activation"), "apply: ReLU"),
        **dict.fromkeys(("edges", "to", "next"), "edges stand beside nodes: edges: ['x -> W']"),
    },
    model.Edge: {
        **dict.fromkeys(("from", "to", "source", "target", "src", "dst", "start", "end"), "edge: 'x -> W'"),
        **dict.fromkeys(("label", "title", "words"), "text: words, or math: x"),
        **dict.fromkeys(_COLOURS, _CLASS),
        **dict.fromkeys(("dotted", "line"), "dashed: true"),
        "type": "kind: gradient",
    },
    model.FlowGroup: {
        **dict.fromkeys(("nodes", "members", "children", "contains"), "of: [x, W]"),
        **dict.fromkeys(("label", "name", "text"), "title: words"),
        **dict.fromkeys(_COLOURS, _CLASS),
        **dict.fromkeys(("repeat", "index", "each"), "over: 'i = 1..N'"),
    },
    model.Look: {
        **dict.fromkeys(("color", "colour", "text", "font_color"), "ink: '#1F2933', or fill for the area"),
        **dict.fromkeys(("border", "line", "edge", "outline"), "stroke: '#7B8794'"),
        **dict.fromkeys(("background", "bg", "facecolor"), "fill: '#FFE6C4'"),
        **dict.fromkeys(("label", "legend"), "title: words"),
        "role": "like: frozen",
    },
    model.Symbol: {
        **dict.fromkeys(("dims", "dim", "size", "sizes"), "shape: [d, k]"),
        **dict.fromkeys(("init", "initial", "value"), "start: 0"),
        **dict.fromkeys(("frozen", "trained", "trainable", "requires_grad", "type"), "role: trained"),
    },
    model.Panel: {
        **dict.fromkeys(("title", "label", "caption"), "panel: Title"),
        **dict.fromkeys(("layers", "elements", "items"), "stack: […]"),
        **dict.fromkeys(("nodes", "edges"), "flow: {nodes: …, edges: …}"),
    },
    model.Theme: {
        **dict.fromkeys(("adapter", "trainable"), "trained: {fill: '#FFE6C4'}"),
        **dict.fromkeys(("base", "pretrained"), "frozen: {fill: '#C3DAF1'}"),
        **dict.fromkeys(("background", "bg", "page", "paper"), "ground: '#FFFFFF'"),
        **dict.fromkeys(("extends", "inherit", "parent", "palette", "theme"), "like: paper"),
        **dict.fromkeys(("ink", "foreground", "color", "colour"), "text: '#1F2933'"),
        **dict.fromkeys(("arrow", "arrows", "brace", "wires"), "wire: '#4B5563'"),
        **dict.fromkeys(("line_width", "linewidth", "stroke_width"), "line: 0.8"),
        **dict.fromkeys(("radius", "corners", "rounded"), "corner: 1.6"),
        **dict.fromkeys(("size", "fontsize", "text_size"), "font_size: 8.5"),
        **dict.fromkeys(("family", "font_family", "typeface"), "font: sans"),
        **dict.fromkeys(("spacing", "gap", "scale"), "unit: 4"),
        **dict.fromkeys(("colors", "colours", "roles"), "the key is the role: frozen: {fill: '#C3DAF1'}"),
    },
    model.Colours: {
        **dict.fromkeys(("stroke", "border", "edge", "outline"), "line: '#2B6CB0'"),
        **dict.fromkeys(("ink", "font", "label"), "text: '#1A4B80'"),
        **dict.fromkeys(("background", "bg", "area"), "fill: '#C3DAF1'"),
    },
    model.Activity: {
        **dict.fromkeys(("prompt", "question", "text", "task", "title", "q"), "ask: What is asked?"),
        **dict.fromkeys(("solution", "a", "result", "reply"), "answer: words"),
        **dict.fromkeys(("setting", "settings", "sliders", "when"), "at: {r: 8}"),
    },
    model.Controls: {
        **dict.fromkeys(("rank", "lora_r"), "r: {min: 1, max: 64}"),
        "method": "adapter: [lora, dora]",
    },
}  # fmt: skip

VALUES: dict[str, str] = {
    **dict.fromkeys(("lr", "horizontal", "left-to-right"), "right"),
    **dict.fromkeys(("tb", "td", "vertical", "top-down", "top-to-bottom", "bottom"), "down"),
    "rl": "left",
    "bt": "up",
    **dict.fromkeys(("fire", "flame", "hot", "train", "🔥", "trainable"), "trainable"),
    **dict.fromkeys(("snowflake", "ice", "snow", "cold", "freeze", "❄", "❄️"), "frozen"),
    **dict.fromkeys(("🔒", "padlock", "locked"), "lock"),
    **dict.fromkeys(("disk", "💾", "floppy"), "save"),
    **dict.fromkeys(("database", "dataset", "cylinder"), "data"),
}
OTHERS: dict[str, str] = {  # where the first is not one of the choices
    **dict.fromkeys(("bottom", "below", "south"), "below"),
    **dict.fromkeys(
        ("trainable", "train", "learned", "learnable", "tuned", "trainable parameters"), "trained"
    ),
    **dict.fromkeys(("fixed", "pretrained", "freeze"), "frozen"),
    **dict.fromkeys(("light", "default", "white"), "paper"),
    **dict.fromkeys(("grayscale", "gray", "bw", "monochrome"), "grey"),
    **dict.fromkeys(("colorblind", "colourblind"), "okabe-ito"),
    **dict.fromkeys(("backward", "grad", "backprop"), "gradient"),
    **dict.fromkeys(("residual", "shortcut"), "skip"),
    **dict.fromkeys(("full", "full-ft", "full-fine-tuning", "prefix", "prompt", "adapter", "custom"), "none"),
    **dict.fromkeys(("times", "times new roman", "latin modern", "computer modern", "roman"), "serif"),
    **dict.fromkeys(("helvetica", "helvetica neue", "arial", "inter", "roboto", "sans-serif"), "sans"),
    **dict.fromkeys(("bottom right", "bottom left", "under"), "below"),
}

# An entry of a mapping of names, as an example.
ENTRY: dict[type, str] = {
    model.FlowNode: "x: {box: x}",
    model.FlowGroup: "g: {of: [x, W]}",
    model.Look: "warm: {fill: '#FFE6C4'}",
    model.Symbol: "G: {shape: [d, d], role: trained}",
    model.Size: "N: 8",
    model.Function: "f: d -> k",
    model.SizeSlider: "N: {min: 1, max: 8}",
}


def key(cls: type, word: str) -> str | None:
    """What to write instead of a key that the class does not have."""
    for base in cls.__mro__:
        instead = KEYS.get(base, {}).get(word) or KEYS.get(base, {}).get(word.lower())
        if instead is not None:
            return instead
    return _ELEMENT.get(word) if issubclass(cls, model.Element) else None


def element(word: str) -> str | None:
    """The element of a stack that is called by another word elsewhere."""
    return _STACK.get(word.lower())


def choice(word: str, admitted: tuple[str, ...] | list[str]) -> str | None:
    """The one of the admitted words that is meant by another."""
    for table in (VALUES, OTHERS):
        meant = table.get(word.lower())
        if meant in admitted:
            return meant
    return None


def colour(text: str) -> str | None:
    """A colour by its name, or in CSS's `rgb(…)`, as this language writes it."""
    import re

    numbers = re.fullmatch(r"\s*rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+).*\)\s*", text)
    if numbers is not None and all(int(part) < 256 for part in numbers.groups()):
        return "#" + "".join(f"{int(part):02X}" for part in numbers.groups())
    if re.fullmatch(r"[0-9A-Fa-f]{6}", text):
        return "#" + text.upper()
    if re.fullmatch(r"#[0-9A-Fa-f]{8}", text):
        return text[:7]
    if not text.replace(" ", "").isalpha():
        return None
    from matplotlib.colors import CSS4_COLORS  # heavy, and for errors alone

    named = CSS4_COLORS.get(text.lower().replace(" ", ""))
    return None if named is None else str(named)
