"""Who may what, written out cell by cell: what ``model.access.may`` and the table of docs/accounts.md are held against.

o of themselves or of those they coach · c of those they coach, with their consent · a of anybody · y yes · - no
"""

from collections.abc import Collection

# action: runner, coach, admin
OF_PERSONS = {
    "see-load": "o c a",
    "see-pain": "o c -",
    "see-medication": "o c -",
    "edit-history": "o - a",
    "write-diary": "o - -",
    "set-rules": "o - -",
    "see-shoes": "o - a",
    "change-shoes": "o - a",
    "import": "o - a",
    "export": "o - a",
    "erase": "o - a",
    "see-sensors": "o c a",
    "pair-sensor": "o - a",
    "mark-findings": "o c -",
    "set-notifying": "o - -",
}
OF_HUB = {
    "see-grid": "y y y",
    "see-rules": "y y y",
    "see-roster": "- y y",
    "set-roster": "- y y",
    "back-up": "- - y",
    "see-metrics": "- - y",
    "manage-accounts": "- - y",
    "own-account": "y y y",
    "see-squads": "- y y",
    "set-squads": "- y y",
    "add-athlete": "- - y",
}
CONSENT = {"see-load": "load", "see-pain": "pain", "see-medication": "medication",
           "see-sensors": "load", "mark-findings": "load"}  # fmt: skip
CHANGES = {
    "edit-history", "write-diary", "set-rules", "change-shoes", "import", "export", "erase", "set-roster", "back-up",
    "manage-accounts", "own-account", "pair-sensor", "mark-findings", "set-notifying", "set-squads", "add-athlete",
}  # fmt: skip
ROLES = ("runner", "coach", "admin")


def cell(role: str, action: str) -> str:
    return (OF_PERSONS | OF_HUB)[action].split()[ROLES.index(role)]


def expected(
    role: str, action: str, athlete: str | None, mine: Collection[str], consents: Collection[str], reads_only: bool
) -> bool:
    """What the tables say. mine : those an account is about; of a coach of everybody, everybody."""
    if reads_only and action in CHANGES:
        return False
    match cell(role, action):
        case "y":
            return True
        case "a":
            return athlete is not None
        case "o":
            return athlete in mine
        case "c":
            return athlete in mine and CONSENT[action] in consents
    return False
