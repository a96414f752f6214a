"""The load of a run, piece by piece: what each number is called, its digits with their band, and how to take it.

What matters stands first; the rest is for those who open it. No absolute force leaves without "modelled" and its ±40 %,
walking stands beside the run and is never added, and what nobody measured is a dash with its reason.
"""

import math
from dataclasses import dataclass
from typing import Final

from sensor_hub.model.load import Surface, Totals, is_partly_recorded
from sensor_hub.units import M_PER_KM
from sensor_hub.words.lengths import easy_pace_text, in_miles, length_noun, length_unit, load_unit
from sensor_hub.words.numbers import (
    EIGHTY_PERCENT,
    UNKNOWN,
    as_a_force,
    bounded,
    fixed,
    force,
    impulse,
    known,
    quantity,
    ranged,
    share,
)
from sensor_hub.words.terms import model_label
from sensor_hub.words.translation import translate as _
from sensor_hub.words.translation import translate_n as _n

POPULATION: Final = "ref-pop"
VAGUE: Final = 0.5  # spread over value from which a number is only one to look at (ours)
TRIFLE: Final = 0.05  # spread over the whole load up to which nobody is misled by it (ours)
CALIBRATED: Final = "+cal-"  # between a method and the day of its calibration


@dataclass(frozen=True, slots=True)
class LoadFact:
    """One number: its name, its value in words, a remark, and whether it stands first or is folded away."""

    key: str
    name: str
    text: str
    note: str
    first: bool = False


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What a load was made with, as a session's header says it."""

    tier: str | None
    model: str
    reference: str
    instrument: str = ""
    surface: Surface = "unknown"
    ledger: str = "run"  # of the session: run, walk, exercise or other
    source: str = ""


def load_facts(totals: Totals, made: MadeBy) -> list[LoadFact]:
    """What a session's load consists of, the most important first."""
    if made.ledger == "exercise":
        return _of_exercise(totals, made)
    facts = [
        _volume(totals),
        *_intensity(totals),
        _legs(totals),
        *_walking(totals),
        _per_km(totals, made),
        _push_off(totals),
        _peak(totals),
        _sensitivity(totals),
        _stiffness(totals),
        *_made_by(made),
    ]
    return sorted(facts, key=lambda fact: not fact.first)


def instrument_text(instrument: str) -> str:
    """What a load was measured with, from its key such as imu/foot/foot-1.0."""
    if not instrument:
        return _("not said by the program that recorded it")
    tier, *rest = instrument.split("/")
    source = {
        "imu": _("motion sensor"),
        "contact": _("contact time as the device reports it"),
        "speed": _("speed and cadence only"),
    }.get(tier, tier)
    places = {
        "foot": _("one foot"),
        "feet": _("both feet"),
        "shank": _("one shank"),
        "shanks": _("both shanks"),
        "sacrum": _("sacrum"),
    }
    parts = [places.get(part, part) for part in rest]
    return ", ".join([source, *parts]).replace(CALIBRATED, _(", calibrated "))


def exercise_text(source: str) -> str:
    """What exercise somebody did, such as 3 x 15 heel-drop, from the source of its session."""
    return source.removeprefix("exercise: ")


def surface_text(surface: str) -> str:
    """What was run on, as far as somebody said it."""
    return {
        "overground": _("overground"),
        "treadmill": _("treadmill"),
        "track": _("track"),
        "trail": _("trail"),
    }.get(surface, _("not known"))


def tier_text(tier: str | None) -> str:
    """What a tier's numbers rest on."""
    return {
        "imu": _("contact times from the sensor's own waveform"),
        "contact": _("contact times from the device's maker"),
        "speed": _("no contact time: predicted from speed and cadence inside the model"),
    }.get(tier or "", _("not known"))


def range_text() -> str:
    """What the two numbers after a load mean."""
    return _(
        "The range after a load is where it most likely lies (80 %) when it is compared with the same runner's runs, "
        "measured in the same way."
    )


def _of_exercise(totals: Totals, made: MadeBy) -> list[LoadFact]:
    """What is known of exercise that somebody put in: nothing of it was measured."""
    beside = _("counted apart, no part of a run's load")
    peak = _("of one repetition; compare it with the same runner's, do not believe it")
    by_hand = _("put in by hand: nothing was measured")
    return [
        LoadFact("load_bw_s", _("Load of the exercise"), impulse(totals.load_bw_s), beside, first=True),
        LoadFact("exercise", _("Exercise"), exercise_text(made.source), by_hand, first=True),
        LoadFact("peak", _("Achilles force, peak"), force(totals.achilles_peak_bw), peak),
    ]


