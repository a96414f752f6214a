"""Sentences of the rules of plans."""

from collections.abc import Callable
from datetime import date
from typing import Final

from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.words.numbers import UNKNOWN, clock, day_name, fixed, quantity
from sensor_hub.words.plans import gate_name
from sensor_hub.words.translation import translate as _
from sensor_hub.words.translation import translate_n as _n

RULES: Final[frozenset[str]] = frozenset(
    {
        "return-to-running", "clearance", "heel-drops", "holds", "exercise-phases", "round-a-run", "prevention",
        "strength-days", "loading-not-stretching", "stay-with-it", "monitoring", "improvement",
    }
)  # fmt: skip


def sentence(notice: Notice, theirs: bool) -> str:
    """Return a notice in one or two short sentences."""
    return _SENTENCES[notice.rule, notice.key](notice.facts, _("their") if theirs else _("your"))


def why(notice: Notice) -> list[str]:
    """Return what is behind it, a line each."""
    lines = [_WHY[notice.rule]()]
    more = _WHY_KEY.get((notice.rule, notice.key))
    if more is not None:
        lines.append(more())
    return lines


def rule_keys() -> frozenset[tuple[str, str]]:
    """Return every (rule, key) there are words for."""
    return frozenset(_SENTENCES)


_Say = Callable[[dict[str, Fact], str], str]


def _day(value: Fact) -> str:
    return day_name(value) if isinstance(value, date) else UNKNOWN


def _counted(value: Fact, decimals: int = 0) -> str:
    return UNKNOWN if value is None or isinstance(value, str | date) else fixed(float(value), decimals)


def _level(value: Fact) -> str:
    return UNKNOWN if value is None or isinstance(value, str | date) else f"{float(value):g}"


def _minutes(value: Fact) -> str:
    return UNKNOWN if value is None or isinstance(value, str | date) else fixed(float(value) / 60, 0)


def _metres(value: Fact) -> str:
    return UNKNOWN if value is None or isinstance(value, str | date) else quantity(float(value), "distance_m")


def _clock(value: Fact) -> str:
    return UNKNOWN if value is None or isinstance(value, str | date) else clock(float(value))


def _stage_back(f: dict[str, Fact], whose: str) -> str:
    if f["because"] == "own-wish":
        return _("As asked, {whose} plan went back to stage {after}.").format(whose=whose, after=_counted(f["after"]))
    return _("Pain above {above} of 10: {whose} plan goes back one stage, to stage {after}.").format(
        whose=whose, after=_counted(f["after"]), above=_level(f.get("above"))
    )


def _next_smaller(f: dict[str, Fact], whose: str) -> str:
    most = [_metres(f["next_max_m"])] if f["next_max_m"] is not None else []
    most += [_("{n} min").format(n=_minutes(f["next_max_s"]))] if f["next_max_s"] is not None else []
    text = _("Pain was still raised a day after the last run: the next one is smaller, at most {most}.")
    return text.format(most=_(" and ").join(most))


def _gate_unknown(f: dict[str, Fact], whose: str) -> str:
    names = ", ".join(gate_name(key) for key in str(f["gates"]).split())
    return _("The next stage waits for what is not known: {names}. The diary can still be filled in.").format(
        names=names
    )


def _plain(text: Callable[[], str]) -> _Say:
    return lambda f, whose: text().format(whose=whose)


def _on_a_day(text: Callable[[], str]) -> _Say:
    return lambda f, whose: text().format(whose=whose, day=_day(f["day"]), stage=_counted(f.get("stage")))


