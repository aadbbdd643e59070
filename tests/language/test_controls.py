"""What can be moved on a page, and the mistakes that can be made in it."""

from __future__ import annotations

import pytest

from lorafig.errors import LorafigError
from lorafig.language import Activity, Controls, Lesson, Setting, Slider, dump, loads

HEAD = """\
id: moved
title: A figure
model: {d: 64, r: 4}
stack: [{bar: x}, {square: W}, {bar: Wx}]
"""
FULL = """\
id: moved
title: A figure
model: {d: 64, k: 32, r: 4, alpha: 16}
stack: [{bar: x}, {square: W}, {bar: Wx}]
"""


def test_controls_are_read():
    figure = loads(FULL + "controls: {r: {min: 1, max: 9, start: 3}, k: {min: 32, max: 64, step: 8}}\n")
    assert figure.controls == Controls(r=Slider(min=1, max=9, start=3), k=Slider(min=32, max=64, step=8))
    assert loads(dump(figure)) == figure


def test_a_lesson_is_read():
    text = (
        "lesson: {objectives: [Count], activities: [{ask: What, answer: That, at: {r: 8}}],"
        " questions: [Why]}\n"
    )
    figure = loads(HEAD + text)
    assert figure.lesson == Lesson(("Count",), (Activity("What", "That", Setting(r=8)),), ("Why",))
    assert loads(dump(figure)) == figure


BARE = "id: moved\ntitle: A figure\nstack: [{bar: x}, {square: W}, {bar: Wx}]\n"


def test_a_slider_gives_the_size_that_it_starts_at():
    text = f"{BARE}controls: {{r: {{min: 1, max: 9, start: 3}}, d: {{min: 8, max: 64, start: 16}}}}\n"
    figure = loads(text)
    assert (figure.model.d, figure.model.k, figure.model.r) == (16, None, 3)
    assert loads(dump(figure)) == figure
    own = loads(text.replace("stack", "model: {d: 32, r: 4}\nstack"))
    assert (own.model.d, own.model.r) == (32, 4)


@pytest.mark.parametrize(
    ("head", "controls", "expected"),
    [
        (
            BARE,
            "{r: {min: 1, max: 8}, d: {min: 8, max: 64, start: 8}}",
            "s.yaml:4:12: the slider for r has no start, and the model gives no r\n"
            "  hint: give it a start, or model.r a value",
        ),
        (
            BARE,
            "{r: {min: 1, max: 8, start: 2}}",
            "s.yaml:4:12: the page counts with d, and nothing gives it\n  hint: give model.d a value",
        ),
        (
            BARE.replace("stack", "model: {adapter: ia3, d: 8}\nstack"),
            "{adapter: [ia3, lora]}",
            "s.yaml:5:12: the page counts with r, and nothing gives it\n  hint: give model.r a value",
        ),
        (
            HEAD,
            "{k: {min: 1, max: 8}}",
            "s.yaml:5:12: a slider for k, and the figure takes k for d\n  hint: give model.k a value",
        ),
        (
            HEAD,
            "{alpha: {min: 1, max: 8}}",
            "s.yaml:5:12: a slider for alpha, and the figure has no alpha\n  hint: give model.alpha a value",
        ),
        (
            HEAD,
            "{r: {min: 8, max: 16}}",
            "s.yaml:5:12: the slider for r does not reach 4, where the figure stands\n"
            "  hint: give it a start, or another min, max or step",
        ),
        (
            HEAD,
            "{r: {min: 8, max: 8}}",
            "s.yaml:5:24: max is 8, and min is 8\n  hint: max is the greater one",
        ),
        (
            HEAD,
            "{r: {min: 1, max: 8, step: 4}}",
            "s.yaml:5:32: steps of 4 from 1 do not reach 8\n  hint: the last one before it is 5",
        ),
        (
            HEAD,
            "{r: {min: 1, max: 8, start: 9}}",
            "s.yaml:5:32: start is 9, and the slider goes from 1 to 8 in steps of 1\n"
            "  hint: choose one of its values",
        ),
        (
            HEAD,
            "{adapter: [vera, lora]}",
            "s.yaml:5:12: the first adapter is 'vera', and the figure's is 'lora'\n"
            "  hint: put lora first: the page begins with the figure as it is",
        ),
        (
            HEAD,
            "{adapter: [lora, vera, lora]}",
            "s.yaml:5:12: 'lora' stands twice in adapter\n  hint: leave one out",
        ),
        (
            HEAD,
            "{scheme: [standard, none]}",
            "s.yaml:5:12: a choice of schemes, and the figure has no alpha\n  hint: give model.alpha a value",
        ),
        (
            FULL,
            "{scheme: [standard, none], adapter: [lora, vera]}",
            "s.yaml:5:12: a choice of schemes is for the adapter lora alone\n"
            "  hint: leave it out: each adapter has its own scaling",
        ),
        (
            HEAD,
            "{r: {min: 1}}",
            "s.yaml:5:15: the key 'max' is missing\n  hint: write max: 8",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("{") else "",
)
def test_mistakes_are_told(head, controls, expected):
    with pytest.raises(LorafigError) as raised:
        loads(head + f"controls: {controls}\n", "s.yaml")
    assert str(raised.value) == expected
