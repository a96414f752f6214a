"""What the registry accepts: names, zones, numbers; and the drawing of pseudonyms."""

import difflib
import math
import re
import secrets
import unicodedata
from collections.abc import Container, Sequence
from functools import cache
from typing import Final, get_args
from zoneinfo import available_timezones

from sensor_hub.adapters.registry.tables import ID_LENGTH, NAME_LENGTH
from sensor_hub.errors import RegistryError
from sensor_hub.model.gait import Mount, Side

ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
MASS_KG: Final = (20.0, 250.0)
HEIGHT_M: Final = (0.8, 2.5)
DROP_MM: Final = (-20.0, 40.0)  # beyond it, it is a typing error
START_DISTANCE_M: Final = (0.0, 10_000_000.0)


def key_of(text: str) -> str:
    """Return a name as it is compared: without case, compatibility forms and surplus space."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def checked_text(text: str, what: str) -> str:
    """Return a name without surplus space; RegistryError if it is empty, too long or not printable."""
    tidy = " ".join(text.split())
    if not key_of(tidy):
        raise RegistryError(f"{what} is empty: give at least one character")
    if len(tidy) > NAME_LENGTH or len(key_of(tidy)) > 4 * NAME_LENGTH:
        raise RegistryError(f"{what} {tidy[:20]!r}… has {len(tidy)} characters: use {NAME_LENGTH} at most")
    if not tidy.isprintable():
        raise RegistryError(f"{what} {tidy!r} has a character that cannot be shown: leave it out")
    return tidy


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def checked_zone(zone: str) -> str:
    """Return the zone; RegistryError with the nearest names if IANA does not know it."""
    if zone not in _zones():
        near = did_you_mean(zone, sorted(_zones()))
        raise RegistryError(f"unknown time zone {zone!r}{near or ': give an IANA name such as Europe/Berlin'}")
    return zone


def checked_number(value: float, what: str, unit: str, limits: tuple[float, float]) -> float:
    """Return the number; RegistryError if it lies outside the limits or is not one."""
    low, high = limits
    if not (math.isfinite(value) and low <= value <= high):
        raise RegistryError(f"{what} {value:g} {unit} is not between {low:g} and {high:g} {unit}")
    return float(value)


def checked_week_start(weekday: int) -> int:
    """Return the ISO weekday; RegistryError outside 1 to 7."""
    if weekday not in range(1, 8):
        raise RegistryError(f"week start {weekday} is not a weekday: 1 is Monday, 7 is Sunday")
    return int(weekday)


def checked_place(side: str, mount: str | None) -> None:
    """Raise RegistryError unless side and mount are ones the program knows."""
    if side not in get_args(Side):
        raise RegistryError(f"side {side!r} is not one of L, R, U (unknown or both)")
    if mount is not None and mount not in get_args(Mount):
        raise RegistryError(f"mount {mount!r} is not one of {', '.join(get_args(Mount))}")


def did_you_mean(wanted: str, known: Sequence[str]) -> str:
    """Return ": did you mean …?" with up to three near names, or nothing."""
    keys = {key_of(name): name for name in known}
    near = difflib.get_close_matches(key_of(wanted), keys, n=3, cutoff=0.6)
    return f": did you mean {' or '.join(repr(keys[k]) for k in near)}?" if near else ""


def draw_pseudonym(taken: Container[str], name: str = "") -> str:
    """Return a random id that is not taken and in which neither the name nor a word of it happens to appear."""
    words = re.findall(r"[a-z2-7]{2,}", key_of(name))
    whole = "".join(re.findall(r"[a-z2-7]", key_of(name)))
    hidden = {*words, whole} - {""}
    while True:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
        if drawn not in taken and not any(word in drawn for word in hidden):
            return drawn


def checked_pseudonym(pseudonym: str, taken: Container[str]) -> str:
    """Return an id that was drawn elsewhere; RegistryError if it cannot be one, or is in use here."""
    if not re.fullmatch(f"[{ALPHABET}]{{{ID_LENGTH}}}", pseudonym):
        raise RegistryError(f"{pseudonym!r} is no pseudonym: {ID_LENGTH} of a-z and 2-7, as `athlete list` shows it")
    if pseudonym in taken:
        raise RegistryError(f"{pseudonym} is in use here already: see `sensor-hub athlete list`")
    return pseudonym
