"""Specs with controls of every kind, for the tests of pages."""

from __future__ import annotations

SQUARE = """\
id: square
title: LoRA with one size
model: {d: 256, r: 4}
flow:
  nodes:
    x: {rounded: x, note: '$d = \\num{d}$'}
    W: {rounded: W, note: '$d \\times d$', badge: frozen}
    A: {rounded: A, note: '$r \\times d$', badge: trainable}
    B: {rounded: B, note: '$d \\times r$', badge: trainable}
    sum: {circle: '+'}
    h: {rounded: h, math: 'h = (W + BA)x'}
  edges: ['x -> W -> sum', 'x -> A -> B -> sum', 'sum -> h']
card:
  title: Parameters
  rows:
    - 'W: $d^2 = \\num{d^2}$'
    - 'A + B: $2dr = \\num{2dr} = 2{,}048$'
    - '$\\num[.1]{d^2 / (2dr)}\\times$ fewer'
    - '$\\frac{2dr}{d^2} = \\num[%]{2dr / d^2}$'
    - '$r \\ll d$ and $\\mathrm{rank}(BA) \\leq r$'
    - '$\\frac{\\num{2dr}}{\\num{d^2}} = \\frac{2r}{d}$'
caption: 'W has $d^2 = 65{,}536$ entries.'
controls: {r: {min: 1, max: 300}, d: {min: 16, max: 1024, step: 8}}
"""

FAMILY = """\
id: family
title: Methods to choose from
model: {adapter: lora, d: 64, k: 96, r: 4, alpha: 8}
row:
  - panel: A low-rank update
    stack:
      - bar: x
      - split: [{square: W, math: 'W: d \\times k'}, {bottleneck: [A, B], brace: r}]
      - sum: [Wx, '\\frac{\\alpha}{r} BAx']
      - bar: h
  - equations: ['h = Wx + \\frac{\\alpha}{r} BAx', 's = \\num{\\alpha / r}']
card: {rows: ['trained: $\\num{r(d + k)}$ parameters', '$\\frac{\\alpha}{r} = \\num{\\alpha / r}$']}
controls:
  r: {min: 1, max: 32}
  k: {min: 32, max: 160, step: 32}
  alpha: {min: 1, max: 64}
  adapter: [lora, rslora, dora, vera, lokr, ia3]
"""

SCHEMES = """\
id: schemes
title: Scalings to choose from
model: {adapter: lora, d: 64, r: 4, alpha: 8}
stack:
  - bar: x
  - split: [{square: W}, {bottleneck: [A, B]}]
  - sum: [Wx, '\\frac{\\alpha}{r} BAx']
  - bar: h
controls: {r: {min: 1, max: 64}, scheme: [standard, rank-stabilised, none]}
"""

KILO = """\
id: kilo
title: Numbers that are cut off
model: {d: 1024, k: 1024, r: 8}
numbers: {kilo: 1024, rounding: down}
stack: [{bar: x}, {square: W}, {bar: Wx}]
card: {rows: ['$dk = \\num[K]{dk}$', '$\\num[% .2]{r(d + k) / (dk)}$ of the parameters', '$dk > 900K$']}
controls: {r: {min: 1, max: 2000}, d: {min: 1, max: 2048}, k: {min: 1, max: 2048}}
"""

WIRES = """\
id: wires
title: Arrows that move with what they meet
model: {d: 512, r: 16}
flow:
  nodes:
    x: {bar: x}
    W: {box: W, text: Weight, note: '$d \\times d$'}
    AB: {bottleneck: [A, B]}
    sum: {circle: '+'}
    h: {bar: h}
  edges: ['x -> W -> sum', {edge: 'x -> AB', math: 'x'}, 'AB -> sum', 'sum -> h']
caption: '$2dr = \\num{2dr}$, $r \\ll d$'
controls: {r: {min: 1, max: 64}, d: {min: 64, max: 4096, step: 64}}
"""

ALL = {"square": SQUARE, "family": FAMILY, "schemes": SCHEMES, "kilo": KILO, "wires": WIRES}
