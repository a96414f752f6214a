"""Figures → Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

UNKNOWN: Final = "–"


def cell(value: Any, digits: int | None = None) -> str:
    """Return one figure as text; what is not known is a dash."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) and digits is not None:
        text = f"{value:.{digits}f}"
        return text.lstrip("-") if float(text) == 0 else text
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {count}" for key, count in value.items()) or "none"
    return str(value)


def signed(value: float | None, digits: int = 1) -> str:
    """Return a bias with its sign."""
    if value is None:
        return UNKNOWN
    text = f"{value:+.{digits}f}"
    return text.lstrip("+-") if float(text) == 0 else text


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], n_words: int = 1) -> str:
    """Return a Markdown table; all columns but the first ``n_words`` are figures and stand to the right."""
    lines = ["| " + " | ".join(headings) + " |", "|---" * n_words + "|---:" * (len(headings) - n_words) + "|"]
    lines += ["| " + " | ".join(text.replace("|", "\\|") for text in row) + " |" for row in rows]
    return "\n".join(lines)


def contact_columns(row: Mapping[str, Any]) -> list[str]:
    """Return the figures of contact time, in the order of ``CONTACT_HEADINGS``."""
    return [
        cell(row.get("n_truth")),
        cell(row.get("recall_pct"), 2),
        cell(row.get("precision_pct"), 2),
        signed(row.get("bias_ms")),
        cell(row.get("sd_ms"), 1),
        cell(row.get("between_sd_ms"), 1),
        cell(row.get("within_sd_ms"), 1),
    ]


def mean_and_sd(bias: float | None, sd: float | None) -> str:
    """Return a bias and its spread in one cell."""
    return UNKNOWN if bias is None else f"{signed(bias)} ± {cell(sd, 1)}"


CONTACT_HEADINGS: Final = ("contacts", "recall %", "precision %", "bias ms", "SD ms", "between ms", "within ms")


def event_columns(row: Mapping[str, Any]) -> list[str]:
    """Return bias ± SD of both events, and how often the claimed spread covers."""
    return [
        mean_and_sd(row.get("initial_contact_bias_ms"), row.get("initial_contact_sd_ms")),
        mean_and_sd(row.get("toe_off_bias_ms"), row.get("toe_off_sd_ms")),
        cell(row.get("claimed_sd_ms"), 1),
        cell(row.get("within_1_sd_pct"), 0),
        cell(row.get("within_2_sd_pct"), 0),
    ]


EVENT_HEADINGS: Final = ("initial contact ms", "toe-off ms", "claimed SD ms", "within 1 SD %", "within 2 SD %")
