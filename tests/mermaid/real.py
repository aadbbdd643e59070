# ruff: noqa: E501
"""The real Mermaid in the real Chromium: what its parser reads in a chart, and what it draws.

Chromium is spoken to through its DevTools protocol over a pipe (`--remote-debugging-pipe`): no port, no package.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.npm.install import installed, packages

VERSIONS = [one.version for one in packages("mermaid")]

_PAGE = """<!doctype html><meta charset="utf-8"><title>Mermaid</title><body><div id="place"></div>
<script src="{script}"></script><script>
mermaid.initialize({{startOnLoad: false}});
async function parsed(text) {{
  try {{
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
    const db = diagram.db;
    const plain = (value) => value instanceof Map ? [...value.values()] : Object.values(value);
    return {{
      type: diagram.type, direction: db.getDirection(), error: null,
      vertices: plain(db.getVertices()), edges: [...db.getEdges()], subgraphs: [...db.getSubGraphs()],
      classes: plain(db.getClasses()),
    }};
  }} catch (error) {{
    return {{error: String(error && error.message || error)}};
  }}
}}
let count = 0;
function words(element) {{
  let text = "";
  for (const child of element.childNodes) {{
    if (child.nodeType === 3) text += child.data.replaceAll("\\u200b", "");
    else if (child.nodeName.toLowerCase() === "br") text += "\\n";
    else text += words(child);
  }}
  return text;
}}
async function drawn(text) {{
  try {{
    const id = "chart" + (count++);
    const {{svg}} = await mermaid.render(id, text);
    const place = document.getElementById("place");
    place.innerHTML = svg;
    const all = (selector) => [...place.querySelectorAll(selector)];
    const result = {{
      error: null,
      title: all(".flowchartTitleText").map((one) => one.textContent),
      description: all("svg > desc").map((one) => one.textContent),
      nodes: all("g.node").map((one) => ({{
        id: one.id, text: words(one.querySelector(".nodeLabel, .label")),
        style: (one.querySelector(".label-container, rect, circle, polygon, path") || one).getAttribute("style"),
      }})),
      edges: all("path.flowchart-link").length,
      labels: all(".edgeLabel .edgeLabel, .edgeLabels .edgeLabel span.edgeLabel").map(words),
      clusters: all("g.cluster").map((one) => words(one.querySelector(".nodeLabel, .cluster-label"))),
      elements: [...new Set(all("foreignObject *").map((one) => one.nodeName.toLowerCase()))].sort(),
      attributes: [...new Set(all("*").flatMap((one) => one.getAttributeNames()))].sort(),
      katex: all(".katex").length,
      all: [...new Set(all("*").map((one) => one.nodeName.toLowerCase()))].sort(),
    }};
    place.innerHTML = "";
    return result;
  }} catch (error) {{
    return {{error: String(error && error.message || error)}};
  }}
}}
</script>"""


@dataclass(frozen=True, slots=True)
class RealVertex:
    name: str
    text: str
    shape: str | None
    classes: tuple[str, ...]
    styles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RealEdge:
    tail: str
    head: str
    kind: str
    stroke: str
    length: int
    text: str


@dataclass(frozen=True, slots=True)
class RealSubgraph:
    name: str
    title: str
    members: frozenset[str]
    direction: str | None


@dataclass(frozen=True, slots=True)
class RealChart:
    """What Mermaid's own parser reads. `error` is None where it reads anything."""

    error: str | None
    direction: str = ""
    vertices: tuple[RealVertex, ...] = ()
    edges: tuple[RealEdge, ...] = ()
    subgraphs: tuple[RealSubgraph, ...] = ()
    classes: dict[str, tuple[str, ...]] | None = None


def _entities(text: str) -> str:
    """Mermaid keeps entities under these signs while it parses: decodeEntities of its utils.ts."""
    return text.replace("ﬂ°°", "&#").replace("ﬂ°", "&").replace("¶ß", ";")


