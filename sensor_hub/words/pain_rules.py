"""Sentences of the rules of pain and symptoms: what was said, and what it means for running; never a diagnosis."""

from datetime import date
from typing import Final

from sensor_hub.model.guidance import Notice
from sensor_hub.words.numbers import day_name, fixed
from sensor_hub.words.pain_reasons import reasons
from sensor_hub.words.translation import translate as _

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "red-flag": (
        "sudden-severe-pain", "pop", "cannot-bear-weight", "cannot-walk", "cannot-rise-on-toes",
        "severe-bruising-swelling",
    ),
    "pain-refer": ("persists", "perhaps", "severe", "never-gone"),
    "place-above": ("above",),
    "worsening": ("worsening", "never-gone"),
    "pain-24h": ("stop", "stop-physio", "caution", "reduced", "unsettled", "begin-again", "never-gone"),
    "flares": ("each-increase", "after-increases"),
    "pattern": ("warms-up", "returns", "overloaded", "after-sitting"),
    "first-signs": ("morning", "running"),
    "symptom": (
        "swelling", "thickening", "redness", "tenderness", "weak-push-off", "pain-pulling-foot-up", "stiff-ankle",
        "pain-when-jumping", "pain-walking", "morning-pain", "after-pain", "morning-and-after",
    ),
    "favouring": ("spared",),
    "diary-open": ("run", "silent", "nothing"),
}  # fmt: skip
"""What each of them may say."""
RULES: Final[frozenset[str]] = frozenset(KEYS)


def sentence(notice: Notice, theirs: bool) -> str:
    """Return a notice in one or two short sentences."""
    text = {
        "red-flag": _red_flag,
        "pain-refer": _refer,
        "place-above": _above,
        "worsening": _worsening,
        "pain-24h": _after_a_run,
        "flares": _flares,
        "pattern": _pattern,
        "first-signs": _first_signs,
        "symptom": _symptom,
        "favouring": _favouring,
        "diary-open": _open,
    }[notice.rule](notice, theirs)
    return f"{_side(notice)}{text}" if _side(notice) else text[:1].upper() + text[1:]


def why(notice: Notice) -> list[str]:
    """Return what is behind it, a line each."""
    return reasons(notice)


def _side(notice: Notice) -> str:
    return {"L": _("Left: "), "R": _("Right: ")}.get(str(notice.facts.get("side")), "")


def level_text(level: object) -> str:
    """A level of pain: 4/10, 2.5/10; a dash where it is unknown."""
    if not isinstance(level, int | float):
        return "–"
    return f"{fixed(level, 0 if float(level).is_integer() else 1)}/10"


def _day(fact: object) -> str:
    return day_name(fact) if isinstance(fact, date) else "–"


def _whole(fact: object) -> str:
    return fixed(fact, 0) if isinstance(fact, int | float) else "–"


def _red_flag(notice: Notice, theirs: bool) -> str:
    del theirs
    sign = {
        "sudden-severe-pain": _("sudden severe pain"),
        "pop": _("a pop or snap"),
        "cannot-bear-weight": _("the leg bears no weight"),
        "cannot-walk": _("unable to walk"),
        "cannot-rise-on-toes": _("unable to rise on the toes"),
        "severe-bruising-swelling": _("severe bruising or swelling"),
    }[notice.key]
    return _(
        "{sign}: seek medical care now. No running, no exercise. Whoever examines it will decide on ultrasound or MRI."
    ).format(sign=sign)


def _refer(notice: Notice, theirs: bool) -> str:
    facts = notice.facts
    if notice.key == "severe":
        text = _("severe pain ({level}) on {day}: no running, and have it looked at soon.")
        return text.format(level=level_text(facts.get("level")), day=_day(facts.get("last")))
    if notice.key == "persists":
        text = _("pain on {days} days without a day said to be free of it, more than two weeks: have it looked at.")
        return text.format(days=_whole(facts.get("days")))
    if notice.key == "perhaps":
        text = _(
            "pain on {days} of {span} days; of the other days nothing was said. If it hurt on them too, have it looked "
            "at."
        )
        return text.format(days=_whole(facts.get("days")), span=_whole(facts.get("span")))
    return _never_gone(notice, theirs)


