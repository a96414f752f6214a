"""What became of a file that was imported."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from sensor_hub.app.analysis import session_answer
from sensor_hub.model.finding import Finding
from sensor_hub.model.recording import Fault
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.wearing import NOBODY_NAMED

Outcome: TypeAlias = Literal["taken", "already there", "doubled", "no activity", "not a recording", "refused"]
OUTCOMES: Final[tuple[Outcome, ...]] = (
    "taken", "already there", "doubled", "no activity", "not a recording", "refused",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file, or of one ``line`` of a log; ``new`` is False if it had been imported before.

    problem : why nothing was read, though something should have been. passed : that it is no file for us, and why.
    doubled : what it is the same as, and how. replaces : session of the same run that was there and counts no longer,
    because this one does. n_lines : lines of the source that a line of a log stands for.
    """

    path: Path
    sid: str | None = None
    new: bool = False
    summary: SessionSummary | None = None
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()
    problem: str | None = None
    line: int | None = None
    passed: tuple[Literal["no activity", "not a recording"], str] | None = None
    doubled: str | None = None
    n_lines: int | None = None
    replaces: str | None = None

    @property
    def outcome(self) -> Outcome:
        """What it counts as: exactly one of ``OUTCOMES``."""
        if self.problem:
            return "refused"
        if self.passed:
            return self.passed[0]
        if self.doubled:
            return "doubled"
        if self.summary is None:
            return "no activity"
        return "taken" if self.new else "already there"

    @property
    def why(self) -> str | None:
        """Why it was not taken, or what it is the same as; None where there is nothing to explain."""
        return self.problem or self.doubled or (self.passed[1] if self.passed else None)

    @property
    def name(self) -> str:
        """File name, with its line where that is a session of its own."""
        return self.path.name if self.line is None else f"{self.path.name}:{self.line}"

    @property
    def lost(self) -> bool:
        """True if something that was in the file could not be read."""
        return any(fault.lost for fault in self.faults)

    @property
    def word(self) -> str:
        """The result in a word."""
        if self.problem:
            return "refused"
        if self.passed or self.doubled:
            return self.outcome
        if self.summary is None:
            return "nothing in it"
        if not self.new:
            return "already there"
        return "imported in part" if self.lost else "imported"

    @property
    def distance_m(self) -> float | None:
        """Distance of the session."""
        return self.summary.totals.distance_m if self.summary else None

    @property
    def load_eq_km(self) -> float | None:
        """Load of the session."""
        return self.summary.totals.load_eq_km if self.summary else None

    def answer(self, names: Mapping[str, str] = NOBODY_NAMED) -> dict[str, Any]:
        """Return the result as JSON values. names : what people call the sensors, by id."""
        return {
            "file": str(self.path),
            "line": self.line,
            "result": self.word,
            "outcome": self.outcome,
            "why": self.why,
            "replaces": self.replaces,
            "n_lines": self.n_lines,
            "sid": self.sid,
            "session": session_answer(self.summary, names) if self.summary else None,
            "faults": [asdict(fault) for fault in self.faults],
            "findings": [finding.id for finding in self.findings],
            "problem": self.problem,
        }
