"""Panels with a model of their own: each is verified, drawn and told in its own terms."""

import pytest
from msgspec.structs import replace

from lorafig.draw import draw
from lorafig.errors import LorafigError
from lorafig.language import loads
from lorafig.language.model import Model, Scope
from lorafig.layout import layout
from lorafig.options import Options
from lorafig.page.claims import statements
from lorafig.verify import verify
from lorafig.words import describe

BESIDE = r"""
id: beside
title: LoRA beside VeRA
model: {d: 768, r: 4, alpha: 8, let: ['W'' = W + \frac{\alpha}{r} BA']}
row:
  - panel: LoRA
    name: lora
    stack:
      - bar: x
      - split: [{square: W}, {bottleneck: [A, B], brace: r}]
      - sum: [Wx, '\frac{\alpha}{r} BAx']
      - bar: h
  - panel: VeRA
    name: vera
    model: {adapter: vera, r: 256, let: ['\Delta V = \Lambda_b B \Lambda_d A']}
    stack:
      - bar: x
      - split:
          - square: W
          - [{trapezoid: A, brace: {label: r, side: over}}, scale: \lambda_d, trapezoid: B, scale: \lambda_b]
      - sum: arrows
      - bar: h
"""


def entry(*equations, of=None):
    lines = "".join(f"      - '{equation}'\n" for equation in equations)
    return f"  - equations:\n{lines}" + ("" if of is None else f"    of: {of}\n")


def checked(text):
    return verify(loads(text.encode(), "s.yaml"))


def wrong(text):
    return [(problem.what, problem.hint) for problem in checked(text).problems()]


def test_a_scope_says_what_a_model_says():
    assert set(Model.__struct_fields__) - set(Scope.__struct_fields__) == {"network", "targets"}


START = BESIDE.index("{adapter: vera")
VERA = START, BESIDE.index("\n", START)


def with_model(model):
    """The figure with another model in its second panel."""
    return BESIDE[: VERA[0]] + model + BESIDE[VERA[1] :]


@pytest.mark.parametrize(
    ("equations", "of", "holds"),
    [
        ("h = Wx + \\frac{\\alpha}{r} BAx", "lora", True),
        ("h = Wx + \\frac{\\alpha}{r} BAx", "vera", False),
        ("h = Wx + \\Lambda_b B \\Lambda_d A x", "vera", True),
        ("h = Wx + \\Lambda_b B \\Lambda_d A x", "lora", False),
        ("r = 4", "lora", True),
        ("r = 4", "vera", False),
        ("r = 256", "vera", True),
        ("r = 256", "[lora, vera]", False),
        ("W \\in \\mathbb{R}^{d \\times d}", None, True),
        ("r \\ll d", None, False),  # 256 is not an eighth of 768
        ("r < d", None, True),
        ("d = 768", "[vera, lora]", True),
        ("d + r = 1{,}024 \\text{ trainable parameters}", "vera", True),
        ("2dr = 6{,}144 \\text{ trainable parameters}", "lora", True),
    ],
)
def test_equations_speak_of_their_panels(equations, of, holds):
    assert (checked(BESIDE + entry(equations, of=of)).verdict == "holds") == holds


def test_a_claim_that_fails_in_one_panel_says_in_which():
    ((said, hint),) = wrong(BESIDE + entry("r = 4"))
    assert said == "'r = 4' does not hold: in the panel “VeRA”, it is 256, not 4"
    assert hint == "say which panels it speaks of: name: … on the panel, and of: … beside the equations"


def test_a_number_must_be_the_same_in_all_panels():
    ((said, hint),) = wrong(BESIDE + entry("\\num{d + r} = d + r"))
    assert said == (
        "'\\num{d + r} = d + r' does not hold: a number in it is not the same in the panel “LoRA” and in the"
        " panel “VeRA”"
    )
    assert hint.startswith("say which panels it speaks of")
    assert wrong(BESIDE + entry("\\num{d} = d")) == []


