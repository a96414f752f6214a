"""Words for what was wrong with a file, and for what a session noticed."""

from collections.abc import Mapping
from typing import Any, Final

from sensor_hub.words import to_mend, warning_text
from sensor_hub.words import translate as _

LEAST_SHOWN: Final = 0.005  # of the moving time; less is shown as 0 %


def notes_of(summary: Any, names: Mapping[str, str]) -> list[str]:
    """A sentence for everything a session noticed that somebody can mend. names : of the sensors, by id."""
    of_file = summary.header.origin == "import"
    return [warning_text(code, names, of_file=of_file) for code in to_mend(summary.warnings)]


def steps_text(totals: Any) -> str:
    """The steps of a session; an en dash where nothing was recorded that could show one."""
    return steps_number(totals.n_steps, totals.coverage)


def steps_number(n_steps: float, coverage: float | None) -> str:
    """Steps as digits. coverage : recorded / moving time, None unknown; where it shows as 0 %, no step is unknown."""
    nothing = not n_steps and (coverage is None or coverage < LEAST_SHOWN)
    return "–" if nothing else f"{n_steps:.0f}"


def fault_text(path: str, fault: Any) -> str:
    """One line for something wrong in a file."""
    kind = _("lost") if fault.lost else _("warning")
    return f"{path}: {fault.place}: {fault.problem} ({kind})"
