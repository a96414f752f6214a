"""Messages to people's phones: what is due is looked at once more, and handed over, in a thread of its own.

The rows come first: whatever is to be told is written into the registry before anything else can tell that it happened.
Whoever sends takes a row for a while and marks it after. So a kill leaves it to the next start, or to another hub. One
that comes between the service's yes and the mark sends it again: of the two that is the one that loses nothing.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Final, Protocol

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.guiding.guide import Guiding
from sensor_hub.app.notifying.noting import Noting
from sensor_hub.app.rounds import always
from sensor_hub.errors import AccessError, NotifyError, RegistryError, StoreError
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.guidelines.quiet import LONGEST_PAUSE, after_quiet, given_up_utc, next_try
from sensor_hub.guidelines.telling import Telling, is_about, why_not_told
from sensor_hub.model.access import Account
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import EMERGENCIES
from sensor_hub.model.finding import Finding
from sensor_hub.model.mark import is_marked
from sensor_hub.model.notifying import RED_FLAG, Addressee, Notification
from sensor_hub.model.ports import Store
from sensor_hub.words.notifying import Pushed, finding_message, red_flag_message

_LOG = logging.getLogger(__name__)
LOOK_S: Final = 2.0
CLAIM_S: Final = 180.0  # longer than any sending may take
NEWS_FOR: Final = timedelta(hours=48)  # ours: of an older line of the diary nobody is told on the phone
STORED_WITHIN: Final = timedelta(hours=1)  # a finding that is not stored by then never will be
TURN: Final = "notifying"
UNTRUE: Final = frozenset({"not-stored", "no-flag"})  # what may come true after all, and then is told


class Sends(Protocol):
    """What hands a message over; NotifyError, without the address, if it was not taken."""

    def send(self, url: str, title: str, body: str) -> None:
        """Send it."""
        ...


class Notifying:
    """Sends what is due, until it is stopped. Nothing waits for it.

    is_ours : asked before each message whether it is this hub that sends, of several. page_url : the address of the
        page as phones reach it; without one no message has a link.
    """

    def __init__(
        self,
        registry: Registry,
        store: Store,
        guide: Guiding,
        sender: Sends,
        *,
        page_url: str = "",
        is_ours: Callable[[], bool] = always,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        look_s: float = LOOK_S,
        claim_s: float = CLAIM_S,
    ) -> None:
        self._registry, self._store, self._guide, self._sender = registry, store, guide, sender
        self._page_url, self._is_ours, self._clock = page_url.rstrip("/"), is_ours, clock
        self._look_s, self._claim = look_s, timedelta(seconds=claim_s)
        self._noting = Noting(registry, clock)
        self._diaries_seen: tuple[int, int] | None = None
        self._wake, self._stopping = Event(), False
        self._thread = Thread(target=self._run, name="hub-notifying", daemon=True)

    def start(self) -> None:
        """Begin to look for what is due."""
        self._thread.start()

    def stop(self) -> None:
        """Let the message in hand go; safe to call twice, and before ``start``."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """Look now: something was said that may not wait."""
        self._wake.set()

    def _run(self) -> None:
        said = ""
        while not self._stopping:
            try:
                self.look()
                said = ""
            except (RegistryError, StoreError) as error:
                if str(error) != said:
                    _LOG.warning("messages to people wait: %s", error)
                said = str(error)
            except Exception:
                # Composition root: a hub that told nobody any more would look well.
                _LOG.exception("messages to people could not be looked after; tried again")
                self._wake.wait(10 * self._look_s)
            self._wake.wait(self._look_s)
            self._wake.clear()

    def look(self) -> int:
        """Write down what diaries say that should not wait, and send what is due; return how many went."""
        if not self._is_ours():
            return 0
        fault, n_sent = self._note_red_flags(), 0
        for message in self._registry.notifications.due(self._clock()):
            if self._stopping or not self._is_ours():
                break
            n_sent += self._delivered(message)
        if fault is not None:
            raise fault  # only now: of everybody else it is told
        return n_sent

    # --- what diaries say --------------------------------------------------------------------------------------------

    def _note_red_flags(self) -> Exception | None:
        """Of everybody whose diary may have changed; whichever process wrote it, and whichever died after.

        Return what somebody's diary came to grief with; then it is looked at again.
        """
        version = self._guide.version()
        if version == self._diaries_seen:
            return None
        now_utc, fault = self._clock(), None
        for athlete in self._registry.athletes():
            try:
                self._note_red_flag(athlete, now_utc)
            except (RegistryError, StoreError):
                raise
            except Exception as error:  # composition root: one diary must keep nobody else's sign back
                fault = error
        if fault is None:
            self._diaries_seen = version
        return fault

    def _note_red_flag(self, athlete: Athlete, now_utc: datetime) -> None:
        said_utc = None if athlete.simulated else self._sign_said_utc(athlete, now_utc)
        if said_utc is not None and self._has_flag(athlete, now_utc):
            self._noting.red_flag(athlete, local_day(said_utc, athlete.zone))

    def _sign_said_utc(self, athlete: Athlete, now_utc: datetime) -> datetime | None:
        """When a sign was said last, in the last two days: reading lines is cheap, and guiding is not."""
        recent = (s for s in self._guide.known(athlete.id).symptoms if s.at_utc > now_utc - NEWS_FOR)
        return max((s.at_utc for s in recent if not set(EMERGENCIES).isdisjoint(s.present)), default=None)

    def _has_flag(self, athlete: Athlete, now_utc: datetime) -> bool:
        verdict = self._guide.verdict(athlete, now_utc)
        return verdict is not None and verdict.standing == RED_FLAG

    # --- one message -------------------------------------------------------------------------------------------------

    def _delivered(self, message: Notification) -> bool:
        try:
            return self._deliver(message)
        except (RegistryError, StoreError):
            raise
        except Exception:
            # Composition root: the oldest message must not keep every other one back.
            _LOG.exception("a message to addressee %s failed; tried again in an hour", message.addressee)
            again_utc = self._clock() + LONGEST_PAUSE
            self._registry.notifications.put_off(message, again_utc, "it could not be made; the hub's log says why")
            return False

    def _deliver(self, message: Notification) -> bool:
        """Send a message, or put it off, or drop it; whether it has gone."""
        now_utc, book = self._clock(), self._registry.notifications
        addressee, athlete = self._registry.addressees.find(message.addressee), self._registry.known(message.athlete)
        if addressee is None or athlete is None:
            return False  # the row goes with them
        if now_utc > given_up_utc(addressee, message.made_utc, passes_quiet=message.is_red_flag):
            self._give_up(message, now_utc)
            return False
        awake_utc = now_utc if message.is_red_flag else after_quiet(addressee, now_utc)
        if awake_utc > now_utc:
            book.put_off(message, awake_utc, message.problem)
            return False
        telling = self._telling(message, addressee, athlete, now_utc)
        why = why_not_told(telling)
        if why == "not-stored" and now_utc - message.made_utc < STORED_WITHIN:
            book.put_off(message, now_utc + timedelta(seconds=2 * self._look_s), message.problem)
            return False
        if why in UNTRUE:
            book.take_back(message)
            return False
        if why is not None:
            book.drop(message, now_utc, why)
            return False
        return self._hand_over(message, telling, athlete)

    def _hand_over(self, message: Notification, telling: Telling, athlete: Athlete) -> bool:
        book, pushed, begun_utc = self._registry.notifications, self._words(telling, athlete), self._clock()
        if not book.claim(message, begun_utc + self._claim):
            return False
        try:
            self._sender.send(telling.addressee.url, pushed.title, pushed.body)
        except NotifyError as problem:
            now_utc, n_tries = self._clock(), message.n_tries + 1
            again_utc = next_try(
                telling.addressee, message.made_utc, now_utc, n_tries, passes_quiet=message.is_red_flag
            )
            if n_tries == 1:
                _LOG.warning("a message to addressee %s did not go: %s; tried again", message.addressee, problem)
            book.put_off(message, again_utc or now_utc, str(problem))
            if again_utc is None:
                self._give_up(message, now_utc)
            return False
        book.set_sent(message, self._clock())
        return True

    def _give_up(self, message: Notification, now_utc: datetime) -> None:
        told = self._registry.notifications.of(message.addressee)
        known = {(one.athlete, one.about): one for one in told}
        problem = (
            known.get((message.athlete, message.about), message).problem or "no hub was running that could send it"
        )
        _LOG.warning("a message to addressee %s is given up after a day: %s", message.addressee, problem)
        self._registry.notifications.drop(message, now_utc, f"given up after a day: {problem}")

    def _telling(
        self, message: Notification, addressee: Addressee, athlete: Athlete, now_utc: datetime
    ) -> Telling:  # fmt: skip
        findings = [f for f in self._store.findings(athlete.id) if is_about(message, f)]
        marks = self._registry.marks.of(athlete.id) if findings else {}
        is_coachs = addressee.athlete is None
        # What a coach has seen, the runner has not: their own message waits on.
        held = {f: mark for f, mark in marks.items() if is_coachs or mark.by != "coach"}
        marked = {f.id for f in findings if is_marked(f, held, now_utc)}
        return Telling(
            message,
            addressee,
            simulated=athlete.simulated,
            account=self._account(addressee),
            accounts_in_use=is_coachs and self._registry.accounts.in_use(),
            consents=self._guide.consents(athlete.id) if is_coachs else (),
            findings=findings,
            marked=marked,
            flag=message.is_red_flag and self._has_flag(athlete, now_utc),
        )

    def _account(self, addressee: Addressee) -> Account | None:
        if addressee.account is None:
            return None
        try:
            return self._registry.accounts.of_id(addressee.account).account
        except AccessError:
            return None

    def _words(self, telling: Telling, athlete: Athlete) -> Pushed:
        link = f"{self._page_url}/athlete/{athlete.id}" if self._page_url else None
        numbers, theirs = telling.addressee.numbers, telling.is_coachs
        name = athlete.display_name if numbers and theirs else None
        if telling.message.is_red_flag:
            return red_flag_message(link, name=name, theirs=theirs, numbers=numbers)
        findings = telling.still()
        of_today = any(self._is_of_today(finding, athlete) for finding in findings)
        return finding_message(findings, link, of_today=of_today, name=name, theirs=theirs, numbers=numbers)

    def _is_of_today(self, finding: Finding, athlete: Athlete) -> bool:
        session = self._store.session(finding.scope.removeprefix("session:"))
        today = local_day(self._clock(), athlete.zone)
        return session is not None and local_day(session.start_utc, athlete.zone) == today
