"""The 24-hour table: what the answers to one run say about the next one, as one pure function.

Where the texts disagree the stricter reading holds (C3): up to 2 running goes on, reduced and easy; above 2 and below
3 the same and the runner is asked again; from 3 there is none. Above 3 a plan also goes back one stage. Pain that is
still raised after 24 hours ends running, sends to a physiotherapist, and makes the next session smaller. No run
is too short for it (D47). "Reduced, easy, no hills, no speed" belong together.

Policy "clinician" lets running go on up to 5 of 10, as the pain-monitoring model does (Silbernagel et al. 2007, one
trial of 38 people: going on to run was not worse); what does not warm up, does not taper or is still raised stops there
too. What was not said is unknown, and unknown is never clear.
"""

from dataclasses import dataclass
from typing import Final

from sensor_hub.model.diary import Warming
from sensor_hub.model.guidance import Gate
from sensor_hub.model.rule import DEFAULT_SETTINGS, Parameter, RuleInfo, RuleSettings

INFO: Final = RuleInfo(
    id="pain-24h",
    kind="P",
    family="pain",
    rows=("A07", "B05", "C01", "D11", "D13", "D14", "D15", "D16", "D33", "D33b", "D47", "D50", "D54", "E12"),
    grade="text",
    parameters=(
        Parameter("go", 2.0, "of 10", 0.0, 5.0, ours=False),
        Parameter("stop", 3.0, "of 10", 0.5, 6.0, ours=False),
        Parameter("stage_back", 3.0, "of 10", 0.5, 6.0, ours=False),
        Parameter("severe", 7.0, "of 10", 4.0, 10.0),
        Parameter("clinician", 5.0, "of 10", 3.0, 6.0),
        Parameter("cap_low", 0.5, "of the usual distance", 0.1, 1.0, ours=False),
        Parameter("cap_high", 0.7, "of the usual distance", 0.1, 1.0, ours=False),
        Parameter("onset_from", 30.0, "min", 5.0, 60.0, ours=False),
        Parameter("onset_to", 60.0, "min", 30.0, 180.0, ours=False),
    ),
    evidence="Silbernagel 2007, doi:10.1177/0363546506298279 (n = 38), for the 5 of 10 of policy clinician alone",
)

TIMES: Final = ("before", "during", "after", "evening", "morning", "day_after")


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said of one run and one side; levels 0 to 10, None is unknown.

    baseline : of the mornings before it. day_after : at 24 hours or later. onset_min : after its end, of soreness.
    """

    before: float | None = None
    during: float | None = None
    after: float | None = None
    evening: float | None = None
    morning: float | None = None
    day_after: float | None = None
    baseline: float | None = None
    warming: Warming | None = None
    tapering: bool | None = None
    onset_min: float | None = None

    def level(self, time: str) -> float | None:
        """The level at one of ``TIMES``."""
        level: float | None = getattr(self, time)
        return level

    def known(self) -> dict[str, float]:
        """The levels that were said, by time."""
        return {time: level for time in TIMES if (level := self.level(time)) is not None}


@dataclass(frozen=True, slots=True)
class Decision:
    """What the table says.

    times : that decide, of ``TIMES``. settled : at the baseline again in 24 hours. stage_back : a plan goes back one
    stage. next_smaller : the next session is to be smaller than this one. severe : somebody should look at it.
    overloaded : soreness set in half an hour to an hour later, or was there in the evening. beyond_tolerance : in the
    evening and after 24 hours too. missing : what would have to be known to say more.
    """

    gate: Gate
    rows: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    settled: bool | None = None
    highest: float | None = None
    stage_back: bool = False
    next_smaller: bool = False
    severe: bool = False
    overloaded: bool = False
    beyond_tolerance: bool = False
    missing: tuple[str, ...] = ()


def decide(answers: Answers, settings: RuleSettings = DEFAULT_SETTINGS) -> Decision:
    """Return what one run's answers mean for the next."""
    known = answers.known()
    settled = is_settled(answers)
    highest = max(known.values(), default=None)
    still_raised = settled is False
    overloaded = _is_overloaded(answers, settings)
    beyond = still_raised and _is_raised(answers.evening, answers.baseline) is True
    gate, rows, times = _gate(answers, settled, settings)
    missing = _missing(answers, settled) if gate in {"unknown", "caution"} else ()
    back = highest is not None and goes_back(highest, settings)
    more = [("D33", back), ("D33b", still_raised), ("D11", overloaded), ("D54", beyond)]
    return Decision(
        gate=gate,
        rows=(*rows, *(row for row, holds in more if holds)),
        times=times,
        settled=settled,
        highest=highest,
        stage_back=back,
        next_smaller=still_raised,
        severe=highest is not None and is_severe(highest, settings),
        overloaded=overloaded,
        beyond_tolerance=beyond,
        missing=missing,
    )