def _never_gone(notice: Notice, theirs: bool) -> str:
    del theirs
    return _("whether what was said on {day} is over is not known: how is it now?").format(
        day=_day(notice.facts.get("last"))
    )


def _above(notice: Notice, theirs: bool) -> str:
    del theirs
    height = notice.facts.get("cm")
    where = (
        _("tender more than 6 cm above the heel bone") if height is None else _("tender {cm} cm above the heel bone")
    )
    text = _("{where}: these exercises are not made for that. Have it looked at; no exercise until then.")
    return text.format(where=where.format(cm=_whole(height)))


def _worsening(notice: Notice, theirs: bool) -> str:
    if notice.key == "never-gone":
        return _never_gone(notice, theirs)
    text = _("pain rose {n} times from run to run although the runs became smaller: no running, and have it looked at.")
    return text.format(n=_whole(notice.facts.get("rises")))


def _after_a_run(notice: Notice, theirs: bool) -> str:
    key = notice.key
    if key == "never-gone":
        return _never_gone(notice, theirs)
    if key in {"stop", "stop-physio"}:
        return _stop(notice, theirs)
    level, missing = level_text(notice.facts.get("level")), str(notice.facts.get("missing") or "")
    if key == "begin-again" and notice.facts.get("cleared"):
        text = _(
            "after a clinician's word begin again with {share} of the usual distance, easy, without hills and speed."
        )
    elif key == "begin-again":
        text = _("it is back to usual: begin again with {share} of the usual distance, easy, without hills and speed.")
    elif key == "reduced":
        text = _("{level} at most, and it settled: {share} of the usual distance, easy, without hills and speed.")
    elif key == "unsettled":
        text = _(
            "{level} at most, and not known whether it settled: {share} of the usual distance, easy, without hills and "
            "speed."
        )
    else:
        text = _("{level}, close to where running ends: {share} of the usual distance, easy, without hills and speed.")
        text = f"{text} {_ask_again(missing)}"
    return text.format(level=level, share=_share(notice))


def _ask_again(missing: str) -> str:
    if "warming" in missing:
        return _("Did it ease while warming up? If it went on all the time, it counts as a stop.")
    return _("Say after the next run again how it is.")


def _share(notice: Notice) -> str:
    low, high = notice.facts.get("cap_low"), notice.facts.get("cap_high")
    if not isinstance(low, float) or not isinstance(high, float):
        return _("a part")
    return _("{low} to {high} %").format(low=fixed(low * 100, 0), high=fixed(high * 100, 0))


def _stop(notice: Notice, theirs: bool) -> str:
    facts = notice.facts
    what = {
        "persists": _("pain went on all through the run"),
        "not-tapering": _("pain after the run does not taper off"),
        "raised": _("still raised 24 h after the run ({level})"),
    }.get(str(facts.get("because")), "{level} {when}").format(level=level_text(facts.get("level")), when=_when(notice))
    what += ": " + (
        _("no running until it is back to usual") if facts.get("because") == "raised" else _("no running today")
    )
    if facts.get("plan_back"):
        what += "; " + (_("their plan goes back one stage") if theirs else _("your plan goes back one stage"))
    parts = [what + "."]
    if facts.get("because") == "raised":
        parts.append(_("See a physiotherapist; the next run is to be smaller than this one."))
    elif facts.get("open_24h") and notice.sid is not None:
        parts.append(_("If it is still raised 24 h after the run, see a physiotherapist."))
    return " ".join(parts)


