"""Who asks, and what they may: accounts, roles, and the one table of rights over pages, REST and tokens.

A right is asked for by action and, where it is about a person, by athlete. What a coach may see of somebody also takes
that person's consent, by category (``model.diary.ConsentCategory``). What is not in the table is refused.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from sensor_hub.model.diary import ConsentCategory

Role: TypeAlias = Literal["runner", "coach", "admin"]
ROLES: Final[tuple[Role, ...]] = ("runner", "coach", "admin")

PersonAction: TypeAlias = Literal[
    "see-load", "see-pain", "see-medication", "edit-history", "write-diary", "set-rules", "see-shoes", "change-shoes",
    "import", "export", "erase", "see-sensors", "pair-sensor", "mark-findings", "set-notifying",
]  # fmt: skip
HubAction: TypeAlias = Literal[
    "see-grid", "see-rules", "see-roster", "set-roster", "back-up", "see-metrics", "manage-accounts", "own-account",
    "see-squads", "set-squads", "add-athlete",
]  # fmt: skip
Action: TypeAlias = PersonAction | HubAction

PERSON_ACTIONS: Final[tuple[PersonAction, ...]] = (
    "see-load", "see-pain", "see-medication", "edit-history", "write-diary", "set-rules", "see-shoes", "change-shoes",
    "import", "export", "erase", "see-sensors", "pair-sensor", "mark-findings", "set-notifying",
)  # fmt: skip
HUB_ACTIONS: Final[tuple[HubAction, ...]] = (
    "see-grid", "see-rules", "see-roster", "set-roster", "back-up", "see-metrics", "manage-accounts", "own-account",
    "see-squads", "set-squads", "add-athlete",
)  # fmt: skip

# what a token that may only read may ask for
READING: Final[frozenset[Action]] = frozenset(
    ("see-load", "see-pain", "see-medication", "see-shoes", "see-grid", "see-rules", "see-roster", "see-metrics",
     "see-sensors", "see-squads")
)  # fmt: skip
# what a coach needs somebody's consent for
CONSENT_OF: Final[Mapping[str, ConsentCategory]] = {
    "see-load": "load", "see-pain": "pain", "see-medication": "medication",
    "see-sensors": "load", "mark-findings": "load",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in.

    name : what they sign in with. athletes : pseudonyms; of a runner their own one, of a coach those they coach, where
    none named means everybody of this hub; of an admin empty.
    """

    id: str
    name: str
    role: Role
    athletes: tuple[str, ...]
    created_utc: datetime
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks.

    kind : "operator" sits at the hub's machine while nobody has an account; "account" has signed in, or sends a token;
    "nobody" has done neither. reads_only : a token that may change nothing. via : how they showed who they are.
    """

    kind: Literal["operator", "account", "nobody"]
    account: Account | None = None
    reads_only: bool = False
    via: Literal["loopback", "session", "token", "none"] = "none"


NOBODY: Final = Asker("nobody")
OPERATOR: Final = Asker("operator", via="loopback")

_ADMIN_OF_PERSONS: Final[frozenset[str]] = frozenset(
    ("see-load", "edit-history", "see-shoes", "change-shoes", "import", "export", "erase", "see-sensors",
     "pair-sensor")
)  # fmt: skip
_COACH_OF_PERSONS: Final[frozenset[str]] = frozenset(
    ("see-load", "see-pain", "see-medication", "see-sensors", "mark-findings")
)
_OF_HUB: Final[Mapping[Role, frozenset[str]]] = {
    "runner": frozenset(("see-grid", "see-rules", "own-account")),
    "coach": frozenset(
        ("see-grid", "see-rules", "see-roster", "set-roster", "own-account", "see-squads", "set-squads")
    ),
    "admin": frozenset(HUB_ACTIONS),
}


def may(
    asker: Asker, action: Action, athlete: str | None = None, consents: Collection[ConsentCategory] = frozenset()
) -> bool:
    """Whether somebody may do something.

    athlete : whom it is about, by pseudonym as the registry resolves it; needed for a ``PersonAction``. consents : what
    that athlete lets their coach see. A grid may be asked for by everybody who is signed in: it shows those whose load
    they may see.

    A runner has every right over themselves and none over others. A coach sees what their athletes consent to, and
    changes nothing of a history. An admin keeps the hub, histories and files, and reads no diary.
    """
    if asker.kind == "operator":
        return True
    account = asker.account
    if asker.kind == "nobody" or account is None or account.disabled:
        return False
    if asker.reads_only and action not in READING:
        return False
    if action in HUB_ACTIONS:
        return action in _OF_HUB[account.role]
    if athlete is None or action not in PERSON_ACTIONS:
        return False
    match account.role:
        case "runner":
            return athlete in account.athletes
        case "coach":
            mine = not account.athletes or athlete in account.athletes
            return mine and action in _COACH_OF_PERSONS and CONSENT_OF[action] in consents
        case "admin":
            return action in _ADMIN_OF_PERSONS
