"""What is found in documents, and what is left alone; JSON, SARIF and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import lorafig
from lorafig.auditing import audit_text
from lorafig.auditing.model import figure_of
from lorafig.auditing.write import to_sarif
from lorafig.cli.group import cli
from lorafig.errors import LorafigError
from lorafig.language.model import Figure
from tests.auditing.corpus import labelled, score
from tests.inspection import made


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    arrays = made.lora(made.decoder(32, score.SIZES), 8)
    folder = tmp_path_factory.mktemp("audit") / "a"
    return made.peft(folder, arrays, base_model_name_or_path=score.BASE)


@pytest.fixture(scope="module")
def figure(adapter: Path) -> Figure:
    return figure_of(str(adapter))


def test_claims_are_found_and_decided_as_labelled(figure: Figure) -> None:
    """`python -m tests.auditing.corpus.score` prints what is wrong, and stores the scores with --write."""
    scores, faults = score.score(figure)
    stored = json.loads(score.STORED.read_text())
    for kind, counts in scores.items():
        assert [counts[key] for key in ("documents", "claims")] == [
            stored[kind][key] for key in ("documents", "claims")
        ]
        assert all(counts[key] >= stored[kind][key] for key in ("found", "right")), "\n".join(faults)
        assert counts["spurious"] <= stored[kind]["spurious"], "\n".join(faults)
    assert scores["silent"]["spurious"] == 0, "\n".join(faults)
    claiming, silent = scores["claiming"], scores["silent"]
    assert claiming["documents"] + silent["documents"] >= 40
    assert silent["documents"] >= claiming["documents"]
    assert claiming["found"] >= 0.9 * claiming["claims"]
    assert claiming["right"] == claiming["found"]
    assert claiming["spurious"] <= 0.02 * claiming["found"]


def test_a_label_is_where_its_mark_stands() -> None:
    document = labelled("a.md", "one\nIs it? \u27e6holds|The rank\nis 8.\u27e7 \u27e6fails|r = 9\u27e7.\n")
    assert document.text == "one\nIs it? The rank\nis 8. r = 9.\n"
    assert [(one.start, one.end, one.verdict) for one in document.labels] == [
        ((2, 8), (3, 6), "holds"), ((3, 7), (3, 12), "fails"),
    ]  # fmt: skip


def test_a_document_says_its_own_models() -> None:
    text = """# Two adapters
It has r = 8.

<!-- lorafig: {adapter: lora, network: qwen2.5-3b, targets: [q_proj, v_proj], r: 16} -->
## Qwen2.5 3B with LoRA

- 3,686,400 trainable parameters

- The rank is 8.

<!-- lorafig: off -->
- The rank is 9.

