"""Today's headroom of one measure as a number and as the arcs of a ring.

A ring is open at the bottom and filled clockwise. The limit lies at four fifths of it, so that what goes beyond sticks
out; of a load that is only known to be at least so much the end is open; one that is not known has no arc at all.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sensor_hub import words
from sensor_hub.adapters.web import today_labels as labels
from sensor_hub.adapters.web.bars import AT_LEAST
from sensor_hub.adapters.web.elements import unbroken
from sensor_hub.adapters.web.own_runs import LEARNING_DAYS
from sensor_hub.model.load import Headroom, InstrumentChange, Measure, Totals
from sensor_hub.words.numbers import EIGHTY_PERCENT, apart
from sensor_hub.words.terms import is_too_close

LIMIT_AT: Final = 0.8  # of the ring
NEAR: Final = 0.9
SAME: Final = 0.03  # of a load: both are of moments that lie a reading apart
OPEN: Final = 0.05  # of the ring: how far the open end of "at least" goes on
_CENTRE, _RADIUS = 60.0, 50.0
_FIRST_DEG, _SWEEP_DEG = 135.0, 270.0
Arc = tuple[float, float]
NONE: Final[Arc] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Ring:
    """One measure's ring; arcs as shares of it from its beginning.

    digits, unit : what is left, or how far above. so_far : beside what limit, a text. notes : why something is unknown,
    how likely, what is not counted. label : all of it in a sentence. state : "ok", "near", "above", "unjudged" or
    "unknown". fill : up to the limit. over : beyond it. band : where the load lies at 80 %, lighter. open : of "at
    least".
    """

    digits: str
    unit: str
    so_far: str
    notes: tuple[str, ...]
    label: str
    state: str
    fill: Arc = NONE
    over: Arc = NONE
    band: Arc = NONE
    open: Arc = NONE

    @staticmethod
    def of(
        headroom: Headroom | None,
        measure: Measure,
        totals: Totals | None = None,
        *,
        bridging: InstrumentChange | None = None,
        held: str | None = None,
        days: int | None = None,
    ) -> "Ring":
        """Return the ring of a headroom, None of which says that there is no history.

        totals : of the session it is about. bridging : the change after which a load is not judged. held : why the
        guidelines hold it back, a text. days : of history, where those are fewer than 14.
        """
        if headroom is None:
            headroom = Headroom(measure, None, None, _of(totals, measure), None, "learning", "no-history")
        value = headroom.so_far if words.known(headroom.so_far) else _of(totals, measure)
        digits, unit = _left(headroom)
        drawn = Ring(
            digits=digits,
            unit=unit,
            so_far=_so_far(headroom, value),
            notes=tuple(unbroken(note) for note in _notes(headroom, bridging, held, days) if note),
            label=words.headroom_sentence(headroom),
            state=_state(headroom, value),
        )
        return drawn if drawn.state == "unknown" else _with_arcs(drawn, headroom, value or 0.0, totals)


def _of(totals: Totals | None, measure: Measure) -> float | None:
    found: float | None = None if totals is None else getattr(totals, measure)
    return found


def _left(headroom: Headroom) -> tuple[str, str]:
    """What is left as digits and the words beneath them."""
    left, measure = headroom.left, headroom.measure
    if left is None or not math.isfinite(left):
        return words.UNKNOWN, labels.not_known()
    if left < 0 and is_too_close(headroom):
        return "≈", labels.too_close()
    digits = apart(headroom.so_far, headroom.limit, measure).partition(" ")[0]
    if left < 0:
        return f"+{digits}", labels.unit_above(words.unit(measure))
    return digits, labels.unit_left(words.unit(measure))


def _so_far(headroom: Headroom, value: float | None) -> str:
    measure = headroom.measure
    so_far = words.bounded(value, measure, lower_bound=headroom.reason in AT_LEAST)
    if not words.known(headroom.limit):
        return unbroken(labels.so_far(so_far)) if words.known(value) else ""
    digits = so_far.removesuffix(f" {words.unit(measure)}")
    return unbroken(labels.so_far_of(digits, words.quantity(headroom.limit, measure)))


def _notes(headroom: Headroom, bridging: InstrumentChange | None, held: str | None, days: int | None) -> list[str]:
    if headroom.reason == "held":
        return [held or words.reason_text("held")]
    if headroom.reason == "bridging" and bridging is not None:
        return [words.bridging_note(bridging)]
    notes = []
    if headroom.left is None or not math.isfinite(headroom.left):
        notes.append(words.reason_text(headroom.reason))
    else:
        if not (headroom.left < 0 and is_too_close(headroom)):
            notes.append(words.likelihood_text(headroom))
        if headroom.without_hills:
            notes.append(labels.without_hills())
    if headroom.confidence != "normal":
        notes.append(labels.learning() if days is None else labels.learning_days(days, LEARNING_DAYS))
    return notes


def _state(headroom: Headroom, value: float | None) -> str:
    limit = headroom.limit
    if value is None or limit is None or not math.isfinite(value) or not math.isfinite(limit) or limit <= 0:
        return "unknown"
    if headroom.left is None:
        return "unjudged"
    if value > limit and not _is_unsure(headroom):
        return "above"
    return "near" if value >= NEAR * limit else "ok"


def _is_unsure(headroom: Headroom) -> bool:
    return headroom.probability is not None and headroom.probability < words.ALERT_PROBABILITY


def _with_arcs(ring: Ring, headroom: Headroom, value: float, totals: Totals | None) -> Ring:
    limit = headroom.limit or 1.0

    def at(amount: float) -> float:
        return max(0.0, min(amount / limit * LIMIT_AT, 1.0))

    end = at(value)
    # What may as well lie below its limit is not painted past it.
    fill_end = min(end, LIMIT_AT)
    over = (LIMIT_AT, end) if ring.state == "above" else NONE
    is_open = headroom.reason in AT_LEAST
    band = NONE
    spread = None if is_open else _spread(headroom, totals)
    if spread is not None:
        low, high = at(value - spread), at(value + spread)
        band = (low, high)
        fill_end, over = min(fill_end, low), NONE if low <= LIMIT_AT else (LIMIT_AT, low)
    return Ring(
        ring.digits, ring.unit, ring.so_far, ring.notes, ring.label, ring.state,
        fill=(0.0, fill_end), over=over, band=band, open=(end, min(end + OPEN, 1.0)) if is_open else NONE,
    )  # fmt: skip


def _spread(headroom: Headroom, totals: Totals | None) -> float | None:
    """Half of the 80 % range, where all of today is this one session; of a sum of several it is not known here."""
    sds = {"load_eq_km": "load_eq_km_sd", "hard_load_bw_s": "hard_load_sd"}
    name = sds.get(headroom.measure)
    own = _of(totals, headroom.measure)
    if name is None or totals is None or own is None or headroom.so_far is None:
        return None
    sd: float | None = getattr(totals, name)
    is_one = math.isclose(own, headroom.so_far, rel_tol=SAME, abs_tol=0.05)
    if not is_one or sd is None or not math.isfinite(sd) or sd <= 0:
        return None
    return EIGHTY_PERCENT * sd


def shared(rings: Sequence[Ring]) -> tuple[str, ...]:
    """Notes that several rings have: they are said once, for all."""
    counted = Counter(note for ring in rings for note in ring.notes)
    return tuple(note for note, n in counted.items() if n > 1)


def path_of(arc: Arc) -> str:
    """An arc as the path of an SVG of 120 × 120; empty where there is nothing to draw."""
    begin, end = arc
    if end - begin < 1e-4:
        return ""
    (x0, y0), (x1, y1) = _point(begin), _point(end)
    is_large = int((end - begin) * _SWEEP_DEG > 180)
    return f"M{x0:.2f} {y0:.2f}A{_RADIUS:g} {_RADIUS:g} 0 {is_large} 1 {x1:.2f} {y1:.2f}"


def _point(share: float) -> tuple[float, float]:
    angle = math.radians(_FIRST_DEG + _SWEEP_DEG * share)
    return _CENTRE + _RADIUS * math.cos(angle), _CENTRE + _RADIUS * math.sin(angle)
