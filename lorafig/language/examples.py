"""An example of each class of the language, for the reference: the body of a spec. Each is drawn there, and holds."""

from __future__ import annotations

from lorafig.language import model

HEAD = "id: {}\ntitle: An example\n"
MODEL = "model: {d: 256, r: 4}\n"
_LORA = "{square: W}, {bottleneck: [A, B], brace: r}"

EXAMPLES: dict[type, str] = {
    model.Bar: "stack:\n  - bar: x\n    brace: d\n",
    model.Square: "stack:\n  - bar: x\n  - square: W\n    math: 'W \\in \\mathbb{R}^{d \\times d}'\n  - bar: Wx\n",
    model.Trapezoid: "stack:\n  - bar: x\n  - trapezoid: A\n  - trapezoid: B\n  - bar: BAx\n",
    model.Bottleneck: (
        "stack:\n  - bar: x\n  - bottleneck: [A, B]\n    math: ['A = \\mathcal{N}(0, \\sigma^2)', 'B = 0']\n"
        "    brace: r\n  - bar: BAx\n"
    ),
    model.Split: f"stack:\n  - bar: x\n  - split: [{_LORA}]\n  - sum: [Wx, BAx]\n  - bar: h\n",
    model.Sum: f"stack:\n  - bar: x\n  - split: [{_LORA}]\n  - sum: [Wx, BAx]\n  - bar: h\n",
    model.Scale: (
        "model: {d: 256, r: 4, alpha: 8}\nstack:\n  - bar: x\n  - split:\n      - square: W\n      - - bottleneck: [A, B]\n"
        "        - scale: '\\frac{\\alpha}{r}'\n  - sum: arrows\n  - bar: h\n"
    ),
    model.Skip: (
        "model: {adapter: none, d: 256, symbols: {x: {shape: [d], role: input},"
        " W: {shape: [d, d], role: trained}}, let: ['h = Wx + x']}\n"
        "stack:\n  - bar: x\n  - split: [{square: W}, skip]\n  - sum: [Wx, x]\n  - bar: h\n"
    ),
    model.Gate: (
        "model: {d: 256, r: 4, symbols: {g: {shape: [d], role: trained}}}\n"
        "stack:\n  - bar: x\n  - square: W\n  - gate: g\n"
    ),
    model.Repeat: (
        "model:\n  adapter: none\n  d: 256\n  r: 4\n  sizes: {N: 4}\n  symbols:\n    x: {shape: [d], role: input}\n"
        "    A_i: {shape: [r, d], role: trained, over: 'i = 1..N'}\n"
        "    B_i: {shape: [d, r], role: trained, over: 'i = 1..N'}\n"
        "  let: ['h = \\sum_{i=1}^{N} B_i A_i x']\n"
        "stack:\n  - bar: x\n  - split:\n      - repeat: [{bottleneck: [A_i, B_i]}]\n        over: 'i = 1..N'\n"
        "  - sum: arrows\n  - bar: h\n"
    ),
    model.Apply: "stack:\n  - bar: x\n  - trapezoid: A\n  - apply: ReLU\n  - trapezoid: B\n",
    model.Arrow: "stack:\n  - bar: x\n  - arrow\n  - square: W\n  - arrow: Wx\n  - bar: Wx\n",
    model.Matrix: "product:\n  - matrix: W\n  - '+'\n  - matrix: B\n    brace: {label: r, side: under}\n  - matrix: A\n",
    model.Flow: (
        "flow:\n  direction: right\n  nodes:\n    x: {rounded: x}\n    W: {box: W, badge: frozen}\n"
        "    low: {bottleneck: [A, B], badge: trainable}\n    sum: {circle: '+'}\n    h: {rounded: h}\n"
        "  edges: ['x -> W -> sum', 'x -> low -> sum', 'sum -> h']\n"
    ),
    model.Edge: (
        "flow:\n  direction: right\n  nodes: {a: {rounded: [Forward]}, b: {rounded: [Backward]}}\n"
        "  edges:\n    - {edge: 'a -> b', text: loss}\n    - {edge: 'b -> a', kind: gradient}\n"
    ),
    model.FlowGroup: (
        "flow:\n  direction: right\n  nodes: {x: {rounded: x}, A: {box: A}, B: {box: B}, h: {rounded: BAx}}\n"
        "  edges: ['x -> A -> B -> h']\n  groups: {update: {of: [A, B], title: Update}}\n"
    ),
    model.Look: (
        "flow:\n  direction: right\n  nodes: {x: {rounded: [Data], class: warm}, y: {rounded: [Model]}}\n"
        "  edges: ['x -> y']\n  classes: {warm: {fill: '#FFE6C4', stroke: '#B85F0A', ink: '#7A3D00'}}\n"
    ),
    model.Card: (
        f"stack: [{{bar: x}}, {{split: [{_LORA}]}}, {{sum: [Wx, BAx]}}, {{bar: h}}]\n"
        "card:\n  title: Parameters\n  rows: ['W: $\\num{d^2}$', 'A + B: $\\num{2dr}$']\n"
    ),
    model.Legend: f"stack: [{{bar: x}}, {{split: [{_LORA}]}}, {{sum: [Wx, BAx]}}, {{bar: h}}]\nlegend: below\n",
    model.Equations: "row:\n  - panel: LoRA\n    stack: [{bar: x}, {split: [{square: W}, {bottleneck: [A, B]}]}, {sum: [Wx, BAx]}, {bar: h}]\n"
    "  - equations: ['h = Wx + BAx']\n",
    model.Vector: "product: [{matrix: B}, {matrix: A}, {vector: x}]\n",
    model.Cells: (
        "model: {d: 32, r: 4}\nproduct:\n  - matrix: A\n    cells: {rows: 1, columns: 8, of: [r, r]}\n"
    ),
    model.Marks: (
        "model: {d: 32, r: 8}\nproduct:\n  - matrix: A\n    cells: {rows: 8, columns: 1, of: ['1', d]}\n"
        "    crossed: {rows: [3, 6]}\n    shaded: {rows: [1]}\n"
    ),
    model.Brace: "stack:\n  - bar: x\n  - bottleneck: [A, B]\n    brace: {label: r}\n  - bar: BAx\n    brace: d\n",
    model.FlowNode: (
        "flow:\n  direction: right\n  nodes:\n    x: {rounded: x, note: Input}\n    W: {box: W, note: '$d \\times d$',"
        " badge: frozen}\n    h: {stadium: [Output]}\n  edges: ['x -> W -> h']\n"
    ),
    model.ThemeChoice: "theme: {palette: okabe-ito, font: serif}\nstack: [{bar: x}, {square: W}, {bar: Wx}]\n",
    model.Symbol: (
        "model:\n  d: 256\n  r: 4\n  symbols: {G: {shape: [d, d], role: trained, start: 0}}\n"
        "stack: [{bar: x}, {square: G}, {bar: Gx}]\n"
    ),
    model.Equation: (
        "model: {d: 256, r: 4, let: ['W_m = W + BA']}\nrow:\n  - panel: Merged\n"
        "    stack: [{bar: x}, {square: W_m}, {bar: h}]\n"
        "  - equations:\n      - math: 'h = (W + BA)x'\n        brace: {under: 'W + BA', label: W_m}\n"
    ),
    model.Panel: (
        "model: {d: 256, r: 4, let: ['W_m = W + BA']}\nrow:\n  - panel: During training\n    stack: [{bar: x}, {bottleneck: [A, B]}, {bar: BAx}]\n"
        "  - panel: After merging\n    stack: [{bar: x}, {square: W_m}, {bar: h}]\n"
    ),
}  # fmt: skip


def example(cls: type) -> str | None:
    """The example of a class as a whole spec."""
    body = EXAMPLES.get(cls)
    return (
        None
        if body is None
        else HEAD.format(f"example-{cls.__name__.lower()}")
        + ("" if body.startswith("model:") else MODEL)
        + body
    )
