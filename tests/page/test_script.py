"""The script of a page without its blanks: what is in strings stays, and statements stay apart."""

from __future__ import annotations

import pytest

from lorafig.page.script import renamed, script


@pytest.mark.parametrize(
    ("source", "short"),
    [
        ("const a = 1; // one\nlet b = a + 1;\n", "const a=1;let b=a+1;"),
        ("const a = 'a  // b';", "const a='a  // b';"),
        ("put(\"a\", 'it\\'s  b');", "put(\"a\",'it\\'s  b');"),
        ("say(`All ${n ? `of  ${n}` : ''} hold  now`);", "say(`All ${n?`of  ${n}`:''} hold  now`);"),
        ("say(`a ${f({ x: 1 })} b`);", "say(`a ${f({x:1})} b`);"),
        ("if (/ [/'] /.test(a)) b = c / d / e;", "if(/ [/'] /.test(a))b=c/d/e;"),
        ("a = b - -c;\nd = e + +f;", "a=b- -c;d=e+ +f;"),
        ("let a = 1\nlet b = 2", "let a=1\nlet b=2"),
        ("return {\n  one,\n  two,\n};", "return{one,two};"),
        ("/* a\n b */ f()\n[1].map(g)", "f()\n[1].map(g)"),
        ("const f = async () => { await g(); };", "const f=async()=>{await g()};"),
        ("function f() { for (; g(););  }", "function f(){for(;g(););}"),
    ],
)
def test_blanks_go_and_meaning_stays(source: str, short: str) -> None:
    assert renamed(source) == short


@pytest.mark.parametrize(
    ("source", "short"),
    [
        ("const long = (first) => `${first} long`; f(long(long));", "const a=(b)=>`${b} long`;f(a(a));"),
        ("const [one, two] = both; at.one = two;", "const[b,a]=both;at.one=a;"),
        ("const kept = { size, named: 1 }; let size = named;", "const b={size:a,named:1};let a=named;"),
        (
            "const { size, of: part = 1, rest: [one] } = all; f(({ size }) => size + part + one);",
            "const{size:a,of:b=1,rest:[c]}=all;f(({size:a})=>a+b+c);",
        ),
        (
            "switch (kind) { case 'a': { const size = 1, wide = f(size); size; wide(size); } }",
            "switch(kind){case'a':{const a=1,b=f(a);a;b(a)}}",
        ),
        (
            "class Pair { size(value) { return { value }; } } const value = new Pair().size(size);",
            "class Pair{size(a){return{value:a}}}const a=new Pair().size(size);",
        ),
        (
            "const text = { text: 1, get size() { return text.text; } }, found = text ? { text } : text;",
            "const a={text:1,get size(){return a.text}},b=a?{text:a}:a;",
        ),
        (
            "const show = { get wide() { return high; }, high() {} };",
            "const a={get wide(){return high},high(){}};",
        ),
        ("const LIMIT = 4, Page = run(LIMIT);", "const a=4,Page=run(a);"),
        (
            "const some = (a, ...rest) => rest.map((each = LAST) => each);",
            "const d=(a,...b)=>b.map((c=LAST)=>c);",
        ),
    ],
)
def test_names_of_its_own_are_short(source: str, short: str) -> None:
    """What is, or may be, a name of a property or of the browser stays as it is."""
    assert renamed(source) == short


def test_the_page_s_own_script_gets_shorter_once() -> None:
    assert renamed(script()) == script()
    assert "  // " not in script()
