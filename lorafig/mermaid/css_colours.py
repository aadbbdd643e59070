"""Colours of CSS as the language writes them: '#RRGGBB'."""

from __future__ import annotations

import re

_HEX = re.compile(r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_HEX_ALPHA = re.compile(r"#([0-9A-Fa-f]{4}|[0-9A-Fa-f]{8})")


def colour(value: str) -> tuple[str, bool] | None:
    """A colour of CSS, and whether it is the very same (no transparency lost); None for any other word."""
    value = value.strip()
    if _HEX.fullmatch(value) is not None:
        return value, True
    alpha = _HEX_ALPHA.fullmatch(value)
    if alpha is not None:
        digits = alpha.group(1)
        return "#" + digits[: len(digits) * 3 // 4], digits[len(digits) * 3 // 4 :].lower().strip("f") == ""
    if not value.isalpha():
        return None  # Mermaid's grammar has no brackets here, and so no rgb(…)
    from matplotlib.colors import CSS4_COLORS  # heavy, and few charts name a colour

    named = CSS4_COLORS.get(value.lower())
    return None if named is None else (str(named).lower(), True)
