"""What can be drawn of a run over its time: each quantity with its digits, its unit and how it becomes them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from sensor_hub import words
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.comparison import Unlike
from sensor_hub.model.timeline import Timeline
from sensor_hub.words import lengths
from sensor_hub.words import translate as _
from sensor_hub.words.numbers import EIGHTY_PERCENT

PanelKey: TypeAlias = Literal["load", "hard", "cadence", "contact", "balance", "speed", "grade", "per_km"]
FIRST: Final[tuple[PanelKey, ...]] = ("load", "cadence", "contact")  # on a phone: three fit a screen
LOADS: Final[tuple[PanelKey, ...]] = ("load", "hard", "per_km")  # compared within one instrument, model and reference
CONTACTS: Final[tuple[PanelKey, ...]] = ("contact", "balance")  # compared within one instrument


@dataclass(frozen=True, slots=True)
class Panel:
    """One quantity. name : on its button and in the tooltip. title : above its lines, with the unit.

    values : of a timeline, as they are shown. half : half the height of its band. from_zero : a sum.
    middle : a line that means something, in shown units.
    """

    key: PanelKey
    name: str
    title: str
    unit: str
    decimals: int
    values: Callable[[Timeline], FloatArray]
    half: Callable[[Timeline], FloatArray] | None = None
    from_zero: bool = False
    middle: float | None = None


def panels() -> list[Panel]:
    """Every quantity, in the order of the chart, in the units of whoever reads now."""
    load, speed = lengths.load_scale(), lengths.speed_scale()
    eq, hard = words.unit("load_eq_km"), words.unit("hard_load_bw_s")
    fast, percent, spm, ms = words.unit("speed_mps"), "%", _("spm"), _("ms")
    per = _("{load} a {length}").format(load=eq, length=lengths.length_noun())

    def titled(name: str, unit: str) -> str:
        return _("{name}, {unit}").format(name=name, unit=unit)

    return [
        Panel(
            "load", _("Push-off load"), titled(_("Push-off load so far (modelled)"), eq), eq, 2,
            lambda t: t.load_eq_km * load, lambda t: EIGHTY_PERCENT * t.load_eq_km_sd * load, from_zero=True,
        ),
        Panel(
            "hard", _("Hard push-offs"), titled(_("Hard push-offs so far (modelled, ±40 %)"), hard), hard, 0,
            lambda t: t.hard_load_bw_s, lambda t: EIGHTY_PERCENT * t.hard_load_sd, from_zero=True,
        ),
        Panel("cadence", _("Cadence"), titled(_("Cadence, both feet"), spm), spm, 0, lambda t: t.cadence_spm),
        Panel(
            "contact", _("Contact time"), titled(_("Contact time"), ms), ms, 0, lambda t: t.contact_time_s * 1000,
            lambda t: t.contact_time_sd * 1000,
        ),
        Panel(
            "balance", _("Balance"), _("Left of contact, % (↑ left longer, ↓ right)"), percent, 1,
            lambda t: t.balance_left * 100, middle=50.0,
        ),
        Panel("speed", _("Speed"), titled(_("Speed"), fast), fast, 1, lambda t: t.speed_mps * speed),
        Panel("grade", _("Slope"), _("Slope, % (↑ uphill)"), percent, 1, lambda t: t.grade * 100, middle=0.0),
        Panel(
            "per_km", _("Load by distance"), titled(_("Load (modelled)"), per), per, 2, lambda t: t.load_eq_km_per_km,
        ),
    ]  # fmt: skip


def panels_apart(differs_in: Collection[Unlike]) -> frozenset[PanelKey]:
    """Return what of two runs is not laid over each other, by what they were measured with differently."""
    loads = LOADS if differs_in else ()
    return frozenset((*loads, *(CONTACTS if "instrument" in differs_in else ())))


def known_panels(timelines: Sequence[Timeline]) -> list[Panel]:
    """Those of which any of the timelines knows anything."""
    return [panel for panel in panels() if any(bool(np.isfinite(panel.values(t)).any()) for t in timelines)]
