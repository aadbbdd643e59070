"""A second process that draws while this one verifies.

It imports the libraries that draw while the spec is read, takes the scene when that is laid out, and gives
the outputs back. They are asked for after the verdict, so that nothing of a false figure is ever written.
Where there can be no such process, where it fails, and where it is given another scene than the first, this
one draws: what is wrong is told as it would be without it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NoReturn

from lorafig.render.output import SCENE_FORMATS, Pen, SceneFormat, prepare

if TYPE_CHECKING:
    from lorafig.scene import Scene


@contextmanager
def pen(
    formats: Sequence[str], engine: Literal["mpl", "tex"], text: Literal["paths", "live"], dpi: float = 300.0
) -> Iterator[Pen]:
    """What draws the scene of a figure, beside this process if that can be."""
    # TeX is a process already, and ends with the one that started it.
    forms = [form for form in SCENE_FORMATS if form in formats and not (form == "pdf" and engine == "tex")]
    if not forms or not _can_fork():
        yield Pen(engine, text, dpi)
        return
    try:
        beside = _Beside(forms, engine, text, dpi)
    except OSError:  # no more processes, or files
        yield Pen(engine, text, dpi)
        return
    try:
        yield beside
    finally:
        beside.end()


def _can_fork() -> bool:
    """Whether this process may be copied, and there is a processor for the copy. Elsewhere than on Linux
    system libraries may have threads at once; NumPy brings threads that `threading` does not know."""
    if sys.platform != "linux" or "numpy" in sys.modules or len(os.sched_getaffinity(0)) < 2:
        return False
    threading = sys.modules.get("threading")
    return threading is None or threading.active_count() == 1


class _Beside(Pen):
    def __init__(
        self,
        forms: Sequence[SceneFormat],
        engine: Literal["mpl", "tex"],
        text: Literal["paths", "live"],
        dpi: float,
    ) -> None:
        super().__init__(engine, text, dpi)
        self.forms = forms
        self.shown = False
        self.outputs: dict[SceneFormat, bytes] | None = None
        scenes, outputs = os.pipe(), os.pipe()
        try:
            self.child = os.fork()
        except OSError:
            for handle in (*scenes, *outputs):
                os.close(handle)
            raise
        if self.child == 0:
            os.close(scenes[1])
            os.close(outputs[0])
            self._draw(scenes[0], outputs[1])
        os.close(scenes[0])
        os.close(outputs[1])
        self.scenes, self.results = scenes[1], outputs[0]  # -1 when it is closed

    def _draw(self, scenes: int, outputs: int) -> NoReturn:
        """The life of the other process: it says nothing of what goes wrong, for then the first draws."""
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the first
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            prepare(self.forms)
            import pickle

            with open(scenes, "rb") as file:
                self.scene = pickle.load(file)
            drawn = {form: super(_Beside, self).output(form) for form in self.forms}
            with open(outputs, "wb") as file:
                pickle.dump(drawn, file, pickle.HIGHEST_PROTOCOL)
        finally:
            os._exit(0)

    def show(self, scene: Scene) -> None:
        super().show(scene)
        if self.shown:  # another one: what the other process has drawn is of the first
            self.outputs = {}
            self.end()
        elif self.scenes >= 0:
            import pickle

            self.shown = True
            try:
                with open(self.scenes, "wb") as file:
                    self.scenes = -1
                    send(scene, file)
            except (OSError, pickle.PicklingError, TypeError, AttributeError):
                self.end()

    def output(self, form: SceneFormat) -> bytes:
        if form not in self.forms:
            return super().output(form)
        if self.outputs is None:
            self.outputs = self._received()
        return self.outputs[form] if form in self.outputs else super().output(form)

    def _received(self) -> dict[SceneFormat, bytes]:
        import pickle

        outputs: dict[SceneFormat, bytes] = {}
        if self.child != 0:
            with suppress(OSError, EOFError, pickle.UnpicklingError), open(self.results, "rb") as file:
                self.results = -1
                outputs = pickle.load(file)
            self.end()
        return outputs

    def end(self) -> None:
        """Ends the other process, whatever it is at: it has nothing that would have to be put in order."""
        if self.child == 0:
            return
        child, self.child = self.child, 0
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for handle in (self.scenes, self.results):
            if handle >= 0:
                os.close(handle)
        self.scenes = self.results = -1


def send(scene: Scene, file: BinaryIO) -> None:
    """Writes a scene for the other process. Its texts go without their places in a spec, for which that
    process would load the language."""
    import pickle

    class Plain(pickle.Pickler):
        def reducer_override(self, part: Any) -> Any:
            return (str, (str(part),)) if isinstance(part, str) else NotImplemented

    Plain(file, pickle.HIGHEST_PROTOCOL).dump(scene)
