"""What a sensor has to be told: the lists ``start``, ``stop`` and ``keep_alive`` of a profile."""

from typing import Any, Final

from sensor_hub.model.profile import Command
from sensor_hub.profiles.reading import Table

_KEYS: Final = {"to", "write", "text", "response", "reply_from", "reply_prefix"}


def read_commands(root: dict[str, Any], source: str, which: str) -> tuple[Command, ...]:
    """Return the commands of one list, ``start`` or ``stop``."""
    body: list[Any] = root.get(which, [])
    return tuple(_command(Table(each, source, f"{which}[{i}]", _KEYS)) for i, each in enumerate(body))


def read_keep_alive(root: dict[str, Any], source: str) -> tuple[tuple[Command, ...], float]:
    """Return the commands that keep a sensor awake, and how often they go out, s."""
    body: list[Any] = root.get("keep_alive", [])
    known = _KEYS | {"each_s"}
    tables = [Table(each, source, f"keep_alive[{i}]", known) for i, each in enumerate(body)]
    each_s = {table.above_zero("each_s", 0.0) for table in tables}
    if len(each_s) > 1:
        raise tables[1].wrong("each_s", "differs from the first; all keep-alive commands go out together")
    return tuple(_command(table) for table in tables), each_s.pop() if each_s else 0.0


def _command(table: Table) -> Command:
    if table.has("write") == table.has("text"):
        raise table.wrong("write", "or text must be there, and not both")
    payload = table.octets("write") if table.has("write") else table.words("text").encode()
    prefix = table.octets("reply_prefix")
    if prefix and not table.has("reply_from"):
        raise table.wrong("reply_prefix", "needs reply_from")
    return Command(
        characteristic=table.uuid("to"),
        payload=payload,
        response=table.get("response", bool, True),
        reply_from=table.uuid("reply_from") if table.has("reply_from") else None,
        reply_prefix=prefix,
    )
