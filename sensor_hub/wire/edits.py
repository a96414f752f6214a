"""Entries of the journal ↔ JSON objects: for the registry, exports and REST. Lossless; bad input is a DecodeError."""

import json
from dataclasses import MISSING, fields
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from sensor_hub.errors import DecodeError
from sensor_hub.model.diary import (
    Consent,
    SayCare,
    SayClearance,
    SayCrossTraining,
    SayEpisode,
    SayExercise,
    SayMedicine,
    SayPain,
    SayProfile,
    SaySleep,
    SaySymptoms,
    SetPolicy,
    SetRule,
    StartPlan,
    StepPlanBack,
    StopPlan,
    WornOut,
)
from sensor_hub.model.edit import (
    AddRun,
    Change,
    Delete,
    Distinct,
    Edit,
    Entry,
    Link,
    MarkDays,
    Merge,
    Prefer,
    Split,
    Tell,
    Trim,
    Undo,
    WearShoe,
)
from sensor_hub.wire.reading import Fields
from sensor_hub.wire.writing import Body, iso

HISTORY_KINDS: Final[dict[str, type[Edit]]] = {
    "add-run": AddRun,
    "trim": Trim,
    "split": Split,
    "merge": Merge,
    "delete": Delete,
    "change": Change,
    "tell": Tell,
    "link": Link,
    "distinct": Distinct,
    "prefer": Prefer,
    "mark-days": MarkDays,
    "wear-shoe": WearShoe,
    "undo": Undo,
}
DIARY_KINDS: Final[dict[str, type[Edit]]] = {
    "pain": SayPain,
    "symptoms": SaySymptoms,
    "exercise": SayExercise,
    "cross-training": SayCrossTraining,
    "care": SayCare,
    "medicine": SayMedicine,
    "sleep": SaySleep,
    "profile": SayProfile,
    "episode": SayEpisode,
    "clearance": SayClearance,
    "start-plan": StartPlan,
    "step-plan-back": StepPlanBack,
    "stop-plan": StopPlan,
    "worn-out": WornOut,
    "set-policy": SetPolicy,
    "set-rule": SetRule,
    "consent": Consent,
}
KINDS: Final = HISTORY_KINDS | DIARY_KINDS
_KIND_OF: Final = {edit: kind for kind, edit in KINDS.items()}
_WRITTEN_AS: Final = {"kind": "what"}  # of care and medicine; "kind" tells the kinds of edits apart
# a pair that is none is ""; a rule's parameter is a name with underscores, and what rules have is not known here
_FREE_TEXT: Final = frozenset({"note", "shoe", "by_name", "parameter"})


def kind_of(edit: Edit) -> str:
    """Return the word for a kind of edit, such as "trim"."""
    return _KIND_OF[type(edit)]


def edit_body(edit: Edit) -> Body:
    """Return an edit as a JSON object."""
    return {"kind": kind_of(edit)} | {written_as(f.name): _written(getattr(edit, f.name)) for f in fields(edit)}


def written_as(name: str) -> str:
    """Return the key that a field of an edit is written under."""
    return _WRITTEN_AS.get(name, name)


def entry_body(entry: Entry) -> Body:
    """Return an entry of the journal as a JSON object."""
    return {
        "id": entry.id,
        "athlete": entry.athlete,
        "other": entry.other,
        "made_utc": iso(entry.made_utc),
        "by": entry.by,
        "edit": edit_body(entry.edit),
    }


def edit_of(body: object) -> Edit:
    """Read an edit back; DecodeError names the field that is wrong."""
    told = _fields(body, "edit")
    kind = told.choice("kind", frozenset(KINDS))
    made = KINDS[kind]
    hints = _hints(kind)
    if unknown := sorted(told.body.keys() - {written_as(name) for name in hints} - {"kind"}):
        raise told.fail(f"{unknown[0]!r} is no field of {kind!r}")
    needed = {f.name for f in fields(made) if f.default is MISSING}
    asked = [name for name in hints if written_as(name) in told.body or name in needed]
    return made(**{name: _read(told, written_as(name), hints[name]) for name in asked})


@cache
def _hints(kind: str) -> dict[str, Any]:
    return get_type_hints(KINDS[kind])


def entry_of(body: object) -> Entry:
    """Read an entry back; DecodeError names the field that is wrong."""
    told = _fields(body, "entry")
    other = None if told.body.get("other") is None else told.ident("other")
    edit = edit_of(told.body.get("edit"))
    return Entry(told.ident("id"), told.ident("athlete"), told.moment("made_utc"), told.text("by"), edit, other)


def _fields(body: object, what: str) -> Fields:
    shown = json.dumps(body, default=str)[:200].encode("utf-8", "replace")
    if not isinstance(body, dict):
        raise DecodeError(what, "not a JSON object", shown)
    return Fields(body, shown, what)


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if hasattr(value, "tzinfo"):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else value


def _read(told: Fields, name: str, hint: Any) -> Any:
    """One field by its type; None only where the type has it."""
    options = [option for option in get_args(hint) if option is not type(None)] if _is_union(hint) else [hint]
    if told.body.get(name) is None and len(options) < len(get_args(hint)):
        return None
    kind = options[0]
    if get_origin(kind) is Literal:
        return told.choice(name, frozenset(get_args(kind)))
    if get_origin(kind) is tuple:
        return _list(told, name, get_args(kind)[0])
    if kind is datetime:
        return told.moment(name)
    if kind is date:
        return _day(told, name)
    if kind is bool:
        return _truth(told, name)
    if kind is int:
        return _whole(told, name)
    if kind is float:
        value = told.maybe(name)
        if value is None:
            raise told.fail(f"{name!r} is not a number")
        return value
    return told.text(name) if name in _FREE_TEXT else told.ident(name)


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in {Union, UnionType}


def _day(told: Fields, name: str) -> date:
    try:
        return date.fromisoformat(told.text(name))
    except ValueError:
        raise told.fail(f"{name!r} is not a day such as 2026-11-20") from None


def _truth(told: Fields, name: str) -> bool:
    value = told.body.get(name)
    if not isinstance(value, bool):
        raise told.fail(f"{name!r} is neither true nor false")
    return value


def _whole(told: Fields, name: str) -> int:
    value = told.body.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise told.fail(f"{name!r} is not a whole number")
    return value


def _list(told: Fields, name: str, of: Any) -> tuple[Any, ...]:
    found = told.texts(name)
    if get_origin(of) is not Literal:
        one = name.removesuffix("s")
        return tuple(Fields({one: each}, told.payload, told.wire_format).ident(one) for each in found)
    if wrong := [word for word in found if word not in get_args(of)]:
        raise told.fail(f"{name!r} has {wrong[0]!r}, not one of {sorted(get_args(of))}")
    return found
