"""A rule as people question it: what it is made of, what may be changed of it, and for whom it was."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sensor_hub.model.diary import PolicyName

RuleClass: TypeAlias = Literal["S", "P", "T"]
"""Computed from sensors or sessions; from diary, plan or profile; or a text that always stands."""
Grade: TypeAlias = Literal["trial", "cohort", "consensus", "traditional", "text", "ours", "contradicted"]
"""What a rule rests on: a randomised trial; a cohort; a published consensus; a tradition that a trial found no
effect of; nothing but the source text; our own choice; or evidence that speaks against it."""
Family: TypeAlias = Literal["session", "exposure", "ten-percent", "pain", "plan", "shoes", "medical", "profile", "text"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of a rule. ours : chosen here and not in a source. low, high : what it may be set to."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    ours: bool = True


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """A rule. rows : of the source texts, such as "D15". evidence : a DOI or short reference, "" without one."""

    id: str
    kind: RuleClass
    family: Family
    rows: tuple[str, ...]
    grade: Grade
    parameters: tuple[Parameter, ...] = ()
    evidence: str = ""

    def parameter(self, name: str) -> Parameter:
        """Return one of its parameters; KeyError if it has none of that name."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """What an athlete has set: the policy, values of parameters by (rule, parameter), and rules that are off."""

    policy: PolicyName = "balanced"
    values: dict[tuple[str, str], float] = field(default_factory=dict)
    off: frozenset[str] = frozenset()

    def value(self, rule: RuleInfo, parameter: str) -> float:
        """Return a parameter as it is set, else as the rule has it."""
        return self.values.get((rule.id, parameter), rule.parameter(parameter).value)

    def alerts(self, rule: RuleInfo) -> bool:
        """Whether a certain finding of it asks for attention; of all others it is information."""
        return self.policy == "strict" or rule.family in {"session", "exposure", "pain", "medical"}

    def is_on(self, rule: RuleInfo) -> bool:
        """Whether it is asked at all."""
        return rule.id not in self.off


DEFAULT_SETTINGS = RuleSettings()


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of the source texts as people question it.

    source : file name of the text. asks : what it asks for, in our words. reason : why it is refused, "" where it is
    not. rules : ids of the rules that do it; of a static text its key. tests : names of tests that would fail without
    it. conflict : such as "C3", where a contradiction between the texts decided; "" without one.
    """

    id: str
    source: str
    kind: RuleClass
    state: Literal["implemented", "refused"]
    asks: str
    rules: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    reason: str = ""
    conflict: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where the source texts contradict each other or the literature. resolution : what holds here, in our words."""

    id: str
    question: str
    rows: tuple[str, ...]
    resolution: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule with what it does in our words, its parameters as they are set for somebody, and whether it is on."""

    info: RuleInfo
    title: str
    says: tuple[str, ...]
    values: dict[str, float] = field(default_factory=dict)
    on: bool = True
    alerts: bool = False
