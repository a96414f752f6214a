"""InfluxQL text and its answers, the one query language of InfluxDB 1, 2 and 3. Pure.

Nothing enters a query but through ``name``, ``text``, ``beginning`` and ``number``.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sensor_hub.errors import StoreError

_SECRET = re.compile(r"""(?i)(password|token)(\W+)\S+""")


def name(identifier: str) -> str:
    """Return an identifier, quoted."""
    escaped = identifier.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def text(value: str) -> str:
    """Return a string literal."""
    clean = value.encode("utf-8", "replace").decode()
    escaped = clean.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


def beginning(prefix: str) -> str:
    """Return a regular expression literal for texts that begin so."""
    special = re.sub(r"([^A-Za-z0-9_ ])", lambda found: f"\\x{{{ord(found[0]):x}}}", prefix)
    return f"/^{special}/"


def number(value: float) -> str:
    """Return a number literal, exactly; InfluxQL knows no exponent."""
    exact = format(Decimal(value), "f")
    return exact if "." in exact else exact + ".0"


def select(columns: tuple[str, ...], measurement: str, where: str = "", tail: str = "") -> str:
    """Return a SELECT of plain columns; ``where`` and ``tail`` are InfluxQL already."""
    listed = ", ".join(map(name, columns))
    condition = f" WHERE {where}" if where else ""
    return f"SELECT {listed} FROM {name(measurement)}{condition} {tail}".rstrip()  # noqa: S608 (all quoted)


@dataclass(frozen=True, slots=True)
class Series:
    """One series of an answer: its tags if grouped, and rows as lists in the order of ``columns``."""

    measurement: str
    tags: dict[str, str]
    columns: list[str]
    rows: list[list[Any]]

    def records(self, needed: Collection[str] = ()) -> Iterator[dict[str, Any]]:
        """Rows as dicts; what a point calls unknown is None, whatever an older write left there.

        A server that takes in the first point of a kind shows it before all of its fields can be seen; a row in which a
        ``needed`` column is missing is not there yet.
        """
        for row in self.rows:
            record = dict(zip(self.columns, row, strict=True))
            unknown = set(filter(None, (record.get("unknown") or "").split(",")))
            if any(record[column] is None and column not in unknown for column in needed):
                continue
            record |= dict.fromkeys(unknown)
            yield record


def answer(body: str, where: str) -> list[Series]:
    """Return the series of a chunked answer to one statement; a long series comes as several, in order.

    Raises
    ------
    StoreError
        If the server reports an error, cut the answer off, or speaks something else.
    """
    found: list[Series] = []
    cut = False
    try:
        # not splitlines(): that would also cut at rarer line ends inside a text
        for part in map(json.loads, filter(str.strip, body.split("\n"))):
            problem = part.get("error") or next((r["error"] for r in part["results"] if "error" in r), None)
            if problem:
                raise StoreError(f"{where}: {without_secrets(str(problem))}")
            for result in part["results"]:
                cut = bool(result.get("partial"))
                found += [
                    Series(s.get("name", ""), s.get("tags", {}), s["columns"], s.get("values", []))
                    for s in result.get("series", [])
                ]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StoreError(f"{where}: its answer is not InfluxQL's; is this an InfluxDB?") from error
    if cut:
        raise StoreError(f"{where}: it cut an answer off; ask again")
    return found


def without_secrets(message: str) -> str:
    """Return the beginning of a server's message; a word after "password" or "token" is blanked."""
    return _SECRET.sub(r"\1\2…", message)[:200].strip()
