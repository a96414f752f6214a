"""What the one who asks may do: pages and REST decide by it, and each moment of writing asks anew.

A browser's page stays open for hours. Meanwhile its session may end, its account be disabled, its role change, or a
consent be withdrawn. So rights are never kept longer than a moment: for reading they are asked again when the accounts
changed, and every few seconds; for writing every time.
"""

import time
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.errors import AccessError, RegistryError
from sensor_hub.model.access import NOBODY, OPERATOR, READING, Account, Action, Asker, may
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import ConsentCategory
from sensor_hub.model.ports import Accounts, Guide, HubView

By: TypeAlias = Literal["page", "api"]
RIGHTS: Final = "sensor_hub.rights"
ASKED_AGAIN_S: Final = 4.0
VERSION_READ_S: Final = 0.5
USUALLY_SEEN: Final[frozenset[ConsentCategory]] = frozenset(("load",))  # where nobody keeps a diary to say no in


class Forbidden(AccessError):  # noqa: N818 (it is no fault of anybody's program)
    """Whoever asks may not do this."""


class NotKnown(AccessError):  # noqa: N818 (as above)
    """There is no such person or thing, or whoever asks may not know that there is."""


class Rights:
    """Of one who asks. Safe from any thread.

    ask : says who it is, anew each time. view, guide : resolve pseudonyms and say what somebody consents to.
    version : changes when an account does. by : how what they write is marked, where no account says it.
    """

    def __init__(
        self,
        ask: Callable[[], Asker],
        view: HubView,
        guide: Guide | None = None,
        version: Callable[[], int] = lambda: 0,
        *,
        by: By = "page",
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask, self._view, self._guide, self._version, self._clock_s = ask, view, guide, version, clock_s
        self._by = by
        self._asked: tuple[float, int, Asker] | None = None
        self._version_read = (float("-inf"), 0)
        self._consents: dict[str, tuple[float, frozenset[ConsentCategory]]] = {}

    def asker(self, *, anew: bool = False) -> Asker:
        """Who it is. anew : whatever was known a moment ago, as writing needs."""
        now_s = self._clock_s()
        known = self._asked
        if not anew and known is not None and now_s - known[0] < ASKED_AGAIN_S and self._is_version(known[1], now_s):
            return known[2]
        version = self._version()
        asker = self._ask()
        self._version_read = now_s, version
        self._asked = now_s, version, asker
        return asker

    def _is_version(self, version: int, now_s: float) -> bool:
        if now_s - self._version_read[0] >= VERSION_READ_S:
            self._version_read = now_s, self._version()
        return self._version_read[1] == version

    @property
    def account(self) -> Account | None:
        """Whose account it is; None of the operator and of nobody."""
        return self.asker().account

    @property
    def by(self) -> str:
        """How a journal says who made an entry: a role, and never a name."""
        account = self.account
        return self._by if account is None else account.role

    def consents(
        self, athlete: str, *, anew: bool = False, within_s: float = VERSION_READ_S
    ) -> frozenset[ConsentCategory]:
        """Return what somebody lets their coach see, read so long ago at most; only a coach's rights depend on it."""
        asker = self.asker()
        if asker.account is None or asker.account.role != "coach":
            return frozenset()
        if self._guide is None:
            return USUALLY_SEEN
        now_s, known = self._clock_s(), self._consents.get(athlete)
        if anew or known is None or now_s - known[0] >= within_s:
            try:
                known = now_s, self._guide.consents(athlete)
            except RegistryError:  # what somebody said cannot be read just now: it may have been no
                known = now_s, frozenset()
            self._consents[athlete] = known
        return known[1]

    def may(
        self, *actions: Action, athlete: str | None = None, anew: bool = False, within_s: float = VERSION_READ_S
    ) -> bool:
        """Whether all of these may be done, about an athlete by their pseudonym as the registry resolves it."""
        asker = self.asker(anew=anew)
        consents = frozenset() if athlete is None else self.consents(athlete, anew=anew, within_s=within_s)
        return all(may(asker, action, athlete, consents) for action in actions)

    def knows(self, athlete: str) -> bool:
        """Whether they may know that there is somebody of this pseudonym, as the registry resolves it."""
        asker = self.asker()
        account = asker.account
        if asker.kind == "operator":
            return True
        if account is None or account.disabled:
            return False
        match account.role:
            case "runner":
                return athlete in account.athletes
            case "coach":
                return not account.athletes or athlete in account.athletes
            case "admin":
                return True

    def knows_everybody(self) -> bool:
        """Whether nobody of this hub is kept from them."""
        account = self.asker().account
        return self.asker().kind == "operator" or (
            account is not None and (account.role == "admin" or (account.role == "coach" and not account.athletes))
        )

    def person(self, athlete: str) -> Athlete:
        """Return who has this pseudonym; NotKnown alike of nobody and of somebody who is none of theirs."""
        found = self._view.person(athlete)
        if found is None or not self.knows(found.id):
            raise NotKnown(labels.no_athlete(athlete))
        return found

    def demand(self, *actions: Action, athlete: str | None = None) -> None:
        """Raise Forbidden unless all of these may be done, and NotKnown where they may not know of the athlete."""
        if athlete is not None and not self.knows(athlete):
            raise NotKnown(labels.no_athlete(athlete))
        anew = any(action not in READING for action in actions)
        if not self.may(*actions, athlete=athlete, anew=anew):
            raise Forbidden(labels.forbidden(reads_only=self.asker().reads_only))


def of_session(accounts: Accounts, secret: str) -> Callable[[], Asker]:
    """Return who says whose a browser's session is."""
    return lambda: accounts.asker_of_session(secret) or NOBODY


def of_token(accounts: Accounts, secret: str) -> Callable[[], Asker]:
    """Return who says whose a token is."""
    return lambda: accounts.asker_of_token(secret) or NOBODY


def of_machine(accounts: Accounts | None) -> Callable[[], Asker]:
    """Return who says that the hub's own machine may do everything, until there is an account."""
    return lambda: OPERATOR if accounts is None or not accounts.in_use() else NOBODY


def of_nobody() -> Asker:
    """Say that nobody asks."""
    return NOBODY
