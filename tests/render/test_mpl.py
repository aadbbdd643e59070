"""Matplotlib: exact sizes, outlines alone, nothing global touched."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import extract
import matplotlib as mpl_root
import pypdf
import pytest
from matplotlib.figure import Figure
from msgspec.structs import replace
from PIL import Image

from lorafig.render import mpl
from lorafig.scene import Scene, Shape, walk


def test_figure_has_the_size_of_the_scene(scene: Scene) -> None:
    figure = mpl.render(scene)
    assert isinstance(figure, Figure)
    assert tuple(figure.get_size_inches() * 25.4) == pytest.approx((scene.width, scene.height))


def test_pdf_page_has_the_size_of_the_scene(scene: Scene) -> None:
    width, height = extract.media_box(mpl.save(scene, "pdf"))
    assert (width, height) == pytest.approx((scene.width, scene.height), abs=1e-6)


def test_pdf_has_no_fonts_and_says_what_it_shows(two_panels: Scene, tmp_path: Path) -> None:
    path = tmp_path / "figure.pdf"
    path.write_bytes(mpl.save(two_panels, "pdf"))
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    assert len(fonts.splitlines()) == 2  # the heading alone
    about = pypdf.PdfReader(path).metadata
    assert about is not None
    assert about.title == two_panels.title
    assert about.subject == two_panels.description
    assert about.creation_date is None


def test_png(two_panels: Scene) -> None:
    image = Image.open(io.BytesIO(mpl.save(two_panels, "png")))
    assert image.size == pytest.approx((two_panels.width / 25.4 * 300, two_panels.height / 25.4 * 300), abs=1)
    assert image.info["Title"] == two_panels.title
    assert image.getpixel((0, 0)) == (255, 255, 255, 255)
    dark = Image.open(io.BytesIO(mpl.save(replace(two_panels, background="black"), "png", dpi=50)))
    assert dark.getpixel((0, 0)) == (0, 0, 0, 255)


def test_eps_has_no_date_and_a_safe_title(two_panels: Scene) -> None:
    head = (
        mpl.save(replace(two_panels, title="α\n%%EOF"), "eps").partition(b"%%EndComments")[0].decode("ascii")
    )
    assert "Date" not in head
    assert "%%Title: ??%%EOF\n" in head
    assert "%%HiResBoundingBox: 0.000000 0.000000 470.551181 232.440945\n" in head


def test_plot_draws_into_given_axes_and_scales_with_them(two_panels: Scene) -> None:
    figure = Figure(figsize=(6, 6))
    small, large = figure.add_axes((0, 0, 0.2, 0.2)), figure.add_axes((0.2, 0.2, 0.8, 0.8))
    for ax in (small, large):
        mpl.plot(two_panels, ax)
        assert not ax.axison
        assert ax.get_xlim() == (0, two_panels.width)
        assert ax.get_ylim() == (0, two_panels.height)
        assert ax.get_aspect() == 1
        assert all(patch.get_linewidth() == 0 for patch in ax.patches)
    assert len(small.patches) == len(large.patches) > 40
    assert mpl.render(two_panels, large) is figure


def test_nothing_global_changes(two_panels: Scene) -> None:
    before = mpl_root.rcParams.copy()
    mpl.plot(two_panels, Figure().add_subplot())
    for form in ("pdf", "png", "eps"):
        mpl.save(two_panels, form)
    assert mpl_root.rcParams.copy() == before  # of the original, comparing alone would choose a backend
    code = (
        "import sys\nsys.path.insert(0, 'tests/render')\nimport scenes\nfrom lorafig.render import mpl\n"
        "mpl.save(scenes.two_panels(), 'png')\nassert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_a_users_settings_do_not_change_the_file(two_panels: Scene) -> None:
    settings = {
        "figure.autolayout": True, "axes.facecolor": "red", "figure.facecolor": "red",
        "savefig.bbox": "tight", "path.sketch": (1, 100, 2), "pdf.compression": 0, "patch.linewidth": 9,
        "axes.grid": True, "text.usetex": True,
        "patch.force_edgecolor": True, "hatch.linewidth": 9, "figure.dpi": 33, "savefig.dpi": 33,
    }  # fmt: skip
    plain = [mpl.save(two_panels, form) for form in ("pdf", "png", "eps")]
    with mpl_root.rc_context(settings):
        assert [mpl.save(two_panels, form) for form in ("pdf", "png", "eps")] == plain


def test_png_fills_nodes_as_the_other_formats_do(two_panels: Scene) -> None:
    """On white, whatever the palette calls its colours."""
    shape = next(item for item in walk(two_panels.items) if isinstance(item, Shape))
    style = replace(two_panels.styles[shape.role], fill="paper")
    palette = {**two_panels.palette, "paper": "#F4F5F7"}
    scene = replace(two_panels, palette=palette, styles={**two_panels.styles, shape.role: style})
    picture = Image.open(io.BytesIO(mpl.save(scene, "png", dpi=254))).convert("RGB")
    x0, y0, *_ = shape.box
    inside = round(10 * (x0 + 1)), round(10 * (scene.height - y0 - 1))
    assert picture.getpixel(inside) == (0xF4, 0xF5, 0xF7)
    assert picture.getpixel((2, 2)) == (255, 255, 255)
