"""The tables of the notation: what each command and each character stands for.

Every command is listed here once; a command that is not listed is an error. A meaning is a pair
(kind of token, value). The writers read the same tables backwards.
"""

from __future__ import annotations

from typing import TypeAlias

Meaning: TypeAlias = tuple[str, str]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Letters and other symbols, by their TeX name. The first name of a character is the one written.
SYMBOLS: dict[str, str] = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ",
    "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ",
    "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "ell": "ℓ", "infty": "∞", "nabla": "∇", "partial": "∂", "top": "⊤", "intercal": "⊺", "bot": "⊥",
    "dagger": "†", "star": "⋆", "dots": "…", "ldots": "…", "dotsc": "…", "cdots": "⋯", "dotsb": "⋯",
    "prime": "′", "emptyset": "∅", "varnothing": "∅", "hbar": "ℏ", "#": "#",
}  # fmt: skip

RELATIONS: dict[str, str] = {
    "approx": "≈", "equiv": "≡", "neq": "≠", "ne": "≠", "leq": "≤", "le": "≤", "leqslant": "≤",
    "geq": "≥", "ge": "≥", "geqslant": "≥", "ll": "≪", "gg": "≫", "in": "∈", "sim": "~", "to": "→",
    "rightarrow": "→", "longrightarrow": "→", "mapsto": "→", "leftarrow": "←", "gets": "←",
    "propto": "∝", "coloneqq": "≔", "triangleq": "≔", "simeq": "≈", "cong": "≈", "lt": "<", "gt": ">",
    "colon": ":",
}  # fmt: skip

OPERATORS: dict[str, str] = {
    "cdot": "·", "times": "×", "ast": "*", "div": "/", "otimes": "⊗", "odot": "⊙", "circ": "∘",
}  # fmt: skip

SPACES: frozenset[str] = frozenset({",", ":", ";", "!", " ", "quad", "qquad", ">"})

# Fonts of the tree by command. `mathscr` is not in amssymb and is written as \mathcal.
FONTS: dict[str, str] = {
    "mathrm": "rm", "operatorname": "rm", "operatorname*": "rm", "mathit": "it", "mathnormal": "it",
    "mathbf": "bf", "boldsymbol": "bm", "bm": "bm", "pmb": "bm", "mathcal": "cal", "mathscr": "cal",
    "mathbb": "bb", "mathsf": "sf", "mathtt": "tt",
}  # fmt: skip
TEXT_COMMANDS: dict[str, str] = {
    "text": "", "textrm": "", "textnormal": "", "mbox": "", "textup": "", "textbf": "bf", "textit": "it",
    "textsf": "sf", "texttt": "tt",
}  # fmt: skip

ACCENTS: dict[str, str] = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "vec": "vec",
    "dot": "dot", "ddot": "ddot", "overline": "overline",
}  # fmt: skip
COMBINING: dict[str, str] = {
    "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u20d7": "vec", "\u0307": "dot",
    "\u0308": "ddot", "\u0305": "overline",
}  # fmt: skip

CLOSING: dict[str, str] = {
    "(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖", "⌊": "⌋", "⌈": "⌉", "⟨": "⟩",
}  # fmt: skip
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
    "rank diag tr Tr trace vec softmax sign relu ReLU GELU gelu SiLU silu sigmoid dropout Var Cov mean "
    "norm span argmin argmax"
)
FUNCTIONS: frozenset[str] = TEX_FUNCTIONS | OWN_FUNCTIONS
# Structure: handled one by one in primary.py.
STRUCTURE: frozenset[str] = _set("frac dfrac tfrac sqrt underbrace overbrace sum prod num left right")
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


