"""The ranges of numbers received from gateways, in the SQLite store."""

import sqlite3
from collections import defaultdict

from sensor_hub.adapters.storage.progress import dead_letter_key, ranges
from sensor_hub.adapters.storage.rows import clean
from sensor_hub.model.message import DeadLetter, Envelope


class Received:
    """The table ``received`` during one transaction: asks what is new, then merges it into the ranges."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._new: dict[str, set[int]] = defaultdict(set)
        self._newest: dict[str, int] = {}

    def add_all(self, envelope: Envelope) -> bool:
        """Note every number of a message; True if one of them is new."""
        return any([self.add(envelope.gw, seq) for seq in envelope.seqs])

    def add(self, gw: str, seq: int) -> bool:
        """Note a number; True if it is new.

        A number that only a dead letter has used counts as new: the letter may have been read wrongly, or be
        understood since.
        """
        (gw,) = clean([gw])
        if gw not in self._newest:
            (newest,) = self._db.execute("SELECT max(last) FROM received WHERE gw = ?", (gw,)).fetchone()
            self._newest[gw] = -1 if newest is None else newest
        if seq in self._new[gw]:
            return False
        if seq > self._newest[gw]:
            self._new[gw].add(seq)
            return True
        row = self._db.execute(
            "SELECT last FROM received WHERE gw = ? AND first <= ? ORDER BY first DESC LIMIT 1", (gw, seq)
        ).fetchone()
        if row is not None and seq <= row[0]:
            key = dead_letter_key(DeadLetter("", b"", "", gw, seq))
            return self._db.execute("SELECT 1 FROM dead_letters WHERE key = ?", (key,)).fetchone() is not None
        self._new[gw].add(seq)
        return True

    def add_range(self, gw: str, first: int, last: int) -> None:
        """Note every number of a closed range."""
        self._merge(clean([gw])[0], first, last)

    def write(self) -> None:
        """Merge the new numbers into the ranges on file."""
        for gw, numbers in self._new.items():
            for first, last in ranges(list(numbers)):
                self._merge(gw, first, last)

    def _merge(self, gw: str, first: int, last: int) -> None:
        query = "SELECT first, last FROM received WHERE gw = ? AND first <= ? ORDER BY first DESC"
        touching = []
        # ranges on file are disjoint: walking down from the end, the first one that ends too early ends the search
        for known in self._db.execute(query, (gw, min(last + 1, 2**63 - 1))):
            if known[1] < first - 1:
                break
            touching.append(known)
        self._db.executemany("DELETE FROM received WHERE gw = ? AND first = ?", [(gw, k[0]) for k in touching])
        ends = [(first, last), *touching]
        self._db.execute(
            "INSERT INTO received VALUES (?, ?, ?)", (gw, min(e[0] for e in ends), max(e[1] for e in ends))
        )
