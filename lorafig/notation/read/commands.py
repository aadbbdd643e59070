"""The tables of the notation: what each command and each character stands for.

Every command is listed here once; a command that is not listed is an error. A meaning is a pair
(kind of token, value). The writers read the same tables backwards.
"""

from __future__ import annotations

from typing import TypeAlias

Meaning: TypeAlias = tuple[str, str]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _table(words: str) -> dict[str, str]:
    """Words in pairs: a name or a character, and what it stands for."""
    listed = words.split()
    return dict(zip(listed[::2], listed[1::2], strict=True))


# Letters and other symbols, by their TeX name. The first name of a character is the one written.
SYMBOLS: dict[str, str] = _table("""
    alpha α  beta β  gamma γ  delta δ  epsilon ϵ  varepsilon ε  zeta ζ  eta η  theta θ  vartheta ϑ  iota ι
    kappa κ  lambda λ  mu μ  nu ν  xi ξ  pi π  rho ρ  varrho ϱ  sigma σ  varsigma ς  tau τ  upsilon υ  phi ϕ
    varphi φ  chi χ  psi ψ  omega ω  Gamma Γ  Delta Δ  Theta Θ  Lambda Λ  Xi Ξ  Pi Π  Sigma Σ  Upsilon Υ
    Phi Φ  Psi Ψ  Omega Ω  ell ℓ  infty ∞  nabla ∇  partial ∂  top ⊤  intercal ⊺  bot ⊥  dagger †  star ⋆
    dots …  ldots …  dotsc …  cdots ⋯  dotsb ⋯  prime ′  emptyset ∅  varnothing ∅  hbar ℏ  # #
    vdots ⋮  ddots ⋱
""")
RELATIONS: dict[str, str] = _table("""
    approx ≈  equiv ≡  neq ≠  ne ≠  leq ≤  le ≤  leqslant ≤  geq ≥  ge ≥  geqslant ≥  ll ≪  gg ≫  in ∈  sim ~
    to →  rightarrow →  longrightarrow →  mapsto →  leftarrow ←  gets ←  propto ∝  coloneqq ≔  triangleq ≔
    simeq ≈  cong ≈  lt <  gt >  colon :
""")
# Between statements: what follows from what.
IMPLICATIONS: dict[str, str] = _table("""
    Rightarrow ⇒  implies ⇒  Longrightarrow ⇒  Leftrightarrow ⇔  iff ⇔  Longleftrightarrow ⇔
""")
OPERATORS: dict[str, str] = _table("cdot ·  times ×  ast *  div /  otimes ⊗  odot ⊙  circ ∘")
SPACES: frozenset[str] = frozenset({",", ":", ";", "!", " ", "quad", "qquad", ">"})

# Fonts of the tree by command. `mathscr` is not in amssymb and is written as \mathcal.
FONTS: dict[str, str] = _table("""
    mathrm rm  operatorname rm  operatorname* rm  mathit it  mathnormal it  mathbf bf  boldsymbol bm  bm bm
    pmb bm  mathcal cal  mathscr cal  mathbb bb  mathsf sf  mathtt tt
""")
TEXT_COMMANDS: dict[str, str] = {
    **dict.fromkeys(("text", "textrm", "textnormal", "mbox", "textup"), ""),
    **_table("textbf bf  textit it  textsf sf  texttt tt"),
}
ACCENTS: dict[str, str] = _table("""
    hat hat  widehat hat  tilde tilde  widetilde tilde  bar bar  vec vec  dot dot  ddot ddot
    overline overline
""")
COMBINING: dict[str, str] = {
    "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u20d7": "vec", "\u0307": "dot",
    "\u0308": "ddot", "\u0305": "overline",
}  # fmt: skip

CLOSING: dict[str, str] = _table("( )  [ ]  { }  | |  ‖ ‖  ⌊ ⌋  ⌈ ⌉  ⟨ ⟩")
DELIMITERS: dict[str, Meaning] = {
    "{": ("open", "{"), "}": ("close", "}"), "lbrace": ("open", "{"), "rbrace": ("close", "}"),
    "lbrack": ("open", "["), "rbrack": ("close", "]"), "lvert": ("open", "|"), "rvert": ("close", "|"),
    "lVert": ("open", "‖"), "rVert": ("close", "‖"), "lfloor": ("open", "⌊"), "rfloor": ("close", "⌋"),
    "lceil": ("open", "⌈"), "rceil": ("close", "⌉"), "langle": ("open", "⟨"), "rangle": ("close", "⟩"),
    "vert": ("bar", "|"), "mid": ("bar", "|"), "|": ("bar", "‖"), "Vert": ("bar", "‖"),
}  # fmt: skip

