"""Code that stands in a claim, as the sentences and formulas that it stands for.

Python is read by its own grammar: `result += lora_B(lora_A(x)) * scaling`, `W.requires_grad = False`,
`nn.init.zeros_(self.lora_B.weight)`. What has no meaning here makes the whole text none of it.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Mapping

from lorafig.verify.read.codewords import WRITTEN

LONGEST = 400  # characters
_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("lora_A", "loraA", "lora_a", "lora_down"), "A"),
    **dict.fromkeys(("lora_B", "loraB", "lora_b", "lora_up"), "B"),
    **dict.fromkeys(
        ("weight", "W0", "W_0", "base_layer", "base_weight", "linear", "base", "orig_weight", "pretrained"),
        "W",
    ),
    **dict.fromkeys(("result", "out", "output", "outputs", "hidden"), "h"),
    **dict.fromkeys(("delta_w", "delta_weight", "delta_W", "delta", "dW", "update"), "ΔW"),
    **dict.fromkeys(("lora_alpha", "alpha"), "α"),
    **dict.fromkeys(("scaling", "scale", "scaling_factor", "lora_scaling"), "s"),
    **dict.fromkeys(("rank", "r", "lora_r", "lora_rank"), "r"),
    **dict.fromkeys(("in_dim", "dim_in", "input_dim", "in_f", "in_channels"), "in_features"),
    **dict.fromkeys(("out_dim", "dim_out", "output_dim", "out_f", "out_channels"), "out_features"),
    "bias": "b",
    **dict.fromkeys(("merged", "merged_weight", "W_merged", "new_weight", "W_new"), "W'"),
}
_GIVEN = re.compile(r"(?:orig(?:inal)?|base|frozen|pretrained)_(?:out(?:put)?|result|h|y)")  # what it gives
_PRETRAINED = re.compile(
    r"(?:orig(?:inal)?|base|frozen|pretrained)(?:_(?:layer|linear|weight|model|module|proj))?"
)
_LAYERS = ("A", "B", "W")  # what is called is applied
_SAME = frozenset(
    {
        *("dropout", "lora_dropout", "Dropout", "identity", "Parameter", "clone", "detach", "contiguous"),
        *("float", "half", "bfloat16", "to", "type", "type_as", "cpu", "cuda", "tensor", "item"),
    }
)
_PRODUCTS = frozenset({"matmul", "mm", "dot", "bmm"})
_TURNS = frozenset({"t", "transpose", "T", "mT", "H"})
_EQUALS = frozenset({"allclose", "equal", "array_equal", "isclose"})
_OPTIMIZERS = frozenset({"Adam", "AdamW", "SGD", "Adafactor", "Lion", "RMSprop", "Adam8bit", "PagedAdamW"})
_STARTS: Mapping[str, str] = {
    "zeros_": "{} = 0 at initialization",
    "zero_": "{} = 0 at initialization",
    "zeros_init": "{} = 0 at initialization",
    "ones_": "{} = 1 at initialization",
    "kaiming_uniform_": "{} is initialized uniformly",
    "xavier_uniform_": "{} is initialized uniformly",
    "uniform_": "{} is initialized uniformly",
    "normal_": "{} is initialized from a normal distribution",
    "kaiming_normal_": "{} is initialized from a normal distribution",
    "xavier_normal_": "{} is initialized from a normal distribution",
}
_SIGNS: Mapping[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.MatMult: "", ast.Div: "/", ast.FloorDiv: "/",
}  # fmt: skip
_RELATIONS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: "≠", ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥",
}  # fmt: skip
_TIGHT = {"+": 1, "-": 1, "*": 2, "": 2, "/": 2}


class StrangeError(Exception):
    """A part of the code that says nothing that is known here."""


def parted(text: str) -> tuple[str, str]:
    """Code without its comments, and these; a text that is no code by itself."""
    source = text.strip().strip("`")
    if "#" not in source[1:] or len(source) > LONGEST:
        return text, ""
    try:
        found = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return text, ""
    said = [token.string for token in found if token.type == tokenize.COMMENT]
    plain = source
    for comment in said:
        plain = plain.replace(comment, "", 1)
    if spelled(plain) is None:
        return text, ""
    return plain, " ".join(comment.lstrip("#! ").strip() for comment in said)


def spelled(text: str, rows: bool = False) -> str | None:
    """What the code of a text says; None for a text that is none, or that has a part without a meaning. With
    `rows` a layer is applied to the rows of x, as it is where a text turns its weights."""
    source = text.strip().strip("`").strip()
    if len(source) > LONGEST or "\\" in source:
        return None
    for written, plain in WRITTEN:
        source = re.sub(written, plain, source)
    body = _parsed(source)
    if body is None:  # `A.in_features = 4096, A.out_features = 8`
        body = _parsed(re.sub(r",\s+(?=[\w.]+\.\w+\s*=(?!=))", "; ", source))
    if body is None and "(" in source:  # `B.numel() = 16,384`
        body = _parsed(re.sub(r"(?<![=<>!:+*/@-])=(?!=)", "==", re.sub(r"(?<=\d),(?=\d{3})", "", source)))
    if body is None or not any(_is_code(node) for line in body for node in ast.walk(line)):
        return None
    turned = rows or _TURNED.search(source) is not None
    body = [ast.fix_missing_locations(_Rows().visit(line)) for line in body] if turned else body
    try:
        return "; ".join(_statement(line) for line in body)
    except (StrangeError, RecursionError):
        return None


def _parsed(source: str) -> list[ast.stmt] | None:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


_TURNED = re.compile(r"@\s*\(?[\w.]+\.(?:T|mT|t\(\)|transpose\()")


class _Rows(ast.NodeTransformer):
    """`lora_A(x)` as `x @ A.T`."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(attr="linear"), args=[x, weight]):
                return ast.BinOp(x, ast.MatMult(), ast.Attribute(weight, "T"))
            case ast.Call(func=ast.Name() | ast.Attribute() as layer, args=[x]) if _layer(layer) in _LAYERS:
                return ast.BinOp(x, ast.MatMult(), ast.Attribute(layer, "T"))
        return node


