# ruff: noqa: E501
"""What authors write by mistake, each of a kind of its own: the error by its full text."""

from __future__ import annotations

import pytest

from lorafig import loads
from lorafig.draw import check
from lorafig.errors import LorafigError

HEAD = "id: a\ntitle: A\n"
FLOW = HEAD + "flow:\n  nodes: {x: {bar: x}, W: {box: W}}\n"
STACK = HEAD + "stack:\n  - bar: x\n"

SLIPS: dict[str, tuple[str, str]] = {
    "a colour without quotes in brackets": (
        HEAD + "flow:\n  classes:\n    c: {fill: #0072B2}\n",
        "s.yaml:5:15: '#' begins a comment in YAML, and the bracket that follows is part of it\n  hint: in quotes it is text: '#0072B2'",
    ),
    "a number sign in a note in brackets": (
        STACK + "  - {square: W, text: see #1}\n  - bar: h\n",
        "s.yaml:5:27: '#' begins a comment in YAML, and the bracket that follows is part of it\n  hint: in quotes it is text: 'see #1'",
    ),
    "edges on lines without dashes": (
        FLOW + "  edges:\n    x -> W\n    W -> x, W\n",
        "s.yaml:6:5: expected a list of edges, found the text 'x -> W W -> x, W'\n  hint: write a list: ['x -> W', 'W -> x, W']",
    ),
    "an apostrophe in single quotes": (
        "id: a\ntitle: 'LoRA's rank'\n",
        "s.yaml:2:13: this ' ends the text, and more follows\n  hint: write it as '' within the quotes: 'LoRA''s rank'",
    ),
    "a quote in double quotes": (
        'id: a\ntitle: "the "rank" r"\n',
        's.yaml:2:13: this " ends the text, and more follows\n  hint: write it as \\" within the quotes: "the \\"rank\\" r"',
    ),
    "a quote that ends in the next value": (
        "id: a\ntitle: 'A\nstack: ['x', y]\n",
        "s.yaml:2:8: a quote that is not closed on its line: it ends at the next one, in another value\n  hint: add ' at the end of the text",
    ),
    "a comma between texts": (
        "{'id': 'a' 'title': 'A'}",
        "s.yaml:1:11: a ',' between two texts is missing\n  hint: write it",
    ),
    "a key without a blank": (
        "id:a\ntitle: A\n",
        "s.yaml:1:3: the key 'id' has no blank after its ':'\n  hint: write id: a",
    ),
    "a dash without a blank": (
        HEAD + "stack:\n  -bar: x\n",
        "s.yaml:4:3: expected a list of elements, found a mapping\n  hint: a blank belongs after '-': '- bar: …'",
    ),
    "a comma in a note in brackets": (
        HEAD + "flow: {nodes: {x: {box: [y], note: a, b and c}}}\n",
        "s.yaml:3:39: unknown key 'b and c' in 'node'\n  hint: text with ',' in it stands in quotes here: 'a, b and c'",
    ),
    "edges that are not a list": (
        FLOW + "  edges: x -> W\n",
        "s.yaml:5:10: expected a list of edges, found the text 'x -> W'\n  hint: write a list: ['x -> W']",
    ),
    "the terms of a sum as one": (
        STACK + "  - split: [{square: W}, {bottleneck: [A, B]}]\n  - sum: Wx + B(A + 0)x\n",
        "s.yaml:6:10: expected a list of formulas or 'arrows', found the text 'Wx + B(A + 0)x'\n  hint: write a list, one for each branch: [Wx, B(A + 0)x]",
    ),
    "an element of a flow": (
        STACK + "  - box: W\n",
        "s.yaml:5:5: an element is named by its key, and no key here names one: found 'box'\n  hint: write square: W; the keys that do: 'bar', 'square', 'trapezoid', 'bottleneck', 'split', 'sum', 'scale', 'gate', 'bias', 'skip', 'apply', 'repeat' and 'arrow'",
    ),
    "a colour on a node": (
        HEAD + "flow: {nodes: {x: {bar: x, color: red}}}\n",
        "s.yaml:3:28: unknown key 'color' in 'node'\n  hint: write class: warm, and in the flow classes: {warm: {fill: '#FFE6C4'}}",
    ),
    "bits of a square": (
        HEAD + "stack: [{square: W, bits: 4}]\n",
        "s.yaml:3:21: unknown key 'bits' in 'square'\n  hint: write text: [4-bit weights], and in the model symbols: {W: {bits: 4}}",
    ),
    "a label on a node is told once": (
        HEAD + "flow: {nodes: {x: {label: x}}}\n",
        "s.yaml:3:20: unknown key 'label' in 'node'\n  hint: the key is the shape: box: [words]; words beside a symbol: text: [words]",
    ),
    "from and to": (
        FLOW + "  edges: [{from: x, to: W}]\n",
        "s.yaml:5:12: unknown key 'from' in 'edge'\n  hint: write edge: 'x -> W'\ns.yaml:5:21: unknown key 'to' in 'edge'\n  hint: write edge: 'x -> W'",
    ),
    "a key nearly right is not missing too": (
        "id: a\ntitel: A\nstack: [bar: x]\n",
        "s.yaml:2:1: unknown key 'titel' in the spec\n  hint: did you mean 'title'? allowed here: 'id', 'title', 'lorafig', 'model',",
    ),
    "a node without a shape": (
        HEAD + "flow: {nodes: {x: Load the model}}\n",
        "s.yaml:3:19: expected a mapping for 'node', found the text 'Load the model'\n  hint: name its shape: x: {box: [Load the model]}",
    ),
    "a group of its nodes": (
        FLOW + "  groups: {g: [x, W]}\n",
        "s.yaml:5:15: expected a mapping for 'group', found a list\n  hint: write g: {of: [x, W]}",
    ),
    "a symbol by its shape": (
        STACK + "model: {symbols: {G: d x k}}\n",
        "s.yaml:5:22: expected a mapping for 'symbol', found the text 'd x k'\n  hint: write G: {shape: [d, k]}",
    ),
    "a shape of flows that is a sum": (
        STACK + "  - circle: plus\n",
        "s.yaml:5:5: an element is named by its key, and no key here names one: found 'circle'\n  hint: write sum: [Wx, BAx]; the keys that do: 'bar',",
    ),
    "a key of an element by itself": (
        HEAD + "stack: [square: W, text: Frozen]\n",
        "s.yaml:3:20: an element is named by its key, and no key here names one: found 'text'\n  hint: 'text' stands in the brackets of its element: {square: …, text: …}; the keys that do: 'bar',",
    ),
    "words on a bar": (
        HEAD + "stack: [{bar: x, text: Input}]\n",
        "s.yaml:3:18: unknown key 'text' in 'bar'\n  hint: write math: '\\text{words } x'",
    ),
    "words on a sum": (
        STACK + "  - {sum: arrows, note: Added}\n",
        "s.yaml:5:19: unknown key 'note' in 'sum'\n  hint: allowed here: 'sum', 'as', 'name', 'unverified' and 'level'",
    ),
    "a product as an equation": (
        HEAD + "product: ΔW = (B_1 A_1) ⊙ B_2\n",
        "s.yaml:3:10: expected a list of matrices and signs, [ΔW, '=', B, A], found the text 'ΔW = (B_1 A_1) ⊙ B_2'\n  hint: write a list: [ΔW, '=', [B_1, A_1], ⊙, B_2]",
    ),
    "PEFT's word for the rank": (
        STACK + "model: {lora_alpha: 32}\n",
        "s.yaml:5:9: unknown key 'lora_alpha' in 'model'\n  hint: write alpha: 32",
    ),
    "PEFT's word with a word for a number": (
        STACK + "model: {lora_alpha: twice the rank}\n",
        "s.yaml:5:9: unknown key 'lora_alpha' in 'model'\n  hint: write alpha: 16",
    ),
    "another tool's word for an area": (
        FLOW + "  classes: {c: {background: '#0072B2'}}\n",
        "s.yaml:5:17: unknown key 'background' in 'class'\n  hint: write fill: '#0072B2'",
    ),
    "a rounded number": (
        STACK + "model: {d: 4k}\n",
        "s.yaml:5:12: expected a whole number from 1 to 2^40, found the text '4k'\n  hint: write the number: 4000, or 4096",
    ),
    "Mermaid's word for a direction": (
        FLOW + "  direction: LR\n",
        "s.yaml:5:14: expected one of 'right', 'down', 'left' or 'up', found the text 'LR'\n  hint: write right",
    ),
    "a colour of CSS": (
        FLOW + "  classes: {c: {fill: 'rgb(0, 114, 178)'}}\n",
        "s.yaml:5:24: 'rgb(0, 114, 178)' is not a colour\n  hint: write it as '#0072B2', in quotes",
    ),
    "unverified without a reason": (
        STACK + "    unverified: true\n",
        "s.yaml:5:17: expected a reason, found true\n  hint: say why nobody can check it here: unverified: 'measured on one GPU'",
    ),
    "an empty mapping for a list": (
        HEAD + "row: [{equations: {}}]\n",
        "s.yaml:3:19: expected a list of formulas or equations, found a mapping\n  hint: begin each entry with '- '",
    ),
    "a sum by its name": (
        STACK + "  - split: [{square: W}, {bottleneck: [A, B]}]\n  - sum: h\n",
        "s.yaml:6:10: expected a list of formulas or 'arrows', found the text 'h'\n"
        "  hint: write a list, a term for each branch: [Wx, BAx]; their sum stands behind it: bar: h",
    ),
    "words in quotes": (
        HEAD + "flow: {nodes: {x: {bar: x}, y: {diamond: '[Is it low enough?]'}}, edges: ['x -> y']}\n",
        "s.yaml:3:60: ? has no meaning in mathematics here\n  hint: words stand in a list: [Is it low enough?]",
    ),
    "a macro for a bold letter": (
        HEAD + "row: [{equations: ['\\bW x = h']}]\n",
        "s.yaml:3:21: unknown command \\bW\n  hint: macros of a document are not known here: write \\mathbf{W}",
    ),
    "a macro for a set": (
        HEAD + "row: [{equations: ['x \\in \\Rd']}]\n",
        "s.yaml:3:27: unknown command \\Rd\n  hint: macros of a document are not known here: write \\mathbb{R}^d",
    ),
    "a colon in a text": (
        "id: a\ntitle: LoRA: low rank\nstack: [bar: x]\n",
        "s.yaml:2:12: ': ' in a text without quotes\n  hint: put it in single quotes: 'LoRA: low rank'",
    ),
    "a colon and an apostrophe in a text": (
        "id: a\ntitle: LoRA's sum: low rank # words\nstack: [bar: x]\n",
        "s.yaml:2:18: ': ' in a text without quotes\n  hint: put it in single quotes: 'LoRA''s sum: low rank'",
    ),
    "a key further right": (
        "id: a\n  title: A\nstack: [bar: x]\n",
        "s.yaml:2:3: the key 'title' is further right than 'id' above it, which has a value\n  hint: keys of one mapping begin in one column",
    ),
    "a command in double quotes": (
        HEAD + 'caption: "$\\Delta W = BA$"\n',
        "s.yaml:3:12: in double quotes, '\\' before 'D' has no meaning\n  hint: in single quotes a backslash is a backslash: '$\\Delta W = BA$'",
    ),
    "words behind the spec": (
        STACK + "this is my figure\n",
        "s.yaml:5:1: a key without ':'\n  hint: write 'key: value'",
    ),
    "two dollar signs": (
        STACK + "caption: 'It is $$\\Delta W = BA$$.'\n",
        "s.yaml:5:17: two $ around mathematics\n  hint: one on each side: $\\Delta W = BA$",
    ),
    "the number of an equation": (
        HEAD + "row: [{equations: ['h = Wx \\tag{1}']}]\n",
        "s.yaml:3:28: the command \\tag is not allowed in a label\n  hint: equations on a figure have no numbers: leave it out",
    ),
    "another package's set": (
        HEAD + "row: [{equations: ['x \\in \\mathds{R}^d']}]\n",
        "s.yaml:3:27: unknown command \\mathds\n  hint: macros of a document are not known here: write \\mathbb{R}",
    ),
    "a raised letter of HTML": (
        STACK + "caption: 'W in R<sup>d</sup>'\n",
        "s.yaml:5:11: the tag <sup> in a text\n  hint: mathematics has indices and powers: $W_0$, $R^{d}$",
    ),
    "bold words of HTML": (
        STACK + "caption: '<b>LoRA</b> is small'\n",
        "s.yaml:5:11: the tag <b> in a text\n  hint: write **words**",
    ),
    "code of HTML": (
        STACK + "caption: 'of <code>peft</code>'\n",
        "s.yaml:5:11: the tag <code> in a text\n  hint: leave it out: a text is words, with mathematics between $…$",
    ),
    "a sum as a sign": (
        STACK + "  - '+'\n",
        "s.yaml:5:6: expected an element, found the text '+'\n  hint: write sum: [Wx, BAx]",
    ),
    "a network for a model": (
        STACK + "model: llama-3-8b\n",
        "s.yaml:5:8: expected a mapping for 'model', found the text 'llama-3-8b'\n  hint: write {network: llama-3-8b}",
    ),
    "a method for a model": (
        STACK + "model: DoRA\n",
        "s.yaml:5:8: expected a mapping for 'model', found the text 'DoRA'\n  hint: write {adapter: dora}",
    ),
    "another word for the method": (
        STACK + "model: {method: dora}\n",
        "s.yaml:5:9: unknown key 'method' in 'model'\n  hint: write adapter: dora",
    ),
    "PEFT's word for the modules": (
        STACK + "model: {network: gpt2, target_modules: [c_attn, c_proj]}\n",
        "s.yaml:5:24: unknown key 'target_modules' in 'model'\n  hint: write targets: [c_attn, c_proj]",
    ),
    "a colour in the theme": (
        STACK + "theme: {primary: '#ff0000'}\n",
        "s.yaml:5:9: unknown key 'primary' in 'theme'\n  hint: colours stand in a theme file, theme: mine.yaml, and there: trained: {fill: '#FFE6C4'}",
    ),
    "a part of the page": (
        STACK + "width: 80%\n",
        "s.yaml:5:8: '80%' is not a width\n  hint: write 0.8\\linewidth",
    ),
    "pixels": (
        STACK + "width: 300px\n",
        "s.yaml:5:8: '300px' is not a width\n  hint: write 79mm",
    ),
    "a card without rows": (
        STACK + "card: {title: Parameters}\n",
        "s.yaml:5:7: the key 'rows' is missing\n  hint: write rows: […]",
    ),
    "d as a further size": (
        STACK + "model: {adapter: none, sizes: {d: 768}}\n",
        "s.yaml:5:32: d is a size of the model itself, and not one of 'sizes'\n"
        "  hint: write it beside them: model: {d: …, sizes: …}",
    ),
}  # fmt: skip


