"""Data goes one way, and so do imports."""

import ast
import pathlib
import subprocess
import sys

import pytest

import lorafig

ROOT = pathlib.Path(lorafig.__file__).parent

# What each part may import from lorafig, besides itself. Everything may import errors and values.
ALLOWED = {
    "errors": set(),
    "values": set(),
    "scene": set(),
    "cache": {"files", "resources"},
    "files": set(),
    "resources": set(),
    "themes": {"scene"},
    "icons": set(),
    "notation": set(),
    "core": {"notation"},
    "language": {"notation", "core", "themes", "files", "resources"},
    "graph": {"language", "notation"},
    "verify": {"language", "graph", "notation", "core", "scene", "themes"},
    "typeset": {"notation", "scene", "themes", "cache", "resources"},
    "layered": set(),
    "layout": {"language", "graph", "notation", "core", "scene", "themes", "icons", "typeset", "layered"},
    "words": {"language", "graph", "notation", "core", "verify"},
    "render": {"scene", "resources", "cache"},
    # Mermaid is structure without geometry: it is written from the spec, in the colours that layout chooses.
    "mermaid": {"language", "graph", "notation", "words", "layout", "scene", "themes"},
    "options": {"language", "themes"},
    "pipeline": {"cache", "draw", "language", "options", "verify"},
    "draw": {"language", "layout", "mermaid", "options", "page", "render", "scene", "verify", "words"},
    "figure": {"draw", "embed", "files", "language", "options", "render", "verify"},
    "starter": {"files", "language", "mermaid", "resources"},
    "cli": {"files", "language", "options", "pipeline", "resources", "site", "starter", "verify"},
    "embed": {
        "language",
        "notation",
        "scene",
        "themes",
        "render",
        "options",
        "pipeline",
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


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            assert node.level == 0, f"{path}: imports are absolute"
            if node.module == "lorafig":
                yield from (f"lorafig.{alias.name}" for alias in node.names)
            else:
                yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _part(module):
    names = module.split(".")
    return names[1] if names[0] == "lorafig" and len(names) > 1 else None


@pytest.mark.whole
@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path):
    owner = path.relative_to(ROOT).parts[0].removesuffix(".py")
    if owner not in ALLOWED:
        return  # the command line and what puts the parts together may use all of them
    for module in _imports(path):
        part = _part(module)
        if part is not None and part not in (owner, "errors", "values", "__version__"):
            assert part in ALLOWED[owner], f"{path}: {owner} imports {part}"


def test_the_table_names_what_is_there():
    top = {
        entry.name.removesuffix(".py")
        for entry in ROOT.iterdir()
        if entry.suffix == ".py" or (entry / "__init__.py").exists()
    }
    assert set(ALLOWED) <= top


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


# The rooms of verify, each by what it may see of the others. Types alone may be named the other way round.
VERIFY = {
    "verdicts": set(),
    "report": {"verdicts"},
    "read": {"verdicts"},
    "meaning": {"read"},
    "decide": {"verdicts", "report", "read", "meaning"},
    "figure": {"verdicts", "report", "read", "meaning", "decide"},
    "single": {"report", "read", "meaning", "decide"},
}


def _without_types(tree):
    """The tree without what only a type checker runs."""
    tree.body = [
        node for node in tree.body if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node))
    ]
    return tree


@pytest.mark.parametrize("room", VERIFY)
def test_verify_goes_from_reading_to_meaning_to_deciding(room):
    place = ROOT / "verify" / room
    for path in sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]:
        for node in ast.walk(_without_types(ast.parse(path.read_text()))):
            if not isinstance(node, ast.ImportFrom):
                continue
            module = (
                node.module if node.module != "lorafig.verify" else f"lorafig.verify.{node.names[0].name}"
            )
            if module.startswith("lorafig.verify."):
                other = module.split(".")[2]
                assert other in {room, *VERIFY[room]}, f"{path}: {room} imports {other}"
