"""How an answer is shown: a table to a person, JSON to a program."""

import json
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program instead of a table.")]
DataDir = Annotated[
    str | None, typer.Option("--data-dir", help="Folder of registry, store and recordings.", show_default=False)
]


def as_json(answer: object) -> None:
    """Print an answer as JSON on stdout."""
    print(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False))


def as_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows as a table on stdout; plain where it is not a terminal or NO_COLOR is set.

    Long cells are folded to the terminal's width, elsewhere to COLUMNS where that is set.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    heading = Text(title) if title else None
    table = Table(title=heading, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))  # names are people's own words, not markup
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit() else 200
    plain = bool(os.environ.get("NO_COLOR")) or not sys.stdout.isatty()
    console = Console(width=width, highlight=False, soft_wrap=True, color_system=None if plain else "auto")
    with console.capture() as shown:
        console.print(table)
    print(shown.get(), end="")  # by our own hand: rich leaves with 1 where the reader of a pipe has gone


def say(text: str) -> None:
    """Print a line on stdout."""
    print(text, flush=True)


def warn(text: str) -> None:
    """Print a line on stderr, where warnings and errors belong."""
    print(text, file=sys.stderr, flush=True)


def minutes(seconds: float | None) -> str:
    """Format a duration as h:mm:ss."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def number(value: float | None, digits: int = 2, scale: float = 1.0) -> str:
    """Format a number with so many digits; an en dash where it is unknown."""
    return "–" if value is None else f"{value * scale:.{digits}f}"


def length(distance_m: float | None, digits: int = 2) -> str:
    """Format a distance in the unit in use, without it; an en dash where it is unknown."""
    from sensor_hub.words.lengths import length_m

    return number(distance_m, digits, 1 / length_m())


def load(load_eq_km: float | None, digits: int = 2) -> str:
    """Format a load in the unit in use, without it; an en dash where it is unknown."""
    from sensor_hub.words.lengths import load_scale

    return number(load_eq_km, digits, load_scale())


def settings(data_dir: str | None, **changes: Any) -> Any:
    """Read the settings with the command line's changes, and speak to people as they say from now on."""
    from sensor_hub.config import load_settings

    found = load_settings(data_dir=data_dir, **changes)
    if (found.units, found.language) != ("km", "en"):  # a command that speaks as ever loads nothing for it
        from sensor_hub.app.speaking_to import speak_as

        speak_as(found)
    return found
