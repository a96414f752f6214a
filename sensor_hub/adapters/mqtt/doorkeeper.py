"""Whom the embedded broker lets in, and what each of them may say and hear; changed while it runs."""

import hmac
import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sensor_hub.adapters.mqtt.passwords import matches
from sensor_hub.wire.access import BrokerUser, Verb, allows, may_hear

_LOG = logging.getLogger(__name__)
_LONGEST_SHOWN: Final = 200
_MOST_REFUSALS: Final = 1000  # each is logged once; past so many different ones, none is


@dataclass(frozen=True, slots=True)
class Credential:
    """A user and what is kept of their password (``$7$…``)."""

    user: BrokerUser
    password_hash: str = field(repr=False)


class Doorkeeper:
    """Knows the broker's users; may be asked and told from any thread.

    own : user → password of this machine's own programs. site : the site whose rights hold; None for a broker of one's
    own programs alone, where whoever has a password may say and hear everything.
    """

    def __init__(self, own: Mapping[str, str], site: str | None = None) -> None:
        self._own, self._site = dict(own), site
        self._known: dict[str, Credential] = {}
        self._refused: set[tuple[str, str, str]] = set()
        self._lock = threading.Lock()

    def know(self, credentials: Iterable[Credential]) -> None:
        """Let these in from now on, and nobody else but this machine's own."""
        self._known = {one.user.name: one for one in credentials if one.user.name not in self._own}

    def token(self, name: str | None) -> str | None:
        """Return something that changes with a user's password; None for nobody we let in."""
        if name is None:
            return None
        if name in self._own:
            return self._own[name]
        known = self._known.get(name)
        return None if known is None else known.password_hash

    def lets_in(self, name: str | None, password: str | None) -> bool:
        """Whether user and password are right; takes some milliseconds."""
        if not name or password is None:
            return False
        if name in self._own:
            return hmac.compare_digest(self._own[name].encode(), password.encode("utf-8", "replace"))
        known = self._known.get(name)
        return known is not None and matches(password, known.password_hash)

    def allows(self, name: str, verb: Verb, topic: str) -> bool:
        """Whether a user may publish to a topic, or be given a message of it."""
        if self._site is None:
            return True
        user = self._user(name)
        return user is not None and allows(user, self._site, verb, topic)

    def may_hear(self, name: str, topic_filter: str) -> bool:
        """Whether a subscription could bring a user anything; one that is shared could not: this broker shares none."""
        if topic_filter.startswith("$share/"):
            return False
        if self._site is None:
            return True
        user = self._user(name)
        return user is not None and may_hear(user, self._site, topic_filter)

    def say_refused(self, name: str, what: str, topic: str) -> None:
        """Log a refusal, once for a user and a topic: what asks again and again would fill the log."""
        topic = topic[:_LONGEST_SHOWN]  # one may have 64 kB
        with self._lock:
            key = (name, what, topic)
            if key in self._refused or len(self._refused) >= _MOST_REFUSALS:
                return
            self._refused.add(key)
        _LOG.warning("the broker refuses %s to %s %r: see `sensor-hub mqtt list` for what it may", name, what, topic)

    def _user(self, name: str) -> BrokerUser | None:
        if name in self._own:
            return _OWN_USERS.get(name)
        known = self._known.get(name)
        return None if known is None else known.user


_OWN_USERS: Final = {"hub": BrokerUser("hub", "hub"), "edge": BrokerUser("edge", "edge")}

__all__ = ["Credential", "Doorkeeper"]
