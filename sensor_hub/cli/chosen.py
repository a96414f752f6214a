"""Which session or entry somebody means: an id, the beginning of one, or ``last``."""

from collections.abc import Iterable, Sequence
from typing import Final

from sensor_hub.errors import EditError
from sensor_hub.model.history import KeptSession

LAST: Final = "last"
LEAST: Final = 4  # characters of an id that may stand for it: fewer are a slip of the finger
SHOWN: Final = 5


def last_of(sessions: Iterable[KeptSession]) -> KeptSession:
    """Return the newest session that counts and is no exercise; EditError if there is none."""
    moved = [kept for kept in sessions if kept.counts and kept.summary.header.ledger != "exercise"]
    if not moved:
        raise EditError("there is no session yet that counts ('sensor-hub session list --all' shows all)")
    return max(moved, key=lambda kept: (kept.summary.start_utc, kept.summary.header.sid))


def id_of(text: str, known: Iterable[str], what: str, where: str) -> str:
    """Return the one id that ``text`` is or begins; EditError if none or several do. where : the command to look."""
    wanted, ids = text.strip().lower(), sorted(set(known))
    if wanted in ids:
        return wanted
    begin = [each for each in ids if each.startswith(wanted)] if len(wanted) >= LEAST else []
    if len(begin) == 1:
        return begin[0]
    if begin:
        shown = ", ".join(begin[:SHOWN]) + (" …" if len(begin) > SHOWN else "")
        raise EditError(f"{text!r} begins {len(begin)} {what}s: {shown} (give more of it)")
    short = f"; of an id give at least {LEAST} characters" if len(wanted) < LEAST else ""
    raise EditError(f"no {what} {text!r} here ('sensor-hub {where}' shows them{short})")


def distinct_of(sids: Sequence[str], least: int, option: str) -> tuple[str, ...]:
    """Return ids without doubles; EditError if fewer than ``least`` are left."""
    found = tuple(dict.fromkeys(sids))
    if len(found) < least:
        raise EditError(f"{option} needs {least} different sessions or more, not {len(found)}")
    return found