def _volume(totals: Totals) -> LoadFact:
    partly = is_partly_recorded(totals.coverage)
    text = ranged(totals.load_eq_km, totals.load_eq_km_sd, "load_eq_km", lower_bound=partly)
    note = _("modelled; equivalent easy miles") if in_miles() else _("modelled; equivalent easy kilometres")
    if partly:
        note = _("{note}; at least: {share} of the run was recorded").format(note=note, share=share(totals.coverage))
    return LoadFact("load_eq_km", _("Push-off load"), text, note, first=True)


def _intensity(totals: Totals) -> list[LoadFact]:
    """Hard push-offs as a part of the run's load, where the ±40 % cancel; as BW·s for those who want it."""
    hard, sd, load = totals.hard_load_bw_s, totals.hard_load_sd, totals.load_bw_s
    name, partly = _("Hard push-offs"), is_partly_recorded(totals.coverage)
    absolute = ranged(hard, sd, "hard_load_bw_s", lower_bound=partly)
    if absolute == UNKNOWN:
        return [LoadFact("hard_share", name, UNKNOWN, _("too few steps with a known contact time"), first=True)]
    as_force = _("a leg; {caveat}; the steps above the hard line").format(caveat=as_a_force())
    part = hard_part(hard, sd, load)
    if part == UNKNOWN:
        return [LoadFact("hard_load_bw_s", name, absolute, as_force, first=True)]
    text = _("{part} of this run's load").format(part=part)
    note = _("the steps above the hard line; modelled")
    if partly:
        note = _("{note}; of what was recorded").format(note=note)
    if hard is not None and sd is not None and load and is_vague(hard, sd, load):
        text = _("{between} of this run's load").format(between=_between(hard, sd, load))
        note = _("{note}; very unsure, as many steps lie close to that line").format(note=note)
    return [
        LoadFact("hard_share", name, text, note, first=True),
        LoadFact("hard_load_bw_s", _("Hard push-offs, absolute"), absolute, as_force),
    ]


def is_vague(hard_bw_s: float, sd_bw_s: float, load_bw_s: float) -> bool:
    """Whether hard push-offs are so unsure that only their range says something, and it is no trifle of the load."""
    return sd_bw_s > VAGUE * hard_bw_s and sd_bw_s > TRIFLE * load_bw_s


def hard_part(hard_bw_s: float | None, sd_bw_s: float | None, load_bw_s: float | None) -> str:
    """Hard push-offs as a part of the load, in which the ±40 % cancel: 18 %, 13–23 %; of a vague one its range."""
    if hard_bw_s is None or not load_bw_s or not known(hard_bw_s / load_bw_s):
        return UNKNOWN
    value = share(hard_bw_s / load_bw_s)
    if sd_bw_s is None or not math.isfinite(sd_bw_s) or sd_bw_s <= 0:
        return value
    low, high = _ends(hard_bw_s, sd_bw_s, load_bw_s)
    likely_text = f"{fixed(100 * low, 0)}–{share(high)}"
    return likely_text if is_vague(hard_bw_s, sd_bw_s, load_bw_s) else f"{value}, {likely_text}"


def _ends(hard_bw_s: float, sd_bw_s: float, load_bw_s: float) -> tuple[float, float]:
    """Ends of the 80 % range as parts of the load, 0 to 1."""
    low, high = ((hard_bw_s + side * EIGHTY_PERCENT * sd_bw_s) / load_bw_s for side in (-1, 1))
    return max(low, 0.0), min(high, 1.0)


def _between(hard_bw_s: float, sd_bw_s: float, load_bw_s: float) -> str:
    words = {
        0.0: _("none"),
        0.1: _("a tenth"),
        0.25: _("a quarter"),
        1 / 3: _("a third"),
        0.5: _("half"),
        2 / 3: _("two thirds"),
        0.75: _("three quarters"),
        1.0: _("all"),
    }
    low, high = (words[min(words, key=lambda part: abs(part - end))] for end in _ends(hard_bw_s, sd_bw_s, load_bw_s))
    return _("between {low} and about {high}").format(low=low, high=high)


def _legs(totals: Totals) -> LoadFact:
    name = _("Left and right leg")
    left, right, both = totals.load_left_bw_s, totals.load_right_bw_s, totals.load_bw_s
    eq_km = totals.load_eq_km
    measured = known(left) and known(right) and known(both) and known(eq_km)
    if not measured or left is None or right is None or not both or eq_km is None:
        return LoadFact("legs", name, UNKNOWN, _("not measured apart; each is taken to carry the same"), first=True)
    partly = is_partly_recorded(totals.coverage)
    of_legs = {"left": eq_km * left / both, "right": eq_km * right / both}
    values = {leg: bounded(value, "load_eq_km", lower_bound=partly) for leg, value in of_legs.items()}
    note = _("left {share}; modelled; a difference between sensors until they have changed feet")
    return LoadFact(
        "legs",
        name,
        _("left {left} · right {right}").format(**values),
        note.format(share=share(left / (left + right))),
        first=True,
    )


