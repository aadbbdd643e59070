"""What XeTeX hands to xdvipdfmx, looked through first.

Kpathsea keeps TeX inside its folder, but not xdvipdfmx: it would embed any file that a `\\special`
names, and read fonts' maps and its own settings from one.
"""

from __future__ import annotations

import re

# Specials of the kind `pdf:` that TikZ, colours and the page's size need. None of them reads a file.
ALLOWED = frozenset(
    b"code literal bcolor ecolor bcontent econtent btrans etrans obj put docinfo pagesize".split()
)
_PDF = re.compile(rb"pdf:\s*(\w*)")
# The other kinds that read a file. XeTeX itself asks for a picture by `pdf:image`.
_FILE = re.compile(rb"(?:ps|plot)file|header\s*=|postscriptbox|fontmap\w+|dvipdfmx:\w+|html:", re.IGNORECASE)


def outside(xdv: bytes) -> str | None:
    """The first instruction by which a file could come into the PDF, or None."""
    for match in _PDF.finditer(xdv):
        if match[1] not in ALLOWED:
            return match[0].decode("latin-1")
    found = _FILE.search(xdv)
    return None if found is None else found[0].decode("latin-1")
