"""lorafig: figures of low-rank adaptation that are checked before they are drawn.

>>> import lorafig
>>> figure = lorafig.load("figures/lora-two-panel.yaml")
>>> figure.check().verdict
'holds'
>>> figure.save("lora-two-panel.svg")
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, which takes longer to import than all of this
if TYPE_CHECKING:
    from lorafig.auditing import Audit, audit
    from lorafig.errors import LorafigError, Place, Problem
    from lorafig.figure import Figure, from_data, load, loads
    from lorafig.inspection import Inspection, inspect
    from lorafig.verify.report import Claim, Report

__version__ = "0.1.0"
__all__ = [
    "Audit",
    "Claim",
    "Figure",
    "Inspection",
    "LorafigError",
    "Place",
    "Problem",
    "Report",
    "__version__",
    "audit",
    "from_data",
    "inspect",
    "load",
    "loads",
]

# Public name to the module that has it: importing lorafig imports none of them.
_HOME = {
    "Figure": "lorafig.figure",
    "from_data": "lorafig.figure",
    "load": "lorafig.figure",
    "loads": "lorafig.figure",
    "Audit": "lorafig.auditing",
    "audit": "lorafig.auditing",
    "Inspection": "lorafig.inspection",
    "inspect": "lorafig.inspection",
    "LorafigError": "lorafig.errors",
    "Place": "lorafig.errors",
    "Problem": "lorafig.errors",
    "Claim": "lorafig.verify.report",
    "Report": "lorafig.verify.report",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'lorafig' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