def _layer(func: ast.expr) -> str:
    """The matrix that a call applies, '' if it is of another kind."""
    try:
        return _term(func)
    except StrangeError:
        return ""


def _is_code(node: ast.AST) -> bool:
    """Whether it is nothing that a sentence or a formula has."""
    match node:
        case ast.Attribute() | ast.AugAssign() | ast.Assert() | ast.Return():
            return True
        case ast.BinOp(op=ast.MatMult() | ast.Pow()) | ast.Compare(ops=[ast.Eq(), *_]):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in _NAMES or name in _SAME or name in _CONFIGURED or name in _OPTIMIZERS
        case ast.FunctionDef():
            return True
    return False


def _statement(line: ast.stmt) -> str:
    match line:
        case ast.Assert(test=test):
            return _claim(test)
        case ast.Expr(value=ast.Call() as call):
            return _act(call)
        case ast.Expr(value=value):
            return _claim(value)
        case ast.Return(value=ast.expr() as value) if any(
            isinstance(part, ast.Name) and part.id == "x" for part in ast.walk(value)
        ):
            return f"h = {_term(value)}"  # of a method that applies the layer
        case ast.FunctionDef(body=[ast.Return() as given]):
            return _statement(given)
        case ast.Assign(value=ast.Call(func=func, args=[ast.List(elts=names), *_])) if (
            _last(func) in _OPTIMIZERS and names
        ):
            return f"only {' and '.join(map(_term, names))} {'is' if len(names) == 1 else 'are'} trained"
        case ast.For(
            iter=ast.Call(func=ast.Attribute(value=owner, attr="parameters"), args=[]),
            body=[ast.Assign(targets=[ast.Attribute(attr="requires_grad")], value=value)],
        ):
            return _moves(owner, value)
        case ast.Assign(targets=[ast.expr() as target], value=value) if _extent(target) is not None:
            return _extents(ast.Compare(target, [ast.Eq()], [value]))
        case ast.Assign(targets=[ast.Attribute(value=owner, attr="requires_grad")], value=value):
            return _moves(owner, value)
        case (
            ast.Assign(targets=[target], value=value)
            | ast.AnnAssign(target=target, value=ast.expr() as value)
        ):
            return _assigned(target, value)
        case ast.AugAssign(target=target, op=ast.Add() | ast.Sub() as op, value=value):
            name = _term(target)
            adds = isinstance(op, ast.Add)
            if name == "h":
                return f"h = W x {'+' if adds else '-'} {_term(value, 2)}"
            if name == "W":
                return f"W' = W {'+' if adds else '-'} {_term(value, 2)}"
    raise StrangeError