def stops(level: float, settings: RuleSettings = DEFAULT_SETTINGS) -> bool:
    """Whether a level ends running."""
    if settings.policy == "clinician":
        return level > settings.value(INFO, "clinician")
    return level >= settings.value(INFO, "stop")


def goes(level: float, settings: RuleSettings = DEFAULT_SETTINGS) -> bool:
    """Whether running may go on, reduced and easy, with a level that passes."""
    return level <= settings.value(INFO, "clinician" if settings.policy == "clinician" else "go")


def goes_back(level: float, settings: RuleSettings = DEFAULT_SETTINGS) -> bool:
    """Whether a plan goes back one stage (D33)."""
    return level > settings.value(INFO, "clinician" if settings.policy == "clinician" else "stage_back")


def is_severe(level: float, settings: RuleSettings = DEFAULT_SETTINGS) -> bool:
    """Whether a level is severe, whatever the policy."""
    return level >= settings.value(INFO, "severe")


def is_settled(answers: Answers) -> bool | None:
    """Whether it was at the baseline again within 24 hours; None if that is not known.

    What was said after 24 hours decides; before that a morning at the baseline is enough, and a raised one says nothing
    yet. Without a baseline only 0 is known not to be raised.
    """
    later = _is_raised(answers.day_after, answers.baseline)
    if later is not None or answers.day_after is not None:
        return None if later is None else not later
    return True if _is_raised(answers.morning, answers.baseline) is False else None


def _is_raised(level: float | None, baseline: float | None) -> bool | None:
    if level is None:
        return None
    if level == 0:
        return False
    return None if baseline is None else level > baseline


def _gate(
    answers: Answers, settled: bool | None, settings: RuleSettings
) -> tuple[Gate, tuple[str, ...], tuple[str, ...]]:
    known = answers.known()
    if settled is False:
        return "stop-physio", ("D16", *_stop_rows(answers, settings)), ("day_after", *_stopping(answers, settings))
    stopping = _stopping(answers, settings)
    if stopping:
        return "stop", _stop_rows(answers, settings), stopping
    if answers.during is None or settled is None:
        return "unknown", (), ()
    if not goes(max(known.values()), settings):
        return "caution", ("D50", "B05", "E12"), tuple(t for t in known if not goes(known[t], settings))
    hurting = tuple(time for time, level in known.items() if level > 0)
    if answers.during > 0:
        if answers.warming is None:  # below 3 and gone in 24 hours lets it go on; whether it warmed up is asked again
            return "caution", ("D50", "B05", "E12"), hurting
        only_then = answers.warming == "first-km" and hurting == ("during",)
        return "reduced", ("D13" if only_then else "D14", "B05", "E12"), hurting
    if answers.after is None:
        return "unknown", (), ()
    return ("reduced", ("A07", "D14"), hurting) if hurting else ("clear", (), ())


def _stopping(answers: Answers, settings: RuleSettings) -> tuple[str, ...]:
    """The times whose answer ends running."""
    times = [time for time, level in answers.known().items() if stops(level, settings)]
    if _persists(answers) and "during" not in times:
        times.append("during")
    if _does_not_taper(answers) and "after" not in times:
        times.append("after")
    return tuple(sorted(times, key=TIMES.index))


def _stop_rows(answers: Answers, settings: RuleSettings) -> tuple[str, ...]:
    rows = []
    times = _stopping(answers, settings)
    if "during" in times:
        rows.append("D15")
    if "after" in times or "evening" in times:
        rows.append("C01")
    if {"before", "morning", "day_after"} & set(times):
        rows.append("D50")
    return tuple(rows)


def _persists(answers: Answers) -> bool:
    """Whether pain went on all through the run."""
    return answers.warming == "no" and answers.during != 0


def _does_not_taper(answers: Answers) -> bool:
    """Whether pain after the run did not become less; of what is at the baseline nobody expects it.

    What was not there after the run and is in the evening set in later: that is the mark of an overload (D11).
    """
    if answers.tapering is not None or not answers.after or answers.evening is None:
        return answers.tapering is False and answers.after != 0
    return answers.evening >= answers.after and answers.evening > (answers.baseline or 0.0)


def _is_overloaded(answers: Answers, settings: RuleSettings) -> bool:
    onset = answers.onset_min
    low, high = settings.value(INFO, "onset_from"), settings.value(INFO, "onset_to")
    if onset is not None and low <= onset <= high and answers.after != 0:
        return True
    return answers.evening is not None and answers.evening > (answers.baseline or 0.0)


def _missing(answers: Answers, settled: bool | None) -> tuple[str, ...]:
    missing = []
    if answers.during is None:
        missing.append("during")
    if answers.during and answers.warming is None:
        missing.append("warming")
    if answers.during == 0 and answers.after is None:
        missing.append("after")
    if settled is None:
        asked = answers.day_after is None
        missing.append("day_after" if asked else "baseline")
    return tuple(missing)
