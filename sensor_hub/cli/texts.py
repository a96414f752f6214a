"""Words for what was wrong with a file, and for what a session noticed."""

from collections.abc import Mapping
from typing import Any

from sensor_hub.words import to_mend, warning_text
from sensor_hub.words import translate as _


def notes_of(summary: Any, names: Mapping[str, str]) -> list[str]:
    """A sentence for everything a session noticed that somebody can mend. names : of the sensors, by id."""
    of_file = summary.header.origin == "import"
    return [warning_text(code, names, of_file=of_file) for code in to_mend(summary.warnings)]


def fault_text(path: str, fault: Any) -> str:
    """One line for something wrong in a file."""
    kind = _("lost") if fault.lost else _("warning")
    return f"{path}: {fault.place}: {fault.problem} ({kind})"
