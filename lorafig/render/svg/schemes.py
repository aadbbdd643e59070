"""One SVG for light and for dark pages: a rule for dark ones changes what has another colour there.

The light colours stay where they are, as attributes, for programs that know no style sheets. The rules name
the figure's id, so that they leave other pictures of a page alone.
"""

from __future__ import annotations

import re

_PARTS = re.compile(r"(<[^>]*>)")  # what is between tags, and tags; render escapes > in both
_COLOUR = re.compile(r' (fill|stroke)="([^"]*)"')


def following(light: str, dark: str, name: str) -> str:
    """Two drawings of the figure `name`, alike but for their colours, as one that follows the page."""
    rules: dict[str, str] = {}
    parts, others = _PARTS.split(light), _PARTS.split(dark)
    for at, (part, other) in enumerate(zip(parts, others, strict=True)):
        if part == other:
            continue
        night = dict(_COLOUR.findall(other))
        changed = [key for key, colour in _COLOUR.findall(part) if night[key] != colour]
        labels = [f"{key[0]}{night[key][1:].lower()}" for key in changed]
        for label, key in zip(labels, changed, strict=True):
            rules[label] = f'[id="{name}"] .{label}{{{key}:{night[key]}}}'
        parts[at] = re.sub(r"(?=\s*/?>$)", f' class="{" ".join(labels)}"', part, count=1)
    if not rules:
        return light
    there = "".join(rules[label] for label in sorted(rules))
    style = f"<style>@media(prefers-color-scheme:dark){{{there}}}</style>"
    return "".join(parts).replace("</desc>", f"</desc>{style}", 1)
