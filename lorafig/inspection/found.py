"""A saved adapter beside its base: what the outputs are written from."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from lorafig.core.files.others import CLASSIFIERS, CLASSIFYING
from lorafig.inspection.base import beside

if TYPE_CHECKING:
    from lorafig.core.files.others import Other
    from lorafig.core.files.saved import Module, Remark, Saved
    from lorafig.core.files.verified import Verified
    from lorafig.core.network import Network


class Found:
    """A saved adapter, its base if that is known, and what was found out."""

    __slots__ = ("modules", "network", "remarks", "saved", "verified")

    def __init__(self, found: Saved, network: Network | None, said: bool = False) -> None:
        self.saved, self.network = found, network
        self.modules: tuple[Module, ...] = found.modules
        self.remarks: tuple[Remark, ...] = found.remarks
        self.verified: Mapping[str, Verified] = {}
        if network is not None:
            self.modules, remarks = beside(found, network, said)
            self.remarks = (*found.remarks, *remarks)

    @property
    def path(self) -> str:
        return self.saved.path

    @property
    def method(self) -> str:
        return self.saved.method

    @property
    def others(self) -> tuple[Other, ...]:
        """The arrays of the file that are not the method's own."""
        return self.saved.others

    @property
    def bytes(self) -> int:
        """The size of the file with the weights."""
        return self.saved.header.size

    @property
    def trainable(self) -> int:
        """The trained parameters: those of the method, and the arrays that are trained whole."""
        return self.saved.trainable

    @property
    def total(self) -> int | None:
        """All parameters, as PEFT counts them: the base's, and what the adapter adds. None without a base."""
        if self.network is None:
            return None
        added = sum(other.parameters for other in self.others if other.trained and other.added)
        own = sum(module.parameters for module in self.modules)
        return self.network.parameters + own + added + self._exchanged(self.network)

    def _exchanged(self, network: Network) -> int:
        """What the head of a task adds to the network, which has none or one for words."""
        task = self.saved.config.get("task_type")
        if task not in CLASSIFYING:
            return 0
        gone = [module for module in network.modules if module.part == "head" and not module.tied]
        if task == "TOKEN_CLS":
            gone += [module for module in network.modules if module.path.startswith("pooler")]
        known = {module.path.rpartition(".")[2] for module in network.modules}
        heads = [
            other.parameters
            for other in self.others
            if set(other.name.split(".")) & set(CLASSIFIERS) - known and other.trained
        ]
        return sum(heads) - sum(module.parameters for module in gone) if heads else 0

    @property
    def share(self) -> Fraction | None:
        """The trained parameters as a part of all of them."""
        return None if self.total is None else Fraction(self.trainable, self.total)

    @property
    def holds(self) -> bool:
        """Whether the adapter is what it says that it is."""
        return not any(remark.fails for remark in self.remarks)
