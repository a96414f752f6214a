"""What several hubs on one registry share out among themselves."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DueJudgement:
    """An athlete whose history has changed and is not judged since.

    zone, simulated : of an athlete whom only the sending edge knows. since : first local day the change is about.
    final : one of their sessions has ended. mark : drawn at random with every note, so that whoever has judged can tell
    whether something newer has come.
    """

    athlete: str
    zone: str
    simulated: bool
    since: date
    final: bool
    mark: str = ""


@dataclass(frozen=True, slots=True)
class FirstTelling:
    """What a person is to be told once: of a run or a week above a limit. finding : the ``Finding.id`` that says it."""

    athlete: str
    rule: str
    scope: str
    finding: str
