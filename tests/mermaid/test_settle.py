"""Charts as they are found: each becomes a spec that holds and is laid out, whatever its words and signs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig import loads
from lorafig.draw import check, lay_out
from lorafig.language import dump
from lorafig.language.model import Figure, FlowNode
from lorafig.mermaid import read
from lorafig.mermaid.read.fences import fences
from lorafig.mermaid.settle import REASON, settled
from lorafig.starter import start_from_mermaid

HEAD = "flowchart TD\n"


def imported(text: str, name: str = "a") -> tuple[Figure, list[str]]:
    """The figure of a chart as its file has it, and the remarks; it holds and is drawn."""
    figure, remarks = settled(read(text, "a.mmd"), name)
    made = loads(dump(figure), f"{name}.yaml")
    assert check(made.spec).verdict == "holds"
    lay_out(made.spec)
    return made.spec, [str(remark) for remark in remarks]


def nodes(figure: Figure) -> list[FlowNode]:
    assert figure.flow is not None
    return list(figure.flow.nodes)


SMALL = {
    "a sign between dollars": 'a["x ∈ ℝᵈ"] --> b((⊕)) --> c(("⊗"))',
    "Cyrillic": 'a["Загрузка модели"] --> b["Обучение адаптера 🔥"]',
    "a number in words": "a[4-bit base] --> b[adapter]",
    "a subgraph's edge": "subgraph T\n a --> b\n end\n T --> c",
    "a loop in a frame": "subgraph T[Loop]\n a --> b --> c\n c --> a\n end",
    "a chain": "a[Load] --> b[Tokenize] --> c[Freeze] --> d[Add adapters] --> e[Train] --> f[Merge]",
    "nested frames": "subgraph A\n subgraph B\n x --> y\n end\n y --> z\n end",
    "rates and counts": 'a["lr = 2e-4"] --> b["3 epochs, batch size 16"] --> c["100% done"]',
    "true of no model": 'a["7B parameters"] --> b["0.1% of the parameters are trained"]',
    "two ranks": 'a["r = 8"] --> c\n b["r = 64"] --> c',
}


@pytest.mark.parametrize("name", SMALL)
def test_small_charts_hold_and_are_drawn(name: str) -> None:
    imported(HEAD + SMALL[name])


def test_words_of_two_methods_all_stay() -> None:
    """No model makes both true: they are those of nobody's."""
    chart = """subgraph LoRA
    a[BF16 weights 🧊] --> b[LoRA 🔥]
    end
    subgraph QLoRA
    c[NF4 weights 🧊] --> d[LoRA 🔥]
    end"""
    figure, remarks = imported(HEAD + chart)
    assert figure.flow is not None
    assert [group.title for group in figure.flow.groups] == ["LoRA", "QLoRA"]
    assert [node.box for node in nodes(figure)] == [("BF16 weights",), ("LoRA",), ("NF4 weights",), ("LoRA",)]
    assert (figure.model.adapter, remarks) == ("none", [])


def test_words_that_contradict_each_other_stay() -> None:
    figure, remarks = imported(
        "---\ntitle: QLoRA\n---\n" + HEAD + "a[Base model, BF16 weights] --> b[qlora r=8]"
    )
    assert str(figure.title) == "QLoRA"
    assert [node.box for node in nodes(figure)] == [("Base model, BF16 weights",), ("qlora r=8",)]
    assert [node.unverified for node in nodes(figure)] == [None, REASON]
    assert remarks == []


@pytest.mark.parametrize(
    ("chart", "adapter"), [("A --> B --> C --> D", "none"), ("A --> B", "lora"), ("x --> W --> h", "lora")]
)
def test_capitals_that_are_places_are_no_matrices(chart: str, adapter: str) -> None:
    assert imported(HEAD + chart)[0].model.adapter == adapter


@pytest.mark.parametrize("name", ["mine2", "run7", "lora-r8"])
def test_an_id_with_a_number_is_a_title_that_claims_nothing(name: str) -> None:
    assert imported(HEAD + "a[base] --> b[adapter]", name)[0].unverified is None


@pytest.mark.parametrize(
    ("label", "line", "badge"),
    [
        ("🔥 train", "train", "trainable"),
        ("❄️ W₀ frozen", "$W₀$ frozen", "frozen"),
        ("the base 🔒", "the base", "lock"),
        ("💾", "n", "save"),
        ("🚀 deploy", "deploy", None),
        ("👩‍💻 user", "user", None),
        ("α", "$α$", None),
        ("ℝᵈ", "$ℝᵈ$", None),
        ("(d × r)", "$(d × r)$", None),
        ("Scale (α / r)", "Scale (α / r)", None),
        ("the loss ≥ 0", "the loss ≥ 0", None),
        ("10⁴ steps ⇒ done", "$10⁴$ steps ⇒ done", None),
        ("q⁵ is kept", "q^5 is kept", None),
        ("4-bit ≈ 3.5 GB", "4-bit ≈ 3.5 GB", None),
        ("W₀ (d × k)", "$W₀$ ($d × k$)", None),
        ("∂L/∂A", "$∂L/∂A$", None),
        ("DoRA: W' = m · (W₀ + BA)/‖W₀ + BA‖", "DoRA: W' = $m · (W₀ + BA)/‖W₀ + BA‖$", None),
        ("softmax(QKᵀ/√d_k)V", "$softmax(QKᵀ/√d_k)V$", None),
        ("B ∈ ℝᵈˣʳ", "$B ∈ ℝᵈˣʳ$", None),
    ],
)  # fmt: skip
def test_signs_that_no_font_for_words_has(label: str, line: str, badge: str | None) -> None:
    (node,) = nodes(imported(f'{HEAD} n["{label}"]')[0])
    assert (node.box, node.badge) == ((line,), badge)


