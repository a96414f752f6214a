"""Diaries, what the guidelines say of them, and the rules themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sensor_hub.model.diary import ConsentCategory, Said
from sensor_hub.model.edit import Entry
from sensor_hub.model.finding import Finding
from sensor_hub.model.guidance import Guidance, WeekPlan
from sensor_hub.model.rule import RowView, RuleSettings, RuleView


@dataclass(frozen=True, slots=True)
class DiaryView:
    """A diary as it stands: all its lines, newest first, and the ids of those that were taken back."""

    entries: tuple[Entry, ...]
    undone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SaidOutcome:
    """What a line of the diary did: the entries, what the guidelines say now, and findings that changed with it."""

    entries: tuple[Entry, ...]
    guidance: Guidance
    findings: tuple[Finding, ...] = ()


class Guide(Protocol):
    """Diary and guidelines of people, read and written: for the command line, pages and REST alike.

    athlete : pseudonym or name; RegistryError if nobody knows them. What changes something is audited and raises
    EditError, saying why, where it cannot be; then nothing has changed.
    """

    def guidance(self, athlete: str) -> Guidance:
        """Everything the guidelines say now."""
        ...

    def week_plan(self, athlete: str) -> WeekPlan:
        """What today and this week leave, and a next week that keeps every rule."""
        ...

    def diary(self, athlete: str) -> DiaryView:
        """Every line of the diary."""
        ...

    def settings(self, athlete: str) -> RuleSettings:
        """What the athlete has set of the rules."""
        ...

    def consents(self, athlete: str) -> frozenset[ConsentCategory]:
        """What the coach may see."""
        ...

    def say(self, athlete: str, said: Sequence[Said], *, by: str) -> SaidOutcome:
        """Write lines of the diary, all or none of them."""
        ...

    def take_back(self, athlete: str, *, by: str, entry: str | None = None) -> SaidOutcome:
        """Take back a line, or all that one call said last and is in force; of one that is undone, say it again."""
        ...


class RuleBook(Protocol):
    """Which rules there are and what became of each row of the source texts; reads nothing but the program itself."""

    def rows(self) -> tuple[RowView, ...]:
        """Every row, in the texts' order."""
        ...

    def rules(self, settings: RuleSettings) -> tuple[RuleView, ...]:
        """Every rule, as it is set."""
        ...
