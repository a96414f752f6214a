"""Steps, or the summary of a session, as CSV: units stand in the names, an empty field is unknown."""

import csv
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from sensor_hub.adapters.exports.content import ExportedSession
from sensor_hub.model.gait import StepTable


def write_steps_csv(path: Path, session: ExportedSession) -> None:
    """Write one line a row of the step table, every number with all its digits; OSError if the disk refuses."""
    names = [f.name for f in fields(StepTable)]
    columns = [getattr(session.steps, name).tolist() for name in names]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([_cell(value) for value in row] for row in zip(*columns, strict=True))


def write_summary_csv(path: Path, session: ExportedSession) -> None:
    """Write a header and one line: what the session is, and its totals; OSError if the disk refuses."""
    line = session.about | asdict(session.summary.totals) | {"warnings": " ".join(session.summary.warnings)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(line)
        writer.writerow([_cell(value) for value in line.values()])


def _cell(value: Any) -> Any:
    return "" if value is None or value != value else repr(value) if isinstance(value, float) else value
