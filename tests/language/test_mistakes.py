"""Mistakes that people make, each one of a kind, with the hint that says what to write."""

from __future__ import annotations

import pytest

import lorafig

HEAD = "id: m\ntitle: T\nmodel: {d: 256, r: 4}\n"
BARE = "id: m\ntitle: T\nstack: [{bar: x}]\n"
FLOW = HEAD + "flow:\n  nodes: {x: {box: x}, y: {box: W}}\n"


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        (HEAD + "stack: [{bar: x}, {square: 'LoRA's rank'}]", "within the quotes: 'LoRA''s rank'"),
        (HEAD + "stack: [{bar: x}, {square: 'A's', math: 'B'}]", "write it as '' within the quotes"),
        (HEAD + "flow: {nodes: {x: {rounded: Attention}}, edges: []}", "words are a list: [Attention]"),
        (HEAD + "stack:\n- bar x\n- square: W", "a ':' is missing: write bar: x"),
        (HEAD + "stack:\n- bar: x\n- square W_0", "a ':' is missing: write square: W_0"),
        ("id: m\ntitle: T\nmodel: {d: 256; r: 4}\nstack: [{bar: x}]", "write ',' between them"),
        (HEAD + "stack: [{bar: x}, {bottleneck: A, B}]", "write a list, [A, B], or put the text in quotes"),
        ("id: m\ntitle: T\nmodel: {d: 4,096}\nstack: [{bar: x}]", "a number has no ',' in it: write 4096"),
        (HEAD + "stack: [{bar: x}, {bottleneck: [A]}]", "write two: [A, …]"),
        (HEAD + "stack: [{bar: x}, {split: [{square: W}]}]", "write a second branch, or the element"),
        (BARE + "theme: {font_size: 10pt}", "write 10, without a unit"),
        (BARE + "theme: {font: times}", "write serif"),
        (BARE + "model: {adapter: prefix}", "write none"),
        (BARE + "model: {symbols: {G: [d, d]}}", "write G: {shape: [d, d]}"),
        (BARE + "model: {symbols: {G: {shape: d x r}}}", "write a list of its sizes: shape: [d, r]"),
        (BARE + "model: {symbols: {G: {shape: (d × d)}}}", "write a list of its sizes: shape: [d, d]"),
        (FLOW + "  edges:\n    - [x, y]", "write 'x -> y'"),
        (FLOW + "  edges:\n    - x --> y", "write 'x -> y'"),
        (FLOW + "  edges: ['x → W ==> h', 'x -> W']", "write 'x -> W -> h'"),
        (FLOW + "  edges: ['x <-- y']", "the arrows are '->', '--' and '<->'"),
        (FLOW + "  edges: ['x -> y ->']", "write a node's name after the arrow, or delete it"),
        (FLOW + "  edges: {x: W, W: y}", "write a list: ['x -> W', 'W -> y']"),
        (HEAD + "flow: {nodes: {x: {rounded: x, label: In}}}", "words beside a symbol: text: [words]"),
        (HEAD + "stack:\n- bar: x\n- bottleneck: A, B", "write a list of two or more: [A, B]"),
        (HEAD + "stack:\n- bar: x\n- sum: Wx, BAx", "write a list, one for each branch: [Wx, BAx]"),
        (BARE + "model: {dim: 768, lora_r: 32}", "write d: 768"),
        (BARE + "model: {lora_alpha: 0.5}", "write alpha: 0.5"),
        (BARE + "model: {lora_alpha: auto}", "write alpha: 16"),
        (BARE + "model: {α: 32}", "write alpha: 32"),
        (BARE + "model: {\\alpha: 32}", "write alpha: 32"),
        (BARE + "classes: {warm: {fill: red}}", "classes stand in the flow: flow: {classes: …, nodes: …}"),
        (BARE + "venue: neurips", "the venue is an option: lorafig render --venue NAME"),
        (BARE + "model: {network: gpt2, targets: [q_proj]}", "GPT-2 has it in 'c_attn'; its modules are"),
        (BARE + "model: {network: phi-3-mini, targets: [up_proj]}", "has it in 'gate_up_proj'"),
        (HEAD + "row: [{equations: ['h ＝ Wx']}]", "it is the wide form of '=': write ="),
        (BARE + "card: Parameters", "write {rows: ['Parameters']}"),
        (BARE + "legend: bottom right", "write below"),
        (HEAD + "row: [{bar: x}]", "elements stand in the stack of a panel: {stack: [{bar: …}]}"),
        (HEAD + "row: [{panel: P, stack: [{bar: x}]}, {equations: ['W = W + BA']}]", "write W' ="),
        (BARE + "lesson: {questions: [{question: 'Why?'}]}", "write ask: What is asked?"),
        (BARE + "lesson: {steps: [First]}", "write activities: [First]"),
        (BARE + "controls: {rank: {min: 1, max: 8}}", "write r: {min: 1, max: 64}"),
        (BARE + "lesson: {questions: [{ask: Why, at: {rank: 4}}]}", "write r: 8"),
        (HEAD + "stack: [{bar: x}, {square: W_1}]", "symbols: {W_1: {shape: [d, d], role: frozen}}"),
        (HEAD + "stack: [{bar: x}, {trapezoid: A_1}]", "symbols: {A_1: {shape: [r, d], role: trained}}"),
        (HEAD + "stack: [{bar: x_1}]", "the figure has one x: write x, or declare it, symbols: {x_1:"),
        (BARE + "theme: auto", "lorafig render mine.yaml --theme auto"),
        (BARE + "model: {network: llama-3-8b, targets: [query]}", "write q_proj; its modules are"),
        (BARE + "model: {network: gpt2, targets: [all]}", "write all-linear; its modules are"),
        (HEAD + "stack: [{bar: x}, {split: [{square: W}, skip]}, {sum: +}]", "write arrows"),
        (HEAD + "stack: [{bar: “x”}]", "a quote of a word processor: type ' in its place"),
        (HEAD + "stack: [{bar: 🔥 x}]", "a label of mathematics has no pictures: leave it out"),
        (HEAD + "row: [{equations: ['h = ABx + Wx', ABx]}]", "write BAx"),
        (FLOW.replace("box: W", "cylinder: [Store]"), "write box: [Store]"),
        (FLOW.replace("{box: W}", "[Output]"), "name its shape: y: {box: [Output]}"),
        (FLOW.replace("box: W", "box: [Output], href: a"), "a figure has no links: leave it out"),
        (FLOW.replace("box: W", "box: ['one<br/>two']"), "the lines of a label are a list: [Input, x]"),
        (FLOW.replace("box: W", "box: W, badge: trainable") + "  edges: ['x -> y']", "write badge: frozen"),
        (FLOW + "  subgraph: {g: [x]}", "write groups: {g: {of: [x, W]}}"),
        (FLOW + "  classDef: {hot: {fill: '#f00'}}", "write classes: {warm: {fill: '#FFE6C4'}}"),
    ],
)  # fmt: skip
def test_the_hint_says_what_to_write(spec: str, hint: str) -> None:
    try:
        problems = lorafig.loads(spec).check().problems()
    except lorafig.LorafigError as error:
        problems = error.problems
    assert any(hint in (problem.hint or "") for problem in problems), problems


