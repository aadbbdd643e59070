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
        "  hint: write a list: [W, '=', B, A]"
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
    HEAD.replace("{d: 256, r: 4}", "d=256, r=4") + STACK: (
        "3:8: expected a mapping for 'model', found the text 'd=256, r=4'\n  hint: write {d: 256, r: 4}"
    ),
    HEAD.replace("d: 256, r: 4", "d=256, r:4") + STACK: (
        "3:9: unknown key 'd=256' in 'model'\n  hint: write d: 256\n"
        "3:16: unknown key 'r:4' in 'model'\n  hint: write r: 4"
    ),
    HEAD.replace("{d: 256, r: 4}", "vicuna 9") + STACK: (
        "3:8: expected a mapping for 'model', found the text 'vicuna 9'\n  hint: it has the keys 'adapter', "
        "'d', 'k', 'r', 'alpha', 'sizes', 'symbols', 'let', 'given', 'functions', 'network' and 'targets'"
    ),
    HEAD.replace("r: 4", "r: 4, alpha: 2r") + STACK: (
        "3:30: expected a number greater than 0, found the text '2r'\n  hint: write the number itself"
    ),
    HEAD.replace("r: 4", "r: 4, use_rslora: true, load_in_4bit: true, lora_dropout: 0.1") + STACK: (
        "3:23: unknown key 'use_rslora' in 'model'\n  hint: write adapter: rslora\n"
        "3:41: unknown key 'load_in_4bit' in 'model'\n  hint: write adapter: qlora\n"
        "3:61: unknown key 'lora_dropout' in 'model'\n"
        "  hint: it is about training, and not on the figure: leave it out"
    ),
    HEAD + "stack:\n  bar: x\n  square: W\n  bar: h\n": (
        "7:3: the key 'bar' stands twice: on line 5 and on line 7\n"
        "  hint: entries of a list begin with '- ' each"
    ),
    HEAD + "stack: [{bar: x, bar: h}]": (
        "4:18: the key 'bar' stands twice: on line 4 and on line 4\n"
        "  hint: each has brackets of its own: {bar: h}"
    ),
    HEAD + "stack: [{type: bar, text: x}, {element: weight, math: W}]": (
        "4:9: an element is named by its key, and no key here names one: found 'type' and 'text'\n"
        "  hint: the key is the element: write bar: x\n"
        "4:31: an element is named by its key, and no key here names one: found 'element' and 'math'\n"
        "  hint: the key is the element: write square: W"
    ),
    HEAD + "stack: [{bar: x}, {square: W, frozen: true, brace: true}, {sum: true}]": (
        "4:31: unknown key 'frozen' in 'square'\n  hint: colours follow the role of the symbol in the model\n"
        "4:52: expected a formula, found true\n  hint: say what stands there, a symbol or a formula: r\n"
        "4:65: expected a list of formulas or 'arrows', found true\n"
        "  hint: write arrows, or a term for each branch: [Wx, BAx]"
    ),
    HEAD + "stack: [{bar: x}, {apply: relu()}]": (
        "4:31: nothing stands between ( and )\n  hint: write what does, or leave both out"
    ),
    HEAD + STACK + "font: Times\nquiz: []\nanimation: true": (
        "9:1: unknown key 'font' in the spec\n  hint: write theme: {font: serif}\n"
        "10:1: unknown key 'quiz' in the spec\n  hint: write lesson: {questions: [{ask: …, answer: …}]}\n"
        "11:1: unknown key 'animation' in the spec\n  hint: write controls: {r: {min: 1, max: 64}}"
    ),
    HEAD + STACK + "theme: {palette: nord, font_size: small}": (
        "9:18: expected one of 'paper', 'grey', 'okabe-ito', 'poster', 'dark', 'paper-dark' or 'slide', "
        "found the text 'nord'\n  hint: colours of your own stand in a theme file: theme: mine.yaml\n"
        "9:35: expected a number from 5 to 48, found the text 'small'\n  hint: write 9, in points"
    ),
    HEAD + STACK + "caption: [W is frozen]": (
        "9:10: expected a text, found a list\n  hint: a text that begins with '[' needs single quotes"
    ),
    HEAD + STACK + "controls: {r: {values: [1, 2]}}": (
        "9:16: unknown key 'values' in 'slider'\n  hint: write min: 1, max: 64"
    ),
    HEAD + "flow:\n  nodes: {x: {text: Input}, W: {box: W, class: frozen}}\n  classes: {a: frozen, b: red}": (
        "5:14: a node is named by its shape, and no key here names one\n  hint: write box: [Input]; "
        "the shapes: 'box', 'rounded', 'stadium', 'circle', 'diamond', 'hexagon', 'bar', 'bottleneck' "
        "and 'cells'\n6:16: expected a mapping for 'class', found the text 'frozen'\n"
        "  hint: write a: {like: frozen}\n"
        "6:27: expected a mapping for 'class', found the text 'red'\n  hint: write b: {fill: '#FF0000'}"
    ),
    HEAD + "flow: {nodes: {A: {box: A, class: trainable}}}": (
        "4:35: there is no class 'trainable'\n  hint: define it: classes: {trainable: {like: adapter}}"
    ),
    HEAD + STACK + "caption: 'LoRA has \\SI{4}{\\mega\\byte} and \\num[%]{r/d}'": (
        "9:20: the command \\SI in a text\n  hint: write the number and its unit as words, such as 4 MB"
    ),
    HEAD + STACK + "caption: 'It trains \\num[%]{2r/d} of W.'": (
        "9:21: the command \\num in a text\n  hint: mathematics goes between $…$: $\\num[%]{2r/d}$"
    ),
    HEAD + STACK + "caption: 'It trains $\\sim$2K parameters.'": (
        "9:22: nothing stands after \\sim\n"
        "  hint: what it is about belongs between the same two $: $\\sim 2K$"
    ),
    HEAD + STACK + "caption: 'LoRA~trains $A$ and $B$.'": (
        "9:11: 'LoRA~trains $A$ and $B$.' cannot be decided: '~' in it is not understood\n"
        "  hint: a text has no signs of LaTeX: write a blank for ~, – for --"
    ),
    HEAD + STACK + "caption: 'It trains {2dr} parameters.'": (
        "9:11: 'It trains {2dr} parameters.' cannot be decided: '{', '}' in it are not understood\n"
        "  hint: a number that is computed is mathematics: $\\num{2dr}$"
    ),
    HEAD + "row: [{equations: ['W \\in \\mathbb{R}^{d,d}']}]": (
        "4:21: 'W \\in \\mathbb{R}^{d,d}' cannot be decided: the value of d, d cannot be computed\n"
        "  hint: a shape is written with a sign between: d \\times k"
    ),
    HEAD + "row: [{equations: ['\\hat{Q} = W + BA']}]": (
        "4:21: '\\hat{Q} = W + BA' cannot be decided: hat Q is not defined on this figure\n"
        "  hint: the symbols are x, W, A, B, h, ΔW, W', d, r, k; declare it, symbols: {'\\hat{Q}': {shape: "
        "[d, d]}}, or define it, let: ['\\hat{Q} = …']"
    ),
    HEAD + STACK + "caption: 'It trains $\\num{n_trained}$ parameters.'": (
        "9:11: 'It trains $\\num{n_trained}$ parameters.' cannot be decided: "
        "n_trained is not defined on this figure\n"
        "  hint: a network gives it a value: model: {network: llama-2-7b, targets: [q_proj], r: 8}"
    ),
    HEAD.replace("{d: 256, r: 4}", "{network: llama-2-7b, targets: [q_proj, v_proj], r: 8}")
    + "stack: [{bar: x}, {square: W}]\ncaption: '$\\num{n_trained}$ of $\\num{n_params}$ in total.'": (
        "5:11: '$\\num{n_trained}$ of $\\num{n_params}$ in total.' does not hold: \\num{n_params} is "
        "6,738,415,616, what is counted is 6,742,609,920\n"
        "  hint: the adapters are counted too: \\num{n_params + n_trained}"
    ),
    HEAD + STACK + "card: {rows: [W: $d^2$]}": (
        "9:15: unknown key 'W' in 'row'\n  hint: text with ': ' in it needs single quotes: 'W: $d^2$'"
    ),
    HEAD + STACK + "legend: [frozen]\nabout: Hu et al.": (
        "9:9: expected a mapping for 'legend' or true or false, found a list\n"
        "  hint: write legend: true; what is on the figure is in it\n"
        "10:8: expected a mapping for 'about', found the text 'Hu et al.'\n  hint: write {after: Hu et al.}"
    ),
    HEAD + STACK + "legend: {position: top}\nabout: {source: Hu}": (
        "9:10: unknown key 'position' in 'legend'\n  hint: write at: below\n"
        "10:9: unknown key 'source' in 'about'\n  hint: write after: Hu et al., 2021"
    ),
    HEAD + "row: [{panel: D, adapter: dora, stack: [{bar: x}]}, {panel: L, rank: 8, stack: [{bar: x}]}]": (
        "4:18: unknown key 'adapter' in 'panel'\n  hint: write model: {adapter: dora}\n"
        "4:64: unknown key 'rank' in 'panel'\n  hint: write model: {r: 8}"
    ),
    "lorafig: v1\n" + HEAD + STACK: "1:10: expected 1, found the text 'v1'\n  hint: write 1",
    HEAD + STACK.replace("[A, B]", "BA"): (
        "6:37: expected a list of two or more formulas or trapezoids, found the text 'BA'\n"
        "  hint: write a list, in the order in which x passes them: [A, B]"
    ),
    HEAD + STACK.replace("square: W", "square: W (frozen)"): (
        "6:20: 'W (frozen)' cannot be decided: words stand where a formula is read\n"
        "  hint: words stand beside the symbol: square: W, text: [frozen]"
    ),
    HEAD + "stack: [{bar: x}, {square: W, name: w}, {bar: y = Wx}]": (
        "4:47: 'y = Wx' does not hold: an equation stands where a symbol is read\n"
        "  hint: write the symbol, y, and the equation beside it: math: '…'"
    ),
    HEAD + "product: [W × x]": (  # once, and not as a text and as the product
        "4:11: 'W × x' cannot be decided: a shape, and nothing says of what\n"
        "  hint: name the matrix with it: $A \\in \\mathbb{R}^{r \\times k}$"
    ),
    HEAD + STACK + "caption: LoRA trains 3,1 % of the parameters.": (
        "9:10: 'LoRA trains 3,1 % of the parameters.' does not hold: it is 2,048, not 3\n"
        "  hint: a decimal has a point: 3.1 %"
    ),
    HEAD + STACK + "caption: No inference overhead.": (
        "9:10: 'No inference overhead.' does not hold: the products of the adapter are computed beside that "
        "of the weight\n  hint: say when: no latency once merged"
    ),
    HEAD + STACK + "caption: The adapter takes 8 kB in fp32.": (
        "9:10: 'The adapter takes 8 kB in fp32.' does not hold: it is 8 KiB, and 8.19200 (1024/125) kB\n"
        "  hint: write 8 KiB"
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