def _claim(test: ast.expr) -> str:
    match test:
        case ast.Compare(
            left=ast.Attribute(
                value=ast.Attribute(value=ast.Call(func=func, args=[takes, gives, *_]), attr="weight"),
                attr="shape",
            ),
            ops=[ast.Eq()],
            comparators=[ast.Tuple(elts=[rows, columns])],
        ) if _last(func) == "Linear":
            return f"{_term(rows)} = {_term(gives)}; {_term(columns)} = {_term(takes)}"
        case ast.Compare(left=left, comparators=others) if any(
            _extent(side) is not None for side in (left, *others)
        ) and not any(isinstance(side, ast.BinOp) for side in (left, *others)):
            return _extents(test)
        case ast.Compare(left=ast.Attribute(value=owner, attr="requires_grad"), comparators=[value]):
            return _moves(owner, value)
        case ast.Compare(left=left, ops=ops, comparators=others):
            sides = [left, *others]
            signs = [_RELATIONS.get(type(op), "") for op in ops]
            if "" in signs:
                raise StrangeError
            shape = next((_owner(side) for side in sides if _owner(side) is not None), None)
            if shape is not None:
                return _shaped(shape, [side for side in sides if _owner(side) is None], signs)
            rest = "".join(f" {sign} {_term(side)}" for sign, side in zip(signs, others, strict=True))
            return f"{_term(left)}{rest}"
        case ast.BoolOp(op=ast.And(), values=values):
            return "; ".join(map(_claim, values))
        case ast.UnaryOp(op=ast.Not(), operand=ast.Attribute(value=owner, attr="requires_grad")):
            return f"{_term(owner)} is frozen"
        case ast.Attribute(value=owner, attr="requires_grad"):
            return f"{_term(owner)} is trained"
        case ast.Call(func=func, args=[left, ast.Call(func=zeros, args=[_])]) if (
            _last(func) in _EQUALS and _last(zeros) == "zeros_like"
        ):
            return f"{_term(left)} = 0 at initialization"
        case ast.Call(func=func, args=[left, right, *_]) if _last(func) in _EQUALS:
            return f"{_term(left)} = {_term(right)}"
    raise StrangeError


def _owner(side: ast.expr) -> str | None:
    """Whose shape it is: of `W.shape`, `W.size()`."""
    match side:
        case ast.Attribute(value=owner, attr="shape"):
            return _term(owner, 3)
        case ast.Call(func=ast.Attribute(value=owner, attr="size"), args=[]):
            return _term(owner, 3)
    return None


_SIZES: Mapping[str, Mapping[str, str]] = {
    "A": {"rows": "r", "columns": "k"},
    "B": {"rows": "d", "columns": "r"},
    "W": {"rows": "d", "columns": "k"},
}
_AXES = {0: "rows", 1: "columns", -1: "columns", -2: "rows"}


def _extent(side: ast.expr) -> tuple[str, str] | None:
    """Whose rows or columns are counted: by `W.shape[0]`, `W.size(1)`."""
    match side:
        case ast.Attribute(value=layer, attr="in_features" | "out_features" as attr):
            name = _layer(layer)
            return (name, "columns" if attr == "in_features" else "rows") if name in _LAYERS else None
        case ast.Subscript(value=ast.Attribute(attr="shape") as shape, slice=at):
            owner = _owner(shape)
        case ast.Call(func=ast.Attribute(attr="size") as size, args=[at]):
            owner = _term(size.value, 3)
        case _:
            return None
    try:
        axis = _AXES.get(ast.literal_eval(at))
    except ValueError:
        axis = None
    return None if owner is None or axis is None else (owner, axis)


