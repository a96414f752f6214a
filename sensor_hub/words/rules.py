"""What a rule is called, what it rests on, and how its numbers are told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from sensor_hub.model.rule import Family, Grade, Parameter, RowView, RuleClass, RuleInfo, RuleView
from sensor_hub.words.rule_titles import titles
from sensor_hub.words.translation import translate as _

CLASSES: Final[tuple[RuleClass, ...]] = ("S", "P", "T")
STATES: Final = ("implemented", "refused")


def rule_title(rule_id: str) -> str:
    """What a rule is called; one without a name of its own by its id."""
    return titles().get(rule_id) or rule_id.replace("-", " ").capitalize()


def class_text(kind: RuleClass) -> str:
    """Where a rule or row takes what it says from."""
    return {
        "S": _("computed from sensors or sessions"),
        "P": _("from diary, plan or profile"),
        "T": _("a text that always stands"),
    }[kind]


def family_text(family: Family) -> str:
    """Which kind of rule it is."""
    return {
        "session": _("a session against one's own history"),
        "exposure": _("what is new or close together"),
        "ten-percent": _("weeks against weeks"),
        "pain": _("pain and symptoms"),
        "plan": _("plans and exercise"),
        "shoes": _("shoes"),
        "medical": _("medicine and illness"),
        "profile": _("who somebody is"),
        "text": _("a text"),
    }[family]


def grade_text(grade: Grade) -> str:
    """What a rule rests on."""
    return {
        "trial": _("a randomised trial"),
        "cohort": _("a cohort study: what went together, which is no proof of a cause"),
        "consensus": _("a published consensus of experts"),
        "traditional": _("a tradition that a randomised trial found no effect of"),
        "text": _("a source text"),
        "ours": _("our own choice"),
        "contradicted": _("a claim that evidence speaks against"),
    }[grade]


def rests_text(info: RuleInfo) -> str:
    """What a rule rests on, with its reference."""
    if info.evidence:
        return _("Rests on {what} ({evidence}).").format(what=grade_text(info.grade), evidence=info.evidence)
    return _("Rests on {what}.").format(what=grade_text(info.grade))


def unknown_text(grade: Grade) -> str:
    """What is not known of a rule that rests on this."""
    return {
        "trial": _("Not known: whether it holds for you; a trial tells of a group."),
        "cohort": _("Not known: whether keeping to it prevents anything; nobody was assigned to it."),
        "consensus": _("Not known: how often it is right; experts agreed on it."),
        "traditional": _("Not known: any benefit. It informs and does not ask for attention unless you set it so."),
        "text": _("Not known: whether its numbers were ever tested; no study chose them."),
        "ours": _("Not known: whether another number would do better; no study chose this one."),
        "contradicted": _("Not known: why the texts disagree. Nothing is computed from it."),
    }[grade]


def parameter_text(parameter: Parameter, value: float | None = None) -> str:
    """A parameter with its unit, its range, whose it is, and what it is set to if that is another number."""
    unit = _unit(parameter.unit)
    whose = _("ours") if parameter.ours else _("from its source")
    now = parameter.value if value is None else value
    changed = "" if now == parameter.value else _("; set by you, without that {value:g}").format(value=parameter.value)
    return _("{name} = {now:g}{unit} ({whose}; may be {low:g} to {high:g}{changed})").format(
        name=parameter.name, now=now, unit=unit, whose=whose, low=parameter.low, high=parameter.high, changed=changed
    )


def _unit(unit: str) -> str:
    """A unit after its number; a bare number has none, and "1/d" is so many a day."""
    if unit in {"", "1"}:
        return ""
    return f" a {unit.removeprefix('1/')}" if unit.startswith("1/") else f" {unit}"


def asks_text(view: RuleView) -> str:
    """Whether a rule is asked, and what a certain word of it does."""
    if not view.on:
        return _("off: it says nothing")
    if view.info.kind == "T":
        return _("always there")
    return _("on, asks for attention") if view.alerts else _("on, for information")


def policy_text(policy: str) -> str:
    """What a policy means."""
    return {
        "strict": _("strict: every rule asks for attention"),
        "balanced": _("balanced: rules on sessions, exposure and pain ask for attention, rules of a tenth inform"),
        "clinician": _("clinician: as balanced, and running goes on up to a pain of 5; for use with a clinician"),
    }[policy]


def row_counts(rows: Sequence[RowView]) -> dict[str, dict[str, int]]:
    """Count rows by class and state."""
    counted = Counter((str(row.kind), str(row.state)) for row in rows)
    return {kind: {state: counted[kind, state] for state in STATES} for kind in CLASSES}


def counts_text(counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    """How many rows of each class are implemented and refused, a line each. counts : by class and state."""
    lines = []
    for kind in CLASSES:
        done, refused = counts[kind].get("implemented", 0), counts[kind].get("refused", 0)
        lines.append(
            _("{kind} ({what}): {done} implemented, {refused} refused").format(
                kind=kind, what=class_text(kind), done=done, refused=refused
            )
        )
    return lines