def test_a_token_of_a_language_model_is_no_tag() -> None:
    loads(STACK + "caption: 'The prompt begins with <s> and ends with </s>, <bos>a<eos> or <unk>.'\n")


@pytest.mark.parametrize("name", SLIPS)
def test_slips(name: str) -> None:
    text, expected = SLIPS[name]
    with pytest.raises(LorafigError) as caught:
        loads(text, "s.yaml")
    said = str(caught.value)
    assert said.startswith(expected) if expected.endswith(",") else said == expected


LABELS: dict[str, tuple[str, str | None]] = {
    "words for a symbol": (
        HEAD + "flow: {nodes: {x: {bar: x}, y: {box: Load the model}}, edges: ['x -> y']}\n",
        "words stand in a list: box: [Load the model]",
    ),
    "words in brackets in quotes": (
        HEAD + "flow: {nodes: {x: {bar: x}, y: {box: '[Load the model]'}}, edges: ['x -> y']}\n",
        "words stand in a list, and not in quotes: box: [Load the model]",
    ),
    "words that name a function": (
        HEAD + "flow: {nodes: {x: {bar: x}, y: {rounded: Attention}}, edges: ['x -> y']}\n",
        "words stand in a list: rounded: [Attention]",
    ),
    "alpha that is not drawn": (
        STACK
        + "  - split: [{square: W}, {bottleneck: [A, B]}]\n  - sum: [Wx, BAx]\n  - bar: h\nmodel: {alpha: 16}\n",
        "alpha is given: scale the branch of the adapter, scale: '\\frac{\\alpha}{r}', or leave alpha out of the model",
    ),
    "a branch that is not drawn": (
        STACK + "  - square: W\n  - bar: h\n",
        "B and A are not on the way to h: draw the branch and add it, or model: {adapter: none}",
    ),
    "a part of the method that is not drawn": (
        STACK
        + "  - split: [{square: W}, {bottleneck: [A, B]}]\n  - sum: [Wx, BAx]\n  - bar: h\nmodel: {adapter: dora}\n",
        "m is not on the way to h: draw it where it is in the formula, or name what is drawn: model: {adapter: lora}",
    ),
    "parts of the method that are not drawn": (
        STACK
        + "  - split: [{square: W}, {bottleneck: [A, B]}]\n  - sum: [Wx, BAx]\n  - bar: h\nmodel: {adapter: vera, alpha: 16}\n",
        "λ_b and λ_d are not on the way to h: draw them where they are in the formula, or name what is drawn: model: {adapter: lora}",
    ),
    "a symbol of another method": (
        STACK + "  - square: A\nmodel: {adapter: ia3}\n",
        "A is LoRA's: model: {adapter: lora}; the symbols are x, W, l, h, W', d, r, k; declare it, symbols: {A: {shape: [d, d]}}, or define it, let: ['A = …']",
    ),
    "an equation on an element": (
        HEAD + "stack: [{bar: x}, {square: W}, {bar: h = Wx}]\n",
        "write the symbol, h, and the equation beside it: math: '…'",
    ),
    "an equation between things of two kinds on an element": (
        HEAD
        + "stack: [{bar: x = 3}, {split: [{square: W}, {bottleneck: [A, B]}]}, {sum: arrows}, {bar: h}]\n",
        None,
    ),
    "one behind the other": (
        STACK + "  - square: W\n  - bottleneck: [A, B]\n  - bar: h\n",
        "h is a sum, and nothing is added here: put what it adds side by side, in a split",
    ),
    "PEFT's name for a matrix": (
        STACK + "  - square: lora_A\n",
        "did you mean A? the symbols are x, W, A, B, h, ΔW, W', d, r, k; declare it, symbols: {lora_A: {shape: [d, d]}}, or define it, let: ['lora_A = …']",
    ),
    "a matrix that nothing declares": (
        STACK + "  - square: M\n",
        "the symbols are x, W, A, B, h, ΔW, W', d, r, k; declare it, symbols: {M: {shape: [d, d]}}, or define it, let: ['M = …']",
    ),
    "a rank above the dimension": (
        STACK
        + "  - split: [{square: W}, {bottleneck: [A, B]}]\n  - sum: [Wx, BAx]\n  - bar: h\nmodel: {d: 4, r: 64}\n",
        "a rank is below both sides: give r a smaller value than d",
    ),
}


@pytest.mark.parametrize("name", LABELS)
def test_labels(name: str) -> None:
    text, hint = LABELS[name]
    assert [problem.hint for problem in check(loads(text, "s.yaml").spec).problems()] == [hint]


def test_what_a_label_has_is_not_told_again_of_the_drawing() -> None:
    text = STACK + "  - split: [{square: W}, {bottleneck: [A, B]}]\n  - sum: [Wx, ABx]\n  - bar: h\n"
    (problem,) = check(loads(text, "s.yaml").spec).problems()
    assert problem.what.startswith("'ABx' is ill-typed")
    assert str(problem.where) == "s.yaml:6:15"