def test_a_sign_is_named_once() -> None:
    remarks = imported(f'{HEAD} a["🚀 one"] --> b["🚀 two"]')[1]
    assert remarks == ["a.mmd:2:5: the sign '🚀' is left out: no font here has it"]


def test_letters_that_no_font_has_give_way_to_the_name() -> None:
    figure, remarks = imported(f"{HEAD} first[กขค] --> กขค")
    assert [node.box for node in nodes(figure)] == [("first",), ("node-1",)]
    assert remarks[1] == (
        "a.mmd:2:8: no font here has the letter 'ก' (U+0E01): 'กขค' is left out\n"
        "  hint: write it in Latin, Cyrillic, Chinese, Japanese or Korean"
    )


def test_shapes_behind_a_product_are_those_of_its_factors() -> None:
    figure, remarks = imported(f'{HEAD} a["BA_q (d×r, r×d)"] --> b["W_q (d×d)"]')
    # One shape would be the product's own, which is d × d.
    assert [node.box for node in nodes(figure)] == [("$BA_q$ ($d×r$, $r×d$)",), ("$W_q$ ($d×d$)",)]
    assert remarks == []
    assert [node.unverified for node in nodes(figure)] == [None, None]


def test_the_numbers_of_a_chart_are_its_model() -> None:
    figure, _ = imported(f'{HEAD} a["rank = 16"] --> b["r=16, alpha=32"]')
    assert (figure.model.r, figure.model.alpha) == (16, 32)


def test_the_width_of_a_chart_is_its_models_where_it_agrees_with_the_rest() -> None:
    told = {
        ("d = 768, r = 8", "589,824 parameters"): (768, [None, None]),
        ("Hidden size 4096", "7B parameters"): (4096, [None, REASON]),
        ("d = 4096, r = 8", "7B parameters"): (None, [REASON, REASON]),  # of a whole network
    }
    for (first, second), (d, marks) in told.items():
        figure, remarks = imported(f'{HEAD} a["{first}"] --> b["{second}"]')
        assert (figure.model.d, [node.unverified for node in nodes(figure)]) == (d, marks)
        assert remarks == []


@pytest.mark.parametrize(("words", "adapter"), [("QLoRA r=32", "qlora"), ("LoRA r=32", "lora")])
def test_a_method_that_a_chart_names_is_its_models(words: str, adapter: str) -> None:
    figure, remarks = imported(f'{HEAD} a["{words}<br/>2-3 epochs"] --> b["12 layers"]')
    assert (figure.model.adapter, remarks) == (adapter, [])
    assert nodes(figure)[0].box == (words, "2-3 epochs")


NUMBERS = """12,288 trainable parameters; 7B parameters; 4-bit base ≈ 3.5 GB; 0.1 % of the parameters
rank(BA) ≤ 8; A: 8 × 768; 32× fewer parameters; 4096 hidden size; 2dr parameters; r = 16; r ≪ d"""


@settings(deadline=None, max_examples=20)
@given(st.lists(st.sampled_from(re.split("; |\n", NUMBERS)), min_size=1, max_size=4, unique=True))
def test_numbers_that_nothing_decides_stay_and_say_so(words: list[str]) -> None:
    chain = [f'n{at}["{said}"] --> n{at + 1}' for at, said in enumerate(words)]
    figure, remarks = imported(HEAD + "\n".join(chain))
    assert remarks == []
    marked = {said: node.unverified for node, said in zip(nodes(figure), words, strict=False)}
    assert marked == {said: None if said == "r = 16" else REASON for said in words}


def test_what_nobody_can_decide_is_marked() -> None:
    figure, _ = imported(f'{HEAD} a["h = W_0 x + Z"] --> b[words]')
    assert [node.unverified for node in nodes(figure)] == [REASON, None]


PAGE = """# Mine

```mermaid
sequenceDiagram
  a->>b: c
```

> ```mermaid
> flowchart LR
>   a --> b
> ```

1. ~~~mermaid
   graph TD
     c --> d[f(x)]
   ~~~

```{mermaid}
%%{init: {}}%%
flowchart TD
  e --> f
```
"""


def test_the_flowcharts_of_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths, remarks = start_from_mermaid("x", PAGE.encode(), "README.md")
    assert paths == ["x-1.yaml", "x-3.yaml"]
    # The second cannot be read: its place is the page's.
    assert str(remarks[0]).startswith("README.md:15:15: expected ']' after 'f', found '(x)]'")


def test_lowered_digits_of_words_are_told_once() -> None:
    figure, remarks = imported(f'{HEAD} a["LoRA₁: SQL, LoRA₁"] --> b["W₀"]')
    assert nodes(figure)[0].box == ("LoRA1: SQL, LoRA1",)
    assert remarks == ["a.mmd:2:5: '₁' stands as '1': words have no lowered signs"]


def test_a_page_without_a_flowchart() -> None:
    assert fences("# words\n") == []
    assert fences("words\n") is None
    assert fences("flowchart LR\n  a --> b\n") is None
    assert fences("```mermaid\npie\n```\n") == []