def _extents(test: ast.Compare) -> str:
    """`B.shape[1] == A.shape[0] == r` of each matrix: that B has r columns, and A r rows."""
    sides = [test.left, *test.comparators]
    counted = [one for side in sides if (one := _extent(side)) is not None]
    sizes = [_term(side) for side in sides if _extent(side) is None]
    if len(sizes) != 1 or any(not isinstance(op, ast.Eq) for op in test.ops):
        raise StrangeError
    return "; ".join(f"{owner} has {sizes[0]} {axis}" for owner, axis in counted)


def _shaped(name: str, sides: list[ast.expr], signs: list[str]) -> str:
    match sides:
        case [ast.Tuple(elts=sizes) | ast.List(elts=sizes) | ast.Call(args=[ast.List(elts=sizes)])] if (
            signs == ["="]
        ):
            return f"{name} : {' × '.join(map(_term, sizes))}"
    raise StrangeError


def _moves(owner: ast.expr, value: ast.expr) -> str:
    match value:
        case ast.Constant(value=bool(trained)):
            return f"{_term(owner)} is {'trained' if trained else 'frozen'}"
    raise StrangeError


def _act(call: ast.Call) -> str:
    """A call by itself: what it does to what it is given."""
    name = _last(call.func)
    if name in _CONFIGURED:
        return _configured(call)
    about = call.args[0] if call.args and not isinstance(call.args[0], ast.Constant) else None
    if about is None and isinstance(call.func, ast.Attribute):
        about = call.func.value
    if about is None:
        raise StrangeError
    if name == "requires_grad_":
        return _moves(about, call.args[0] if call.args else ast.Constant(True))
    if name in _STARTS:
        return _STARTS[name].format(_term(about))
    return _claim(call)


# Of a configuration of PEFT, what is said of the layer, and what is not.
_CONFIGURED = frozenset({"LoraConfig"})
_ASIDE = frozenset(
    {"lora_dropout", "bias", "task_type", "inference_mode", "init_lora_weights", "base_model_name_or_path"}
)
_PLAIN = {"bias": "none", "init_lora_weights": True}  # other values make another layer


def _configured(call: ast.Call) -> str:
    """`LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"])`, as PEFT has it."""
    said: list[str] = []
    for keyword in call.keywords:
        match keyword.arg, keyword.value:
            case ("r" | "lora_alpha") as name, value:
                said.append(f"{_NAMES[name]} = {_term(value)}")
            case "target_modules", ast.List(elts=names) | ast.Tuple(elts=names) if names:
                modules = [name.value for name in names if isinstance(name, ast.Constant)]
                said.append(f"LoRA is applied to {' and '.join(map(str, modules))}")
            case name, ast.Constant(value=value) if name in _ASIDE and _PLAIN.get(name, value) == value:
                continue
            case "task_type", ast.Attribute():
                continue
            case _:
                raise StrangeError
    if not said or call.args:
        raise StrangeError
    return "; ".join(said)


def _assigned(target: ast.expr, value: ast.expr) -> str:
    if isinstance(value, ast.Call) and _last(value.func) in _CONFIGURED:
        return _configured(value)
    name = _term(target)
    match value:
        case ast.Call(func=func, args=[inner, *_]) if _last(func) == "Parameter":
            return _assigned(target, inner)
        case ast.BinOp(left=ast.Call(func=func) as drawn, op=ast.Mult() | ast.Div()) if _last(func) in _DRAWN:
            return _assigned(target, drawn)  # of another variance
        case ast.Call(func=func, args=args) if _last(func) in _DRAWN and len(args) == 2:
            shape = f"{name} : {' × '.join(map(_term, args))}"
            start = {"zeros": f"; {name} = 0 at initialization", "ones": f"; {name} = 1 at initialization",
                     "randn": f"; {name} is initialized from a normal distribution"}  # fmt: skip
            return shape + start.get(_last(func), "")
        case ast.Call(func=func, args=[takes, gives, *_]) if _last(func) == "Linear":
            return f"{name} : {_term(gives)} × {_term(takes)}"
        case ast.Call(func=func, args=[_]) if _last(func) == "zeros_like":
            return f"{name} = 0 at initialization"
    return f"{name} = {_term(value)}"


