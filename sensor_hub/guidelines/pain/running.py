"""Whether the diary lets somebody run: what the 24-hour table said of the newest runs, and what hurts now.

A stop stands until two later days in a row are said on which it is back to usual and low enough (``SaidDays``), or
until a clinician's word of a later day; from then on running begins again reduced and easy, until a run was answered
well. A stop that nobody ever said the end of is unknown after four weeks, and unknown does not let anybody run. What
hurts without a run before it is held to the same levels: no running from 3, in the morning too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain import accounts
from sensor_hub.guidelines.pain.accounts import LEGS, Account, Leg, is_of
from sensor_hub.guidelines.pain.responses import side_of, worst
from sensor_hub.guidelines.pain.said_days import SaidDays, cleared_since, plan_open
from sensor_hub.guidelines.pain.table import INFO, goes, goes_back, stops
from sensor_hub.model.diary import SayPain
from sensor_hub.model.guidance import Fact, Notice

DAY = timedelta(days=1)
ANSWERED_WITHIN = timedelta(days=14)  # ours: what an older run said of the next one is past


@dataclass(frozen=True, slots=True)
class Stop:
    """Something that ended running. usual : the baseline before it. when : the table's time, "now" without a run."""

    leg: Leg
    day: date
    when: str
    level: float | None
    usual: float | None
    rows: tuple[str, ...]
    account: Account | None = None

    @property
    def physio(self) -> bool:
        """Whether a physiotherapist should look before the next run."""
        return self.account is not None and self.account.decision.gate == "stop-physio"


def running_notices(case: Case, said: SaidDays, answered: Sequence[Sequence[Account]]) -> list[Notice]:
    """Return what stops running or makes it less."""
    if not case.settings.is_on(INFO):
        return []
    found: list[Notice] = []
    over: list[tuple[date, bool]] = []
    for leg in LEGS:
        stops_of_leg = _that_matter(said, _stops(case, said, answered, leg))
        ends = [_ended(case, said, s) for s in stops_of_leg]
        over += [end for end in ends if end is not None]
        standing = [s for s, end in zip(stops_of_leg, ends, strict=True) if end is None]
        fresh = [s for s in standing if not said.is_stale(s.day)]
        if fresh:
            found.append(_stop_notice(case, max(fresh, key=lambda s: (s.physio, s.day, s.level or 0.0))))
        elif standing:
            last = max(standing, key=lambda s: s.day)
            facts: dict[str, Fact] = {"side": leg, "last": last.day, "level": last.level, "could_stop": True}
            found.append(Notice(INFO.id, "never-gone", ("A25",), "unknown", last.day, facts))
    if not any(notice.weight == "stop" for notice in found):
        less = _less(case, said, answered, max(over, default=None))
        found += [] if less is None else [less]
    return found


def _that_matter(said: SaidDays, stops_of_leg: Sequence[Stop]) -> list[Stop]:
    """Those of the last weeks, and the newest from before: what ended that one ended the older ones."""
    newest_old = max((s for s in stops_of_leg if said.is_stale(s.day)), key=lambda s: s.day, default=None)
    return [s for s in stops_of_leg if s is newest_old or not said.is_stale(s.day)]


def _ended(case: Case, said: SaidDays, stop: Stop) -> tuple[date, bool] | None:
    """Return the day a stop ended, and whether a clinician's word alone ended it; None if it stands."""
    well, cleared = said.well_since(stop.leg, stop.day, stop.usual), cleared_since(case, stop.day)
    if well is None:
        return None if cleared is None else (cleared, True)
    return (well, False) if cleared is None or well <= cleared else (cleared, True)


def _stops(case: Case, said: SaidDays, answered: Sequence[Sequence[Account]], leg: Leg) -> list[Stop]:
    found = []
    for account in (account for sides in answered for account in sides if account.leg in {leg, None}):
        decision = account.decision
        if decision.gate in {"stop", "stop-physio"}:
            when = "day_after" if decision.gate == "stop-physio" else _telling(account)
            day = max((account.days[time] for time in decision.times if time in account.days), default=account.run.day)
            level = account.answers.level(when)
            found.append(Stop(leg, day, when, level, account.answers.baseline, decision.rows, account))
    covered = {stop.day for stop in found}
    for pain in said.pains:
        if not is_of(pain, leg) or not stops(pain.level, case.settings):
            continue
        day = case.day_of(pain.at_utc)
        if day not in covered:
            rows = ("D50", "D33") if goes_back(pain.level, case.settings) else ("D50",)
            found.append(Stop(leg, day, "now", pain.level, said.mornings.baseline(leg, pain.at_utc), rows))
    return found


