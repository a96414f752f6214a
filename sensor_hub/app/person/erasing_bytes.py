"""How often any of many words stands in the bytes of a file: one pass, whatever their number."""

import mmap
from collections.abc import Collection
from pathlib import Path
from typing import Final

import numpy as np

from sensor_hub.adapters.storage.naming import named_in

HEAD_BYTES: Final = 6  # a word is looked for by its first bytes; a shorter one takes a pass of its own
BLOCK_BYTES: Final = 4 * 2**20
_WORD_BYTES: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def found_in(path: Path, words: Collection[str]) -> int:
    """Return how often a file has one of the words, as a word of its own; 0 for one that is gone or empty."""
    try:
        if not path.stat().st_size:
            return 0
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            return _count(held, {word.encode("utf-8", "replace") for word in words})
    except (FileNotFoundError, ValueError):  # gone meanwhile, or emptied
        return 0


def _count(held: mmap.mmap, words: Collection[bytes]) -> int:
    heads: dict[bytes, list[bytes]] = {}
    for word in words:
        if len(word) >= HEAD_BYTES:
            heads.setdefault(word[:HEAD_BYTES], []).append(word)
    pattern = named_in(word.decode("utf-8", "replace") for word in words if len(word) < HEAD_BYTES)
    n = 0 if pattern is None else sum(1 for _ in pattern.finditer(held))
    if not heads:
        return n
    tables = np.zeros((HEAD_BYTES // 2, 1 << 16), dtype=np.bool_)
    for head in heads:
        for i in range(HEAD_BYTES // 2):
            tables[i, int.from_bytes(head[2 * i : 2 * i + 2], "little")] = True
    for start in range(0, len(held), BLOCK_BYTES):
        block = np.frombuffer(held[start : start + BLOCK_BYTES + HEAD_BYTES - 1], dtype=np.uint8).astype(np.uint16)
        if len(block) < HEAD_BYTES:
            break
        pairs = block[:-1] | (block[1:] << 8)
        n_places = len(block) - HEAD_BYTES + 1
        maybe = tables[0][pairs[:n_places]] & tables[1][pairs[2 : 2 + n_places]] & tables[2][pairs[4 : 4 + n_places]]
        n += sum(_stands(held, start + int(i), heads) for i in np.flatnonzero(maybe))
    return n


def _stands(held: mmap.mmap, at: int, heads: dict[bytes, list[bytes]]) -> bool:
    """Whether one of the words begins there and ends as a word."""
    if at and held[at - 1] in _WORD_BYTES:
        return False
    for word in heads.get(held[at : at + HEAD_BYTES], ()):
        end = at + len(word)
        if held[at:end] == word and (end == len(held) or held[end] not in _WORD_BYTES):
            return True
    return False


__all__ = ["found_in"]
