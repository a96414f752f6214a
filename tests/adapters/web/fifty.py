"""A squad of fifty for the coach's page, in every state a runner can be in; the same one every time."""

from dataclasses import replace

from sensor_hub.model.athlete import Athlete
from sensor_hub.model.ports import Tile
from tests.adapters.web.hub import athlete, finding, headroom, tile

NAMES = (
    "Abena", "Bruno", "Chiara", "Dmitri", "Elif", "Femke", "Goran", "Hanna", "Ines", "Jun", "Kofi", "Lea", "Marek",
    "Nadia", "Oskar", "Priya", "Quinn", "Rosa", "Samir", "Tove", "Umut", "Vera", "Wim", "Ximena", "Yuki",
)  # fmt: skip
FAMILIES = ("Adeyemi", "van der Berg-Castellanos")
FIRST = "r00"


def key(i: int) -> str:
    """Pseudonym of the runner of this number."""
    return f"r{i:02d}"


def runner(i: int) -> Tile:
    """One of them; every seventh is above a limit, every fifth near it, every second is not running."""
    who = athlete(key(i), f"{NAMES[i % 25]} {FAMILIES[i // 25]}", simulated=i == 9)
    squads = ("sprint",) if i % 3 == 0 else ("marathon",) if i % 3 == 1 else ()
    return replace(_state(i, who), squads=squads, tonight=i % 4 != 3)


def _state(i: int, who: Athlete) -> Tile:
    if i % 7 == 0:
        made = tile(who, "alert", 172.0 + i % 9, 0.221 + i / 1000, 11.9, 12.4)
        return replace(made, findings=(finding(key(i)),), contact_balance_left=0.516, balance_beside="left")
    if i % 5 == 0:
        made = tile(who, "near", 178.0, 0.228, 9.6, 10.6)
        info = finding(key(i), level="near", certainty="below", probability=0.2, value=10.6, severity="info")
        return replace(made, findings=(info,), contact_beside="longer", battery_percent=12)
    if i % 11 == 0:
        none = headroom("distance_m", None, 4400.0, "no-history"), headroom("load_eq_km", None, None, "no-history")
        return replace(tile(who, "unknown", 169.0, None, 4.4, None), headroom=none, tier="speed")
    if i % 2:
        rested = headroom("distance_m", 9_900.0, 0.0), headroom("load_eq_km", 9.9, 0.0)
        return Tile(who, "idle", None, None, None, rested, 5400.0, None, None, ())
    made = tile(who, "ok", 184.0 - i % 8, 0.212 + i / 2000, 2.0 + i / 10, 2.1 + i / 9)
    return replace(made, contact_balance_left=0.5 - (i % 9 - 4) / 500, battery_percent=81)


def fifty() -> list[Tile]:
    """All of them, as a hub gives them: not in the order of a page."""
    return [runner(i) for i in range(50)]