<!-- lorafig: {d: 64, r: 4} -->
- With LoRA the rank is 4.
"""
    (found,) = [audit_text(text, "a.md", None)]
    assert [(claim.where and claim.where.line, claim.verdict) for claim in found.claims] == [
        (7, "holds"), (9, "fails"), (15, "holds"),
    ]  # fmt: skip
    with pytest.raises(LorafigError) as caught:
        audit_text("# LoRA\n\n<!-- lorafig: {rank: 4} -->\n", "a.md", None)
    assert str(caught.value).startswith("a.md:3:15: lorafig: ")
    with pytest.raises(LorafigError) as caught:
        audit_text("# LoRA\n", "a.md", None)
    assert str(caught.value).startswith("nothing says what model a.md is about\n")


def test_a_section_that_says_what_trains_parameters_is_heard() -> None:
    said = "<!-- lorafig: {network: llama-2-7b, targets: [q_proj, v_proj], r: 8} -->\n# T\n\n"
    for words in ("It trains 4.2M parameters.", "It trains 9.9M parameters."):
        (claim,) = audit_text(f"{said}{words}\n", "a.md", None).claims
        assert (claim.text, claim.verdict) == (words, "holds" if "4.2M" in words else "fails")


def test_front_matter_says_the_model() -> None:
    for said in ("lorafig: {adapter: lora, d: 64, r: 4}", "lorafig:\n  adapter: lora\n  d: 64\n  r: 4"):
        found = audit_text(
            f"---\ntitle: x\n{said}\nother: 1\n---\n# LoRA\n\nThe rank is 4.\n\nThe rank is 5.\n",
            "a.md",
            None,
        )
        assert [claim.verdict for claim in found.claims if "rank" in claim.text] == ["holds", "fails"]


def test_models_of_every_kind(adapter: Path, tmp_path: Path) -> None:
    spec = tmp_path / "a.yaml"
    spec.write_text("id: a\ntitle: A\nmodel: {d: 64, r: 4}\nstack: [{bar: x}]\n")
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"model_type": "llama", "hidden_size": 5120}))
    text = "LoRA.\n\nThe rank is 4.\n\nThe hidden size is 5120.\n\nWe train 4,194,304 parameters."
    said = {}
    for model in (spec, config, adapter, "llama-2-7b"):
        found = audit_text(text, "a.txt", figure_of(str(model)))
        said[Path(model).name] = [claim.verdict for claim in found.claims if claim.text != "LoRA."]
    assert said["a.yaml"][0] == "holds"
    assert said["config.json"] == ["holds"]  # of which nothing says a rank, and so not what is trained
    assert said["a"] == ["fails", "fails", "holds"]
    assert said["llama-2-7b"] == ["fails"]
    bare = made.peft(tmp_path / "bare", made.lora({"x.q_proj": (64, 64)}, 8))
    with pytest.raises(LorafigError, match=r"the base of .* is not known"):
        figure_of(str(bare))


def test_sarif_has_what_code_scanning_reads(figure: Figure) -> None:
    """The keys that the schema of SARIF 2.1.0 requires, and those by which a result is shown in its place."""
    text = "# LoRA\n\nThe rank is 9.\n\nThe rank is 9.\n\nThe rank is 8.\n"
    found = audit_text(text, "docs/a file.md", figure)
    log = to_sarif([found.to_data()])
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "lorafig"
    assert [rule["id"] for rule in driver["rules"]] == ["fails", "ill-typed", "undetermined"]
    assert [result["ruleId"] for result in run["results"]] == ["fails", "fails"]
    first, second = run["results"]
    assert driver["rules"][first["ruleIndex"]]["id"] == first["ruleId"]
    assert first["level"] == "error"
    assert first["message"]["text"].startswith("'The rank is 9.': ")
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "docs/a%20file.md"},
                "region": {"startLine": 3, "startColumn": 1},
            }
        }
    ]
    assert first["partialFingerprints"] != second["partialFingerprints"]
    json.dumps(log, allow_nan=False)


def test_the_command(adapter: Path, tmp_path: Path) -> None:
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        result = CliRunner().invoke(cli, ["audit", *map(str, arguments)])
        return result.exit_code, result.stdout, result.stderr

    right, wrong = tmp_path / "right.md", tmp_path / "wrong.md"
    right.write_text("# LoRA\n\nThe rank is 8.\n")
    wrong.write_text("# LoRA\n\nThe rank is 9.\n")
    status, out, err = run(right, "--model", adapter)
    assert (status, err) == (0, "")
    assert out.endswith("\n1 claim holds\n")
    status, out, _ = run(right, wrong, "--model", adapter, "--json")
    report = json.loads(out)
    assert status == 1
    assert report["version"] == 1
    assert [(one["id"], one["file"], one["verdict"]) for one in report["figures"]] == [
        ("right", str(right), "holds"), ("wrong", str(wrong), "fails"),
    ]  # fmt: skip
    claim = report["figures"][1]["claims"][-1]
    assert (claim["line"], claim["column"], claim["verdict"]) == (3, 1, "fails")
    assert {"where", "text", "kind", "value", "shown", "residual", "bound", "detail"} <= set(claim)
    status, out, _ = run(wrong, "--model", adapter, "--sarif")
    assert (status, len(json.loads(out)["runs"][0]["results"])) == (1, 1)
    assert run(tmp_path / "none.md", "--model", adapter)[0] == 2
    assert run(right)[0] == 2
    assert run(right, "--base", "llama-2-7b")[0] == 2
    (tmp_path / "latin.md").write_bytes(b"# LoRA \xe9\n")
    status, _, err = run(tmp_path / "latin.md", right, "--model", adapter)
    assert (status, "is not UTF-8: byte 7, in line 1" in err) == (2, True)


def test_a_document_past_all_bounds(tmp_path: Path, adapter: Path) -> None:
    """Of a notebook its text counts, and not the pictures in its outputs."""
    long = tmp_path / "long.md"
    with open(long, "wb") as file:
        file.truncate((8 << 20) + 1)
    with pytest.raises(LorafigError, match="is larger than 8 MiB") as caught:
        lorafig.audit(long, adapter)
    assert caught.value.kind == "limit"
    cell = {"cell_type": "markdown", "source": ["# LoRA\n", "\n", "The rank is 8.\n"]}
    output = {"output_type": "display_data", "data": {"image/png": "A" * (9 << 20)}}
    code = {"cell_type": "code", "source": [], "outputs": [output]}
    notebook = tmp_path / "a.ipynb"
    notebook.write_text(json.dumps({"cells": [code, cell]}))
    (found,) = lorafig.audit(notebook, adapter)
    assert [claim.verdict for claim in found.claims] == ["holds"]
    notebook.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "A" * (9 << 20)}]}))
    with pytest.raises(LorafigError, match=r"the text of .* is larger than 8 MiB"):
        lorafig.audit(notebook, adapter)


def test_what_a_document_includes_is_read_when_asked_for(tmp_path: Path, adapter: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "macros.tex").write_text("\\newcommand{\\rk}{r}\n")
    main = tmp_path / "main.tex"
    main.write_text(
        "\\documentclass{article}\n\\input{macros}\n\\begin{document}\n\\section{LoRA}\n"
        "The rank is 8.\n\n\\input{parts/method}\n\nThe rank is 9.\n\\end{document}\n"
    )
    # Names are those of the main file's folder; a circle ends.
    (tmp_path / "parts" / "method.tex").write_text("We set $\\rk = 16$.\n\n\\input{parts/method}\n")
    (alone,) = lorafig.audit(main, adapter)
    assert [claim.verdict for claim in alone.claims] == ["holds", "fails"]
    (found,) = lorafig.audit(main, adapter, includes=True)
    places = [str(claim.where).replace(str(tmp_path), "") for claim in found.claims]
    assert places == ["/main.tex:5:1", "/parts/method.tex:1:9", "/main.tex:9:1"]
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in to_sarif([found.to_data()])["runs"][0]["results"]
    ]
    assert [uri.rpartition("/")[2] for uri in uris] == ["method.tex", "main.tex"]
    (tmp_path / "index.md").write_text("# LoRA\n\n```{include} more.md\n```\n")
    (tmp_path / "more.md").write_text("The rank is 9.\n")
    (tmp_path / "index.rst").write_text("LoRA\n====\n\n.. include:: more.md\n")
    for name in ("index.md", "index.rst"):
        (found,) = lorafig.audit(tmp_path / name, adapter, includes=True)
        assert [claim.verdict for claim in found.claims] == ["fails"]
    for bad, said in (("../x", "is a link out of its folder"), ("none", "there is no file")):
        main.write_text(f"\\section{{LoRA}}\n\\input{{{bad}}}\n")
        with pytest.raises(LorafigError, match=rf"main\.tex:2:1: .*{said}"):
            lorafig.audit(main, adapter, includes=True)


def test_python_and_notebooks(tmp_path: Path, adapter: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# LoRA\n\nThe rank is 9 < 10.\n\nWith LoRA the rank is 9.\n")
    (found,) = lorafig.audit(path, adapter)
    assert found.verdict == "fails"
    assert "<td>fails</td>" in found._repr_html_()
    assert "9 < 10" not in found._repr_html_()


def test_long_numbers_and_names_have_one_reading(figure: Figure) -> None:
    """Backtracking would take longer than anybody waits."""
    for text in (
        "9" * 60 + "___" + "9" * 60,
        "a_bbbbbbbbbbbb" * 30 + "-",
        "C4216083F35C54F67B09A80C3C55FE7D" * 4 + "-",
    ):
        assert (
            audit_text(f"# LoRA\n\nThe rank is 8.\n\nIts digest is {text}.\n", "a.md", figure).verdict
            == "holds"
        )
