"""What each user of the broker may say and hear: one table, asked by our own broker and written out for mosquitto.

A user's name is what counts: MQTT checks it by a password, where a client id is whatever a client says it is. A right
is a pattern of topics with a verb; what no right covers is refused. So no user but the hub reads what somebody's pod
sends, and a gateway reads nothing of any athlete, not even of its own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from sensor_hub.errors import BrokerError
from sensor_hub.wire.home_assistant import CONFIGS, STATUS, config_topic
from sensor_hub.wire.topics import Topics

BrokerRole: TypeAlias = Literal["hub", "edge", "gateway", "reader", "health"]
Verb: TypeAlias = Literal["read", "write"]

# names that are nobody's to take: the hub, the edges of the hub's own machine, and whoever asks if the broker is well
RESERVED: Final = ("hub", "edge", "health")
UPTIME: Final = "$SYS/broker/uptime"
_NAME: Final = re.compile(r"[a-z0-9-]{1,64}")
_LINE_SAFE: Final = re.compile(r"[!-9;-~]{1,64}")  # what a line of an access list or of a password file can hold
_OF_A_SESSION: Final = ("steps", "raw", "event", "summary")


@dataclass(frozen=True, slots=True)
class BrokerUser:
    """Somebody with a password at the broker.

    role : "hub", all below the site; "edge", an edge on the hub's own machine, whatever its gateway is called;
    "gateway", one whose name is its gateway's id; "reader", a dashboard or a home's automation; "health", who asks
    whether the broker is well. everybody : whether it is about all athletes of this hub; else it is about ``athletes``,
    by pseudonym, and with none of them about nobody.
    """

    name: str
    role: BrokerRole
    athletes: tuple[str, ...] = ()
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """That a user may read or write what a pattern of topics covers."""

    verb: Verb
    pattern: str


def checked_name(name: str) -> str:
    """Return a name for a gateway or a reader; BrokerError if it can be none.

    Names become topics and lines of files: ``a-z``, ``0-9`` and ``-``, 64 at most.
    """
    if not _NAME.fullmatch(name):
        raise BrokerError(f"{name!r} is no name for a user of the broker: use a-z, 0-9 and -, 64 characters at most")
    if name in RESERVED:
        raise BrokerError(f"{name!r} is a name the hub keeps for itself: take another one")
    return name


_OF_HOME_ASSISTANT_HUB: Final = (Right("read", STATUS), Right("read", CONFIGS), Right("write", CONFIGS))


@lru_cache(maxsize=4096)
def rights(user: BrokerUser, site: str) -> tuple[Right, ...]:
    """Return what a user may do on one site, in the order in which it is written out."""
    topics = Topics(site)
    base = topics.base
    about = ("+",) if user.everybody else tuple(sorted(set(user.athletes)))
    match user.role:
        case "hub":
            return (Right("read", f"{base}/#"), Right("write", f"{base}/#"), *_OF_HOME_ASSISTANT_HUB)
        case "edge":
            return (*_of_a_gateway(topics, "+"), *_said_of(topics, ("+",)))
        case "gateway":
            return (*_of_a_gateway(topics, user.name), *_said_of(topics, about))
        case "reader":
            said = (topics.load, lambda ath: topics.alert(ath, "+"), topics.status, _config)
            heard = (of(ath) for ath in about for of in said)
            states = (topics.device_state("+"), topics.gateway_state("+"), topics.hub_state("+"))
            read = (Right("read", pattern) for pattern in (*heard, *states, STATUS))
            return (*read, Right("write", STATUS))  # a Home Assistant says there that it is back
        case "health":
            return (Right("read", UPTIME),)


def allows(user: BrokerUser, site: str, verb: Verb, topic: str) -> bool:
    """Whether a user may publish to a topic, or be given a message of it. ``topic`` is one, and no filter."""
    levels = topic.split("/")
    return any(right.verb == verb and covers(right.pattern, levels) for right in rights(user, site))


def may_hear(user: BrokerUser, site: str, topic_filter: str) -> bool:
    """Whether a subscription could bring a user anything they may read; what it brings is asked about one by one.

    A shared subscription (``$share/GROUP/FILTER``) is the hub's alone: who shares one takes messages from others.
    """
    wanted = topic_filter.split("/")
    if wanted[0] == "$share":
        if user.role != "hub" or len(wanted) < 3:
            return False
        wanted = wanted[2:]
    return any(right.verb == "read" and _meet(right.pattern.split("/"), wanted) for right in rights(user, site))


def covers(pattern: str, levels: Sequence[str]) -> bool:
    """Whether a pattern covers a topic, given by its levels, as MQTT says: ``a/#`` covers ``a`` too."""
    wanted = pattern.split("/")
    if levels[0].startswith("$") and wanted[0] in {"+", "#"}:
        return False
    for at, level in enumerate(wanted):
        if level == "#":
            return True
        if at >= len(levels) or level not in {"+", levels[at]}:
            return False
    return len(wanted) == len(levels)


def acl_lines(users: Iterable[BrokerUser], site: str) -> str:
    """Return the access lists of these users for mosquitto (``acl_file``), each right a line of its own.

    BrokerError if a name would say more than a name.
    """
    parts = [
        "# Who may say and hear what, made by `sensor-hub mqtt acl`: a change by hand is lost.\n"
        "# mosquitto grants every subscription and asks these lists at each message.\n"
    ]
    for user in sorted(users, key=lambda user: user.name):
        if user.role in {"gateway", "reader"}:
            checked_name(user.name)
        elif not _LINE_SAFE.fullmatch(user.name):
            raise BrokerError(f"{user.name!r} cannot be a user in mosquitto's files: no spaces, no colon, no line end")
        lines = [f"topic {right.verb} {right.pattern}\n" for right in rights(user, site)]
        parts.append(f"\nuser {user.name}\n" + "".join(lines))
    return "".join(parts)


def _of_a_gateway(topics: Topics, gw: str) -> tuple[Right, ...]:
    base = topics.base
    return (
        Right("write", topics.gateway_state(gw)),
        Right("write", f"{base}/gw/{gw}/reply/+"),
        Right("read", f"{base}/gw/{gw}/cmd/+"),
        Right("read", topics.ack(gw)),
        # whose a sensor is, a broker cannot know: its state is anybody's to say who collects sensors
        Right("write", topics.device_state("+")),
    )


def _config(athlete: str) -> str:
    return CONFIGS if athlete == "+" else config_topic(athlete)


def _said_of(topics: Topics, athletes: Sequence[str]) -> tuple[Right, ...]:
    said = (
        topic
        for athlete in athletes
        for topic in (topics.live(athlete), *(topics.session(athlete, "+", leaf) for leaf in _OF_A_SESSION))
    )
    return tuple(Right("write", topic) for topic in said)


def _meet(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether some topic is covered by both of two filters."""
    for at in range(max(len(one), len(other))):
        a, b = one[at] if at < len(one) else None, other[at] if at < len(other) else None
        if at == 0 and {a, b} & {"+", "#"} and str(a if b in {"+", "#"} else b).startswith("$"):
            return False
        if "#" in {a, b}:
            return True
        if a is None or b is None or (a != b and "+" not in {a, b}):
            return False
    return True


__all__ = [
    "RESERVED", "UPTIME", "BrokerRole", "BrokerUser", "Right", "Verb", "acl_lines", "allows", "checked_name", "covers",
    "may_hear", "rights",
]  # fmt: skip