def _walking(totals: Totals) -> list[LoadFact]:
    if not totals.n_walk_steps:
        return []
    note = _n(
        "{n} step walked; counted apart, no part of the push-off load",
        "{n} steps walked; counted apart, no part of the push-off load",
        totals.n_walk_steps,
    )
    return [
        LoadFact(
            "walk",
            _("Walking, beside it"),
            impulse(totals.walk_load_bw_s),
            note.format(n=fixed(totals.n_walk_steps, 0)),
            first=True,
        )
    ]


def _per_km(totals: Totals, made: MadeBy) -> LoadFact:
    name = _("Load per {unit}").format(unit=length_unit())
    km = None if totals.distance_m is None else totals.distance_m / M_PER_KM
    if km is None or not km > 0 or totals.load_eq_km is None or not known(totals.load_eq_km):
        return LoadFact("per_km", name, UNKNOWN, _("distance or load not known"))
    at_least = "≥ " if is_partly_recorded(totals.coverage) else ""
    of_whom = _("the population's") if made.reference.startswith(POPULATION) else _("the runner's own")
    note = _("modelled; 1.00 is {of_whom} easy flat {noun} at {pace}").format(
        of_whom=of_whom, noun=length_noun(), pace=easy_pace_text()
    )
    value = at_least + fixed(totals.load_eq_km / km, 2)  # the same digits in eq-mi a mi
    text = _("{value} {load_unit} a {unit}").format(value=value, load_unit=load_unit(), unit=length_unit())
    return LoadFact("per_km", name, text, note)


def _push_off(totals: Totals) -> LoadFact:
    part = None
    if totals.push_off_bw_s is not None and totals.load_bw_s:
        part = totals.push_off_bw_s / totals.load_bw_s
    text = UNKNOWN if part is None else _("{share} of the load").format(share=share(part))
    note = _("from the peak of a step to toe-off; set by the model, not measured")
    return LoadFact("push_off", _("Push-off part"), text, note)


def _peak(totals: Totals) -> LoadFact:
    note = _("mean of the running steps; compare it with the same runner's, do not believe it")
    return LoadFact("peak", _("Achilles force, peak"), force(totals.achilles_peak_bw), note)


def _sensitivity(totals: Totals) -> LoadFact:
    values = {
        "m4": quantity(totals.load_m4_eq_km, "load_eq_km"),
        "m9": quantity(totals.load_m9_eq_km, "load_eq_km"),
    }
    known_ones = known(totals.load_m4_eq_km) or known(totals.load_m9_eq_km)
    text = _("m = 4: {m4} · m = 9: {m9}").format(**values) if known_ones else UNKNOWN
    note = _(
        "sensitivity, shown only: high forces weigh more; no limit uses it, "
        "and 5 % of error in a force become 22 % and 55 %"
    )
    return LoadFact("sensitivity", _("If force counted more"), text, note)


def _stiffness(totals: Totals) -> LoadFact:
    vertical, leg = totals.vertical_stiffness_bw_per_m, totals.leg_stiffness_bw_per_m
    values = {"vertical": _per_metre(vertical), "leg": _per_metre(leg)}
    text = _("vertical {vertical} · leg {leg}").format(**values) if known(vertical) or known(leg) else UNKNOWN
    note = _("modelled, level running; compare within one sensor only")
    if known(vertical) and not known(leg):
        note = _("{note}; the leg's needs a height and a speed").format(note=note)
    return LoadFact("stiffness", _("Stiffness"), text, note)


def _per_metre(value: float | None) -> str:
    return UNKNOWN if value is None or not math.isfinite(value) else _("{n} BW/m").format(n=fixed(value, 1))


def _made_by(made: MadeBy) -> list[LoadFact]:
    measured = _("{tier}; surface {surface}").format(tier=tier_text(made.tier), surface=surface_text(made.surface))
    return [
        LoadFact("instrument", _("Measured with"), instrument_text(made.instrument), measured),
        LoadFact(
            "model",
            _("Model and reference"),
            model_label(made.model, made.reference),
            _("loads of another sensor or model are not held against these, nor hard push-offs of another reference"),
        ),
    ]
