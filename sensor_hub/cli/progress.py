"""How far long work has come, on a terminal."""

import sys
from typing import Any


class Counter:
    """Counts on a terminal; silent elsewhere."""

    def __init__(self, what: str = "") -> None:
        self._what, self._is_shown = what, sys.stderr.isatty()

    def __call__(self, *told: Any) -> None:
        """Take (done, all), or (what, done, all)."""
        if not self._is_shown:
            return
        what, done, n = told if len(told) == 3 else (self._what, *told)
        text = f"{what}: {done}/{n}"
        end = "\r" + " " * len(text) + "\r" if done == n else ""
        print(f"\r{text}{end}", end="", file=sys.stderr, flush=True)