def _commands() -> dict[str, Meaning]:
    table: dict[str, Meaning] = {name: ("symbol", char) for name, char in SYMBOLS.items()}
    table |= {name: ("relation", char) for name, char in RELATIONS.items()}
    table |= {name: ("times", char) for name, char in OPERATORS.items()}
    table |= {name: ("space", "\\" + name) for name in SPACES}
    table |= {name: ("word", name) for name in FUNCTIONS}
    table |= {name: ("font", font) for name, font in FONTS.items()}
    table |= {name: ("text", font) for name, font in TEXT_COMMANDS.items()}
    table |= {name: ("accent", mark) for name, mark in ACCENTS.items()}
    table |= DELIMITERS
    table |= {name: ("structure", name) for name in STRUCTURE}
    table |= {name: ("ignored", name) for name in IGNORED}
    table["dfrac"] = table["tfrac"] = ("structure", "frac")
    table["pm"] = ("sign", "±")
    table["%"] = ("percent", "%")
    table["Delta"] = ("delta", "Δ")
    table[">"] = ("space", "\\:")
    return table


COMMANDS: dict[str, Meaning] = _commands()


def _characters() -> dict[str, Meaning]:
    table: dict[str, Meaning] = {char: ("symbol", char) for char in SYMBOLS.values()}
    table |= {char: ("relation", char) for char in "=≈≡≔≠<>≤≥≪≫∈:→←∝"}
    table |= {"∼": ("relation", "~"), "≃": ("relation", "≈"), "≅": ("relation", "≈"), "≜": ("relation", "≔"),
              "⩽": ("relation", "≤"), "⩾": ("relation", "≥"), "↦": ("relation", "→"), "⟶": ("relation", "→"),
              "⟵": ("relation", "←"), "≲": ("relation", "≤"), "≳": ("relation", "≥"), "∶": ("relation", ":"),
              "~": ("tilde", "~")}  # fmt: skip
    table |= {"+": ("sign", "+"), "-": ("sign", "-"), "−": ("sign", "-"), "–": ("sign", "-"),
              "±": ("sign", "±")}  # fmt: skip
    table |= {"·": ("times", "·"), "⋅": ("times", "·"), "∙": ("times", "·"), "•": ("times", "·"),
              "×": ("times", "×"), "✕": ("times", "×"), "*": ("times", "*"), "∗": ("times", "*"),
              "/": ("times", "/"), "∕": ("times", "/"), "⁄": ("times", "/"), "÷": ("times", "/"),
              "⊗": ("times", "⊗"), "⊙": ("times", "⊙"), "∘": ("times", "∘"), "@": ("times", "·")}  # fmt: skip
    table |= {",": ("sep", ","), ";": ("sep", ";"), "(": ("open", "("), ")": ("close", ")"),
              "[": ("open", "["), "]": ("close", "]"), "⌊": ("open", "⌊"), "⌋": ("close", "⌋"),
              "⌈": ("open", "⌈"), "⌉": ("close", "⌉"), "⟨": ("open", "⟨"), "⟩": ("close", "⟩"),
              "|": ("bar", "|"), "∣": ("bar", "|"), "‖": ("bar", "‖"), "∥": ("bar", "‖")}  # fmt: skip
    table |= {"{": ("{", "{"), "}": ("}", "}"), "^": ("^", "^"), "_": ("_", "_"), "%": ("percent", "%"),
              "'": ("prime", "1"), "’": ("prime", "1"), "′": ("prime", "1"), "″": ("prime", "2"),
              "‴": ("prime", "3"), "√": ("structure", "sqrt"), "∑": ("structure", "sum"),
              "∏": ("structure", "prod"), "Δ": ("delta", "Δ"), "∆": ("delta", "Δ"), "#": ("symbol", "#"),
              "µ": ("symbol", "μ"), "Ω": ("symbol", "Ω")}  # fmt: skip
    table |= {char: ("mark", mark) for char, mark in COMBINING.items()}
    return table


CHARACTERS: dict[str, Meaning] = _characters()

PAIRS: dict[str, Meaning] = {
    "<=": ("relation", "≤"), ">=": ("relation", "≥"), "!=": ("relation", "≠"), ":=": ("relation", "≔"),
    "->": ("relation", "→"), "<<": ("relation", "≪"), ">>": ("relation", "≫"), "~=": ("relation", "≈"),
    "==": ("relation", "="), "||": ("bar", "‖"), "+-": ("sign", "±"), "...": ("symbol", "…"),
}  # fmt: skip

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
