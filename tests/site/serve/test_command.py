"""The command line of the preview."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.serve.conftest import SMALL


def failing(folder: Path, *arguments: str) -> tuple[int, str, str]:
    result = subprocess.run(
        [sys.executable, "-c", "from lorafig.cli import main; main()", "serve", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ | {"LORAFIG_CACHE": "off", "NO_COLOR": "1"},
    )
    return result.returncode, result.stdout, result.stderr


def test_a_port_in_use(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert failing(tmp_path, "small.yaml", "--port", str(port)) == (
            2,
            "",
            f"error: port {port} is in use\n  hint: leave --port out for a free one, or end what uses it\n",
        )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-"], "a preview needs files, and '-' is stdin"),
        ([], "Missing argument 'SPEC...': name a spec, lorafig serve mine.yaml"),
        (["small.yaml", "--port", "65536"], "65536 is not in the range 0<=x<=65535."),
        (["small.yaml", "--port", "x"], "'x' is not a whole number"),
        (["no*.yaml"], "no file fits 'no*.yaml'"),
        (["small.yaml", "--theme", "gray"], "there is no theme 'gray'\n  hint: did you mean 'grey'?"),
        (["small.yaml", "--host", "0.0.0.0"], "No such option '--host'"),
    ],
)
def test_usage(tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    status, out, err = failing(tmp_path, *arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_too_many_specs(tmp_path: Path) -> None:
    names = [f"{number}.yaml" for number in range(201)]
    status, out, err = failing(tmp_path, *names)
    assert (status, out) == (4, "")
    assert err == "error: 201 specs are too many to watch\n  hint: name at most 200\n"


def test_the_first_free_port(preview, tmp_path: Path) -> None:
    """Without --port, two previews run beside each other."""
    (tmp_path / "small.yaml").write_text(SMALL)
    from lorafig.site.serve.server import FIRST_PORT, bind

    servers = [bind(None) for _ in range(2)]
    try:
        ports = [server.getsockname()[1] for server in servers]
        assert ports[0] < ports[1]
        assert ports[0] >= FIRST_PORT
    finally:
        for server in servers:
            server.close()


@pytest.mark.parametrize("package", ["starlette", "uvicorn"])
def test_without_the_packages_that_it_needs(tmp_path: Path, package: str) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    code = f"import sys; sys.modules[{package!r}] = None; from lorafig.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", code, "serve", "small.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr == (
        f"error: a preview needs the package {package}\n  hint: pip install 'lorafig[serve]'\n"
    )