# Functions that TeX itself sets upright, and those of linear algebra that every author defines.
TEX_FUNCTIONS: frozenset[str] = _set("log ln exp min max det dim sup inf sin cos tan tanh gcd ker arg lim")
OWN_FUNCTIONS: frozenset[str] = _set(
    "rank diag tr Tr trace vec concat columns softmax sign relu ReLU GELU gelu SiLU silu sigmoid dropout "
    "Var Cov mean norm span argmin argmax"
)
FUNCTIONS: frozenset[str] = TEX_FUNCTIONS | OWN_FUNCTIONS
# Structure: handled one by one in grammar.py.
STRUCTURE: frozenset[str] = _set("frac dfrac tfrac sqrt underbrace overbrace sum prod num left right")
# Environments, by the bracket on their left.
MATRICES: dict[str, str] = {"bmatrix": "[", "pmatrix": "(", "matrix": ""}
IGNORED: frozenset[str] = _set(
    "displaystyle textstyle scriptstyle limits nolimits big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr "
    "Biggl Biggr"
)
FORBIDDEN: frozenset[str] = _set(
    "input include write openin openout read immediate special catcode def edef gdef xdef let newcommand "
    "renewcommand providecommand href url begin end csname endcsname expandafter usepackage documentclass "
    "includegraphics loop repeat directlua luaexec unicode char verb lstinputlisting cite ref label color "
    "textcolor phantom hphantom vphantom hspace vspace kern rule raisebox tag require html style"
)


def _meanings(tables: dict[str, dict[str, str]]) -> dict[str, Meaning]:
    return {name: (kind, value) for kind, table in tables.items() for name, value in table.items()}


def _same(names: frozenset[str]) -> dict[str, str]:
    return {name: name for name in names}


COMMANDS: dict[str, Meaning] = {
    **_meanings(
        {
            "symbol": SYMBOLS,
            "relation": RELATIONS,
            "sep": IMPLICATIONS,
            "times": OPERATORS,
            "space": {name: "\\" + name for name in SPACES},
            "word": _same(FUNCTIONS),
            "font": FONTS,
            "text": TEXT_COMMANDS,
            "accent": ACCENTS,
            "structure": _same(STRUCTURE) | _table("dfrac frac  tfrac frac"),
            "ignored": _same(IGNORED),
        }
    ),
    **DELIMITERS,
    **_meanings({"sign": {"pm": "±"}, "percent": {"%": "%"}, "delta": {"Delta": "Δ"}, "space": {">": "\\:"}}),
}

CHARACTERS: dict[str, Meaning] = {
    **_meanings(
        {
            "symbol": {char: char for char in SYMBOLS.values()} | _table("µ μ  Ω Ω"),
            "relation": {char: char for char in "=≈≡≔≠<>≤≥≪≫∈:→←∝"}
            | _table("∼ ~  ≃ ≈  ≅ ≈  ≜ ≔  ⩽ ≤  ⩾ ≥  ↦ →  ⟶ →  ⟵ ←  ≲ ≤  ≳ ≥  ∶ :"),
            "tilde": _table("~ ~"),
            "sign": _table("+ +  - -  − -  – -  ± ±"),
            "times": _table("· ·  ⋅ ·  ∙ ·  • ·  × ×  ✕ ×  * *  ∗ *  / /  ∕ /  ⁄ /  ÷ /  ⊗ ⊗  ⊙ ⊙  ∘ ∘  @ ·"),
            "sep": _table(", ,  ; ;  ⇒ ⇒  ⟹ ⇒  ⇔ ⇔  ⟺ ⇔"),
            "open": _table("( (  [ [  ⌊ ⌊  ⌈ ⌈  ⟨ ⟨"),
            "close": _table(") )  ] ]  ⌋ ⌋  ⌉ ⌉  ⟩ ⟩"),
            "bar": _table("| |  ∣ |  ‖ ‖  ∥ ‖"),
            "prime": _table("' 1  ’ 1  ′ 1  ″ 2  ‴ 3"),
            "structure": _table("√ sqrt  ∑ sum  ∏ prod"),
            "delta": _table("Δ Δ  ∆ Δ"),
            "mark": COMBINING,
        }
    ),
    **{char: (char, char) for char in "{}^_"},
    "%": ("percent", "%"),
}

PAIRS: dict[str, Meaning] = _meanings(
    {
        "relation": _table("<= ≤  >= ≥  != ≠  := ≔  -> →  << ≪  >> ≫  ~= ≈  == ="),
        "bar": _table("|| ‖"),
        "sign": _table("+- ±"),
        "symbol": _table("... …"),
    }
)

SUPERSCRIPTS: dict[str, str] = dict(
    zip(
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵀᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴷᴸᴹᴺᴿᵂ",
        "0123456789+-()⊤abcdefghijklmnoprstuvwxyzABDKLMNRW",
        strict=True,
    )
)
SUBSCRIPTS: dict[str, str] = dict(
    zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-()aehijklmnoprstuvx", strict=True)
)
