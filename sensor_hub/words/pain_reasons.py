"""Why the rules of pain say what they say, a line each: the rule in short, what was said, what it rests on."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.words.days import dated
from sensor_hub.words.numbers import fixed
from sensor_hub.words.translation import translate as _

_OF_TEN: Final = 10


def reasons(notice: Notice) -> list[str]:
    """Return what is behind a notice."""
    lines = [_rule(notice), *_said(notice.facts), _since(notice), _rests_on(notice)]
    return [line for line in lines if line]


def _since(notice: Notice) -> str:
    return _("Since {day}.").format(day=dated(notice.since))


def _rests_on(notice: Notice) -> str:
    return _("Rows of the source texts: {rows}.").format(rows=", ".join(notice.rows)) if notice.rows else ""


def _rule(notice: Notice) -> str:
    own = _of_key(f"{notice.rule}/{notice.key}")
    if notice.rule == "pain-24h" and not own:
        return _of_the_table(notice)
    return own or {
        "red-flag": _(
            "Rule: any of these signs needs care at once. It stands until it is said to be gone, or until the word of "
            "a clinician of a later day."
        ),
        "place-above": _(
            "Rule: above 6 cm it is not the middle of this tendon. It stands until it is said to be gone, to have "
            "recovered or to be elsewhere, or until a clinician's word of a later day."
        ),
        "worsening": _(
            "Rule: two rises in a row while the load falls (the number is ours). It stands until three days said to be "
            "without pain, the word that it has recovered, or a clinician's of a later day."
        ),
        "flares": _(
            "Rule: a flare is pain that ends running, or a level above usual, within 48 h after a run above the "
            "highest of the four weeks before it (ours)."
        ),
        "pattern": _("A pattern in what was said: a label, no diagnosis."),
        "first-signs": _("Rule: 1 of 10 or more for the first time in four weeks (ours)."),
        "symptom": _("What was said in the diary; it decides nothing by itself."),
        "favouring": _("Rule: two points of a hundred less than before, with a sensor on each foot (ours)."),
        "diary-open": _("Rule: what was not said is unknown, and never taken for well."),
    }.get(notice.rule, _("Rule: what lasts or is severe belongs in a clinician's hands."))


def _of_the_table(notice: Notice) -> str:
    """The table in short, with the levels as they are set, and of a stop what ends it."""
    if notice.facts.get("stop_from") is None:
        text = _(
            "Rule: up to {go} of 10 and back to usual within 24 h: less and easy. Above it, or still raised after 24 "
            "h: no running. However short the run was."
        )
    else:
        text = _(
            "Rule: up to {go} of 10, easing while warming up and back to usual within 24 h: less and easy. Above it: "
            "asked again. From {stop}, or still raised after 24 h: no running. However short the run was."
        )
    text = text.format(go=_number(notice.facts.get("go")), stop=_number(notice.facts.get("stop_from")))
    return text + " " + _stop_ends() if notice.weight == "stop" else text


def _stop_ends() -> str:
    return _(
        "It ends after two later days said to be back to usual and low enough to run, or with a clinician's word of a "
        "later day; never by silence (ours)."
    )


def _of_key(key: str) -> str:
    days = _(
        "Rule: pain on more than 14 days; a day without an entry neither counts nor starts anew. It ends with a day "
        "said to be without pain, with the word that it has recovered, or with a clinician's."
    )
    silent = _(
        "Rule: what nobody said the end of is not known after four weeks (ours), and unknown lets nobody run. Days "
        "said to be well, or a clinician's word, tell."
    )
    return {
        "pain-24h/begin-again": _(
            "Rule: a stop ends after two later days said to be back to usual and low enough to run, or with a "
            "clinician's word of a later day (ours)."
        ),
        "pain-24h/never-gone": silent,
        "pain-refer/never-gone": silent,
        "worsening/never-gone": silent,
        "pain-refer/persists": days,
        "pain-refer/perhaps": days,
        "pain-refer/severe": _(
            "Rule: from 7 of 10 pain is severe (ours); it stands until three days said to be without, the word that it "
            "has recovered, or a clinician's of a later day."
        ),
    }.get(key, "")


def _said(facts: Mapping[str, Fact]) -> list[str]:
    lines = []
    level, usual = facts.get("level"), facts.get("usual")
    if isinstance(level, float | int):
        text = _("Said: {level} of 10.") if usual is None else _("Said: {level} of 10; usual is {usual}.")
        lines.append(text.format(level=_number(level), usual=_number(usual)))
    if facts.get("beyond"):
        lines.append(_("It was sore in the evening and still after 24 h: beyond what it takes now."))
    last = facts.get("last")
    if isinstance(last, date):
        lines.append(_("Last on {day}.").format(day=dated(last)))
    if facts.get("missing"):
        lines.append(_("Not said: {what}.").format(what=_missing(str(facts["missing"]))))
    return lines


def _missing(keys: str) -> str:
    words = {
        "during": _("how it was during the run"),
        "warming": _("whether it eased while warming up"),
        "after": _("how it was after the run"),
        "day_after": _("how it was after 24 h"),
        "baseline": _("what is usual on mornings without a run before"),
    }
    return ", ".join(words.get(key, key) for key in keys.split(", "))


def _number(value: object) -> str:
    if not isinstance(value, float | int):
        return "–"
    return fixed(value, 0 if float(value).is_integer() and value <= _OF_TEN else 1)
