"""A page with sliders for sizes of the figure's own: numbers, verdicts and sides follow them."""

from __future__ import annotations

from lorafig.draw import draw
from lorafig.figure import load
from lorafig.language import from_data
from lorafig.options import Options
from lorafig.resources import gallery

SPEC = {
    "id": "own-sizes",
    "title": "Sizes of its own",
    "model": {
        "adapter": "none",
        "d": 64,
        "sizes": {"m": 8},
        "symbols": {
            "x": {"shape": "d", "role": "input"},
            "D": {"shape": ["m", "d"], "role": "trained"},
            "U": {"shape": ["d", "m"], "role": "trained"},
        },
        "let": ["n = 2m"],
    },
    "row": [
        {"stack": [{"bar": "x"}, {"bottleneck": ["D", "U"], "brace": "m"}]},
        {"equations": ["n < d", "m = 8", "\\num{nd}"]},
    ],
    "caption": "Trained are $\\num{2dm}$ parameters.",
    "controls": {"m": {"min": 4, "max": 60, "step": 4}},
}
ASK = """(m) => {
  const setting = { d: 64n, k: null, r: 8n, alpha: null, 'size m': BigInt(m), method: 0 };
  const found = Page.evaluate(setting);
  return { numbers: found.numbers, holds: found.claims };
}"""


def test_what_is_said_follows_the_slider(page, tmp_path):
    outputs, _ = draw(from_data(SPEC), ["html"], Options())
    path = tmp_path / "page.html"
    path.write_bytes(outputs["html"])
    page.goto(path.as_uri())
    begin, far = page.evaluate(ASK, 8), page.evaluate(ASK, 40)
    assert "1,024" in begin["numbers"]
    assert "5,120" in far["numbers"]
    assert all(begin["holds"])
    assert far["holds"].count(False) == 2  # 80 < 64, and m is 8
    waist = page.evaluate("document.querySelector('.slider').dataset.name")
    assert waist == "size m"
    before = page.locator("#picture svg").first.inner_html()
    page.locator(".slider input[type=number]").fill("40")
    page.wait_for_timeout(100)
    assert page.locator("#picture svg").first.inner_html() != before


def test_a_button_of_a_symbol_sets_what_stands_below_and_above_it() -> None:
    page = load(gallery()["x-lora"]).to_html()
    assert '<button data-symbol="B_1^(l)"><i>B<sub>1</sub><sup>(l)</sup></i></button>' in page
    assert '<button data-symbol="x^(l)"><i>x<sup>(l)</sup></i></button>' in page
    assert '<button data-symbol="s"><i>s</i></button>' in page


def test_what_let_makes_of_trained_matrices_is_not_counted_beside_them() -> None:
    """The averages of all clients' factors have no entries of their own."""
    from lorafig.language import load as read
    from lorafig.page.costs import own_counts

    figure = read(gallery()["federated-lora"])
    own = own_counts(figure)
    assert own is not None
    assert "bar" not in own["names"][0]
    sizes = {size.name: size.value for size in figure.model.sizes} | {
        "d": figure.model.d,
        "r": figure.model.r,
    }
    page = load(gallery()["federated-lora"]).to_html()
    assert f"{2 * sizes['N'] * sizes['d'] * sizes['r']:,}" in page
