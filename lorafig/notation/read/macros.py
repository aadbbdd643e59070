"""Macros that authors define for themselves, by what they nearly always stand for."""

from __future__ import annotations

from lorafig.pattern import Pattern

# Of Goodfellow's math_commands.tex (\mW, \vx, \sR), physics.sty and many preambles.
_SETS = {"R": "R", "RR": "R", "Reals": "R", "reals": "R", "real": "R", "N": "N", "NN": "N", "Z": "Z",
         "ZZ": "Z", "C": "C", "CC": "C", "E": "E", "EE": "E", "bbR": "R", "bbE": "E", "sR": "R"}  # fmt: skip
_OTHERS = {
    "T": "^\\top", "tran": "^\\top", "trans": "^\\top", "transp": "^\\top", "tp": "^\\top", "inv": "^{-1}",
    "eps": "\\epsilon", "veps": "\\varepsilon", "del": "\\nabla", "grad": "\\nabla", "dW": "\\Delta W",
    "dx": "\\Delta x", "DeltaW": "\\Delta W", "deltaW": "\\Delta W", "norm": "\\|W\\|", "abs": "|x|",
    "Normal": "\\mathcal{N}", "normal": "\\mathcal{N}", "Loss": "\\mathcal{L}", "loss": "\\mathcal{L}",
    "diag": "\\mathrm{diag}", "rank": "\\mathrm{rank}", "softmax": "\\mathrm{softmax}",
    "relu": "\\mathrm{ReLU}",
    "ReLU": "\\mathrm{ReLU}", "argmin": "\\arg\\min", "argmax": "\\arg\\max", "half": "\\frac{1}{2}",
    "mathds": "\\mathbb{R}", "mathbbm": "\\mathbb{R}", "mathbbmss": "\\mathbb{R}",
}  # fmt: skip
_SET_OF = Pattern(r"(R{1,2}|bbR)([a-z])(?:x?([a-z]))?")
_BOLD = Pattern(r"(?:b|bf|vec|mat|v|m|bs|bm)([A-Za-z])")
_SCRIPT = Pattern(r"(?:c|cal|mc)([A-Z])")


def own_macro(name: str) -> str | None:
    """What `\\name` is likely to mean, as it is written here; None if nothing is likely."""
    if name in _OTHERS:
        return _OTHERS[name]
    if name in _SETS:
        return f"\\mathbb{{{_SETS[name]}}}"
    sized = _SET_OF.fullmatch(name)
    if sized is not None:
        size = sized[2] if sized[3] is None else f"{{{sized[2]} \\times {sized[3]}}}"
        return f"\\mathbb{{R}}^{size}"
    script = _SCRIPT.fullmatch(name)
    if script is not None:
        return f"\\mathcal{{{script[1]}}}"
    bold = _BOLD.fullmatch(name)
    return None if bold is None else f"\\mathbf{{{bold[1]}}}"
