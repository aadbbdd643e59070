"""The protocol: requests of an editor to the functions beside this file, by pygls."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import NamedTuple
from urllib.parse import unquote, urlparse

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from lorafig import __version__
from lorafig.errors import LorafigError
from lorafig.formatting import formatted
from lorafig.lsp.analysis import Analysis, Finding, analyse, is_spec
from lorafig.lsp.complete import complete
from lorafig.lsp.fixes import fixes
from lorafig.lsp.hover import hover

PAUSE = 0.2  # seconds without a key before a text is verified
PREVIEW = "lorafig.preview"
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}
_KINDS = {
    "key": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.EnumMember,
    "symbol": types.CompletionItemKind.Variable,
    "colour": types.CompletionItemKind.Color,
    "command": types.CompletionItemKind.Function,
}


class Server(LanguageServer):
    """One text is verified at a time, in a thread beside the protocol; of texts that follow quickly the
    last."""

    def __init__(self) -> None:
        super().__init__(
            "lorafig", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Incremental
        )
        self.last: dict[str, Analysis] = {}  # of a file, the last analysis that read a figure
        self.previews: dict[str, tuple[subprocess.Popen[str], str]] = {}
        self.turn = asyncio.Lock()

    def document(self, uri: str) -> TextDocument:
        return self.workspace.get_text_document(uri)

    async def analysis(self, uri: str) -> tuple[TextDocument, Analysis]:
        document = self.document(uri)
        source = document.source
        async with self.turn:
            found = await asyncio.to_thread(analyse, source, _path(uri))
        if found.figure is not None:
            self.last[uri] = found
        return document, found


def _path(uri: str) -> str:
    parsed = urlparse(uri)
    return unquote(parsed.path) if parsed.scheme == "file" else "spec.yaml"


class _Text(NamedTuple):
    """A document with its offsets in characters; a client counts UTF-16 units, unless it asks otherwise."""

    document: TextDocument

    def offset(self, position: types.Position) -> int:
        return self.document.offset_at_position(position)

    def range(self, start: int, end: int) -> types.Range:
        return self.document.position_codec.range_to_client_units(
            self.document.lines, types.Range(self._position(start), self._position(end))
        )

    def _position(self, offset: int) -> types.Position:
        before = 0
        for number, line in enumerate(self.document.lines):
            if offset < before + len(line) or (offset == before + len(line) and not line.endswith("\n")):
                return types.Position(number, offset - before)
            before += len(line)
        return types.Position(len(self.document.lines), 0)


def _diagnostic(finding: Finding, text: _Text) -> types.Diagnostic:
    hint = "" if finding.hint is None else f"\nhint: {finding.hint}"
    return types.Diagnostic(
        range=text.range(finding.start, finding.end),
        message=finding.what + hint,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source="lorafig",
    )


def server() -> Server:
    """The server with its answers."""
    made = Server()

    async def publish(uri: str) -> None:
        document = made.document(uri)
        version = document.version
        if not is_spec(document.source):
            found = Analysis(())
        else:
            document, found = await made.analysis(uri)
        if uri not in made.workspace.text_documents or made.document(uri).version != version:
            return  # a later text is on its way
        diagnostics = [_diagnostic(finding, _Text(document)) for finding in found.findings]
        told = types.PublishDiagnosticsParams(uri=uri, diagnostics=diagnostics, version=version)
        made.text_document_publish_diagnostics(told)

    @made.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        await publish(params.text_document.uri)

    @made.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        uri, version = params.text_document.uri, params.text_document.version
        await asyncio.sleep(PAUSE)
        if uri in made.workspace.text_documents and made.document(uri).version == version:
            await publish(uri)

    @made.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        made.last.pop(uri, None)
        made.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=[]))

    @made.feature(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=["\\", " ", ":", "[", "{", ","]),
    )
    def completion(params: types.CompletionParams) -> types.CompletionList | None:
        document = made.document(params.text_document.uri)
        if not is_spec(document.source) and document.source.strip():
            return None
        text = _Text(document)
        at = text.offset(params.position)
        here, items = complete(document.source, at, made.last.get(params.text_document.uri))
        place = text.range(here.start, at)
        return types.CompletionList(
            is_incomplete=False,
            items=[
                types.CompletionItem(
                    label=item.label,
                    kind=_KINDS[item.kind],
                    detail=item.detail or None,
                    documentation=item.documentation or None,
                    text_edit=types.TextEdit(place, item.insert),
                    filter_text=item.label,
                    sort_text=f"{number:04d}",
                )
                for number, item in enumerate(items)
            ],
        )

    @made.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        if not is_spec(made.document(params.text_document.uri).source):
            return None
        document, found = await made.analysis(params.text_document.uri)
        said = hover(document.source, _Text(document).offset(params.position), found)
        if said is None:
            return None
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, said))

    @made.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
    )
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        if not is_spec(made.document(uri).source):
            return []
        document, found = await made.analysis(uri)
        text = _Text(document)
        start, end = text.offset(params.range.start), text.offset(params.range.end)
        answer = []
        for finding in found.findings:
            if finding.end < start or finding.start > end:
                continue
            async with made.turn:
                mended = await asyncio.to_thread(fixes, document.source, _path(uri), finding)
            for fix in mended:
                edit = types.TextEdit(text.range(fix.start, fix.end), fix.new)
                answer.append(
                    types.CodeAction(
                        title=fix.title,
                        kind=types.CodeActionKind.QuickFix,
                        diagnostics=[_diagnostic(finding, text)],
                        edit=types.WorkspaceEdit(changes={uri: [edit]}),
                        is_preferred=len(mended) == 1,
                    )
                )
        return answer

    @made.feature(types.TEXT_DOCUMENT_FORMATTING)
    def formatting(params: types.DocumentFormattingParams) -> list[types.TextEdit]:
        document = made.document(params.text_document.uri)
        if not is_spec(document.source):
            return []
        try:
            after = formatted(document.source, _path(params.text_document.uri))
        except LorafigError:
            return []  # the diagnostics say why
        if after == document.source:
            return []
        return [types.TextEdit(_Text(document).range(0, len(document.source)), after)]

    @made.command(PREVIEW)
    def preview(uri: str) -> str | None:
        """Starts `lorafig serve` for a file, once, and shows its address; returns the address."""
        running = made.previews.get(uri)
        if running is None or running[0].poll() is not None:
            program = [sys.executable, "-m", "lorafig", "serve", _path(uri), "--port", "0"]
            process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            assert process.stdout is not None
            running = made.previews[uri] = (process, process.stdout.readline().strip())
        if not running[1]:
            message = "The preview did not start: pip install 'lorafig[serve]'"
            made.window_show_message(types.ShowMessageParams(types.MessageType.Error, message))
            return None
        made.window_show_document(types.ShowDocumentParams(uri=running[1], external=True))
        return running[1]

    @made.feature(types.SHUTDOWN)
    def ended(params: None) -> None:
        for process, _ in made.previews.values():
            process.terminate()

    return made
