"""Sizes that nobody gives: what needs them is not decided, what does not is, and the picture is the usual."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import lorafig
from lorafig.draw import check, draw, lay_out
from lorafig.options import Options
from lorafig.verify import decide_claim
from tests.verify.own import details, figure, verdicts

STACK = [
    {"bar": "x", "brace": "d"},
    {"split": [{"square": "W"}, {"bottleneck": ["A", "B"], "brace": "r"}]},
    {"sum": ["Wx", "BAx"]},
    {"bar": "h"},
]
# What counts a size, and the sizes that it needs.
COUNTED = {
    r"2dr = 12{,}288": "dr",
    r"\num{d^2} = 589{,}824": "d",
    r"12{,}288\text{ trainable parameters}": "dr",
    r"\text{4-bit base} \approx 3.5\text{ GB}": "d",
    r"d = 768": "d",
    r"r = 8": "r",
    r"r \ll \min(d,k)": "dr",
    r"r < d": "dr",
    r"\frac{2r}{d} = 2.08\%": "dr",
    r"\lfloor d/3 \rfloor = 256": "d",
    r"A \in \mathbb{R}^{8 \times 768}": "dr",
    r"W: \mathbb{R}^{768} \to \mathbb{R}^{768}": "d",
    r"\mathrm{rank}(BA) \le 8": "dr",
    r"\mathrm{rank}(BA) = 8": "dr",
    r"\mathrm{rank}(W) = 768": "d",
}
# What is so at any sizes.
DECIDED = {
    "h = Wx + BAx": "holds",
    "W' = W + BA": "holds",
    "W' = W + AB": "ill-typed",
    "h = Wx - BAx": "fails",
    r"A \in \mathbb{R}^{r \times d}": "holds",
    r"A \in \mathbb{R}^{d \times r}": "ill-typed",
    r"A \in \mathbb{R}^{d \times 8}": "ill-typed",
    "2dr = r(d + d)": "holds",
    "2dr = r(d + r)": "fails",
    "B = 0": "holds",
    r"\mathrm{rank}(BA) \le r": "holds",
    r"\mathrm{rank}(x x^\top) = 1": "holds",
    r"\mathrm{rank}(x x^\top) = 2": "fails",
    r"\text{W is frozen}": "holds",
    r"\text{A and B are frozen}": "fails",
}


@pytest.mark.whole
@pytest.mark.parametrize("claim", COUNTED)
def test_what_counts_a_size_that_is_not_given_is_not_decided(claim: str) -> None:
    """Neither the sizes of the drawing nor those of an evaluation are the figure's. What the message says to
    write is enough to decide it."""
    report = check(figure({}, claim))
    told = next(told for told in report.claims if str(told.text) == claim)
    assert told.verdict == "undetermined"
    said = re.fullmatch(r"write what it is: model: (\{.*\})", told.hint or "")
    assert said is not None, told.hint
    model = yaml.safe_load(said[1])
    assert model == {name: {"d": 4096, "r": 16}[name] for name in COUNTED[claim]}
    assert verdicts(figure(model, claim))[claim] in ("holds", "fails", "ill-typed")
    usual = {"d": 768, "r": 8}
    assert verdicts(figure({name: usual[name] for name in model}, claim))[claim] in ("holds", "fails")


@pytest.mark.whole
@pytest.mark.parametrize(("claim", "verdict"), DECIDED.items())
def test_what_is_so_at_any_sizes_is_decided(claim: str, verdict: str) -> None:
    assert verdicts(figure({}, claim)) == {claim: verdict}


@pytest.mark.parametrize(
    ("claim", "sizes", "verdict"),
    [
        (r"rank(BA) < d", {}, "undetermined"),  # it is not where r is d
        (r"rank(BA) < d", {"d": 768, "r": 8}, "holds"),
        (r"rank(BA) \le d", {}, "holds"),
        (r"rank(BA) \le min(rank(B), rank(A))", {}, "holds"),
        (r"rank(BA) \ll d", {}, "undetermined"),
        (r"rank(W) \le r", {}, "fails"),  # false even where the rank is low
        (r"rank(BA) > d", {}, "fails"),
        ("589,824 parameters", {"d": 768}, "holds"),
        ("12,288 parameters", {"d": 768}, "undetermined"),  # of some adapter, perhaps
        ("589,824 frozen parameters", {"d": 768}, "holds"),
        ("12,288 trainable parameters", {"d": 768}, "undetermined"),
        ("Two matrices are trained.", {}, "holds"),
        ("Three matrices are trained.", {}, "fails"),
    ],
)
def test_a_claim_by_itself_without_all_sizes(claim: str, sizes: dict[str, int], verdict: str) -> None:
    assert decide_claim(claim, dims=sizes).verdict == verdict


def test_the_least_of_sizes_says_where_to_give_them() -> None:
    """A message for a figure said -D, which is for a claim by itself."""
    report = check(figure({"d": 64}, r"\min(d, r) = r"))
    told = next(told for told in report.claims if told.text == r"\min(d, r) = r")
    assert told.verdict == "undetermined"
    assert told.hint == "write what it is: model: {r: 16}"


def test_messages() -> None:
    assert details(figure({}, "2dr = 12{,}288")) == {"2dr = 12{,}288": "d and r have no value here"}
    assert details(figure({"d": 768}, "2dr = 12{,}288")) == {"2dr = 12{,}288": "r has no value here"}
    number = {"adapter": "none", "symbols": {"\\lambda": {}}}
    claim = check(figure(number, "\\lambda = 2")).claims[-1]
    assert claim.hint is None or "-D" not in claim.hint  # which is for a claim by itself


def test_a_size_that_let_makes_of_one_that_is_not_given() -> None:
    model = {"let": ["m = 4d"], "symbols": {"V": {"shape": ["m", "d"], "role": "frozen"}}}
    claims = {"m = 3{,}072": "undetermined", "m = 4d": "holds", r"V \in \mathbb{R}^{m \times d}": "holds"}
    told = verdicts(figure(model, *claims))
    assert {claim: told[claim] for claim in claims} == claims
    assert verdicts(figure({"d": 768, **model}, "m = 3{,}072"))["m = 3{,}072"] == "holds"


def test_an_index_runs_over_sizes_that_are_given() -> None:
    model = {"symbols": {"g_i": {"over": "i = 1..r"}}}
    with pytest.raises(lorafig.LorafigError) as caught:
        figure(model, "g_1 = g_1")
    assert "'r' has no value on this figure" in str(caught.value)
    assert check(figure({"r": 4, **model}, "g_1 = g_1")).verdict == "holds"


@pytest.mark.parametrize("model", [{}, {"d": 4096}, {"r": 4}, {"d": 6}, {"r": 5000}])
def test_a_picture_holds_and_narrows_without_sizes(model: dict[str, int]) -> None:
    drawn = figure(model, row=[{"stack": STACK}])
    assert check(drawn).verdict == "holds"
    assert draw(drawn, ["svg"], Options())[0]["svg"]


@settings(deadline=None, max_examples=20)
@given(st.sampled_from([{}, {"d": 768}, {"r": 8}]), st.sampled_from(["lora", "vera", "lokr", "ia3"]))
def test_what_is_not_given_is_drawn_as_a_usual_layer(model: dict[str, int], adapter: str) -> None:
    row = [{"stack": STACK if adapter == "lora" else [{"bar": "x"}, {"square": "W"}]}]
    scene = lay_out(figure({"adapter": adapter, **model}, row=row))
    assert scene.items == lay_out(figure({"adapter": adapter, "d": 768, "r": 8}, row=row)).items


def test_a_page_counts_with_no_size_that_is_not_given() -> None:
    def page(model: dict[str, object], stack: list[dict[str, object]] = STACK) -> str:
        html = draw(figure(model, row=[{"stack": stack}]), ["html"], Options())[0]["html"].decode()
        return re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)

    assert not re.search(r'data-out="(full|trained|share|adam)"|GPT-2', page({}))
    assert not re.search(r'data-out="(full|trained|share|adam)"', page({"r": 8}))
    assert ">294,912<" in page({"r": 8})  # of networks that have their own sizes, and this rank
    assert re.search(r'data-out="trained">12,288<', page({"d": 768, "r": 8}))
    assert re.search(r'data-out="trained">768<', page({"adapter": "ia3", "d": 768}, [{"bar": "x"}]))


def test_words_tell_sizes_by_their_names() -> None:
    text = draw(figure({}, row=[{"stack": STACK}]), ["md"], Options())[0]["md"].decode()
    assert "Sides are drawn as those of a usual layer: d and r have no value." in text
    assert "- The weight has $d^2$ parameters, and they are frozen." in text
    assert "- Trained are $r(d + k)$ parameters, with $k = d$." in text
    assert not re.search(r"768|589,824|12,288", text)


def test_no_format_is_taken_as_given() -> None:
    """States of Adam were taken to have 32 bits where nobody said so."""
    sizes = {"d": 768, "r": 8}
    assert decide_claim("Adam's states take 98.3 kB in fp32.", dims=sizes).verdict == "holds"
    of_format = "say it: in fp16, or at 4 bits"
    for claim, hint in (
        ("Adam's states take 98.3 kB.", of_format),
        ("A takes 24.6 kB.", of_format),
        ("The optimizer states take 98.3 kB.", "name it: Adam's states"),
    ):
        told = decide_claim(claim, dims=sizes)
        assert (told.verdict, told.hint) == ("undetermined", hint)
