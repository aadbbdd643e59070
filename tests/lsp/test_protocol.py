"""The language server spoken to by a client, in its own process, over stdin and stdout."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

SPEC = """\
id: mine
title: LoRA 😀
model: {d: 256, r: 4}
row:
  - panel: LoRA
    stack: [{bar: x}, {bottleneck: [A, B], brace: r}, {bar: BAx}]
  - equations: ['h = Wx + ABx']
"""


class Editor(LanguageClient):
    def __init__(self) -> None:
        super().__init__("editor", "1")
        self.told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def told(params: types.PublishDiagnosticsParams) -> None:
            self.told.put_nowait(params)


def _session(work: Callable[[Editor, types.InitializeResult], Awaitable[None]]) -> None:
    async def run() -> None:
        editor = Editor()
        await editor.start_io(sys.executable, "-m", "lorafig", "lsp")
        answer = await editor.initialize_async(
            types.InitializeParams(capabilities=types.ClientCapabilities(), root_uri=None, process_id=None)
        )
        editor.initialized(types.InitializedParams())
        await work(editor, answer)
        await editor.shutdown_async(None)
        editor.exit(None)
        await editor.stop()

    asyncio.run(asyncio.wait_for(run(), 120))


def test_the_server_ends_well() -> None:
    """An editor reports a server that ends with another status, or says something on stderr, as crashed."""

    def message(**content: object) -> bytes:
        body = json.dumps({"jsonrpc": "2.0", **content}).encode()
        return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)

    spoken = message(
        id=1, method="initialize", params={"capabilities": {}, "processId": None, "rootUri": None}
    )
    spoken += message(id=2, method="shutdown") + message(method="exit")
    done = subprocess.run(
        [Path(sys.executable).with_name("lorafig"), "lsp"],
        input=spoken,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def _open(editor: Editor, path: Path, text: str) -> types.TextDocumentIdentifier:
    path.write_text(text)
    uri = path.as_uri()
    editor.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "yaml", 1, text))
    )
    return types.TextDocumentIdentifier(uri)


def _apply(text: str, edit: types.TextEdit) -> str:
    """An edit as an editor makes it: columns count UTF-16 units."""
    lines = text.split("\n")

    def offset(position: types.Position) -> int:
        line = lines[position.line] if position.line < len(lines) else ""
        units = line.encode("utf-16-le")[: 2 * position.character].decode("utf-16-le")
        return sum(len(one) + 1 for one in lines[: position.line]) + len(units)

    start, end = offset(edit.range.start), offset(edit.range.end)
    return text[:start] + edit.new_text + text[end:]


def test_an_editor_writes_a_figure(tmp_path: Path) -> None:
    async def work(editor: Editor, answer: types.InitializeResult) -> None:
        assert answer.server_info is not None
        assert answer.server_info.name == "lorafig"
        document = _open(editor, tmp_path / "mine.yaml", SPEC)
        told = await editor.told.get()
        (wrong,) = [one for one in told.diagnostics if one.severity == types.DiagnosticSeverity.Error]
        assert (wrong.code, wrong.source) == ("claim-equation", "lorafig")
        assert wrong.range.start.line == 6
        assert "it would hold as h = Wx + BAx" in wrong.message

        actions = await editor.text_document_code_action_async(
            types.CodeActionParams(document, wrong.range, types.CodeActionContext([wrong]))
        )
        assert actions
        (edit,) = actions[0].edit.changes[document.uri]  # type: ignore[union-attr,index]
        assert isinstance(edit, types.TextEdit)
        mended = _apply(SPEC, edit)
        assert "['h = Wx + BAx']" in mended

        # Typed key by key, the last text alone is verified.
        for version, text in enumerate(("id", "id: mi", mended), 2):
            editor.text_document_did_change(
                types.DidChangeTextDocumentParams(
                    types.VersionedTextDocumentIdentifier(version, document.uri),
                    [types.TextDocumentContentChangeWholeDocument(text)],
                )
            )
        told = await editor.told.get()
        assert told.version == 4
        assert [one for one in told.diagnostics if one.severity == types.DiagnosticSeverity.Error] == []

        column = mended.split("\n")[6].index("Wx")
        hovered = await editor.text_document_hover_async(
            types.HoverParams(document, types.Position(6, column))
        )
        assert isinstance(hovered.contents, types.MarkupContent)  # type: ignore[union-attr]
        assert "d × d = 256 × 256" in hovered.contents.value  # type: ignore[union-attr]

        items = await editor.text_document_completion_async(
            types.CompletionParams(document, types.Position(2, len("model: {d: 256, ")))
        )
        assert "adapter" in [item.label for item in items.items]  # type: ignore[union-attr]

        formatted = await editor.text_document_formatting_async(
            types.DocumentFormattingParams(document, types.FormattingOptions(tab_size=2, insert_spaces=True))
        )
        assert not formatted
        editor.text_document_did_close(types.DidCloseTextDocumentParams(document))
        assert not (await editor.told.get()).diagnostics

    _session(work)


def test_other_files_and_unfinished_ones(tmp_path: Path) -> None:
    async def work(editor: Editor, answer: types.InitializeResult) -> None:
        _open(editor, tmp_path / "ci.yaml", "on: push\njobs: {build: {steps: []}}\n")
        assert not (await editor.told.get()).diagnostics
        text = "id: mine # 😀😀\ntitle:   LoRA\nstack:\n- bar: 'x\n"
        document = _open(editor, tmp_path / "broken.yaml", text)
        (told,) = (await editor.told.get()).diagnostics
        assert told.code == "yaml-syntax"
        assert told.range.start == types.Position(3, 7)
        options = types.FormattingOptions(tab_size=2, insert_spaces=True)
        assert not await editor.text_document_formatting_async(
            types.DocumentFormattingParams(document, options)
        )
        whole = _open(editor, tmp_path / "messy.yaml", "id:   mine\ntitle: L\nstack:\n- bar: x")
        await editor.told.get()
        (edit,) = await editor.text_document_formatting_async(  # type: ignore[misc]
            types.DocumentFormattingParams(whole, options)
        )
        assert (
            _apply("id:   mine\ntitle: L\nstack:\n- bar: x", edit)
            == "id: mine\ntitle: L\nstack:\n  - bar: x\n"
        )

    _session(work)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from lorafig.cli.group import cli
    from lorafig.errors import LorafigError

    monkeypatch.setitem(sys.modules, "lorafig.lsp.server", None)
    told = CliRunner().invoke(cli, ["lsp"])
    assert isinstance(told.exception, LorafigError)
    assert told.exception.problems[0].hint == "pip install 'lorafig[lsp]'"
