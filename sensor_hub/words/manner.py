"""In which language and which lengths a person is spoken to: of this moment, or as this program does by default.

It is kept in a context variable, so that a request, the page made from it and a thread that works for it all have their
own. Only what is shown follows it: what is stored, sent and exported stays in SI units and in English.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

LengthUnit: TypeAlias = Literal["km", "mi"]
LENGTH_UNITS: Final[tuple[LengthUnit, ...]] = get_args(LengthUnit)
ORIGINAL: Final = "en"  # the language the sentences are written in


@dataclass(frozen=True, slots=True)
class Manner:
    """language : of a catalogue, such as ``en`` or ``pt_BR``. distance : what lengths and loads are shown by."""

    language: str = ORIGINAL
    distance: LengthUnit = "km"


_default = Manner()
_current: ContextVar[Manner | None] = ContextVar("manner", default=None)


def current() -> Manner:
    """Return how whoever reads now is spoken to."""
    return _current.get() or _default


def default() -> Manner:
    """Return how this program speaks to whoever chose nothing."""
    return _default


def use_by_default(manner: Manner) -> None:
    """Speak like this to everybody who chose nothing, in every thread."""
    global _default
    _default = manner


@contextmanager
def speaking(manner: Manner | None) -> Iterator[None]:
    """Speak like this within the block; None speaks as by default."""
    token = _current.set(manner)
    try:
        yield
    finally:
        _current.reset(token)