_DRAWN = ("zeros", "ones", "randn", "empty")


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _term(node: ast.expr, within: int = 0) -> str:
    """An expression; in brackets inside an operator that binds `within` as tight."""
    match node:
        case ast.Name(id=name):
            return _named(name)
        case ast.Constant(value=bool() | str() | bytes() | None):
            raise StrangeError
        case ast.Constant(value=int() | float() as number):
            return str(number)
        case ast.Attribute(value=owner, attr="weight" | "data" | "W"):
            return (
                "W"
                if isinstance(owner, ast.Name) and owner.id in ("self", "layer", "module")
                else _term(owner, within)
            )
        case ast.Subscript() if (extent := _extent(node)) is not None and extent[0] in _SIZES:
            return _SIZES[extent[0]][extent[1]]
        case ast.Attribute(value=owner, attr="T" | "mT"):
            return f"{_term(owner, 3)}^T"
        case ast.Attribute(
            value=ast.Name(id="self" | "config" | "cfg" | "args" | "layer" | "module" | "model"), attr=name
        ):
            return _named(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{_term(operand, 2)}"
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=0.5)):
            return f"√({_term(left)})"
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return f"{_term(left, 3)}^{{{_term(right)}}}"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            sign = _SIGNS[type(op)]
            tight = _TIGHT[sign]
            other = tight + (sign in "-/" and sign != "")
            said = f"{_term(left, tight)} {sign} {_term(right, other)}"
            return f"({said})" if tight < within or (sign == "/" and within == tight) else said
        case ast.Call(func=func, args=args):
            return _called(func, args, within)
    raise StrangeError


def _named(name: str) -> str:
    if _GIVEN.fullmatch(name):
        return "(W x)"
    return "W" if _PRETRAINED.fullmatch(name) else _NAMES.get(name, name)


def _called(func: ast.expr, args: list[ast.expr], within: int) -> str:
    name = _last(func)
    owner = func.value if isinstance(func, ast.Attribute) else None
    if name in _TURNS and owner is not None:
        return f"{_term(owner, 3)}^T"
    if name == "transpose" and args:
        return f"{_term(args[0], 3)}^T"
    if name == "numel" and owner is not None and not args:
        return f"|{_term(owner)}|"
    if name in ("sqrt", "isqrt") and len(args) == 1:
        return f"√({_term(args[0])})"
    if name in ("rank", "matrix_rank") and args:
        return f"rank({_term(args[0])})"
    if name in ("min", "max") and len(args) > 1:
        return f"\\{name}({', '.join(map(_term, args))})"
    if name in _PRODUCTS and len(args) == 2:
        said = f"{_term(args[0], 2)} {_term(args[1], 3)}"
        return f"({said})" if within > 2 else said
    if name in _PRODUCTS and len(args) == 1 and owner is not None:
        return _bracketed(f"{_term(owner, 2)} {_term(args[0], 3)}", within)
    if name == "linear" and len(args) in (2, 3) and owner is not None:
        said = f"{_term(args[1], 2)} {_term(args[0], 3)}"
        if len(args) == 2:
            return _bracketed(said, within)
        return f"({said} + {_term(args[2], 1)})" if within > 1 else f"{said} + {_term(args[2], 1)}"
    if name in _SAME:
        if args and not isinstance(args[0], ast.Attribute):
            return _term(args[0], within)
        if owner is not None:
            return _term(owner, within)
    inner = _layer(func)
    if inner in _LAYERS and len(args) == 1:
        return _bracketed(f"{inner} {_term(args[0], 3)}", within)
    raise StrangeError


def _bracketed(said: str, within: int) -> str:
    return f"({said})" if within > 2 else said