def _telling(account: Account) -> str:
    """The time that is named: of the deciding ones the one with the highest level, the latest of equals."""
    return max(reversed(account.decision.times), key=lambda time: account.answers.level(time) or 0.0)


def _stop_notice(case: Case, stop: Stop) -> Notice:
    account = stop.account
    decision = None if account is None else account.decision
    level_stops = stop.level is not None and stops(stop.level, case.settings)
    facts: dict[str, Fact] = {
        "side": stop.leg,
        "level": stop.level,
        "when": stop.when,
        "because": "level" if level_stops and not stop.physio else _because(account),
        "plan_back": stop.level is not None
        and goes_back(stop.level, case.settings)
        and plan_open(case, "return-to-running"),
        "open_24h": decision is not None and decision.settled is None and _is_recent(case, account),
        "next_smaller": decision is not None and decision.next_smaller,
        "beyond": decision is not None and decision.beyond_tolerance,
        "usual": stop.usual,
        **levels_set(case),
    }
    sid = None if account is None else account.run.sid
    return Notice(INFO.id, "stop-physio" if stop.physio else "stop", stop.rows, "stop", stop.day, facts, sid)


def levels_set(case: Case) -> dict[str, Fact]:
    """Return up to where running goes on and from where it ends; policy "clinician" has no level in between."""
    is_clinician = case.settings.policy == "clinician"
    stop = None if is_clinician else case.settings.value(INFO, "stop")
    return {"go": case.settings.value(INFO, "clinician" if is_clinician else "go"), "stop_from": stop}


def _is_recent(case: Case, account: Account | None) -> bool:
    """Whether it can still be said how it is 24 hours later."""
    last = timedelta(hours=case.settings.value(accounts.INFO, "no_later_h"))
    return account is not None and case.now_utc <= account.run.end_utc + last


def _because(account: Account | None) -> str:
    if account is None:
        return "level"
    if account.decision.gate == "stop-physio":
        return "raised"
    return "persists" if account.answers.warming == "no" and account.answers.during != 0 else "not-tapering"


def _less(
    case: Case, said: SaidDays, answered: Sequence[Sequence[Account]], ended: tuple[date, bool] | None
) -> Notice | None:
    """What lets somebody run, but less: a stop that is over, the newest run that was answered, or what hurts now."""
    caps: dict[str, Fact] = {
        "cap_low": case.settings.value(INFO, "cap_low"),
        "cap_high": case.settings.value(INFO, "cap_high"),
        **levels_set(case),
    }
    since = case.today - ANSWERED_WITHIN
    recent = [sides for sides in answered if sides[0].run.day >= since]
    told = [sides for sides in recent if any(a.decision.highest is not None for a in sides)]
    last = worst(told[-1]) if told else None
    if ended is not None and ended[0] >= since and (last is None or last.run.day < ended[0]):
        cleared: dict[str, Fact] = {"side": "both", "cleared": ended[1]}
        return Notice(INFO.id, "begin-again", ("D14", "B05"), "caution", ended[0], caps | cleared)
    if last is not None:
        decision, run = last.decision, last.run
        facts = caps | {"side": side_of(told[-1]), "level": decision.highest, "missing": ", ".join(decision.missing)}
        if decision.gate in {"caution", "reduced"}:
            return Notice(INFO.id, decision.gate, decision.rows, "caution", run.day, facts, run.sid)
        if decision.gate == "unknown" and decision.highest:
            return Notice(INFO.id, "unsettled", ("B05", "D50", "A25"), "caution", run.day, facts, run.sid)
    return _hurts_now(case, said, caps)


def _hurts_now(case: Case, said: SaidDays, caps: dict[str, Fact]) -> Notice | None:
    since = case.today - DAY
    now = [p for p in said.pains if not goes(p.level, case.settings) and case.day_of(p.at_utc) >= since]
    if not now:
        return None
    pain: SayPain = max(now, key=lambda p: (p.level, p.at_utc))
    facts: dict[str, Fact] = caps | {"side": pain.side, "level": pain.level, "missing": ""}
    return Notice(INFO.id, "caution", ("D50", "B05"), "caution", case.day_of(pain.at_utc), facts)
