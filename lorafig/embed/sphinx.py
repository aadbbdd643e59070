"""Figures in Sphinx: the directive `.. lorafig::`, in reStructuredText and in MyST.

    extensions = ["lorafig.embed.sphinx"]

A page of HTML gets the inline SVG, LaTeX the PDF, EPUB a file, and what has no pictures (text, man,
Texinfo) the words. A figure is verified when its document is read. One that does not hold is an error with
the spec's own file and line, which fails the build with or without -W and stands in the figure's place. Its
document is read again the next time, changed or not.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from typing import Any, ClassVar

from docutils import nodes  # type: ignore[import-untyped]
from docutils.parsers.rst import directives  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from lorafig import __version__
from lorafig.embed import inline
from lorafig.embed.places import find as find_block
from lorafig.embed.places import lines_of, put
from lorafig.embed.request import AUTO, Request, request
from lorafig.embed.source import Source, explain, find
from lorafig.errors import LorafigError
from lorafig.files import write_whole
from lorafig.options import Format
from lorafig.pipeline import hold, render_bytes

NAME = "lorafig"
_logger = logging.getLogger(__name__)


class LorafigNode(nodes.General, nodes.Inline, nodes.Element):  # type: ignore[misc]
    """A verified figure. Attributes: `asked` (Request), `spec` (Source), `title`, `alt`, `prefix`."""


def _align(argument: str) -> str:
    return str(directives.choice(argument, ("left", "center", "right")))


class LorafigDirective(SphinxDirective):
    """The spec is the argument, a file's name as for `figure`, or `:gallery:`, or the content. With one of
    the first two the content is the caption."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {
        **dict.fromkeys(
            ("gallery", "theme", "text", "width", "alt", "caption", "height"), directives.unchanged
        ),
        "interactive": directives.flag,
        "align": _align,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        named = bool(self.arguments) or "gallery" in self.options
        source: Source | None = None
        node: nodes.Element
        try:
            asked = self._asked()
            source = self._source(asked, "" if named else "\n".join(self.content))
            caption = self.options.get("caption")
            if caption is not None and "`" not in caption:  # markup of the document is not a text of ours
                hold(source.data, source.file, (caption,))
            drawn = inline.picture(asked, source, NAME)
        except LorafigError as error:
            self._refuse(error, source)
            # On the page stands what is wrong, and what refers to the figure finds it.
            text = explain(error.problems, source)
            node = nodes.literal_block(text, text, language="none")
        else:
            prefix = f"{NAME}-{_slug(self.env.docname)}-{self.env.new_serialno(NAME)}"
            said = {"title": drawn.title, "alt": drawn.description}
            node = LorafigNode(asked=asked, spec=source, prefix=prefix, **said)
        self.set_source_info(node)
        return [self._captioned(node, named)]

    def _asked(self) -> Request:
        given = {name: str(value or name) for name, value in self.options.items()
                 if name not in ("align", "name", "class", "caption")}  # fmt: skip
        if self.arguments:
            given["file"] = self.arguments[0]
        return request(given, self.config.lorafig_theme)

    def _source(self, asked: Request, body: str) -> Source:
        folder = os.path.dirname(self.env.doc2path(self.env.docname))
        if asked.file is not None:
            # Also where it is missing or wrong: what is put there is read at the next build.
            _, path = self.env.relfn2path(asked.file)
            self.env.note_dependency(path)
        root = os.path.join(self.env.app.confdir, self.config.lorafig_root or self.env.srcdir)
        name, line = self.state_machine.get_source_and_line(self.lineno)
        # At its lines of the document: then the problems are, too.
        at = find_block(body.split("\n"), lines_of(name), line or 0) if body != "" and name else None
        if at is not None:
            body = put(body, *at)
        elif body != "":
            name = f"<directive in {name}>"
        from_top = asked.file is not None and asked.file.startswith("/")
        source = find(asked, body, str(name), folder, str(self.env.srcdir) if from_top else root)
        if source.path is not None:
            self.env.note_dependency(source.path)
        return source

    def _captioned(self, node: nodes.Element, named: bool) -> nodes.Element:
        caption = self.options.get("caption")
        if caption is None and not (named and self.content):
            if "align" in self.options:
                node["align"] = self.options["align"]
            node["classes"] = [NAME, *self.options.get("class", [])]
            self.add_name(node)
            return node
        figure = nodes.figure("", node, classes=[NAME, *self.options.get("class", [])])
        self.set_source_info(figure)
        if "align" in self.options:
            figure["align"] = self.options["align"]
        if caption is not None:
            inner, messages = self.parse_inline(caption)
            figure += nodes.caption(caption, "", *inner, *messages)
        if named and self.content:
            parsed = self.parse_content_to_nodes()
            if caption is None and parsed and isinstance(parsed[0], nodes.paragraph):
                first = parsed.pop(0)
                figure += nodes.caption(first.rawsource, "", *first.children)
            if parsed:
                figure += nodes.legend("", *parsed)
        self.add_name(figure)
        return figure

    def _refuse(self, error: LorafigError, source: Source | None) -> None:
        """An error for each problem: at its line of the spec, or at the directive."""
        document, line = self.get_source_info()
        for problem in error.problems:
            where = problem.where
            text = explain((problem,), source).removeprefix(f"{where}: ").removeprefix("error: ")
            place = f"{document}:{line}"
            if where is not None:
                path = source.path if source is not None and source.path is not None else where.file
                if path != document:
                    text += f"\n  shown by {place}"
                place = f"{path}:{where.line}:{where.column}"
            _logger.error("%s", text, location=place, type=NAME)
        _refused(self.env)[self.env.docname] = _refused(self.env).get(self.env.docname, 0) + 1
        self.env.note_reread()


