"""Lines of a diary as REST takes and tells them: a model a kind, made of ``model.diary``, told apart by ``kind``."""

from dataclasses import MISSING, fields
from dataclasses import Field as Part
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias, Union, get_type_hints

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, create_model

from sensor_hub.adapters.web.edit_bodies import in_utc
from sensor_hub.model.diary import Said
from sensor_hub.wire.edits import DIARY_KINDS, kind_of, written_as

MOST_AT_ONCE: Final = 100
_LEVEL: Final[dict[str, Any]] = {"ge": 0, "le": 10, "multiple_of": 0.5}
_TOLD: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "at_utc": ("When it was, with its zone.", {}),
    "when": ("Before, during or after a run (worst), its evening, a morning, 24 h after it, an exercise.", {}),
    "level": ("0, nothing, to 10 in steps of 0.5.", _LEVEL),
    "side": ("Left, right or both.", {}),
    "site": ("Where: 2-6 cm above the heel bone, at the bone, higher, elsewhere, or not said.", {}),
    "quality": ("Pain or stiffness.", {}),
    "sid": ("Id of the session it is about; null: told by its time.", {}),
    "warming": ("How pain during a run went on; null: not known.", {}),
    "onset_min": ("Minutes after the run that soreness set in.", {"ge": 0, "le": 10_000}),
    "tapering": ("Whether pain after a run becomes less with time; null: not known.", {}),
    "note": ("Free text.", {"max_length": 2000}),
    "present": ("What is noticed.", {}),
    "absent": ("What was looked for and is not there; about the rest nothing is said.", {}),
    "tender_cm": ("How far above the heel bone the most tender point lies, cm.", {"ge": 0, "le": 30}),
    "exercise": ("Which exercise.", {}),
    "sets": ("How many sets.", {"ge": 1, "le": 100}),
    "reps": ("Repetitions a set.", {"ge": 1, "le": 1000}),
    "knee": ("Straight or bent; null: not said.", {}),
    "ground": ("On a step or on flat ground; null: not said.", {}),
    "hold_s": ("How long each hold was, s.", {"gt": 0, "le": 600}),
    "lowering_s": ("How long the way down took, mean, s.", {"gt": 0, "le": 60}),
    "both_feet_up": ("Whether the other leg helped on the way up; null: not said.", {}),
    "pain": ("Its worst, 0 to 10; null: not said.", _LEVEL),
    "added_kg": ("Weight that was added, kg.", {"ge": 0, "le": 300}),
    "counted": ("Counted by a sensor (experimental), not by hand.", {}),
    "sport": ("Which sport.", {}),
    "duration_s": ("How long, s.", {"gt": 0, "le": 172_800}),
    "kind": ("What was done, worn or taken.", {}),
    "first": ("First day.", {}),
    "last": ("Last day, included; null: the first alone.", {}),
    "day": ("Local day.", {}),
    "sleep_h": ("Hours of sleep of the night before.", {"ge": 0, "le": 24}),
    "ate_well": ("How the day was eaten; null: not said.", {}),
    "born": ("Day of birth; null leaves it.", {}),
    "running_since": ("When running began; null leaves it.", {}),
    "conditions": ("Conditions; an empty list: none of them. Null leaves it.", {}),
    "weak_calf": ("Whether a calf is weak; null leaves it.", {}),
    "knee_to_wall_cm": ("The ankle's test, cm; null leaves it.", {"ge": 0, "le": 30}),
    "rest_h": ("Least hours wanted between two runs; null leaves it.", {"ge": 0, "le": 336}),
    "forget": ("What is unsaid.", {}),
    "state": ("Whether a spell of trouble began, or is over.", {}),
    "by_name": ("Who gave clearance, a clinician.", {"min_length": 1, "max_length": 200}),
    "role": ("What they are.", {}),
    "plan": ("Which plan.", {}),
    "usual_m": ("A week's distance before, to come back to, m.", {"ge": 0, "le": 1_000_000}),
    "shoe": ("Id of a pair.", {}),
    "worn": ("False takes it back.", {}),
    "policy": ("Which rules alert.", {}),
    "rule": ("Id of a rule; GET /api/rules lists all.", {}),
    "parameter": ('Name of one of its parameters, or "on".', {}),
    "value": ("Its value; null: the rule's own. Of on, 0 switches the rule off.", {}),
    "category": ("What the coach may see.", {}),
    "granted": ("False takes it back.", {}),
}  # fmt: skip


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def _model_of(kind: str, made: type[Any]) -> type[BaseModel]:
    hints = get_type_hints(made)
    parts: dict[str, Any] = {"kind": (Annotated[Literal[kind], Field(description="Kind of the line.")], ...)}
    for part in fields(made):
        hint = AwareDatetime if hints[part.name] is datetime else hints[part.name]
        text, limits = _TOLD[part.name]
        parts[written_as(part.name)] = (Annotated[hint, Field(description=text, **limits)], _default(part))
    name = "".join(word.capitalize() for word in kind.split("-")) + "Line"
    return create_model(name, __base__=_Body, __doc__=(made.__doc__ or "").partition("\n\n")[0], **parts)


def _default(part: "Part[Any]") -> Any:
    return ... if part.default is MISSING else part.default


_MODELS: Final = {kind: _model_of(kind, made) for kind, made in DIARY_KINDS.items()}


def _listed(body: Any) -> Any:
    return body if isinstance(body, list) else [body]


if TYPE_CHECKING:
    SaidBody: TypeAlias = BaseModel
    SaidBodies: TypeAlias = list[BaseModel]
else:  # made of the kinds that there are, so it cannot be written down for a type checker
    SaidBody = Annotated[Union[tuple(_MODELS.values())], Field(discriminator="kind")]  # noqa: UP007
    SaidBodies = Annotated[
        list[SaidBody],
        Field(min_length=1, max_length=MOST_AT_ONCE),
        BeforeValidator(_listed, json_schema_input_type=SaidBody | list[SaidBody]),
    ]


def said_of(body: BaseModel) -> Said:
    """Return the line that a body tells; pydantic has checked it. EditError for a moment that no year in UTC has."""
    told = {name: getattr(body, name) for name in type(body).model_fields}
    made: type[Any] = DIARY_KINDS[told.pop("kind")]
    told |= {name: in_utc(value) for name, value in told.items() if isinstance(value, datetime)}
    said: Said = made(**{part.name: told[written_as(part.name)] for part in fields(made)})
    return said


def body_of_said(said: Said) -> Any:
    """Return a line of the diary as REST tells it; what stands in a diary is told, whatever may be said now."""
    told = {written_as(part.name): getattr(said, part.name) for part in fields(said)}
    return _MODELS[kind_of(said)].model_construct(kind=kind_of(said), **told)


def is_said(edit: object) -> bool:
    """Whether an entry of the journal is a line of the diary and not an undo."""
    return type(edit) in DIARY_KINDS.values()
