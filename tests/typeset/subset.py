"""Makes the fonts beside the Latin ones in `lorafig/fonts`: python -m tests.typeset.subset SOURCES TARGET

SOURCES is a folder with NotoSerifCJK-Regular.ttc and NotoSansCJK-Bold.ttc of Noto CJK 2.001 and 2.004
(Debian 12: fonts-noto-cjk 1:20220127), cmunrm.ttf and cmunbx.ttf of CMU 0.7.0 (fonts-cmu), and
LiberationSans-Regular.ttf and -Bold.ttf 2.1.5 (fonts-liberation2). It needs fontTools
4.60.1 (4.68.0 for Cyrillic) and cffsubr 0.4.0, which nothing else here does; the same versions give the
same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lorafig.notation.cjk import is_cjk

SIMPLIFIED = 2  # number of the face with the shapes of mainland China in each collection
FACES = {
    "NotoSerifCJK-Regular.ttc": "noto-serif-sc-regular.otf",
    "NotoSansCJK-Bold.ttc": "noto-sans-sc-bold.otf",
}
# Cyrillic. The licence of Liberation keeps its name for the whole font: what is cut out of it has another.
CYRILLIC = {
    "cmunrm.ttf": ("cyrillic-serif-regular.ttf", "Lorafig Cyrillic Serif"),
    "cmunbx.ttf": ("cyrillic-serif-bold.ttf", "Lorafig Cyrillic Serif"),
    "LiberationSans-Regular.ttf": ("cyrillic-sans-regular.ttf", "Lorafig Cyrillic Sans"),
    "LiberationSans-Bold.ttf": ("cyrillic-sans-bold.ttf", "Lorafig Cyrillic Sans"),
}
CHARACTER_SETS = (
    ("gb2312", range(0xA1, 0xF8)),
    ("euc_jp", range(0xA1, 0xD0)),
    ("euc_kr", range(0xB0, 0xC9)),
)  # each with its rows
COPYRIGHT = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]  # names that a font keeps; 13 and 14 are its licence


def characters() -> set[int]:
    """GB 2312 (6,763 hanzi, kana, punctuation, numbers in circles), the kanji of JIS X 0208, level 1, the
    2,350 syllables of KS X 1001, and a blank, which TeX asks every font for."""
    return {0x20} | {
        code
        for codec, rows in CHARACTER_SETS
        for row in rows
        for cell in range(0xA1, 0xFF)
        for code in _decoded(bytes([row, cell]), codec)
        if is_cjk(chr(code))
    }


def _decoded(pair: bytes, codec: str) -> list[int]:
    try:
        return [ord(pair.decode(codec))]
    except UnicodeDecodeError:
        return []


def main(sources: str, target: str) -> None:
    import cffsubr
    from fontTools import subset
    from fontTools.ttLib import TTFont

    for source, name in FACES.items():
        font = TTFont(Path(sources) / source, fontNumber=SIMPLIFIED, recalcTimestamp=False)
        options = subset.Options()
        options.layout_features = []
        options.hinting = False
        options.desubroutinize = True
        options.notdef_outline = True
        options.name_IDs = COPYRIGHT
        options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=characters())
        subsetter.subset(font)
        cffsubr.subroutinize(font)
        font.save(Path(target) / name)
    for source, (name, family) in CYRILLIC.items():
        font = TTFont(Path(sources) / source, recalcTimestamp=False)
        options = subset.Options()
        options.layout_features = ["kern"]
        options.hinting = False
        options.notdef_outline = True
        options.name_IDs = COPYRIGHT
        options.drop_tables += ["FFTM"]
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes={0x20, *range(0x400, 0x530)})
        subsetter.subset(font)
        style = "Bold" if "bold" in name else "Regular"
        called = {1: family, 2: style, 4: f"{family} {style}", 6: f"{family} {style}".replace(" ", "")}
        for record in font["name"].names:
            if record.nameID in called:
                record.string = called[record.nameID]
            elif record.nameID == 3:
                record.string = f"lorafig:{called[6]}"
        font["name"].names = [record for record in font["name"].names if record.nameID != 7]
        font.save(Path(target) / name)


if __name__ == "__main__":
    main(*sys.argv[1:])
