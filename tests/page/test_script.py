"""The script of a page without its blanks: what is in strings stays, and statements stay apart."""

from __future__ import annotations

import pytest

from lorafig.page.script import script, squeezed


@pytest.mark.parametrize(
    ("source", "short"),
    [
        ("const a = 1; // one\nlet b = a + 1;\n", "const a=1;let b=a+1;"),
        ("const text = 'a  // b';", "const text='a  // b';"),
        ("put(\"a\", 'it\\'s  b');", "put(\"a\",'it\\'s  b');"),
        ("say(`All ${n ? `of  ${n}` : ''} hold  now`);", "say(`All ${n?`of  ${n}`:''} hold  now`);"),
        ("say(`a ${f({ x: 1 })} b`);", "say(`a ${f({x:1})} b`);"),
        ("if (/ [/'] /.test(a)) b = c / d / e;", "if(/ [/'] /.test(a))b=c/d/e;"),
        ("a = b - -c;\nd = e + +f;", "a=b- -c;d=e+ +f;"),
        ("let a = 1\nlet b = 2", "let a=1\nlet b=2"),
        ("return {\n  one,\n  two,\n};", "return{one,two,};"),
        ("/* a\n b */ f()\n[1].map(g)", "f()\n[1].map(g)"),
        ("const f = async () => { await g(); };", "const f=async()=>{await g();};"),
    ],
)
def test_blanks_go_and_meaning_stays(source: str, short: str) -> None:
    assert squeezed(source) == short


def test_the_page_s_own_script_gets_shorter_once() -> None:
    assert squeezed(script()) == script()
    assert "  // " not in script()