def _when(notice: Notice) -> str:
    words = {
        "before": _("before the run"),
        "during": _("during the run"),
        "after": _("after the run"),
        "evening": _("in the evening after the run"),
        "morning": _("the morning after"),
        "day_after": _("24 h after the run"),
    }
    return words.get(str(notice.facts.get("when")), _("on {day}").format(day=day_name(notice.since)))


def _flares(notice: Notice, theirs: bool) -> str:
    del theirs
    if notice.key == "each-increase":
        text = _("the last {n} times that more was tried, it flared up within 48 h: the steps are too big.")
    else:
        text = _("{n} increases in a row, and a flare within 48 h of the last: the steps come too fast.")
    return text.format(n=_whole(notice.facts.get("increases"))) + " " + _("Smaller ones, and a rest between them.")


def _pattern(notice: Notice, theirs: bool) -> str:
    del theirs
    return {
        "warms-up": _("it hurts at the start and eases while running. That it eases does not mean that it is over."),
        "returns": _("it eases while running and comes back afterwards."),
        "overloaded": _(
            "sore half an hour to an hour after the run, or in the evening: that run was more than it takes."
        ),
        "after-sitting": _("it hurts on getting up after an hour or more of sitting, and eases within a minute or so."),
    }[notice.key]


def _first_signs(notice: Notice, theirs: bool) -> str:
    del theirs
    what = {
        "morning": _("the first stiff or sore morning of the diary in four weeks ({level})"),
        "running": _("the first run of the diary in four weeks that hurt ({level})"),
    }[notice.key]
    return _("{what}: early is the time to act. Less load, and a word in the diary every day.").format(
        what=what.format(level=level_text(notice.facts.get("level")))
    )


def _symptom(notice: Notice, theirs: bool) -> str:
    height = notice.facts.get("cm")
    tender = _("tender to the touch") if height is None else _("tender to the touch {cm} cm above the heel bone")
    what = {
        "swelling": _("swelling along the tendon"),
        "thickening": _("a thickening along the tendon"),
        "redness": _("redness"),
        "tenderness": tender.format(cm=_whole(height)),
        "weak-push-off": _(
            "pushing off is weak, as on stairs or uphill; being unable to rise on the toes is an emergency"
        ),
        "pain-pulling-foot-up": _("it hurts to pull the foot up"),
        "stiff-ankle": _("a stiff ankle"),
        "pain-when-jumping": _("it hurts when jumping"),
        "pain-walking": _("it hurts when walking"),
        "morning-pain": _("stiff or sore in the morning, lately"),
        "after-pain": _("sore after running, lately"),
        "morning-and-after": _("sore in the morning and after running, lately"),
    }[notice.key]
    if notice.key in {"morning-pain", "after-pain", "morning-and-after"}:
        return f"{what}."
    text = _("{what}. Kept in sight until they say that it is gone.") if theirs else None
    return (text or _("{what}. Kept in sight until you say that it is gone.")).format(what=what)


def _favouring(notice: Notice, theirs: bool) -> str:
    shares = [notice.facts.get("before"), notice.facts.get("share")]
    before, now = (fixed(s * 100, 0) if isinstance(s, float) else "–" for s in shares)
    text = _("its share of the load fell from {before} to {now} % while it hurts: you may be favouring it.")
    if theirs:
        text = _("its share of the load fell from {before} to {now} % while it hurts: they may be favouring it.")
    return text.format(before=before, now=now)


def _open(notice: Notice, theirs: bool) -> str:
    if notice.key == "run":
        return _(
            "How the run of {day} was answered is not known, and that is not the same as well: answer first."
        ).format(day=day_name(notice.since))
    if notice.key == "silent":
        last = notice.facts.get("last")
        if not isinstance(last, date):
            return _("Nothing was said of pain yet, so how it is now is not known.")
        return _("Nothing was said of pain since {day}, so how it is now is not known.").format(day=_day(last))
    text = _("Nothing was said of pain, so it is not known; what they may run is judged by load alone.")
    return text if theirs else text.replace(_("they may"), _("you may"))
