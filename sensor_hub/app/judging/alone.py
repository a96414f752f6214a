"""Who judges an athlete alone: nobody has to ask where no other hub is, else a turn is taken."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.judging.turns import Turns
from sensor_hub.config import Settings


def nobody_else(_athlete: str) -> AbstractContextManager[object]:
    """Judge without asking: no other hub is there."""
    return nullcontext()


def alone_of(settings: Settings, registry: Registry) -> Callable[[str], AbstractContextManager[object]]:
    """Return what a command beside the hubs enters while it judges an athlete."""
    return Turns(registry.work).of if settings.shared else nobody_else
