"""What an arrow between matrices says, and how often what is on a panel is there."""

import pytest

from lorafig.draw import lay_out
from lorafig.language import loads
from lorafig.scene import Label, walk
from lorafig.verify import verify
from lorafig.words import describe
from lorafig.words.alt import alt_text

SPEC = r"""
id: f
title: Steps
model:
  adapter: {adapter}
  d: 64
  r: 4
  symbols:
    U: {{shape: [d, r], role: frozen}}
    S: {{shape: [r, r], role: frozen}}
    V: {{shape: [d, r], role: frozen}}
    D: {{shape: [d, d], role: frozen}}
    \eta: {{}}
  given: ['D = U S V^\top']
product: {product}
"""
CUT = "[{matrix: D}, '→', {matrix: U}, {matrix: S}, {matrix: 'V^\\top'}]"


@pytest.mark.parametrize(
    ("product", "verdict"),
    [
        (CUT, "holds"),
        (CUT.replace("→", "\\to"), "holds"),
        (CUT.replace("matrix: U", "matrix: V"), "fails"),
        ("[{matrix: W}, '→', {matrix: W}, '+', {matrix: B}, {matrix: A}]", "holds"),
        ("[{matrix: W}, '←', {matrix: W}, '+', {matrix: B}, {matrix: A}]", "holds"),
        ("[{matrix: W}, '→', {matrix: W}, '-', {matrix: B}, {matrix: A}]", "fails"),
        ("[{matrix: W}, '→', {matrix: D}]", "fails"),
        ("[{matrix: W}, '→', {matrix: A}]", "ill-typed"),
        ("[{matrix: A}, '→', {matrix: A}, '-', '\\eta', {matrix: '\\nabla_A L'}]", "holds"),
        ("[{matrix: A}, '→', {matrix: A}, '+', '\\eta', {matrix: '\\nabla_A L'}]", "fails"),
    ],
)  # fmt: skip
def test_what_a_matrix_becomes(product, verdict):
    figure = loads(SPEC.format(adapter="lora", product=product))
    report = verify(figure)
    assert [claim.verdict for claim in report.claims if set(claim.text) & {"→", "←"}] == [verdict]


def test_the_arrow_is_drawn_and_told():
    figure = loads(SPEC.format(adapter="lora", product=CUT))
    written = [item.lines[0].plain for item in walk(lay_out(figure).items) if isinstance(item, Label)]
    assert "→" in written
    assert "D → USVᵀ" in describe(figure, verify(figure)) or "\\to" in describe(figure, verify(figure))


PANELS = r"""
id: f
title: Panels
model: {{d: 64, r: 4{model}}}
row:
  - panel: {title}
    times: '{times}'
    {body}
  - equations: ['h = Wx + BAx']
"""
STACK = "stack: [bar: x, {split: [{square: W}, {bottleneck: [A, B]}]}, sum: arrows, bar: h]"
FLOW = "flow: {nodes: {x: {bar: x}, W: {box: W}}, edges: [x -> W]}"
PRODUCT = "product: [{matrix: B}, {matrix: A}]"


@pytest.mark.parametrize("body", [STACK, FLOW, PRODUCT], ids=["stack", "flow", "product"])
@pytest.mark.parametrize(
    ("times", "model", "verdict"),
    [
        ("L", "", "holds"),
        ("32", ", network: llama-3-8b, targets: [q_proj]", "holds"),
        ("31", ", network: llama-3-8b, targets: [q_proj]", "fails"),
        ("A", "", "fails"),
    ],
)
def test_how_often_what_is_on_a_panel_is_there(body, times, model, verdict):
    model = model.replace("d: 64, ", "")
    text = PANELS.format(title="Layer", times=times, body=body, model=model)
    figure = loads(text.replace("d: 64, ", "") if "network" in model else text)
    scene = lay_out(figure)
    report = verify(figure, scene)
    assert report.verdict == verdict
    written = [item.lines[0].plain for item in walk(scene.items) if isinstance(item, Label)]
    assert f"{times} × Layer" in written
    assert f"“${times}$ × Layer”" in describe(figure, report)
    assert f"{times} × Layer" in alt_text(figure)
    assert "layer-title" in [item.name for item in walk(scene.items)]


def test_a_panel_without_a_title_says_how_often_it_is_there():
    figure = loads(
        PANELS.format(title="Layer", times="L", body=STACK, model="").replace("panel: Layer\n    ", "")
    )
    written = [item.lines[0].plain for item in walk(lay_out(figure).items) if isinstance(item, Label)]
    assert "L ×" in written
