"""What the gallery says of each of its figures, so that a catalogue can be made of it."""

import pathlib
import re

import pytest

from lorafig.language import load
from lorafig.layout import layout
from lorafig.render import tikz
from lorafig.verify import verify

GALLERY = sorted((pathlib.Path(__file__).parent.parent / "figures").glob("*.yaml"))


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_a_figure_says_what_it_is_for(path):
    figure = load(path)
    about = figure.about
    assert figure.id == path.stem
    for text in (about.after, about.shows, about.when, about.adapt, about.domain, about.license):
        assert text
    assert len(about.tags) >= 3
    assert len(about.concepts) >= 2
    assert about.venue


@pytest.mark.whole
@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_every_claim_of_it_holds(path):
    figure = load(path)
    report = verify(figure, layout(figure))
    assert [claim.text for claim in report.claims if claim.verdict not in ("holds", "prose")] == []


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_the_packages_that_it_names_are_those_that_its_tikz_needs(path):
    figure = load(path)
    needed = re.search(r"^%   \\usepackage\{tikz(.*)\}$", tikz.render(layout(figure)), re.MULTILINE)
    packages = [name.strip() for name in needed[1].split(",") if name.strip()]
    assert [name for name in figure.about.requires if name != "ctex"] == packages


def test_the_family_and_both_kinds_of_figure_are_there():
    names = {path.stem for path in GALLERY}
    assert names >= {
        "lora-two-panel", "lora-reparametrization", "lora-flow", "lora-pipeline", "lora-pipeline-zh",
        "lora-rslora", "lora-dora", "lora-vera", "lora-qlora",
    }  # fmt: skip
