"""What is left of an erased person, wherever this installation keeps things: searched by what named them."""

import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sensor_hub.adapters.mqtt.retained import Retained
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.naming import named_in, names
from sensor_hub.app.person.erasing_bytes import found_in
from sensor_hub.app.person.erasing_files import PACKED, files_below
from sensor_hub.model.ports import Store

LEAST_BYTES: Final = 6  # a shorter name stands in other bytes by chance
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Named:
    """What names a person: pseudonyms of now and before, ids of sessions, the name people call them, addresses.

    others : texts of other people's that are no trace of this one, such as a longer name with theirs in it.
    """

    people: tuple[str, ...]
    sids: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def ids(self) -> re.Pattern[bytes]:
        """Pattern of their pseudonyms and sessions."""
        pattern = named_in((*self.people, *self.sids))
        if pattern is None:  # pragma: no cover - there is always a pseudonym
            raise ValueError("nobody is named")
        return pattern

    @property
    def in_tables(self) -> re.Pattern[bytes]:
        """Pattern of what no table may have: also the name, unless somebody else is called so too."""
        return named_in((*self.people, *self.sids, *self._own_spoken(), *self.addresses)) or self.ids

    @property
    def in_files(self) -> tuple[str, ...]:
        """Words that no file may have in its bytes."""
        long = [spoken for spoken in self._own_spoken() if len(spoken.encode()) >= LEAST_BYTES]
        return (*self.people, *self.sids, *long, *self.addresses)

    @property
    def searches_name(self) -> bool:
        """Whether files are searched for the name too."""
        return any(spoken in self.in_files for spoken in self.spoken)

    def _own_spoken(self) -> list[str]:
        return [s for s in self.spoken if not any(names(named_in([s]), other) for other in self.others)]


@dataclass(slots=True)
class Found:
    """What a search of one place came to.

    n_searched : files, retained topics, rows or texts. n_tables : that these stand in, None where there are none.
    where : first places of a find. not_searched : why not, None if it was.
    """

    n_searched: int = 0
    n_found: int = 0
    where: list[str] = field(default_factory=list)
    not_searched: str | None = None
    n_tables: int | None = None

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values."""
        found = {"searched": self.n_searched, "found": self.n_found, "where": self.where[:SHOWN]}
        tables = {} if self.n_tables is None else {"tables": self.n_tables}
        return tables | found | ({} if self.not_searched is None else {"not_searched": self.not_searched})


def search_texts(texts: Iterable[tuple[str, str | bytes]], pattern: re.Pattern[bytes]) -> Found:
    """Search (table, text) pairs; an empty text only says that there is such a table."""
    found, tables, searched = Found(), Counter[str](), set[str]()
    for table, text in texts:
        searched.add(table)
        found.n_searched += bool(text)
        if names(pattern, text):
            tables[table] += 1
    found.n_found, found.where = sum(tables.values()), [f"{table} ({n})" for table, n in sorted(tables.items())]
    found.n_tables = len(searched)
    return found


def search_store(store: Store, named: Named) -> Found:
    """Search every text of a store."""
    return search_texts(store.texts(), named.in_tables)


def search_registry(registry: Registry, named: Named) -> Found:
    """Search every row of a registry."""
    tables: Mapping[str, Sequence[tuple[Any, ...]]] = registry.erasing.tables()
    texts = ((table, text) for table, rows in tables.items() for text in ("", *map(repr, rows)))
    return search_texts(texts, named.in_tables)


def search_files(root: Path, named: Named) -> Found:
    """Search the bytes of every file of a folder, and say which of them are packed and cannot be searched so."""
    found, packed, pattern = Found(), [], named_in(named.in_files)
    for path in files_below(root):
        found.n_searched += 1
        if path.suffix in PACKED:
            packed.append(str(path.relative_to(root)))
        n = found_in(path, named.in_files)
        if n or names(pattern, path.name):
            found.n_found += max(n, 1)
            found.where.append(f"{path.relative_to(root)} ({max(n, 1)})")
    if packed:
        found.not_searched = f"packed: {', '.join(packed)}"
    return found


def clear_retained(url: str, filters: Sequence[str], named: Named, *, within_s: float) -> tuple[int, Found]:
    """Clear what a broker keeps of somebody until nothing is left or the time is over; return how much it was.

    A hub that runs may publish once more before it notices. BrokerError if the broker cannot be asked.
    """
    cleared, end_s = 0, time.monotonic() + within_s
    with Retained.of(url) as broker:
        while True:
            held = broker.held(filters)
            theirs = [topic for topic, payload in held.items() if names(named.in_tables, topic, payload)]
            if not theirs or time.monotonic() > end_s:
                return cleared, Found(len(held), len(theirs), theirs)
            broker.clear(theirs)
            cleared += len(theirs)


__all__ = ["Found", "Named", "clear_retained", "search_files", "search_registry", "search_store", "search_texts"]
