"""Totals, steps and gaps of a session that is made of parts of recorded ones.

Forces are those that are stored. Of a part, the distance is in proportion to speed times time of its rows, the recorded
time to the time of its rows, and the unrecorded time to its gaps: so parts add up to the whole. An odometer's metres
during a gap are the gap's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from sensor_hub.edits.made import Folded, Made, has_steps
from sensor_hub.load.achilles import VERSION, AchillesModel
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.load.exposure import Exposure
from sensor_hub.load.reference import REFERENCE_ID
from sensor_hub.load.remodel import gait_of, remodelled
from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.gait import StepTable
from sensor_hub.model.history import Piece
from sensor_hub.model.load import Conditions, LoadReference, Surface, Totals
from sensor_hub.model.session import GapFound, SessionHeader, SessionPaused, SessionSummary
from sensor_hub.units import utc_us

MOST_UNKNOWN: Final = 0.05  # of the rows' time without speed: with more, nobody knows where the distance was run (ours)
ZERO: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Rows:
    """What is stored of a recorded session beside its totals."""

    steps: StepTable
    gaps: Sequence[GapFound]


@dataclass(frozen=True, slots=True)
class Asked:
    """What parts cannot know by themselves.

    rows : of a recorded session, by id. reference : of a header; None where its name is not known here.
    leg_length_m : of the athlete, by pseudonym.
    """

    rows: Callable[[str], Rows]
    reference: Callable[[SessionHeader], LoadReference | None]
    leg_length_m: Callable[[str], float | None]


@dataclass(frozen=True, slots=True)
class _Part:
    """Of one recorded session, what lies in a piece of it."""

    summary: SessionSummary
    steps: StepTable
    recorded_s: float
    unknown_s: float
    distance_m: float | None


def is_as_recorded(found: Folded, made: Made) -> bool:
    """Whether a session is one whole recorded one, on the surface it was recorded on."""
    if len(made.pieces) != 1:
        return False
    piece = made.pieces[0]
    same_surface = made.surface in {None, found.sources[piece.sid].header.surface}
    return piece == Piece(piece.sid) and same_surface


def summary_of(found: Folded, made: Made, asked: Asked) -> SessionSummary:
    """Return a session as the edits left it; one that is whole is the recorded one bit for bit, under its owner."""
    first = found.sources[made.pieces[0].sid]
    header = replace(first.header, sid=made.sid, athlete=made.athlete, ledger=found.ledger(made))
    if made.surface is not None:
        header = replace(header, surface=made.surface)
    if is_as_recorded(found, made):
        return replace(first, header=header)
    sources = [found.sources[piece.sid] for piece in made.pieces]
    whole = replace(
        first,
        header=header,
        start_utc=found.start_utc(made),
        end_utc=found.end_utc(made),
        warnings=tuple(dict.fromkeys(w for source in sources for w in source.warnings)),
        ended=found.is_over(made),
    )
    if not found.has_steps(made):
        parts = [
            _part(found, piece, asked) if has_steps(source) else _whole(source)
            for piece, source in zip(made.pieces, sources, strict=True)
        ]
        return replace(whole, totals=_without_load(parts, sources))
    parts = [_part(found, piece, asked) for piece in made.pieces]
    if len({_made_by(source.header) for source in sources}) > 1:
        return replace(whole, totals=_without_load(parts, sources))
    return _with_load(whole, parts, made.surface, asked)


def steps_of(found: Folded, made: Made, asked: Asked) -> StepTable:
    """Return the steps of a session in the order stores keep them."""
    first = found.sources[made.pieces[0].sid]
    tables = [_cut_steps(piece, asked) for piece in made.pieces]
    steps = tables[0] if len(tables) == 1 else StepTable.concatenate(tables)
    steps = steps if len(tables) == 1 else steps.only(np.lexsort((steps.side, steps.time_utc_us)))
    model = _model_on(first.header, made.surface, asked)
    return steps if model is None or not len(steps) else remodelled(steps, model, first.header.tier)


def gaps_of(found: Folded, made: Made, header: SessionHeader, asked: Asked) -> list[GapFound]:
    """Return the gaps of a session, cut to its parts, in time order."""
    gaps = [gap for piece in made.pieces for gap in _cut_gaps(found, piece, asked)]
    return sorted((replace(gap, header=header) for gap in gaps), key=lambda gap: (gap.start_utc, gap.device))


def pauses_of(
    found: Folded, made: Made, header: SessionHeader, pauses: Callable[[str], Sequence[SessionPaused]]
) -> list[SessionPaused]:
    """Return the pauses of a session, cut to its parts, in time order. pauses : of a recorded session, by id."""
    cut = [
        replace(pause, header=header, start_utc=max(pause.start_utc, start_utc), end_utc=min(pause.end_utc, end_utc))
        for piece in made.pieces
        for start_utc, end_utc in (found.window(piece),)
        for pause in pauses(piece.sid)
    ]
    return sorted((pause for pause in cut if pause.start_utc < pause.end_utc), key=lambda pause: pause.start_utc)


# --- one piece -------------------------------------------------------------------------------------------------------


def _part(found: Folded, piece: Piece, asked: Asked) -> _Part:
    summary, rows = found.sources[piece.sid], asked.rows(piece.sid)
    inside = _inside(piece, rows.steps)
    row_s = np.nan_to_num(rows.steps.step_time_s * rows.steps.n_steps)
    totals = summary.totals
    recorded_s = totals.duration_s * (totals.coverage or 0.0)
    unknown_s = totals.duration_s - recorded_s
    window = found.window(piece)
    whole_window = summary.start_utc, summary.end_utc
    gaps_s = [_shared_s(window, (gap.start_utc, gap.end_utc)) for gap in rows.gaps]
    all_gaps_s = [_shared_s(whole_window, (gap.start_utc, gap.end_utc)) for gap in rows.gaps]
    lasted_s = _shared_s(window, whole_window), _shared_s(whole_window, whole_window)
    return _Part(
        summary,
        rows.steps.only(inside),
        recorded_s * _share(float(row_s[inside].sum()), float(row_s.sum()), lasted_s),
        unknown_s * _share(sum(gaps_s), sum(all_gaps_s), lasted_s),
        _distance_m(totals.distance_m, rows.steps, row_s, inside, (sum(gaps_s), sum(all_gaps_s))),
    )


def _share(part: float, whole: float, lasted_s: tuple[float, float]) -> float:
    """Part of a whole; where nothing tells, that of the time it lasted."""
    if whole > 0:
        return part / whole
    return lasted_s[0] / lasted_s[1] if lasted_s[1] > 0 else 0.0


def _distance_m(
    whole_m: float | None, steps: StepTable, row_s: FloatArray, inside: BoolArray, gaps_s: tuple[float, float]
) -> float | None:
    """Return the distance of the rows inside; None where too few rows say how fast they were.

    gaps_s : of the part and of the whole. An odometer counts on while nobody hears it: what the rows cannot have run
    was run in the gaps, at the pace of the rows at most.
    """
    if whole_m is None:
        return None
    is_known = ~np.isnan(steps.speed_mps)
    if float(row_s[~is_known].sum()) > MOST_UNKNOWN * float(row_s.sum()):
        return None
    rows_m = np.where(is_known, steps.speed_mps, 0.0) * row_s
    by_rows_m, known_s = float(rows_m.sum()), float(row_s[is_known].sum())
    in_gaps_m = min(max(0.0, whole_m - by_rows_m), by_rows_m / known_s * gaps_s[1]) if known_s > 0 else 0.0
    total_m = by_rows_m + in_gaps_m
    part_m = float(rows_m[inside].sum()) + (in_gaps_m * gaps_s[0] / gaps_s[1] if gaps_s[1] > 0 else 0.0)
    return whole_m * part_m / total_m if total_m > 0 else None


def _inside(piece: Piece, steps: StepTable) -> BoolArray:
    """(n,) whether each row begins in the piece; an end that nobody set is open."""
    inside: BoolArray = np.ones(len(steps), dtype=bool)
    if piece.from_utc is not None:
        inside &= steps.time_utc_us >= utc_us(piece.from_utc)
    if piece.to_utc is not None:
        inside &= steps.time_utc_us < utc_us(piece.to_utc)
    return inside


def _cut_steps(piece: Piece, asked: Asked) -> StepTable:
    steps = asked.rows(piece.sid).steps
    return steps if piece == Piece(piece.sid) else steps.only(_inside(piece, steps))


def _cut_gaps(found: Folded, piece: Piece, asked: Asked) -> list[GapFound]:
    gaps = asked.rows(piece.sid).gaps
    if piece == Piece(piece.sid):
        return list(gaps)
    start_utc, end_utc = found.window(piece)
    cut = (replace(g, start_utc=max(g.start_utc, start_utc), end_utc=min(g.end_utc, end_utc)) for g in gaps)
    return [gap for gap in cut if gap.start_utc < gap.end_utc]


def _shared_s(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> float:
    return max(ZERO, min(one[1], other[1]) - max(one[0], other[0])).total_seconds()


# --- together --------------------------------------------------------------------------------------------------------


def _whole(source: SessionSummary) -> _Part:
    recorded_s = source.totals.duration_s * (source.totals.coverage or 0.0)
    unknown_s = source.totals.duration_s - recorded_s
    return _Part(source, StepTable.empty(), recorded_s, unknown_s, source.totals.distance_m)


def _made_by(header: SessionHeader) -> tuple[str, str, str, str]:
    return header.tier, header.instrument, header.model, header.reference


def _sum(values: Sequence[float | None]) -> float | None:
    return None if any(v is None for v in values) else sum(v or 0.0 for v in values)


def _without_load(parts: Sequence[_Part], sources: Sequence[SessionSummary]) -> Totals:
    """Totals of what has no load, or loads that are not added: times, distance, steps, speed and slopes are."""
    duration_s = sum(part.recorded_s + part.unknown_s for part in parts)
    coverages = [source.totals.coverage for source in sources]
    recorded_s = None if None in coverages else sum(part.recorded_s for part in parts)
    n_steps = float(sum(np.nansum(part.steps.n_steps[gait_of(part.steps) == "run"]) for part in parts))
    exposure = Exposure()
    if all(len(part.steps) or not part.summary.totals.duration_s for part in parts):  # else some of it is unknown
        for part in parts:
            exposure.add(part.steps.only(gait_of(part.steps) == "run"))
    return exposure.put_into(
        Totals(
            n_steps=n_steps,
            n_strides=n_steps / 2,
            duration_s=duration_s,
            distance_m=_sum([part.distance_m for part in parts]),
            coverage=recorded_s / duration_s if recorded_s is not None and duration_s > 0 else None,
        )
    )


def _with_load(whole: SessionSummary, parts: Sequence[_Part], surface: Surface | None, asked: Asked) -> SessionSummary:
    header = parts[0].summary.header
    reference = asked.reference(header)
    conditions = Conditions(whole.header.surface, leg_length_m=asked.leg_length_m(whole.header.athlete))
    model = AchillesModel(reference, conditions)
    steps = StepTable.concatenate(part.steps for part in parts)
    steps = steps.only(np.lexsort((steps.side, steps.time_utc_us)))
    other = _model_on(header, surface, asked)
    if other is not None and len(steps):
        steps = remodelled(steps, other, header.tier)
    sums = SessionTotals(model, header.tier)
    sums.add(steps, gait_of(steps) == "run")
    sums.recorded_s = sum(part.recorded_s for part in parts)
    sums.unknown_s = sum(part.unknown_s for part in parts)
    sums.distance_m = _sum([part.distance_m for part in parts])
    sums.contact_time_bias_s = parts[0].summary.totals.contact_time_bias_s
    expressed_in = header.reference if reference is not None else REFERENCE_ID
    return replace(whole, header=replace(whole.header, reference=expressed_in), totals=sums.totals())


def _model_on(header: SessionHeader, surface: Surface | None, asked: Asked) -> AchillesModel | None:
    """Return the model that gives steps the forces of another surface; None where they keep those they have.

    Only today's model can be asked, and only where it was told nothing of the shoe: of what a session was told its
    steps say nothing.
    """
    if surface is None or surface == header.surface or header.model != VERSION:
        return None
    return AchillesModel(asked.reference(header), Conditions(surface))
