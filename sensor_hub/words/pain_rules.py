"""Sentences of the rules of pain and symptoms."""

from typing import Final

from sensor_hub.model.guidance import Notice

RULES: Final[frozenset[str]] = frozenset()


def sentence(notice: Notice, theirs: bool) -> str:
    """Return a notice in one or two short sentences."""
    raise KeyError((notice.rule, notice.key, theirs))


def why(notice: Notice) -> list[str]:
    """Return what is behind it, a line each."""
    raise KeyError((notice.rule, notice.key))
