"""``model.ports.Addressees``: who is told, added and tried out. Where to goes in, and never comes out again."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from datetime import time as Time  # noqa: N812 (a time of day beside the module)
from threading import BoundedSemaphore, Lock
from typing import Final, Protocol

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import NotifyError, RegistryError
from sensor_hub.model.notifying import QUIET_FROM, QUIET_UNTIL, Addressee, AddresseeView
from sensor_hub.words.notifying import trial_message

AT_ONCE: Final = 3  # ours: processes that look at an address, or try one out; each loads a hundred services
WAITS_S: Final = 10.0
TRIED_EVERY_S: Final = 15.0  # ours, of one person: a test is no way to fill somebody's mailbox


class Reaches(Protocol):
    """What knows the services, and hands messages over."""

    def check(self, url: str) -> str:
        """Return the name of the service; NotifyError, without the address, if there is none."""
        ...

    def send(self, url: str, title: str, body: str) -> None:
        """Send it; NotifyError, without the address, if it was not taken."""
        ...


class HubAddressees:
    """Who is told of a hub's findings. Safe from any thread; adding and trying out take a second or more."""

    def __init__(
        self,
        registry: Registry,
        sender: Reaches,
        *,
        page_url: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock_s: Callable[[], float] = time.monotonic,
        waits_s: float = WAITS_S,
    ) -> None:
        self._waits_s = waits_s
        self._registry, self._sender, self._page_url = registry, sender, page_url.rstrip("/")
        self._clock, self._clock_s = clock, clock_s
        self._tried_s: dict[str, float] = {}
        self._lock, self._turns = Lock(), BoundedSemaphore(AT_ONCE)

    def of_athlete(self, athlete: str) -> list[AddresseeView]:
        """Those of a runner."""
        return [self._view(one) for one in self._registry.addressees.of_athlete(athlete)]

    def of_coach(self, account: str | None) -> list[AddresseeView]:
        """Those of a coach; None: of who coaches where nobody has an account."""
        return [self._view(one) for one in self._registry.addressees.of_coach(account)]

    def all(self) -> list[AddresseeView]:
        """Everybody's."""
        return [self._view(one) for one in self._registry.addressees.all()]

    def find(self, addressee: str) -> AddresseeView | None:
        """One of anybody's; None if it is gone."""
        found = self._registry.addressees.find(addressee)
        return None if found is None else self._view(found)

    def add(
        self, url: str, label: str, zone: str, *, athlete: str | None = None, account: str | None = None,
        quiet_from: Time | None = None, quiet_until: Time | None = None, numbers: bool = False,
    ) -> AddresseeView:  # fmt: skip
        """Add one; NotifyError, which never shows the url, if nobody could be told there."""
        url = url.strip()
        with self._in_turn():
            self._sender.check(url)
        try:
            added = self._registry.addressees.add(
                url, label, zone, now_utc=self._clock(), athlete=athlete, account=account,
                quiet_from=QUIET_FROM if quiet_from is None else quiet_from,
                quiet_until=QUIET_UNTIL if quiet_until is None else quiet_until, numbers=numbers,
            )  # fmt: skip
        except RegistryError as problem:
            raise NotifyError(str(problem)) from None
        return self._view(added)

    def remove(self, addressee: str) -> None:
        """Tell nobody there any more."""
        self._registry.addressees.remove(addressee)

    def try_out(self, addressee: str) -> None:
        """Send a message that says it is a test; NotifyError if it was refused, or one went a moment ago."""
        found = self._registry.addressees.find(addressee)
        if found is None:
            raise NotifyError("this address is not there any more")
        self._take_turn(found.athlete or found.account or "")
        pushed = trial_message(self._page_url or None)
        with self._in_turn():
            self._sender.send(found.url, pushed.title, pushed.body)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """A few at a time: nobody who adds address after address keeps the hub's machine from everything else."""
        if not self._turns.acquire(timeout=self._waits_s):
            raise NotifyError("other addresses are being looked at just now: try again in a minute")
        try:
            yield
        finally:
            self._turns.release()

    def _take_turn(self, whose: str) -> None:
        with self._lock:
            now_s = self._clock_s()
            if now_s - self._tried_s.get(whose, float("-inf")) < TRIED_EVERY_S:
                raise NotifyError(f"a test went a moment ago: wait {TRIED_EVERY_S:g} s between two of them")
            self._tried_s[whose] = now_s

    def _view(self, addressee: Addressee) -> AddresseeView:
        told = self._registry.notifications.of(addressee.id)
        sent = [one.sent_utc for one in told if one.sent_utc is not None]
        ended = [one for one in told if one.sent_utc is not None or one.n_tries]
        newest = max(ended, key=lambda one: one.made_utc, default=None)
        return AddresseeView(
            replace(addressee, url=""),
            addressee.url.partition("://")[0].lower(),
            max(sent, default=None),
            None if newest is None or newest.sent_utc is not None else newest.problem,
            sum(one.sent_utc is None and one.dropped_utc is None for one in told),
        )