_FORM: Final[dict[str, _Say]] = {
    "too-fast": _on_a_day(lambda: _("{day}: lowered in less than 3 s. Those drops do not count; take 3 to 5 s.")),
    "too-slow": _on_a_day(lambda: _("{day}: lowered in more than 5 s. Those drops do not count; take 3 to 5 s.")),
    "step": _on_a_day(
        lambda: _("{day}: drops off a step do not count: only where pain is known to sit in the tendon's middle.")
    ),
    "raised-alone": _on_a_day(
        lambda: _("{day}: the sore leg raised itself. Let the other leg, or both, do the way up.")
    ),
    "hold-too-short": _on_a_day(lambda: _("{day}: a hold of less than 30 s does not count; hold 30 to 45 s.")),
    "hold-too-long": _on_a_day(lambda: _("{day}: a hold of more than 45 s does not count; hold 30 to 45 s.")),
}
_RUNNING: Final[dict[str, _Say]] = {
    "ran": _on_a_day(lambda: _("{day}: a run, and {whose} plan has none in its first stage.")),
    "too-long": lambda f, whose: _(
        "{day}: {ran} min of running; stage {stage} of {whose} plan has at most {most}."
    ).format(
        day=_day(f["day"]),
        ran=_minutes(f["duration_s"]),
        most=_minutes(f["high_s"]),
        stage=_counted(f["stage"]),
        whose=whose,
    ),
    "not-by-turns": lambda f, whose: _(
        "{day}: not one minute of running and two of walking by turns; the longest run in it took {longest}."
    ).format(day=_day(f["day"]), longest=_clock(f["longest_run_s"])),
    "turns-unknown": _on_a_day(
        lambda: _("{day}: too few steps were recorded to tell whether running and walking took turns.")
    ),
    "hills": _on_a_day(lambda: _("{day}: a hilly run, and {whose} plan has hills from stage 5 on.")),
    "hills-too-soon": _on_a_day(
        lambda: _("{day}: hills again before the 48 hours after the first were over and answered.")
    ),
    "fast": _on_a_day(lambda: _("{day}: a fast run, and {whose} plan has none before stage 7. Testing costs weeks.")),
    "fast-again": _on_a_day(lambda: _("{day}: a second fast run this week; {whose} plan has one.")),
    "not-cleared": _on_a_day(lambda: _("{day}: a fast run without a clinician's word that full intensity is free.")),
    "no-day-between": _on_a_day(lambda: _("{day}: no day between two runs; stage {stage} of {whose} plan has one.")),
    "next-day-not-settled": _on_a_day(
        lambda: _("{day}: a run on the next day, though pain was not back to its usual after the last.")
    ),
    "not-smaller": lambda f, whose: _(
        "{day}: this run was not {percent} % smaller than the one that was still felt a day later."
    ).format(day=_day(f["day"]), percent=_counted(100 * float(f["reduction"]))),  # type: ignore[arg-type]
    "stage-back": _stage_back,
    "next-smaller": _next_smaller,
    "gate-unknown": _gate_unknown,
}
_REST: Final[dict[tuple[str, str], _Say]] = {
    ("clearance", "locked"): lambda f, whose: _(
        "Full intensity is locked since {since}: it waits for the dated word of a physician or physiotherapist."
    ).format(since=_day(f["since"])),
    ("heel-drops", "first-session"): lambda f, whose: _(
        "{day}: the first session had {sets} sets. It begins with 2, and the next 24 to 48 hours decide."
    ).format(day=_day(f["day"]), sets=_counted(f["sets"])),
    ("heel-drops", "third-set"): lambda f, whose: _(
        "{day}: {sets} sets, before 2 sets were answered well 24 to 48 hours later."
    ).format(day=_day(f["day"]), sets=_counted(f["sets"])),
    ("exercise-phases", "skipped"): lambda f, whose: _(
        "{day}: {exercise} skips a phase and counts for no plan. First holds, then slow and heavy, then jumps."
    ).format(day=_day(f["day"]), exercise=f["exercise"]),
    ("exercise-phases", "depth-jump"): lambda f, whose: _(
        "Depth jumps wait until split squats and box jumps on one leg were done on {days} days each."
    ).format(days=_counted(f["days"])),
    ("round-a-run", "stretch-into-pain"): _plain(lambda: _("Stretching that hurts is left out.")),
    ("round-a-run", "stretch-insertion"): _plain(
        lambda: _("No stretch with the foot pulled up while the pain sits at the heel bone.")
    ),
    ("prevention", "none"): lambda f, whose: _(
        "No exercise was logged in the last {days} days, beside running."
    ).format(days=_counted(f["days"])),
    ("strength-days", "too-few"): lambda f, whose: _n(
        "Strength on {n} day in the week from {monday}; the texts ask for {low} to {high}.",
        "Strength on {n} days in the week from {monday}; the texts ask for {low} to {high}.",
        float(f["n"]),  # type: ignore[arg-type]
    ).format(n=_counted(f["n"]), monday=_day(f["monday"]), low=_counted(f["low"]), high=_counted(f["high"])),
    ("strength-days", "too-many"): lambda f, whose: _(
        "Strength on {n} days in the week from {monday}, more than {high}; the tendon needs days between."
    ).format(n=_counted(f["n"]), monday=_day(f["monday"]), high=_counted(f["high"])),
    ("strength-days", "none-logged"): lambda f, whose: _(
        "No strength work was logged in the week from {monday}; whether there was any is not known."
    ).format(monday=_day(f["monday"])),
    ("loading-not-stretching", "stretching-only"): _plain(
        lambda: _("Only stretches were logged in two weeks. Without loading that is no plan.")
    ),
    ("loading-not-stretching", "comfort-only"): _plain(
        lambda: _("Only comfort was logged in two weeks. Ice and rest ease; they are no plan without loading.")
    ),
    ("stay-with-it", "ended-early"): lambda f, whose: _(
        "{whose_cap} heel-drop plan ended after {weeks} weeks. It takes 12, also when it hurts less sooner."
    ).format(whose_cap=whose[:1].upper() + whose[1:], weeks=_counted(f["weeks"])),
    ("monitoring", "watching"): lambda f, whose: (
        _("Keep the diary while {whose} exercise plan goes on, also on good days.").format(whose=whose)
        if f["until"] is None
        else _("Keep the diary until {until} at least, also on good days.").format(until=_day(f["until"]))
    ),
    ("improvement", "review"): lambda f, whose: _(
        "Mornings were at {first} of 10 on the days from {since} and are at {now}: time to have it looked at."
    ).format(first=_level(f["first"]), now=_level(f["now"]), since=_day(f["since"])),
    ("improvement", "review-middle"): lambda f, whose: _(
        "Mornings were at {first} of 10 and are at {now} after eight weeks of drops: time to have the plan looked at."
    ).format(first=_level(f["first"]), now=_level(f["now"])),
    ("improvement", "review-insertion"): lambda f, whose: _(
        "Mornings were at {first} of 10 on the days from {since} and are at {now}. At the heel bone it takes longer; "
        "have somebody look whether the plan fits."
    ).format(first=_level(f["first"]), now=_level(f["now"]), since=_day(f["since"])),
    ("improvement", "review-unknown"): lambda f, whose: _(
        "Eight weeks since {since}, and too few mornings are in the diary to tell whether it got better."
    ).format(since=_day(f["since"])),
    ("improvement", "not-all-back"): lambda f, whose: _(
        "Twelve weeks of heel drops since {since}, and running is not all back yet: ask a physiotherapist."
    ).format(since=_day(f["since"])),
}
_SENTENCES: Final[dict[tuple[str, str], _Say]] = {
    **{("return-to-running", key): say for key, say in _RUNNING.items()},
    **{(rule, key): say for rule in ("heel-drops", "holds") for key, say in _FORM.items()},
    **_REST,
}
_WHY: Final[dict[str, Callable[[], str]]] = {
    "return-to-running": lambda: _(
        "Rule: seven stages of two weeks or more; a stage opens when its two weeks are over and all its gates are met. "
        "What is not known opens none. Evidence: the source texts alone (D25 to D33)."
    ),
    "clearance": lambda: _("Rule: after trouble, full intensity waits for a clinician (A08). A coach cannot give it."),
    "heel-drops": lambda: _(
        "Rule: 2 sets, then 3 of 15, each knee, twice a day, 12 weeks, lowered in 3 to 5 s (D18 to D23). "
        "Evidence: small studies; the first compared groups that were not drawn by lot."
    ),
    "holds": lambda: _("Rule: holds of 30 to 45 s, then slow and heavy, then jumps and drills (B01, B02); text alone."),
    "exercise-phases": lambda: _(
        "Rule: each phase before the next (B02); depth jumps after the single-leg block (E10)."
    ),
    "round-a-run": lambda: _(
        "Rule: stretching may prevent, free of pain, and treats nothing; none into pain, none with the foot pulled up "
        "at a painful heel bone (D39, E11; the texts disagree, C1)."
    ),
    "prevention": lambda: _("Rule: some exercise for the tendon in 14 days (E05; the window is ours)."),
    "strength-days": lambda: _("Rule: strength two or three times a week, outside a heel-drop plan (B03, C13)."),
    "loading-not-stretching": lambda: _(
        "Rule: a plan loads the tendon; stretches or comfort alone are none (B06, C2)."
    ),
    "stay-with-it": lambda: _("Rule: the heel-drop plan is complete after 12 weeks, not before (D23)."),
    "monitoring": lambda: _("Rule: trouble is watched for 8 to 12 weeks or more (B04); 12 unless set."),
    "improvement": lambda: _(
        "Rule: mornings of the last two weeks against those of the first two; after 8 weeks at least 1 of 10 lower "
        "(A12, D45; how much is ours). Twelve weeks are said of the middle of the tendon alone (D53)."
    ),
}
_WHY_KEY: Final[dict[tuple[str, str], Callable[[], str]]] = {
    ("return-to-running", "stage-back"): lambda: _(
        "Above 3 of 10 (5 under policy clinician) at any point goes back one stage, once until the next run (D33)."
    ),
    ("return-to-running", "next-smaller"): lambda: _("At least a tenth smaller (D33b; how much is ours)."),
    ("return-to-running", "fast"): lambda: _("Fast: five minutes above 115 % of the median easy speed (ours)."),
    ("return-to-running", "hills"): lambda: _(
        "Hilly: five minutes at 3 % or more, or 15 m climbed a kilometre (ours)."
    ),
}