@pytest.mark.parametrize("rest", ["'a, b'", "[a, b]", "'x; y: z'"])
def test_what_is_right_stays_right(rest: str) -> None:
    figure = lorafig.loads(HEAD + f"stack: [{{bar: x}}, {{square: W, text: {rest}, unverified: words}}]")
    assert figure.spec.id == "m"


STACK = "stack:\n- bar: x\n- split: [{square: W}, {bottleneck: [A, B]}]\n- sum: [Wx, BAx]\n- bar: h\n"
EDGES = "flow:\n  nodes: {x: {box: x}, W: {box: W}, h: {box: Wx}}\n  edges: "
WHOLE = {  # every problem of a spec, in its whole text
    HEAD + "stack:\n-bar: x\n- square: W\n": "5:1: no blank after '-'\n  hint: write - bar: …",
    "id: m\ntitle: [LoRA\nmodel: {d: 256, r: 4}\n" + STACK: (
        "2:8: a bracket that is not closed: ']' is missing\n"
        "  hint: add ']' at the end of its line, or put the text in single quotes"
    ),
    "id: m\ntitle: T\nmodel: {d: 256, r: 4\n" + STACK: (
        "3:8: a bracket that is not closed: '}' is missing\n"
        "  hint: add '}' at the end of its line, or put the text in single quotes"
    ),
    "// words\n" + HEAD + STACK: (
        "1:1: '//' begins a comment of another language\n  hint: a comment begins with '#'"
    ),
    "id: m\ntitle:\u00a0T\n" + STACK: (
        "2:7: this blank is the character U+00A0\n  hint: type a blank in its place"
    ),
    "id: m\ntitle：T\n" + STACK: "2:6: ： is the character U+FF1A\n  hint: type ':' in its place",
    "Id: m\nTitle: T\nStack: [{bar: x}]": (
        "1:1: unknown key 'Id' in the spec\n  hint: write id\n"
        "2:1: unknown key 'Title' in the spec\n  hint: write title\n"
        "3:1: unknown key 'Stack' in the spec\n  hint: write stack"
    ),
    HEAD.replace("r: 4", "r: d/64") + STACK: (
        "3:20: expected a whole number from 1 to 2^40, found the text 'd/64'\n"
        "  hint: write the number itself; a further size may follow from others in let: 'm = d/4'"
    ),
    HEAD.replace("256", "[256, 512]") + STACK: (
        "3:12: expected a whole number from 1 to 2^40, found a list\n"
        "  hint: write one number; another figure or another panel has a model of its own"
    ),
    HEAD.replace("id: m", "id: größe ł") + STACK: (
        "1:5: 'größe ł' is not a name\n  hint: a name is letters a-z, A-Z, digits and '-', and begins with a "
        "letter, such as 'grosse-l'"
    ),
    HEAD + "stack:\n- bar: x\n- square:\n- bar: Wx": (
        "6:10: expected a formula, found nothing\n  hint: write it, or take its key or its '-' out"
    ),
    HEAD + STACK + "card: {rows: {Trainable: 2dr}}": (
        "9:14: expected a list of texts or rows, found a mapping\n  hint: write a list: ['Trainable: 2dr']"
    ),
    HEAD + STACK.replace("[A, B]", "{down: A, up: B}"): (
        "6:37: expected a list of two or more formulas or trapezoids, found a mapping\n"
        "  hint: write a list: [A, B]"
    ),
    HEAD + STACK + "controls: [r]": (
        "9:11: expected a mapping for 'controls', found a list\n  hint: write {r: {min: 1, max: 64}}"
    ),
    HEAD + STACK + "controls: {r: 2..32}": (
        "9:15: expected a mapping for 'slider', found the text '2..32'\n  hint: write {min: 2, max: 32}"
    ),
    HEAD + STACK + "lesson: [a]": (
        "9:9: expected a mapping for 'lesson', found a list\n  hint: write {questions: [{ask: …, answer: …}]}"
    ),
    HEAD + "product: 'W = BA'": (
        "4:11: expected a list of matrices and signs, [ΔW, '=', B, A], found the text 'W = BA'\n"
        "  hint: write a list: ['W = BA']"
    ),
    HEAD + EDGES + "['x -> W: Wx', 'W -->|two words| h']": (
        "6:18: ':' is not part of an edge\n"
        "  hint: what is on an edge has a key of its own: {edge: 'x -> W', math: Wx}\n"
        "6:30: '>' is not part of an edge\n"
        "  hint: what is on an edge has a key of its own: {edge: 'W -> h', text: two words}"
    ),
    HEAD + EDGES + "['x -> W -> h', 'W -> W']": (
        "5:33: 'W' does not hold: W flows into itself\n  hint: data goes from inputs to outputs; "
        "on an edge that leads back write kind: control, or memory"
    ),
    HEAD + STACK.replace("- sum: [Wx, BAx]\n", ""): (
        "7:8: 'h' does not hold: the two branches reach h but nothing adds them\n"
        "  hint: add a sum below it: sum: [Wx, BAx]"
    ),
    HEAD + STACK.replace("square: W", "square: Base weights"): (
        "6:20: 'Base weights' cannot be decided: words stand where a formula is read\n"
        "  hint: a symbol stands here, and words beside it: square: W, text: [Base weights]"
    ),
    HEAD + STACK + "caption: '$\\frac{\\alpha}$'": (
        "9:12: \\frac lacks its second argument\n  hint: write \\frac{…}{…}"
    ),
    HEAD + STACK + "caption: '$d**2$'": "9:13: ** is not a power here\n  hint: write d^2",
    HEAD + "stack: [{bar: '\\(x\\)'}]": (
        "4:16: \\( in mathematics\n  hint: the whole label is mathematics; write it without"
    ),
    HEAD + STACK + "caption: '\\textbf{LoRA} adds \\num{2dr}'": (
        "9:11: the command \\textbf in a text\n  hint: write **LoRA**"
    ),
    HEAD + STACK + "caption: 'it adds \\num{2dr}'": (
        "9:19: the command \\num in a text\n  hint: mathematics goes between $…$: $\\num{2dr}$"
    ),
    HEAD + STACK + "caption: 'LoRA \\cite{hu}'": (
        "9:16: the command \\cite is not allowed in a label\n"
        "  hint: it belongs into the caption of the document; leave it out here"
    ),
    HEAD + "stack:\n  - bar: x, text: in\n": (
        "5:13: a second key on the line of another\n"
        "  hint: write {bar: x, text: in}, or each key on a line of its own; "
        "text with ': ' in it needs quotes"
    ),
    '{"lorafig": 1, // version\n "id": "m"}': (
        "1:16: '//' begins a comment of another language\n  hint: a comment begins with '#'"
    ),
    "```lorafig\n" + HEAD + STACK + "```\n": (
        "1:1: a line of Markdown: the spec is what stands between the fences\n"
        "  hint: delete the first line and the last one"
    ),
    HEAD.replace("model", "rows"): (
        "3:1: unknown key 'rows' in the spec\n"
        "  hint: did you mean 'row'? allowed here: 'id', 'title', 'lorafig', 'model', "
        "'theme', 'numbers', 'about', 'row', 'width', 'wrap', 'align', 'levels', 'stack', 'flow', "
        "'product', 'proportion', 'card', 'caption', 'show_title', 'legend', 'controls', 'lesson', 'strict', "
        "'unverified' and 'marks'"
    ),
    "figures/mine.yaml": (
        "1:1: expected a mapping of keys to values, found the text 'figures/mine.yaml'\n"
        "  hint: it is the name of a file: lorafig check figures/mine.yaml"
    ),
    "<svg id='a:b'></svg>": (
        "1:1: expected a mapping of keys to values, found the text '<svg id='a:b'></svg>'\n"
        "  hint: if it is a file that lorafig wrote, its spec is in it: lorafig recover FILE"
    ),
    HEAD + STACK + "controls: {r: {from: 2, to: 8}}": (
        "9:16: unknown key 'from' in 'slider'\n  hint: write min: 2\n"
        "9:25: unknown key 'to' in 'slider'\n  hint: write max: 8"
    ),
    "flowchart LR\n  a --> b": (
        "1:1: expected a mapping of keys to values, found the text 'flowchart LR a --> b'\n"
        "  hint: it is a Mermaid chart: lorafig new mine --from-mermaid FILE makes a spec of it"
    ),
    "frozen: {fill: '#C3DAF1'}\nfont: sans": (
        "1:1: this is a theme file, not a spec\n"
        "  hint: name it beside a spec: lorafig render mine.yaml --theme FILE"
    ),
}  # fmt: skip


@pytest.mark.parametrize("spec", WHOLE)
def test_all_that_is_wrong_in_its_whole_text(spec: str) -> None:
    try:
        problems = lorafig.loads(spec, "m").check().problems()
    except lorafig.LorafigError as error:
        problems = error.problems
    assert "\n".join(str(problem).removeprefix("m:") for problem in problems) == WHOLE[spec]


def test_what_is_not_there_has_a_code_of_its_own() -> None:
    """A finding carries its code; no wording decides it."""
    spec = (
        HEAD.replace("r: 4", "r: 4, symbols: {G: {shape: [d, z]}}")
        + EDGES
        + ("['x -> V']\n  groups: {g: {of: [U]}}\n")
    )
    with pytest.raises(lorafig.LorafigError) as caught:
        lorafig.loads(spec)
    assert [problem.code for problem in caught.value.problems] == ["unknown-name"] * 3