def test_numbers_are_drawn_as_their_panel_has_them():
    figure = loads((BESIDE + entry("\\num{d + r} = 1{,}024", of="vera")).encode(), "s.yaml")
    assert verify(figure).verdict == "holds"
    outputs, _ = draw(figure, ("svg", "tikz", "md"), Options(), "s.yaml")
    assert "1{,}024 = 1{,}024" in outputs["tikz"].decode()
    assert "$1{,}024 = 1{,}024$" in outputs["md"].decode()


def test_a_size_of_a_panel_has_a_length_of_its_own():
    scene = layout(loads(BESIDE.encode(), "s.yaml"))
    lengths = scene.lengths
    assert lengths["r"] < lengths["r 2"] < lengths["d"]
    assert "d 2" not in lengths
    report = verify(loads(BESIDE.encode(), "s.yaml"), scene)
    assert report.verdict == "holds"


def test_the_picture_is_held_to_the_panels_own_sizes():
    figure = loads(BESIDE.encode(), "s.yaml")
    scene = layout(figure)
    swapped = replace(scene, lengths={**scene.lengths, "r 2": scene.lengths["d"] + 1})
    wrong = [claim for claim in verify(figure, swapped).claims if not claim.stands]
    assert {claim.kind for claim in wrong} == {"geometry"}


def test_what_it_does_not_say_is_the_figures():
    assert checked(with_model("{adapter: vera}") + entry("r = 4", of="vera")).verdict == "holds"


def test_a_definition_of_a_panel_takes_the_place_of_the_figures():
    own = with_model("{adapter: vera, let: ['W'' = W + \\Lambda_b B \\Lambda_d A']}")
    assert checked(own + entry("h = W''x", of="vera")).verdict == "holds"
    assert checked(BESIDE + entry("h = W''x", of="vera")).verdict == "fails"


def test_a_definition_that_means_nothing_in_a_panel_is_not_known_there():
    text = with_model("{adapter: ia3}").replace("panel: VeRA", "panel: IA3")
    text = (
        text[: text.index("    stack:", text.index("panel: IA3"))]
        + "    stack: [bar: x, square: W, scale: l, bar: h]\n"
    )
    assert checked(text).verdict == "holds"
    text = text.replace("let: ['W'' = W", "let: ['V = W")
    (claim,) = [claim for claim in checked(text + entry("h = Vx", of="vera")).claims if not claim.stands]
    assert claim.verdict == "undetermined"


def test_node_names_are_a_panels_own():
    text = """
id: two
title: Two flows
row:
  - panel: rank 4
    flow: {nodes: {x: {bar: x}, A: {box: A}}, edges: [x -> A]}
  - panel: rank 64
    model: {r: 64}
    flow: {nodes: {x: {bar: x}, A: {box: A}}, edges: [x -> A]}
"""
    scene = layout(loads(text.encode(), "s.yaml"))
    names = [item.name for group in scene.items for item in group.items]
    assert len(names) == len(set(names))


def test_words_tell_each_panel_in_its_own_terms():
    figure = loads(BESIDE.encode(), "s.yaml")
    text = describe(figure, verify(figure))
    assert "256 × 768, 196,608 parameters, frozen" in text
    assert "4 × 768, 3,072 parameters, trained" in text
    assert "Trained are 6,144 parameters" in text
    assert "Trained are 1,024 parameters" in text


def test_controls_move_what_a_panel_does_not_say():
    text = BESIDE + entry("r < 200", of="lora") + entry("r > 200", of="vera")
    figure = loads((text + "controls: {r: {min: 1, max: 256, start: 4}}\n").encode(), "s.yaml")
    said = {statement.text: statement for statement in statements(figure)}
    assert said["r > 200"].constant
    assert not said["r < 200"].constant


def test_an_unknown_panel():
    with pytest.raises(LorafigError) as error:
        loads((BESIDE + entry("r = 4", of="veera")).encode(), "s.yaml")
    (problem,) = error.value.problems
    assert problem.what == "there is no panel 'veera'"
    assert problem.hint == "did you mean 'vera'?"
