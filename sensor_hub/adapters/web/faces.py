"""A tile as the coach's page shows it: a flat object of texts, numbers and flags, made once for all who see the same.

Texts are ready to show, in the language and units of who asks; the page's script writes none of its own. A face depends
on its tile and on nothing else, but for ``heard_ms``: it changes when something was heard, and never because time
passes. The page counts the age from it by its own clock, so a number turns grey also when the hub is gone.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from sensor_hub import words
from sensor_hub.adapters.web import coach_labels, guide_labels, guide_words, labels
from sensor_hub.adapters.web.bars import SHOWN, Bar, headroom_of
from sensor_hub.adapters.web.elements import unbroken
from sensor_hub.adapters.web.panels import highest, is_simulated
from sensor_hub.model.finding import Finding
from sensor_hub.model.load import Measure
from sensor_hub.model.ports import Tile, TileState
from sensor_hub.words.headlines import finding_in_short
from sensor_hub.words.numbers import fixed

JSON: TypeAlias = str | int | float | bool | list[str] | None
Face: TypeAlias = dict[str, JSON]

HELD: Final = frozenset({"red-flag", "refer", "stop"})
BATTERY_LOW_PERCENT: Final = 20
HEARD_STEP_MS: Final = 250  # what two clocks read a moment apart is no news
EVEN_SHARE: Final = 0.0005  # of contact time; a smaller difference shows as 50.0
PREFIX: Final[dict[Measure, str]] = {"load_eq_km": "load", "distance_m": "distance", "hard_load_bw_s": "hard"}
_RANK: Final[dict[TileState, int]] = {"alert": 1, "near": 3, "unknown": 4, "ok": 5, "idle": 6}


def face_of(tile: Tile, now_ms: int) -> Face:
    """Return a tile's face.

    now_ms : the hub's clock when ``tile.age_s`` was so, ms since 1970. ``rank`` is the place by need, smallest first;
    within one rank the page sorts by name. ``alert_key`` names every alert that is news, empty when it is quiet.
    """
    running = is_running(tile)
    word = words.state_word(tile.state, tile.findings)
    news = loud(tile)
    held = tile.standing if tile.standing in HELD else None
    finding = highest(tile.findings)
    told = "" if finding is None else unbroken(finding_in_short(finding))
    name = tile.athlete.display_name
    face: Face = {
        "id": tile.athlete.id,
        "href": f"/athlete/{tile.athlete.id}",
        "name": name,
        "rank": rank_of(tile),
        "state": tile.state,
        "word": word,
        "label": labels.tile_label(name, word),
        "running": running,
        "fold": not running and tile.state not in {"alert", "near"},
        "simulated": is_simulated(tile),
        "heard_ms": _heard_ms(tile, now_ms),
        "squads": list(tile.squads),
        "tonight": tile.tonight,
        "standing": "" if held is None else guide_words.verdict_word(held),
        "alert": told if tile.shows_load else guide_labels.load_not_shown(),
        "alert_key": " ".join(sorted(f"{f.id}:{f.level}" for f in news)),
        "spoken": " ".join(words.finding_sentence(f, name) for f in news),
        "quiet": bool(_alerts(tile)) and not news,
        "shows_load": tile.shows_load,
        "cadence": words.whole(tile.cadence_spm),
        "cadence_why": "" if words.known(tile.cadence_spm) else _why(tile, words.cadence_reason),
    }
    face.update(_contact(tile))
    face.update(_balance(tile))
    face.update(_battery(tile))
    for measure in SHOWN:
        face.update(_room(tile, measure))
    return face


def is_running(tile: Tile) -> bool:
    """Whether a session is in progress."""
    return tile.tier is not None


def rank_of(tile: Tile) -> int:
    """Return the place by need: who runs although they should not, above a limit, near it, not known, below, idle."""
    if is_running(tile) and tile.standing in HELD:
        return 0
    rank = _RANK[tile.state]
    return rank + 1 if tile.state == "alert" and not loud(tile) else rank


def loud(tile: Tile) -> list[Finding]:
    """Return the alerts that are news to a coach: those that nobody has marked."""
    return _alerts(tile) if not tile.quiet else []


def _alerts(tile: Tile) -> list[Finding]:
    return [f for f in tile.findings if f.severity == "alert" and not f.withdrawn]


def _heard_ms(tile: Tile, now_ms: int) -> int | None:
    if tile.age_s is None or not words.known(tile.age_s):
        return None
    return int((now_ms - 1000 * tile.age_s) // HEARD_STEP_MS) * HEARD_STEP_MS


def _why(tile: Tile, reason: Callable[[str | None], str]) -> str:
    """Why there is no number; empty of who shows none: another line says so."""
    return reason(tile.tier) if tile.shows_load else ""


def _contact(tile: Tile) -> Face:
    known = words.known(tile.contact_time_s)
    beside = tile.contact_beside if known else None
    return {
        "contact": words.whole(tile.contact_time_s, 1000.0),
        "contact_why": "" if known else _why(tile, words.contact_reason),
        "contact_mark": beside or "",
        "contact_says": coach_labels.contact_beside(beside),
    }


def _balance(tile: Tile) -> Face:
    """Return whose foot is longer on the ground, and by how much: the larger share, with its side."""
    left = tile.contact_balance_left
    if left is None or not words.known(left):
        return {"balance": "", "balance_side": "", "balance_text": "", "balance_mark": "", "balance_says": ""}
    side = "even" if abs(left - 0.5) < EVEN_SHARE else "left" if left > 0.5 else "right"
    beside = tile.balance_beside
    return {
        "balance": fixed(100 * max(left, 1 - left), 1),
        "balance_side": side,
        "balance_text": coach_labels.balance_text(side, max(left, 1 - left)),
        "balance_mark": beside or "",
        "balance_says": coach_labels.balance_beside(beside),
    }


def _battery(tile: Tile) -> Face:
    percent = tile.battery_percent
    low = percent is not None and percent <= BATTERY_LOW_PERCENT
    return {"battery": coach_labels.battery(percent, low=low), "battery_low": low}


def _room(tile: Tile, measure: Measure) -> Face:
    bar, prefix = Bar.of(tile, measure), PREFIX[measure]
    headroom = headroom_of(tile, measure)
    # Digits and bar say what is left; a note is for what they do not.
    is_plain = (
        headroom is not None
        and words.known(headroom.left)
        and not words.likelihood_text(headroom)
        and " · " not in bar.note
    )
    return {
        f"{prefix}_so_far": bar.so_far,
        f"{prefix}_limit": bar.limit,
        f"{prefix}_note": "" if is_plain else bar.note,
        f"{prefix}_label": bar.label,
        f"{prefix}_class": bar.classes,
        f"{prefix}_fill": round(bar.fill, 3),
        f"{prefix}_over": round(bar.over, 3),
        f"{prefix}_tick": round(bar.tick, 3),
    }
