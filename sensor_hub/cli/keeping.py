"""The commands that keep a history, in the order the help shows them, each with its examples."""

from collections.abc import Callable
from typing import Any, Final

import typer

from sensor_hub.cli import by_hand, editing, history, same_run

COMMANDS: Final[tuple[tuple[str, Callable[..., Any], str], ...]] = (
    (
        "list",
        history.list_,
        "Examples: sensor-hub session list --athlete Ana --json   ·   sensor-hub session list --all",
    ),
    (
        "add",
        by_hand.add,
        "Examples: sensor-hub session add --on 2026-11-20 --at 07:30 --km 8.2 --time 45:30 --effort 4"
        "   ·   sensor-hub session add --on yesterday --mi 5 --shoe Pegasus",
    ),
    (
        "ran",
        by_hand.ran,
        "Examples: sensor-hub session ran --on 2026-11-20   ·   sensor-hub session ran --on today --km 6",
    ),
    (
        "trim",
        editing.trim,
        "Examples: sensor-hub session trim last --to -2:30   ·   sensor-hub session trim SID --from 07:32 --to 08:10",
    ),
    ("split", editing.split, "Example: sensor-hub session split SID --at 07:50"),
    ("merge", editing.merge, "Example: sensor-hub session merge SID SID"),
    (
        "delete",
        editing.delete,
        "Examples: sensor-hub session delete SID --dry-run   ·   sensor-hub session delete SID --yes",
    ),
    ("undo", editing.undo, "Examples: sensor-hub session undo   ·   sensor-hub session undo ENTRY"),
    (
        "change",
        editing.change,
        "Examples: sensor-hub session change SID --athlete Ben   ·   sensor-hub session change last --effort 6 "
        "--shoe Pegasus   ·   sensor-hub session change SID --ledger walk",
    ),
    (
        "same",
        same_run.same,
        "Examples: sensor-hub session same SID SID   ·   sensor-hub session same SID SID --counts SID",
    ),
    ("distinct", same_run.distinct, "Example: sensor-hub session distinct SID SID"),
    ("offers", same_run.offers, "Example: sensor-hub session offers --json"),
    (
        "sources",
        same_run.sources,
        "Examples: sensor-hub session sources   ·   sensor-hub session sources watch,sensor --no-ask",
    ),
    ("journal", history.journal, "Examples: sensor-hub session journal   ·   sensor-hub session journal --json"),
)


def add_to(app: typer.Typer) -> None:
    """Add the commands to ``sensor-hub session``."""
    for name, command, epilog in COMMANDS:
        app.command(name=name, epilog=epilog)(command)
