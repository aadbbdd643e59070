"""The same bytes in any folder, time zone, locale and hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CODE = """
import hashlib, sys
sys.path[:0] = {paths!r}
import flow_scene, scenes
from lorafig.render import mpl, svg, tex, tikz
outputs = []
for scene in (scenes.two_panels(), flow_scene.everything()):
    document = tikz.render(scene, standalone=True)
    outputs += [
        svg.render(scene).encode(), svg.render(scene, text="live").encode(), tikz.render(scene).encode(),
        document.encode(), tex.compile_pdf(document),
        *(mpl.save(scene, form) for form in ("pdf", "png", "eps")),
    ]
print(*(hashlib.sha256(output).hexdigest()[:16] for output in outputs))
"""


def test_same_bytes_everywhere(tmp_path: Path) -> None:
    here = Path(__file__).parent
    code = CODE.format(paths=[str(here.parents[1]), str(here)])
    seen = []
    for number, (zone, locale, seed, epoch) in enumerate(
        [
            ("UTC", "C", "0", None),
            ("Asia/Kathmandu", "de_DE.UTF-8", "1", "1"),
            ("America/St_Johns", "tr_TR.UTF-8", "31337", "86400"),
        ]
    ):
        folder = tmp_path / f"ö {number}"
        folder.mkdir()
        environment = os.environ | {"TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed}
        if epoch is not None:
            environment["SOURCE_DATE_EPOCH"] = epoch
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        seen.append(done.stdout)
    assert seen[0] == seen[1] == seen[2]