def _slug(docname: str) -> str:
    """A document's name for ids, where `a/b` would be as `a-b` is: a book may be one page."""
    slug = nodes.make_id(docname)
    return slug if slug == docname else f"{slug}_{hashlib.sha256(docname.encode()).hexdigest()[:8]}"


# -- the build ------------------------------------------------------------------------------------


def _refused(env: BuildEnvironment) -> dict[str, int]:
    """How many figures of each document were refused."""
    kept: dict[str, Any] = env.__dict__
    refused: dict[str, int] = kept.setdefault("lorafig_refused", {})
    return refused


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _refused(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    _refused(env).update({name: count for name, count in _refused(other).items() if name in set(docnames)})


def _fail(app: Sphinx, exception: Exception | None) -> None:
    """Ends the build as failed, the way linkcheck and doctest do: after all of it, without a traceback."""
    if exception is None and _refused(app.env):
        app.statuscode = 1


# -- what each builder gets -----------------------------------------------------------------------


def _html(self: Any, node: LorafigNode) -> None:
    asked, source = node["asked"], node["spec"]
    alone = not isinstance(node.parent, nodes.figure)
    if alone:
        align = f"align-{node.get('align', 'default')}"
        self.body.append(self.starttag(node, "figure", "", CLASS=align))
    if self.builder.name == "epub":
        name = _written(self.builder, source, "svg", asked, self.builder.imagedir, not alone)
        style = {} if asked.width is None else {"style": f"width: {asked.width}"}
        uri = f"{self.builder.imgpath}/{name}"
        self.body.append(self.emptytag(nodes.Element(), "img", src=uri, alt=_words_of(node), **style))
    elif asked.interactive:
        self.body.append(inline.frame(asked, source))
    else:
        self.body.append(inline.picture(asked, source, node["prefix"], not alone).svg)
    if alone:
        self.body.append("</figure>\n")
    raise nodes.SkipNode


def _latex(self: Any, node: LorafigNode) -> None:
    asked, source = node["asked"], node["spec"]
    name = _written(self.builder, source, "pdf", asked, "", isinstance(node.parent, nodes.figure))
    image = nodes.image(uri=name, candidates={"application/pdf": name}, alt=_words_of(node))
    image.parent = node.parent
    if asked.width is not None:
        image["width"] = asked.width
    if not isinstance(node.parent, nodes.figure):
        image["align"] = node.get("align", "center")
        self.body.append(self.hypertarget_to(node))
    self.visit_image(image)
    self.depart_image(image)
    raise nodes.SkipNode


def _words(self: Any, node: LorafigNode) -> None:
    paragraph = nodes.paragraph("", _words_of(node))
    paragraph.parent = node.parent  # writers look at what surrounds it
    paragraph.walkabout(self)
    raise nodes.SkipNode


def _words_of(node: LorafigNode) -> str:
    return f"{node['title']}. {node['alt']}"


def _written(builder: Any, source: Source, form: Format, asked: Request, folder: str, captioned: bool) -> str:
    """Writes the figure into the output's folder, whole; returns the name of the file."""
    theme = None if asked.theme == AUTO else asked.theme
    options = inline.options_of(asked, theme, captioned)
    rendered = render_bytes(source.data, source.file, (form,), options)
    content = rendered.outputs[form]
    # The same figure may stand in a document twice, drawn in two ways.
    name = f"{NAME}-{rendered.id}-{hashlib.sha256(content).hexdigest()[:12]}.{form}"
    write_whole(os.path.join(builder.outdir, folder, name), content)
    return name


def _nothing(self: Any, node: LorafigNode) -> None:
    """Every visit ends in SkipNode: this is never called, and Sphinx wants it."""


def _stylesheet(app: Sphinx) -> None:
    """Furo is the one well-known theme that has a dark half and does not say so by `color-scheme`."""
    if app.builder.format == "html" and app.config.html_theme == "furo":
        app.config.html_static_path.append(os.path.join(os.path.dirname(__file__), "static"))
        app.add_css_file("lorafig-furo.css")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("lorafig_root", None, "env", (str,))
    app.add_config_value("lorafig_theme", AUTO, "env", (str,))
    app.add_node(
        LorafigNode,
        html=(_html, _nothing),
        latex=(_latex, _nothing),
        text=(_words, _nothing),
        man=(_words, _nothing),
        texinfo=(_words, _nothing),
    )
    app.add_directive(NAME, LorafigDirective)
    app.connect("builder-inited", _stylesheet)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("build-finished", _fail)
    return {"version": __version__, "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
