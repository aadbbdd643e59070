"""Every code with its explanation: those of errors and claims, and the rules of the picture."""

from __future__ import annotations

import click

from lorafig.codes import Code, codes, whole


def explained() -> dict[str, Code]:
    from lorafig.lint import NAMES, RULES

    rules = {}
    for name, rule in zip(NAMES, RULES, strict=True):
        first, _, rest = " ".join((rule.__doc__ or "").split()).partition(". ")
        rules[name] = Code(first.rstrip("."), rest or "A rule of `lorafig lint`.")
    return {**codes(), **rules}


def told(name: str, code: Code) -> str:
    """A code with its meaning and its examples, as text."""
    parts = [click.style(name, bold=True) + f": {code.title}", click.wrap_text(code.meaning, 90)]
    for word, colour, example in (("wrong", "red", code.wrong), ("right", "green", code.right)):
        if example:
            lines = "\n".join(f"    {line}" for line in whole(example).rstrip("\n").split("\n"))
            parts.append(click.style(f"  {word}:", fg=colour) + f"\n{lines}")
    return "\n".join(parts)
