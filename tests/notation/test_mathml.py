"""Labels as MathML: what is written, that it is MathML Core, and that a real Chromium sets it."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.errors import LorafigError
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import Computed, Node, Product, Relation, Run, Script, Sum, Symbol, Words
from lorafig.notation.write.mathml import runs_html, text_html, to_mathml
from lorafig.resources import gallery
from tests.browser import screenshot
from tests.notation.labels import LABELS
from tests.notation.test_round_trip import labels

# MathML Core's elements for what a label can be, by how many children each takes; None is any number.
CHILDREN = {
    "math": None, "mrow": None, "msqrt": None, "mi": 0, "mn": 0, "mo": 0, "mtext": 0, "mspace": 0, "msub": 2,
    "msup": 2, "msubsup": 3, "mfrac": 2, "mroot": 2, "mover": 2, "munder": 2, "munderover": 3,
    "mtable": None, "mtr": None, "mtd": 1,
}  # fmt: skip
ATTRIBUTES = {
    "math": {"display"}, "mi": {"mathvariant"}, "mspace": {"width"},
    "mo": {"stretchy", "form", "lspace", "rspace"},
}  # fmt: skip
VALUES = {
    "display": {"block"}, "mathvariant": {"normal"}, "stretchy": {"false"},
    "form": {"prefix", "postfix"},
}  # fmt: skip


def check(mathml: str) -> ElementTree.Element:
    """The markup as a tree, which is MathML Core and nothing else."""
    root = ElementTree.fromstring(mathml)
    assert root.tag == "math"
    for one in root.iter():
        wanted = CHILDREN[one.tag]
        assert wanted is None or len(one) == wanted, mathml
        assert set(one.attrib) <= ATTRIBUTES.get(one.tag, set()), mathml
        for name, value in one.attrib.items():
            assert value in VALUES[name] if name in VALUES else value.endswith("em"), mathml
        leaf = one.tag in ("mi", "mn", "mo", "mtext")
        assert (one.text is not None and one.text != "") == leaf, mathml
        assert one.tail is None
    return root


def inner(label: str) -> str:
    return to_mathml(parse_math(label)).removeprefix("<math>").removesuffix("</math>")


TIMES, OF = "<mo>\u2062</mo>", "<mo>\u2061</mo>"
LEFT, RIGHT = '<mo form="prefix" stretchy="false">(</mo>', '<mo form="postfix" stretchy="false">)</mo>'


@pytest.mark.parametrize(
    ("label", "mathml"),
    [
        ("W", "<mi>W</mi>"),
        ("α", "<mi>α</mi>"),
        ("Λ", '<mi mathvariant="normal">Λ</mi>'),
        (r"\mathrm{d}", '<mi mathvariant="normal">d</mi>'),
        (r"\mathbf{W}", "<mi>𝐖</mi>"),
        (r"\boldsymbol{α}", "<mi>𝜶</mi>"),
        (r"\mathcal{N}", "<mi>𝒩</mi>"),
        (r"\mathcal{L}", "<mi>ℒ</mi>"),
        (r"\mathbb{R}", "<mi>ℝ</mi>"),
        (r"\mathsf{W}", "<mi>𝖶</mi>"),
        (r"\mathtt{W}", "<mi>𝚆</mi>"),
        (r"\mathbf{BA}", f"<mrow><mi>𝐁</mi>{TIMES}<mi>𝐀</mi></mrow>"),
        ("scale", "<mi>scale</mi>"),
        ("65,536", "<mn>65,536</mn>"),
        ("65 536", "<mn>65\u2009536</mn>"),
        ("16.8 M", "<mn>16.8M</mn>"),
        ("0.39 %", "<mn>0.39%</mn>"),
        ("1e-4", "<mn>1e−4</mn>"),
        ("32× fewer", "<mrow><mn>32×</mn><mtext>\u00a0fewer</mtext></mrow>"),
        ("Wx", f"<mrow><mi>W</mi>{TIMES}<mi>x</mi></mrow>"),
        (r"2 \cdot d", "<mrow><mn>2</mn><mo>⋅</mo><mi>d</mi></mrow>"),
        (r"2 \quad d", f'<mrow><mn>2</mn>{TIMES}<mspace width="1em"/><mi>d</mi></mrow>'),
        (r"A \odot B", "<mrow><mi>A</mi><mo>⊙</mo><mi>B</mi></mrow>"),
        ("α/r", '<mrow><mi>α</mi><mo lspace="0em" rspace="0em">/</mo><mi>r</mi></mrow>'),
        ("-W", "<mrow><mo>−</mo><mi>W</mi></mrow>"),
        ("a - b", "<mrow><mi>a</mi><mo>−</mo><mi>b</mi></mrow>"),
        (r"a \pm b", "<mrow><mi>a</mi><mo>±</mo><mi>b</mi></mrow>"),
        ("r < d", "<mrow><mi>r</mi><mo>&lt;</mo><mi>d</mi></mrow>"),
        (r"A \sim B", "<mrow><mi>A</mi><mo>∼</mo><mi>B</mi></mrow>"),
        (r"\approx 65K", "<mrow><mo>≈</mo><mn>65K</mn></mrow>"),
        (
            "A: r × d",
            '<mrow><mi>A</mi><mo lspace="0.1111em" rspace="0.3333em">:</mo>'
            "<mrow><mi>r</mi><mo>×</mo><mi>d</mi></mrow></mrow>",
        ),
        ("W_0", "<msub><mi>W</mi><mn>0</mn></msub>"),
        (r"W_{\mathrm{merged}}", "<msub><mi>W</mi><mi>merged</mi></msub>"),
        (r"W^\top", "<msup><mi>W</mi><mi>⊤</mi></msup>"),
        ("W'", "<msup><mi>W</mi><mo>′</mo></msup>"),
        ("W''_0", "<msubsup><mi>W</mi><mn>0</mn><mo>″</mo></msubsup>"),
        ("W'^2", "<msup><mi>W</mi><mrow><mo>′</mo><mn>2</mn></mrow></msup>"),
        ("W^*", '<msup><mi>W</mi><mo lspace="0em" rspace="0em">*</mo></msup>'),
        ("(a)^2", f"<msup><mrow>{LEFT}<mi>a</mi>{RIGHT}</mrow><mn>2</mn></msup>"),
        (
            r"\left|a\right|",
            '<mrow><mo form="prefix">|</mo><mi>a</mi><mo form="postfix">|</mo></mrow>',
        ),
        (r"\Delta W", '<mrow><mi mathvariant="normal">Δ</mi><mi>W</mi></mrow>'),
        (r"\frac{\alpha}{r}", "<mfrac><mi>α</mi><mi>r</mi></mfrac>"),
        (r"\sqrt{r}", "<msqrt><mi>r</mi></msqrt>"),
        (r"\sqrt[3]{r}", "<mroot><mi>r</mi><mn>3</mn></mroot>"),
        (r"\hat W", '<mover><mi>W</mi><mo stretchy="false">ˆ</mo></mover>'),
        (
            r"\overline{BA}",
            f"<mover><mrow><mi>B</mi>{TIMES}<mi>A</mi></mrow><mo>¯</mo></mover>",
        ),
        (
            r"\underbrace{BA}_{r}",
            f"<munder><munder><mrow><mi>B</mi>{TIMES}<mi>A</mi></mrow><mo>⏟</mo></munder><mi>r</mi></munder>",
        ),
        (r"\overbrace{B}", "<mover><mi>B</mi><mo>⏞</mo></mover>"),
        (r"\sum_{l}^{L} r", "<mrow><munderover><mo>∑</mo><mi>l</mi><mi>L</mi></munderover><mi>r</mi></mrow>"),
        (r"\prod_i x", "<mrow><munder><mo>∏</mo><mi>i</mi></munder><mi>x</mi></mrow>"),
        (
            r"\min(d, k)",
            f"<mrow><mi>min</mi>{OF}<mrow>{LEFT}<mi>d</mi><mo>,</mo><mi>k</mi>{RIGHT}</mrow></mrow>",
        ),
        (
            r"\log_2 r",
            f'<mrow><msub><mi>log</mi><mn>2</mn></msub>{OF}<mspace width="0.1667em"/><mi>r</mi></mrow>',
        ),
        ("d, k", "<mrow><mi>d</mi><mo>,</mo><mi>k</mi></mrow>"),
        (
            r"\num[M]{d}",
            "<mrow><mtext>\\num[M]{</mtext><mi>d</mi><mtext>}</mtext></mrow>",
        ),
        ("+", '<mo lspace="0em" rspace="0em">+</mo>'),
    ],
)
def test_what_is_written(label: str, mathml: str) -> None:
    assert inner(label) == mathml
    check(f"<math>{mathml}</math>")


def test_brackets_that_keep_a_tree_true() -> None:
    """Trees that no parser gives are drawn as what they are."""
    total = Sum((Symbol("W"), Symbol("B")), ("", "+"))
    product = Product((total, Symbol("x")), ("",), ("",))
    fenced = f"<mrow>{LEFT}<mrow><mi>W</mi><mo>+</mo><mi>B</mi></mrow>{RIGHT}</mrow>"
    assert to_mathml(product) == f"<math><mrow>{fenced}{TIMES}<mi>x</mi></mrow></math>"
    assert to_mathml(Script(total, Symbol("i"))) == f"<math><msub>{fenced}<mi>i</mi></msub></math>"
    assert to_mathml(Relation((Words(""), Symbol("d")), ("=",))) == (
        "<math><mrow><mo>=</mo><mi>d</mi></mrow></math>"
    )


def test_a_computed_number_is_what_the_page_says() -> None:
    seen: list[Computed] = []

    def shown(node: Computed) -> str:
        seen.append(node)
        return f'<mn data-value="{len(seen)}">65,536</mn>'

    node = parse_math(r"d^2 = \num{d^2} = \num[K]{d^2}")
    assert to_mathml(node, shown) == (
        "<math><mrow><msup><mi>d</mi><mn>2</mn></msup><mo>=</mo>"
        '<mn data-value="1">65,536</mn><mo>=</mo><mn data-value="2">65,536</mn></mrow></math>'
    )
    assert [one.form for one in seen] == ["", "K"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Pretrained weights", "Pretrained weights"),
        ("**Rank** $r$", "<strong>Rank</strong> <math><mi>r</mi></math>"),
        ("**the $W$**", "<strong>the </strong><strong><math><mi>𝑾</mi></math></strong>"),
        (r"R\&D: 5 \$ < 6 \$ \"a\"".replace('\\"', '"'), "R&amp;D: 5 $ &lt; 6 $ &quot;a&quot;"),
        (r"$\text{a <b> c}$", "<math><mtext>a &lt;b&gt; c</mtext></math>"),
        ("低秩 $A$", "低秩 <math><mi>A</mi></math>"),
    ],
)
def test_a_text_as_html(text: str, html: str) -> None:
    assert text_html(text) == html


def test_a_text_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(LorafigError) as caught:
        text_html("rank $r")
    assert "$ is never closed" in str(caught.value)


@pytest.mark.parametrize("label", LABELS)
def test_every_label_is_mathml_core(label: str) -> None:
    check(to_mathml(parse_math(label)))


@settings(max_examples=300, deadline=None)
@given(labels)
def test_every_tree_is_mathml_core(tree: Node) -> None:
    check(to_mathml(tree))


@settings(deadline=None)
@given(st.text(st.characters(), min_size=1))
def test_words_are_words(text: str) -> None:
    """No character of a word is markup; those that XML cannot have are left out."""
    for html in (runs_html((Run(text, bold=True),)), to_mathml(Words(text)), to_mathml(Symbol(text))):
        root = ElementTree.fromstring(html)
        assert {one.tag for one in root.iter()} <= {"strong", "math", "mtext", "mi", "mo"}
        said = "".join(root.itertext())
        assert not any(ord(char) < 32 and char not in "\t\n" for char in said)
        if len(text) > 1:  # a sign by itself is drawn as an operator
            assert visible(said) == visible(text)


def visible(text: str) -> str:
    return "".join(char for char in text if char.isprintable() and not char.isspace())


# The gallery, in a browser -------------------------------------------------------------------


def strings(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    if isinstance(data, dict):
        return [one for part in data.values() for one in strings(part)]
    return [one for part in data for one in strings(part)] if isinstance(data, list) else []


def of_gallery(figure: str) -> list[str]:
    """Everything on a figure that can be read as mathematics or as a text, as HTML."""
    with open(gallery()[figure], encoding="utf-8") as file:
        found = strings(yaml.safe_load(file))
    html: list[str] = []
    for label in found:
        try:
            html.append(to_mathml(parse_math(label)))
        except LorafigError:
            if "$" in label or "\\" not in label:
                html.append(runs_html(parse_text(label)))
    return html


@pytest.mark.parametrize("figure", sorted(gallery()))
def test_labels_of_the_gallery_are_mathml_core(figure: str) -> None:
    html = of_gallery(figure)
    assert sum("<math" in one for one in html) >= 5
    for one in html:
        for element in ElementTree.fromstring(f"<p>{one}</p>").iter("math"):
            element.tail = None
            check(ElementTree.tostring(element, encoding="unicode"))


MEASURE = """() => [...document.querySelectorAll('math')].flatMap((math) => {
  const faults = [];
  const of = (one) => one.outerHTML.slice(0, 200);
  for (const one of [math, ...math.querySelectorAll('*')]) {
    if (!(one instanceof MathMLElement)) faults.push(`no MathML: ${of(one)}`);
    const box = one.getBoundingClientRect();
    const empty = one.localName === 'mo' && /[\\u2061\\u2062]/.test(one.textContent);
    if (box.width <= 0 && !empty && one.childNodes.length > 0) faults.push(`no width: ${of(one)}`);
  }
  return faults;
})"""


def test_chromium_sets_every_label(page: Any) -> None:
    """Nothing unknown to the browser, nothing without a width; the picture is there to be looked at."""
    lists = [("labels", [to_mathml(parse_math(label)) for label in LABELS])]
    lists += [(figure, of_gallery(figure)) for figure in sorted(gallery())]
    sections = [
        f"<h2>{name}</h2><ul>{''.join(f'<li>{one}</li>' for one in html)}</ul>" for name, html in lists
    ]
    style = "body{font:16px/1.9 sans-serif;columns:4} ul{padding:0;list-style:none} math{font-size:1.15em}"
    page.set_content(
        f"<!doctype html><html lang=en><title>Labels</title><style>{style}</style>{''.join(sections)}"
    )
    count = sum(one.count("<math") for _, html in lists for one in html)
    assert page.locator("math").count() == count > 250
    assert page.evaluate(MEASURE) == []
    assert screenshot(page, "mathml").stat().st_size > 0
