"""Which character shows a letter in a given font (Unicode, chapter 22)."""

from __future__ import annotations

# Start of each alphabet of capital letters; the 26 small ones follow at once.
_STARTS = {
    "it": 0x1D434,
    "bf": 0x1D400,
    "bm": 0x1D468,
    "cal": 0x1D49C,
    "bb": 0x1D538,
    "sf": 0x1D5A0,
    "tt": 0x1D670,
}
# Letters that Unicode had before the alphabets, and that are missing from them.
_HOLES = {
    "it": {"h": "ℎ"},
    "cal": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "bb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
}
_DIGITS = {"bf": 0x1D7CE, "bb": 0x1D7D8, "sf": 0x1D7E2, "tt": 0x1D7F6}
_GREEK = "αβγδεζηθικλμνξοπρςστυφχψω"
_GREEK_CAPITALS = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ"
_GREEK_STARTS = {"it": (0x1D6E2, 0x1D6FC), "bf": (0x1D6A8, 0x1D6C2), "bm": (0x1D71C, 0x1D736)}
_VARIANTS = {"ϵ": 0x1D716, "ϑ": 0x1D717, "ϰ": 0x1D718, "ϕ": 0x1D719, "ϱ": 0x1D71A, "ϖ": 0x1D71B}


def styled(char: str, font: str) -> str:
    """One letter in a font of the notation tree; what has no such form is returned as it is.

    TeX's own defaults: letters and small Greek slanted, capital Greek and digits upright.
    """
    if font == "":
        font = "rm" if char in _GREEK_CAPITALS or char.isdigit() else "it"
    if font in _HOLES and char in _HOLES[font]:
        return _HOLES[font][char]
    if "A" <= char <= "Z" and font in _STARTS:
        return chr(_STARTS[font] + ord(char) - ord("A"))
    if "a" <= char <= "z" and font in _STARTS:
        return chr(_STARTS[font] + 26 + ord(char) - ord("a"))
    if "0" <= char <= "9" and font in _DIGITS:
        return chr(_DIGITS[font] + ord(char) - ord("0"))
    if font in _GREEK_STARTS:
        capital, small = _GREEK_STARTS[font]
        if char in _GREEK:
            return chr(small + _GREEK.index(char))
        if char in _GREEK_CAPITALS:
            return chr(capital + _GREEK_CAPITALS.index(char))
        if char in _VARIANTS and font == "it":
            return chr(_VARIANTS[char])
    return char
