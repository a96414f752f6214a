"""REST of the rules: which there are, what they rest on, and what became of each row of the source texts."""

from typing import Literal, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field

from sensor_hub.adapters.web.needs import REFUSED as ASKED
from sensor_hub.adapters.web.needs import Asked, needs
from sensor_hub.adapters.web.rest_guide import HEALTH
from sensor_hub.adapters.web.rest_history import zone_of
from sensor_hub.adapters.web.session_answers import Answer
from sensor_hub.model.ports import RuleBook
from sensor_hub.model.rule import DEFAULT_SETTINGS, Family, Grade, RowView, RuleClass, RuleView


class ParameterAnswer(BaseModel):
    """A number of a rule."""

    name: str = Field(description="Its name.")
    value: float = Field(description="As it is set.")
    default: float = Field(description="The rule's own.")
    unit: str = Field(description="Its unit.")
    low: float = Field(description="It may be set to this at least.")
    high: float = Field(description="It may be set to this at most.")
    ours: bool = Field(description="True where it was chosen here and is in no source text.")


class RuleAnswer(BaseModel):
    """A rule."""

    id: str = Field(description="Id of the rule.")
    title: str = Field(description="What it is called.")
    says: list[str] = Field(description="What it does, a line each.")
    kind: RuleClass = Field(description="S from sensors, P from diary, plan or profile, T a text that always stands.")
    family: Family = Field(description="Which rules alert goes by family and policy.")
    rows: list[str] = Field(description="Rows of the source texts that it does.")
    grade: Grade = Field(description="What it rests on.")
    evidence: str = Field(description="A DOI or short reference; empty without one.")
    parameters: list[ParameterAnswer] = Field(description="Its numbers.")
    on: bool = Field(description="Whether it is asked.")
    alerts: bool = Field(description="Whether a certain finding asks for attention.")

    @classmethod
    def of(cls, rule: RuleView) -> Self:
        """Answer for a rule."""
        info = rule.info
        parameters = [
            ParameterAnswer(name=p.name, value=rule.values.get(p.name, p.value), default=p.value, unit=p.unit,
                            low=p.low, high=p.high, ours=p.ours)
            for p in info.parameters
        ]  # fmt: skip
        return cls(
            id=info.id, title=rule.title, says=list(rule.says), kind=info.kind, family=info.family,
            rows=list(info.rows), grade=info.grade, evidence=info.evidence, parameters=parameters, on=rule.on,
            alerts=rule.alerts,
        )  # fmt: skip


class RowAnswer(Answer):
    """A row of the source texts."""

    id: str = Field(description="Id of the row, such as D15.")
    source: str = Field(description="File name of the text.")
    kind: RuleClass = Field(description="S, P or T.")
    state: Literal["implemented", "refused"] = Field(description="What became of it.")
    asks: str = Field(description="What it asks for, in our words.")
    rules: list[str] = Field(description="Ids of the rules that do it.")
    tests: list[str] = Field(description="Tests that would fail without it.")
    reason: str = Field(description="Why it is refused; empty where it is not.")
    conflict: str = Field(description="Such as C3, where a contradiction of the texts decided; empty without one.")


class RulesAnswer(BaseModel):
    """The book of rules."""

    rows: list[RowAnswer] = Field(description="Every row, in the texts' order.")
    rules: list[RuleAnswer] = Field(description="Every rule, as it is set.")

    @classmethod
    def of(cls, rows: tuple[RowView, ...], rules: tuple[RuleView, ...]) -> Self:
        """Answer for a book."""
        return cls(rows=[RowAnswer.model_validate(row) for row in rows], rules=[RuleAnswer.of(rule) for rule in rules])


def rules_router(book: RuleBook) -> APIRouter:
    """Return the routes of the rules under ``/api``."""
    router = APIRouter(prefix="/api", tags=["guidelines"], responses=ASKED)

    @router.get(
        "/rules",
        summary="Every rule and every row of the source texts",
        operation_id="rules",
        dependencies=[needs("see-rules")],
    )
    def rules() -> RulesAnswer:
        return RulesAnswer.of(book.rows(), book.rules(DEFAULT_SETTINGS))

    @router.get(
        "/athletes/{athlete}/rules",
        summary="The same, as it is set for an athlete",
        operation_id="athlete_rules",
        responses=HEALTH,
        dependencies=[needs("see-pain", about="athlete")],
    )
    def athlete_rules(athlete: str, at: Asked) -> RulesAnswer:
        zone_of(at.view, athlete)
        settings = DEFAULT_SETTINGS if at.writing.guide is None else at.writing.guide.settings(athlete)
        return RulesAnswer.of(book.rows(), book.rules(settings))

    return router
