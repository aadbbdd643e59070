"""What is written on the pages: all of it there, all of it escaped, every link to something."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lorafig import language
from lorafig.mermaid.write import flowchart
from lorafig.options import FORMATS, Options
from lorafig.pipeline import render_bytes
from lorafig.resources import gallery as shipped
from lorafig.site.gallery import views
from lorafig.site.gallery.entry import Entry, make
from lorafig.site.gallery.usage import usages
from lorafig.site.gallery.views import size
from lorafig.site.markup import claim, plain
from lorafig.site.markup import language as language_of
from lorafig.words.labels import Labels
from tests.site.gallery.conftest import HARM, TRUE, Gallery, files
from tests.site.gallery.pages import MATHML, Page, words

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; {}"
    "base-uri 'none'; form-action 'none'"
)
ELEMENTS = frozenset(
    re.findall(
        "[a-z0-9]+",
        """
        html head meta title link script body a header img span fieldset legend label input main footer p div
        h1 search svg path button ul li details summary output article picture source h2 nav ol figure
        figcaption section iframe dl dt dd h3 pre code strong h4 wbr table thead tr th tbody td
        """,
    )
)


def page(site: Path, name: str = "") -> Page:
    return Page(site / name / "index.html")


def pages(site: Path) -> list[Page]:
    return [Page(path) for path in [site / "index.html", *sorted(site.glob("*/index.html"))]]


def test_every_link_leads_to_something(site: Path, hostile: Path) -> None:
    every = pages(site) + pages(hostile)
    known = {one.path.resolve(): one.ids() for one in every}
    for one in every:
        ids = one.ids()
        assert len(ids) == len(set(ids))
        for element in one.elements:
            for name in ("aria-labelledby", "data-copy"):
                assert element.attributes.get(name, ids[0]) in ids
        for _, path, fragment in one.links():
            target = (one.path.parent / path).resolve() if path else one.path
            assert target.is_file(), f"{one.path}: {path}"
            assert target.is_relative_to(one.path.parents[1])
            if fragment and target.name == "index.html" and not fragment.startswith("tag="):
                assert fragment in known[target]


def test_every_file_of_the_site_is_linked(site: Path) -> None:
    linked = {
        (one.path.parent / path).resolve().relative_to(site).as_posix()
        for one in pages(site)
        for _, path, _ in one.links()
        if path
    }
    assert set(files(site)) - linked == {".lorafig-gallery"}


def test_every_page_holds_its_policy_and_keeps_to_it(site: Path, hostile: Path) -> None:
    for one in pages(site) + pages(hostile):
        moves = "frame-src 'self'; " if one.all("iframe") else ""
        (policy,) = one.all("meta", http_equiv="Content-Security-Policy")
        assert policy.attributes["content"] == POLICY.format(moves)
        assert {element.tag for element in one.elements} <= ELEMENTS | MATHML
        for element in one.elements:
            assert not {name for name in element.attributes if name.startswith("on") or name == "style"}
        (script,) = one.all("script")
        assert script.text == ""
        assert script.attributes.keys() == {"src"}


def test_the_script_makes_no_markup(site: Path) -> None:
    script = (site / "gallery.js").read_text()
    for sink in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval",
        "Function(",
        "fetch(",
        "import",
    ):
        assert sink not in script
    assert not re.search(r"https?:|//[a-z]", script + (site / "gallery.css").read_text())
    assert "url(" not in (site / "gallery.css").read_text()


@pytest.mark.sample(5)
def test_downloads_are_what_the_pipeline_gives(site: Path, figure: str) -> None:
    source = Path(shipped()[figure]).read_bytes()
    flow = b"\nflow:" in source or b"flow:\n" in source
    formats = [form for form in FORMATS if form != "mmd" or flow]
    given = render_bytes(source, f"{figure}.yaml", formats, Options()).outputs
    folder = files(site / figure)
    for form, output in given.items():
        assert folder.pop(f"{figure}.{form}") == output
    assert folder.pop(f"{figure}.yaml") == source
    (dark,) = render_bytes(source, f"{figure}.yaml", ["svg"], Options(theme="paper-dark")).outputs.values()
    assert folder.pop(f"{figure}.dark.svg") == dark
    assert list(folder) == ["index.html"]


def test_downloads_are_listed_with_their_sizes(site: Path, figure: str) -> None:
    listed = [element for element in page(site, figure).all("a") if "download" in element.attributes]
    found = {element.attributes["href"]: words(element.text) for element in listed}
    assert sorted(found) == sorted(set(files(site / figure)) - {"index.html"})
    for file, text in found.items():
        assert size((site / figure / file).stat().st_size) in text


@pytest.mark.parametrize(("count", "text"), [
    (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (43_210, "43.2 kB"), (999_949, "999.9 kB"),
    (999_950, "1.0 MB"), (12_345_678, "12.3 MB"),
])  # fmt: skip
def test_sizes(count: int, text: str) -> None:
    assert size(count) == text


def test_the_report_is_all_there(site: Path, figure: str) -> None:
    report = json.loads((site / figure / f"{figure}.json").read_text())["figures"][0]
    claims = [claim for claim in report["claims"] if claim["verdict"] != "prose"]
    one = page(site, figure)
    table = [element for element in one.elements if element.attributes.get("class") == "report"]
    assert len(table) == 1
    verdicts = [
        words(span.text) for span in one.all("span") if span.attributes.get("class", "").startswith("verdict")
    ]
    assert verdicts == [claim["verdict"] for claim in claims]
    text = words(table[0].text)
    for found in claims:
        assert found["kind"] in text
        if found["detail"] is not None:
            assert words(found["detail"]) in text
    lines = [a.text for a in one.all("a") if a.attributes["href"].startswith("#line-")]
    assert lines == [str(found["line"]) for found in claims if found["line"] is not None]


def test_the_sources_are_on_the_page(site: Path, figure: str) -> None:
    one = page(site, figure)
    assert one.all("code", id="source")[0].text == Path(shipped()[figure]).read_text(encoding="utf-8")
    assert one.all("code", id="fragment")[0].text == (site / figure / f"{figure}.tikz").read_text(
        encoding="utf-8"
    )


def test_what_the_spec_says_about_itself_is_on_the_page(site: Path, figure: str) -> None:
    spec = language.load(shipped()[figure])
    labels = Labels(spec)
    one = page(site, figure)
    about = spec.about
    facts = dict(zip((dt.text for dt in one.all("dt")), (dd.text for dd in one.all("dd")), strict=True))
    assert facts["Id"] == spec.id
    assert facts["After"] == about.after
    assert facts["Domain"] == about.domain
    assert facts["Tags"] == ", ".join(about.tags)
    assert facts.get("Venues", "") == ", ".join(about.venue)
    assert facts["Licence"] == about.license
    assert facts["Requires"] == ", ".join(["tikz", *about.requires])
    assert facts.get("Author") == about.author
    everything = words("".join(element.text for element in one.all("main")))
    for text in (about.when, about.adapt, *about.concepts):
        assert text is not None
        assert words(plain(text, labels)) in everything
    assert one.all("title")[0].text == f"{plain(spec.title, labels)} · lorafig gallery"
    picture = one.all("img", src=f"{figure}.svg")[0]
    assert picture.attributes["alt"].startswith(plain(spec.title, labels))
    assert [source.attributes["srcset"] for source in one.all("source")] == [f"{figure}.dark.svg"]


def test_what_is_not_english_says_so(site: Path) -> None:
    assert page(site, "lora-pipeline-zh").all("h1")[0].attributes["lang"] == "zh"
    assert page(site, "lora-pipeline").all("h1", id="title", lang="zh") == []
    assert [heading.text.strip() for heading in page(site).all("h2", lang="zh")] == ["LoRA 微调流程"]
    assert [language_of(text) for text in ("LoRA", "微调", "低ランク", "로라")] == ["", "zh", "ja", "ko"]


def test_pages_follow_each_other(site: Path, names: list[str]) -> None:
    for number, name in enumerate(names):
        one = page(site, name)
        before = [f"../{names[number - 1]}/index.html"] if number > 0 else []
        after = [f"../{names[number + 1]}/index.html"] if number + 1 < len(names) else []
        assert [a.attributes["href"] for a in one.all("a", rel="prev")] == before
        assert [a.attributes["href"] for a in one.all("a", rel="next")] == after


def test_a_page_that_moves_is_embedded(site: Path, names: list[str]) -> None:
    for name in names:
        frames = page(site, name).all("iframe")
        if language.load(shipped()[name]).controls is None:
            assert frames == []
            continue
        (frame,) = frames
        assert frame.attributes["src"] == f"{name}.html"
        assert frame.attributes["title"].startswith("Interactive: ")
        assert frame.attributes["sandbox"] == "allow-scripts"


def test_the_index_lists_every_figure_without_a_script(site: Path, names: list[str]) -> None:
    one = page(site)
    assert [a.attributes["href"] for a in one.all("a") if "/" in a.attributes["href"]] == [
        f"{name}/index.html" for name in names
    ]
    assert "hidden" in one.all("search")[0].attributes  # a script shows it
    cards = [li for li in one.all("li") if "data-search" in li.attributes]
    for name, card in zip(names, cards, strict=True):
        figure = language.load(shipped()[name])
        labels = Labels(figure)
        sought = card.attributes["data-search"]
        about = figure.about
        assert about.shows is not None
        for text in (figure.title, about.shows, *about.tags, *about.concepts):
            assert plain(text, labels) in sought
        assert card.attributes["data-tags"].split("\n") == list(about.tags)
        assert "hidden" not in card.attributes


def test_symbols_are_found_by_sign_and_by_name(site: Path, names: list[str]) -> None:
    sought = {
        name: card.attributes["data-search"].split("\n")
        for name, card in zip(
            names, [c for c in page(site).all("li") if "data-search" in c.attributes], strict=True
        )
    }
    assert {"ΔV", "delta V", "W", "m"} <= set(sought["lora-dora"])
    assert {"α", "alpha"} <= set(sought["lora-rslora"])
    assert "α" not in sought["lora-qlora"]


def test_an_unverified_claim_is_told_with_its_reason(hostile: Path) -> None:
    one = page(hostile, "hostile")
    listed = [words(li.text) for li in one.all("li") if words(li.text).startswith("“")]
    assert f"“W trains {HARM} by 7 parameters”: </td>{HARM} W" in listed
    assert "undetermined" in {words(span.text) for span in one.all("span")}


def test_harm_is_words(hostile: Path) -> None:
    one = page(hostile, "hostile")
    assert one.all("h1")[0].text.startswith(
        f'{HARM} "onmouseover="stolen()" &amp; \'quoted\' </title> {{{{ 7 * 7 }}}} W'
    )
    assert one.all("title")[0].text.startswith(f'{HARM} "onmouseover=')
    facts = dict(zip((dt.text for dt in one.all("dt")), (dd.text for dd in one.all("dd")), strict=True))
    assert facts["After"] == "<img src=x onerror=stolen()>"
    assert facts["Licence"] == '"><script src=//evil.example/x.js>'
    assert facts["Requires"] == r"tikz, \input{/etc/passwd}"
    assert f"# --> {HARM} ]]> </code></pre>" in one.all("code", id="source")[0].text
    index = page(hostile)
    tags = [
        button.attributes["data-tag"] for button in index.all("button") if "data-tag" in button.attributes
    ]
    assert sorted(tags) == sorted([
        '"><img src=x onerror=stolen()>', "javascript:stolen()", "a#b&c=d+e %41", HARM, "it's",
    ])  # fmt: skip
    for either in (one, index):
        assert {image.attributes["src"] for image in either.all("img")} <= {
            "../icon.svg", "icon.svg", "hostile.svg", "hostile/hostile.svg",
        }  # fmt: skip


def test_a_figure_that_says_nothing_of_itself(gallery: Gallery, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(TRUE)
    assert gallery("small.yaml").status == 0
    one = page(tmp_path / "site", "small")
    assert [dt.text for dt in one.all("dt")] == ["Id", "Requires", "Adapter"]
    assert not one.all("nav", aria_label="Figures before and after this one")[0].text.strip()
    index = page(tmp_path / "site")
    assert "1 figure, drawn from a spec." in words(index.all("main")[0].text)
    assert [button for button in index.all("button") if "data-tag" in button.attributes] == []


def test_a_figure_on_a_dark_ground_has_a_light_picture(gallery: Gallery, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(TRUE + "theme: dark\n")
    assert gallery("small.yaml").status == 0
    site = tmp_path / "site"
    one = page(site, "small")
    assert [source.attributes["srcset"] for source in one.all("source")] == ["small.svg"]
    assert one.all("img", src="small.light.svg")
    spec = (tmp_path / "small.yaml").read_bytes()
    light = render_bytes(spec, "small.yaml", ["svg"], Options(theme="okabe-ito"))
    assert (site / "small" / "small.light.svg").read_bytes() == light.outputs["svg"]
    assert {"small.svg", "small.light.svg"} <= {
        a.attributes["href"] for a in one.all("a") if "download" in a.attributes
    }


def test_a_flow_too_large_for_mermaid_has_no_mermaid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mermaid draws 500 edges at most, here 3: the figure is on the site all the same."""
    data = Path(shipped()["lora-flow"]).read_bytes()
    monkeypatch.setenv("LORAFIG_CACHE", "off")
    monkeypatch.setattr(flowchart, "MAX_EDGES", 3)
    entry = make(data, "lora-flow.yaml")
    assert isinstance(entry, Entry)
    assert set(FORMATS) - set(entry.outputs) == {"mmd"}
    listed = views.page(entry, shipped=True).downloads
    assert [download.name for download in listed if download.name == "Mermaid"] == []
    assert f"-f {','.join(entry.outputs)} " in usages(entry, shipped=True)[-1].code


@pytest.mark.parametrize(("text", "html"), [
    ("W is frozen", "W is frozen"),
    ("A then B", "A then B"),
    ("the picture", "the picture"),
    ("<b>", "&lt;b&gt;"),
    ("Wx", "<math><mrow><mi>W</mi><mo>\u2062</mo><mi>x</mi></mrow></math>"),
    (r"2d = \num{2d}",
     "<math><mrow><mrow><mn>2</mn><mo>\u2062</mo><mi>d</mi></mrow><mo>=</mo><mn>128</mn></mrow></math>"),
    ("x → (W, A → B) → + → h", "<math><mi>x</mi></math> → (<math><mi>W</mi></math>, <math><mi>A</mi></math> →"
     " <math><mi>B</mi></math>) → + → <math><mi>h</mi></math>"),
    (r"x → \frac{1}{ → h", r"x → \frac{1}{ → h"),
])  # fmt: skip
def test_claims_are_set_as_mathematics_where_they_are(text: str, html: str) -> None:
    assert claim(text, Labels(language.loads(TRUE))) == html
