"""Data goes one way, and so do imports."""

import ast
import pathlib
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

import lorafig

ROOT = pathlib.Path(lorafig.__file__).parent

# What each part may import from lorafig, besides itself. Everything may import errors, values and patterns.
ALLOWED = {
    "errors": set(),
    "values": set(),
    "pattern": set(),
    "scene": set(),
    "cache": {"files", "resources", "hashes"},
    "codes": set(),
    "doctor": {"cache", "resources"},
    "formatting": {"language"},
    "hashes": set(),
    "files": {"resources"},
    "resources": set(),
    "themes": {"scene"},
    "icons": set(),
    "notation": set(),
    "core": {"notation", "files"},
    "inspection": {"core", "files", "language", "layout", "render", "scene", "themes", "typeset"},
    "auditing": {"core", "files", "inspection", "language", "notation", "verify"},
    "language": {"notation", "core", "themes", "files", "resources"},
    "graph": {"language", "notation"},
    "verify": {"language", "graph", "notation", "core", "scene", "themes", "cache", "hashes"},
    "typeset": {"notation", "scene", "themes", "cache", "resources"},
    "layered": set(),
    "layout": {"language", "graph", "notation", "core", "scene", "themes", "icons", "typeset", "layered"},
    "lint": {"language", "scene", "themes"},
    "lsp": {"codes", "core", "draw", "formatting", "language", "notation", "themes", "verify", "words"},
    "words": {"language", "graph", "notation", "core", "verify", "themes"},
    "render": {"scene", "resources", "cache"},
    # Mermaid is structure without geometry: it is written from the spec, in the colours that layout chooses.
    # A chart that comes in is held to what it says, in characters that the fonts have.
    "mermaid": {"language", "graph", "notation", "words", "layout", "scene", "themes", "typeset", "verify"},
    "page": {
        "language",
        "graph",
        "notation",
        "core",
        "verify",
        "typeset",
        "layout",
        "scene",
        "themes",
        "render",
        "resources",
    },
    "options": {"language", "themes"},
    "provenance": {"files", "hashes", "options"},
    "outputs": {"files", "options", "pipeline", "provenance"},
    "pipeline": {"cache", "draw", "language", "lint", "options", "provenance", "render", "verify"},
    "draw": {
        "language",
        "layout",
        "lint",
        "mermaid",
        "options",
        "page",
        "provenance",
        "render",
        "scene",
        "themes",
        "verify",
        "words",
    },
    "figure": {"draw", "embed", "files", "language", "options", "render", "verify"},
    "starter": {"files", "inspection", "language", "mermaid", "resources"},
    "__init__": {"auditing", "errors", "figure", "inspection", "verify"},
    "__main__": {"cli"},
    "documentation": {"cli", "codes", "core", "files", "language", "notation", "resources", "themes"},
    "cli": {
        "cache",
        "auditing",
        "codes",
        "core",
        "doctor",
        "files",
        "formatting",
        "inspection",
        "language",
        "lint",
        "lsp",
        "options",
        "outputs",
        "pipeline",
        "provenance",
        "resources",
        "site",
        "starter",
        "themes",
        "verify",
    },
    "embed": {
        "language",
        "notation",
        "scene",
        "themes",
        "render",
        "options",
        "pipeline",
        "provenance",
        "draw",
        "files",
        "cli",
        "resources",
    },
    "site": {
        "language",
        "notation",
        "verify",
        "render",
        "words",
        "mermaid",
        "themes",
        "options",
        "pipeline",
        "draw",
        "cli",
        "files",
        "resources",
    },
}


def _is_file(module):
    place = ROOT.parent.joinpath(*module.split("."))
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            assert node.level == 0, f"{path}: imports are absolute"
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if node.module == "lorafig" or _is_file(submodule) else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _part(module):
    names = module.split(".")
    return names[1] if names[0] == "lorafig" and len(names) > 1 else None


@pytest.mark.whole
@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path):
    owner = path.relative_to(ROOT).parts[0].removesuffix(".py")
    for module in _imports(path):
        part = _part(module)
        if part is not None and part not in (owner, "errors", "values", "pattern", "__version__"):
            assert part in ALLOWED[owner], f"{path}: {owner} imports {part}"


def test_the_table_names_what_is_there():
    top = {
        entry.name.removesuffix(".py")
        for entry in ROOT.iterdir()
        if entry.suffix == ".py" or (entry / "__init__.py").exists()
    }
    assert set(ALLOWED) == top


@pytest.mark.parametrize("heavy", ["svgwrite"])
def test_the_serializer_is_imported_in_one_place(heavy):
    users = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py") if heavy in set(_imports(path))]
    assert users == ["render/svg/picture.py"]


def test_start_up_imports_nothing_heavy():
    """`import lorafig` and the command line without a command must not pay for what they do not use."""
    code = (
        "import sys, lorafig, lorafig.cli\n"
        "heavy = {'numpy', 'matplotlib', 'jinja2', 'svgwrite', 'yaml', 'uharfbuzz', 'rich', 'watchfiles'}\n"
        "heavy |= {'safetensors'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


# The rooms of verify, each by what it may see of the others.
VERIFY = {
    "verdicts": set(),
    "read": {"verdicts"},
    "meaning": {"verdicts", "read"},
    "decide": {"verdicts", "read", "meaning"},
    "report": {"verdicts", "decide"},
    "figure": {"verdicts", "read", "meaning", "decide", "report"},
    "unsized": {"meaning", "report"},
    "conditional": {"read", "meaning", "decide", "report", "unsized", "verdicts"},
    "methods": set(),
    "single": {
        *("verdicts", "read", "meaning", "decide", "figure", "report"),
        *("conditional", "methods", "unsized"),
    },
}


@pytest.mark.parametrize("room", VERIFY)
def test_verify_goes_from_reading_to_meaning_to_deciding(room):
    place = ROOT / "verify" / room
    for path in sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]:
        for module in _imports(path):
            if module.startswith("lorafig.verify."):
                other = module.split(".")[2]
                assert other in {room, *VERIFY[room]}, f"{path}: {room} imports {other}"


def _module(path):
    names = ("lorafig", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def test_no_file_imports_itself_through_others():
    """Whatever only a type checker reads counts, and so does what is imported inside a function."""
    paths = {_module(path): path for path in ROOT.rglob("*.py")}
    version = {"lorafig"}  # all that others take from there
    graph = {name: set(_imports(path)) & set(paths) - version - {name} for name, path in paths.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle
