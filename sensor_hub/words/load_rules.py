"""Sentences of the rules of load that need the diary too, and of what is unknown of runs."""

from datetime import UTC, datetime
from typing import Any, Final

from sensor_hub.model.finding import Finding
from sensor_hub.model.guidance import Notice
from sensor_hub.words.findings import finding_headline, finding_why
from sensor_hub.words.numbers import fixed, quantity
from sensor_hub.words.translation import translate as _

RULES: Final[frozenset[str]] = frozenset({"load-alert", "load-up-unlogged", "new-hills", "new-fast"})
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "load-up-unlogged": ("not-logged", "pain-up"),
    "new-hills": ("unknown",),
    "new-fast": ("unknown",),
}
"""What each of them may say; "load-alert" says the name of the rule that found it."""
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def sentence(notice: Notice, theirs: bool) -> str:
    """Return a notice in one or two short sentences."""
    if notice.rule == "load-alert":
        return finding_headline(_finding(notice), theirs=theirs)
    if notice.rule == "load-up-unlogged":
        return _unlogged(notice, theirs)
    n, of = (f"{notice.facts[name]:.0f}" for name in ("n", "of"))
    if notice.rule == "new-hills":
        return _(
            "Of {n} of the last {of} runs nobody knows whether they went uphill: too little of their altitude is known."
        ).format(n=n, of=of)
    return _("Of {n} of the last {of} runs nobody knows whether they were fast: too few speeds are known.").format(
        n=n, of=of
    )


def why(notice: Notice) -> list[str]:
    """Return what is behind it, a line each."""
    if notice.rule == "load-alert":
        return finding_why(_finding(notice))
    if notice.rule == "load-up-unlogged":
        now, before = (quantity(_number(notice, name), "distance_m") for name in ("distance_m", "before_m"))
        return [
            _("Rule: more running is held against how it is answered; without an entry nobody knows."),
            _("The last seven days {now} · the seven before {before}.").format(now=now, before=before),
        ]
    return [
        _("Rule: what is not known is never taken for none; it makes a comparison too close to call."),
        _("A file with altitude and speeds of the run tells it afterwards."),
    ]


def _unlogged(notice: Notice, theirs: bool) -> str:
    now, before = _number(notice, "distance_m") or 0.0, _number(notice, "before_m") or 0.0
    percent = round((now / before - 1) * 100) if before else 0
    if notice.key == "pain-up":
        text = _(
            "{percent} % more running than the seven days before, and more pain ({worst}/10, before {earlier}/10)."
        )
        worst, earlier = (_level(_number(notice, name)) for name in ("worst", "worst_before"))
        return text.format(percent=percent, worst=worst, earlier=earlier)
    theirs_is = _("{percent} % more running than the seven days before, and how it was answered is not in their diary.")
    yours = _("{percent} % more running than the seven days before, and how it was answered is not in your diary.")
    return (theirs_is if theirs else yours).format(percent=percent)


def _level(level: float | None) -> str:
    return fixed(level or 0.0, 0 if float(level or 0.0).is_integer() else 1)


def _number(notice: Notice, name: str) -> float | None:
    value = notice.facts.get(name)
    return float(value) if isinstance(value, int | float) else None


def _finding(notice: Notice) -> Finding:
    """Return the finding that an alert repeats, as far as its words go."""
    facts: dict[str, Any] = dict(notice.facts)
    return Finding(
        athlete="",
        rule=notice.key,
        severity="alert",
        certainty="above",
        first_utc=_NEVER,
        updated_utc=_NEVER,
        origin="live",
        **facts,
    )
