"""What became of everything that was to be imported: each file in exactly one way, and why."""

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from sensor_hub.adapters.exports.content import write_whole
from sensor_hub.app.importing.imported import OUTCOMES, Imported, Outcome
from sensor_hub.errors import RecordingError
from sensor_hub.model.history import Offer
from sensor_hub.words.wearing import NOBODY_NAMED


@dataclass(frozen=True, slots=True)
class Done:
    """How far an import is. name : the file that came last."""

    n_done: int
    n_files: int
    name: str
    n_taken: int
    n_refused: int
    elapsed_s: float

    @property
    def left_s(self) -> float | None:
        """Time left at the rate so far; None before there is one."""
        return self.elapsed_s / self.n_done * (self.n_files - self.n_done) if self.n_done and self.elapsed_s else None


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: what it counts as, and its results, one a session."""

    path: Path
    outcome: Outcome
    results: tuple[Imported, ...]

    @property
    def why(self) -> str | None:
        """Why it was not taken, or what it is the same as."""
        return next((result.why for result in self.results if result.why), None)

    @property
    def lost(self) -> bool:
        """True if something that was in it could not be read."""
        return any(result.lost for result in self.results)


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What an import did. offers : sessions that are likely the same run, to be answered; only with something new."""

    results: tuple[Imported, ...]
    offers: tuple[Offer, ...] = ()
    elapsed_s: float = 0.0

    @property
    def files(self) -> list[FileReport]:
        """What became of each file, in order."""
        found = []
        for path, group in groupby(self.results, key=lambda result: result.path):
            results = tuple(group)
            outcomes = {result.outcome for result in results}
            found.append(FileReport(path, next(o for o in _PRECEDENCE if o in outcomes), results))
        return found

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many files ended in which way."""
        told = Counter(file.outcome for file in self.files)
        return {outcome: told[outcome] for outcome in OUTCOMES}

    @property
    def failed(self) -> bool:
        """Whether something was refused or lost."""
        return any(result.problem or result.lost for result in self.results)

    @property
    def n_in_part(self) -> int:
        """Files that were taken as far as they could be read."""
        return sum(file.outcome == "taken" and file.lost for file in self.files)

    def sessions(self) -> list[dict[str, Any]]:
        """Count the new sessions by ledger: how many, how far, and how many lines of a log's source they stand for."""
        by_ledger: dict[str, list[Imported]] = {}
        for result in self.results:
            if result.new and result.summary is not None and result.doubled is None:
                by_ledger.setdefault(result.summary.header.ledger, []).append(result)
        return [
            {
                "ledger": ledger,
                "n": len(mine),
                "distance_m": round(sum(r.distance_m or 0.0 for r in mine), 3),
                "n_without_distance": sum(r.distance_m is None for r in mine),
                "n_rows_merged": sum((r.n_lines or 1) - 1 for r in mine),
            }
            for ledger, mine in sorted(by_ledger.items())
        ]

    def answer(self, names: Mapping[str, str] = NOBODY_NAMED) -> dict[str, Any]:
        """Return everything as JSON values. names : what people call the sensors, by id."""
        return {
            "files": len(self.files),
            "counts": {outcome.replace(" ", "_"): n for outcome, n in self.counts.items()},
            "taken_in_part": self.n_in_part,
            "elapsed_s": round(self.elapsed_s, 3),
            "sessions": self.sessions(),
            "offers": [{"sids": list(offer.sids), "counts": offer.counts} for offer in self.offers],
            "results": [result.answer(names) for result in self.results],
        }


def check_report(path: Path) -> None:
    """RecordingError if a report cannot be written there: before the import, which may take an hour."""
    if path.is_dir():
        raise RecordingError(str(path), "writing", "is a folder", "give the name of a file for --report")
    if not path.parent.is_dir():
        raise RecordingError(
            str(path), "writing", f"there is no folder {path.parent}", "make it, or choose another place"
        )
    if not os.access(path.parent, os.W_OK):
        problem = f"nothing can be written to {path.parent}"
        raise RecordingError(str(path), "writing", problem, "choose another place for --report")


def write_report(path: Path, report: BulkReport, names: Mapping[str, str] = NOBODY_NAMED) -> None:
    """Write what became of every file as JSON; it appears whole or not at all. RecordingError if the disk refuses."""
    body = json.dumps(report.answer(names), indent=2, ensure_ascii=False, allow_nan=False)

    def write(scratch: Path) -> None:
        scratch.write_text(f"{body}\n", encoding="utf-8")

    write_whole(path, write, force=True, option="--report")


_PRECEDENCE: tuple[Outcome, ...] = (
    "refused", "taken", "doubled", "already there", "no activity", "not a recording",
)  # fmt: skip