def _pipe() -> tuple[int, int]:
    """A pipe out of the way of descriptors 3 and 4, where the browser reads and writes."""
    ends = os.pipe()
    moved = fcntl.fcntl(ends[0], fcntl.F_DUPFD_CLOEXEC, 20), fcntl.fcntl(ends[1], fcntl.F_DUPFD_CLOEXEC, 20)
    os.close(ends[0])
    os.close(ends[1])
    return moved


class Real:
    """One Chromium with one Mermaid. Close it when it is done."""

    def __init__(self, version: str) -> None:
        (package,) = (one for one in packages("mermaid") if one.version == version)
        script = installed(package)
        self.folder = tempfile.mkdtemp(prefix="mermaid-")
        page = Path(self.folder) / "page.html"
        page.write_text(_PAGE.format(script=script.as_uri()), encoding="utf-8")
        into, self._write = _pipe()
        self._read, out = _pipe()
        flags = (
            "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
            " --disable-component-update --disable-sync --allow-file-access-from-files --remote-debugging-pipe"
        )
        command = (
            f'exec chromium {flags} --user-data-dir="{self.folder}/profile" about:blank 3<&{into} 4>&{out}'
        )
        self._process = subprocess.Popen(
            ["bash", "-c", command],
            pass_fds=(into, out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(into)
        os.close(out)
        self._buffer = b""
        self._number = 0
        target = self._call("Target.createTarget", url=page.as_uri())["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for _ in range(600):  # the page may still be on its way
            if self._evaluate("typeof parsed === 'function'"):
                return
            time.sleep(0.05)
        raise RuntimeError(f"{page} does not load")

    def close(self) -> None:
        try:
            self._call("Browser.close")
        finally:
            self._process.wait(timeout=30)
            os.close(self._write)
            os.close(self._read)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _call(self, method: str, session: str | None = None, **params: Any) -> Any:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        while True:
            while b"\0" not in self._buffer:
                read = os.read(self._read, 1 << 20)
                if not read:
                    raise RuntimeError("chromium has ended")
                self._buffer += read
            line, _, self._buffer = self._buffer.partition(b"\0")
            answer = json.loads(line)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                return answer["result"]

    def _evaluate(self, expression: str) -> Any:
        result = self._call(
            "Runtime.evaluate", self._session, expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def parsed(self, text: str) -> RealChart:
        found = self._evaluate(f"parsed({json.dumps(text)})")
        if found["error"] is not None:
            return RealChart(found["error"])
        return RealChart(
            None,
            found["direction"],
            tuple(
                RealVertex(
                    one["id"],
                    _entities(one.get("text", "")),
                    one.get("type"),
                    tuple(one.get("classes", ())),
                    tuple(one.get("styles", ())),
                )
                for one in found["vertices"]
            ),
            tuple(
                RealEdge(
                    one["start"],
                    one["end"],
                    one["type"],
                    one["stroke"],
                    one.get("length", 1),
                    _entities(one["text"]),
                )
                for one in found["edges"]
            ),
            tuple(
                RealSubgraph(one["id"], _entities(one["title"]), frozenset(one["nodes"]), one.get("dir"))
                for one in found["subgraphs"]
            ),
            {one["id"]: tuple(style.strip() for style in one["styles"]) for one in found["classes"]},
        )

    def drawn(self, text: str) -> dict[str, Any]:
        """What it draws: the words of nodes, edges and clusters, and every element and attribute that came of it."""
        found: dict[str, Any] = self._evaluate(f"drawn({json.dumps(text)})")
        return found


def official_examples() -> dict[str, str]:
    """Mermaid's own examples of flowcharts, from its package of examples (MIT)."""
    (package,) = packages("@mermaid-js/examples")
    text = installed(package).read_text(encoding="utf-8")
    start = text.index("// src/examples/flowchart.ts")
    section = text[start : text.index("// src/", start + 3)]
    found = re.findall(r'title: "([^"]*)".*?code: `([^`]*)`', section, re.DOTALL)
    return {title: code.encode().decode("unicode_escape") if "\\" in code else code for title, code in found}
