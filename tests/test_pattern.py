"""Patterns are looked for only in texts that have one of their signs: no match may be without."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from itertools import chain, product
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import lorafig.notation
import lorafig.verify
from lorafig.pattern import Pattern, any_case

MANY = 400  # texts that a pattern begins with, told apart; beyond, what is between them is anything
ANYTHING = "\0"
HAS_A_SIGN = "\1"


def patterns() -> Iterator[tuple[str, Pattern]]:
    folders = (lorafig.notation, lorafig.verify)
    for module in chain(*(pkgutil.walk_packages(one.__path__, f"{one.__name__}.") for one in folders)):
        for name, value in vars(importlib.import_module(module.name)).items():
            for found in _in(value):
                yield f"{module.name}.{name}: {found.expression[:40]}", found


def _in(value: object) -> Iterator[Pattern]:
    if isinstance(value, Pattern):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _in(part)


PATTERNS = {name: pattern for name, pattern in patterns() if pattern.signs}


def texts(parts: Any, signs: tuple[str, ...]) -> set[str]:
    """What an expression matches, ANYTHING for what is not spelt out and HAS_A_SIGN for all that has one."""
    found = {""}
    for part in parts:
        own = _texts(part, signs)
        found = {before + behind for before, behind in product(found, own)}
        found = {HAS_A_SIGN if any(sign in one for sign in (*signs, HAS_A_SIGN)) else one for one in found}
        if len(found) > MANY:
            found = {HAS_A_SIGN if one == HAS_A_SIGN else ANYTHING for one in found}
    return found


def _texts(part: Any, signs: tuple[str, ...]) -> set[str]:
    op, value = part
    match op:
        case sre.LITERAL:
            return {chr(value).lower()}
        case sre.SUBPATTERN:
            return texts(value[-1], signs)
        case sre.BRANCH:
            return set().union(*(texts(branch, signs) for branch in value[1]))
        case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
            least, most, inner = value
            own = texts(inner, signs)
            if least == most == 1 or (least, most) == (0, 1):
                return own | ({""} if least == 0 else set())
            return {one if one == HAS_A_SIGN else ANYTHING for one in own} | ({""} if least == 0 else set())
        case sre.ATOMIC_GROUP:
            return texts(value, signs)
        case sre.AT | sre.ASSERT_NOT:
            return {""}
        case sre.ASSERT:
            return {one if one == HAS_A_SIGN else "" for one in texts(value[1], signs)}
        case sre.IN:
            few = len(value) <= 3 and all(kind is sre.LITERAL for kind, _ in value)
            return {chr(char).lower() for _, char in value} if few else {ANYTHING}
        case _:
            return {ANYTHING}


@pytest.mark.parametrize("name", PATTERNS)
def test_no_match_is_without_a_sign(name: str) -> None:
    pattern = PATTERNS[name]
    parsed = _parser.parse(pattern.expression, pattern.flags)
    assert texts(parsed, pattern.signs) == {HAS_A_SIGN}


def test_a_sign_that_a_match_can_be_without_is_found() -> None:
    assert texts(_parser.parse("the (?:left|right)s?"), ("left",)) != {HAS_A_SIGN}
    assert texts(_parser.parse("the (?:left|right)?"), ("left", "right")) != {HAS_A_SIGN}
    assert texts(_parser.parse(r"the\s+left"), ("the left",)) != {HAS_A_SIGN}


def test_nothing_is_compiled_for_a_text_without_a_sign() -> None:
    pattern = any_case(r"\bthe (?:left|right)\b", "left|right")
    assert pattern.search("The top") is None
    assert pattern._compiled is None
    found = pattern.search("On THE LEFT")
    assert found is not None
    assert found[0] == "THE LEFT"
    assert [pattern.sub("it", text) for text in ("The left", "The top")] == ["it", "The top"]
    assert [match[0] for match in pattern.finditer("the left, the right")] == ["the left", "the right"]
    assert list(pattern.finditer("")) == pattern.split("")[1:] == []
    assert (pattern.match("the left"), pattern.fullmatch("the top")) != (None, None)
    at = pattern.matcher("on the left")
    assert at(3) is not None
    assert at(2) is None
    assert pattern.matcher("on top")(3) is None


def test_without_signs_every_text_is_searched() -> None:
    pattern = Pattern("[0-9]+")
    assert pattern.split("a1b22c") == re.split("[0-9]+", "a1b22c")
    assert pattern.match("7") is not None
