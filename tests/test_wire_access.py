"""Who may say and hear what at the broker: the table, and the same table as mosquitto is told it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.errors import BrokerError
from sensor_hub.wire.access import RESERVED, BrokerUser, Verb, acl_lines, allows, checked_name, may_hear, rights

SITE = "home"
BASE = f"sensorhub/v1/{SITE}"
HUB, EDGE, HEALTH = BrokerUser("hub", "hub"), BrokerUser("edge", "edge"), BrokerUser("health", "health")
BOUND = BrokerUser("edge-1", "gateway", ("aaaaaaaa",))
OPEN = BrokerUser("edge-2", "gateway", everybody=True)
NOBODYS = BrokerUser("edge-3", "gateway")
PAGE = BrokerUser("page", "reader", everybody=True)
HERS = BrokerUser("hers", "reader", ("aaaaaaaa",))
USERS = (HUB, EDGE, HEALTH, BOUND, OPEN, NOBODYS, PAGE, HERS)
IDS = ("aaaaaaaa", "bbbbbbbb", "edge-1", "edge-2", "01jd", "state")
LEAVES = ("live", "load", "steps", "raw", "event", "summary", "state", "reply", "cmd", "alert", "ack", "dlq", "f00d")

levels = st.sampled_from(["ath", "gw", "dev", "ack", "dlq", "s", "", "$SYS", *IDS, *LEAVES])
sites = st.sampled_from([BASE, BASE, BASE, "sensorhub/v1/away", "sensorhub/v2/home", "$SYS/broker"])
topics = st.one_of(
    st.builds(lambda base, rest: "/".join([base, *rest]), sites, st.lists(levels, max_size=5)),
    st.sampled_from([
        f"{BASE}/ath/{ath}/{leaf}" for ath in IDS
        for leaf in ("live", "load", "alert/f00d", "s/01jd/steps", "s/01jd/raw", "s/01jd/event", "s/01jd/summary")
    ] + [f"{BASE}/gw/{gw}/{leaf}" for gw in IDS for leaf in ("state", "reply/r1", "cmd/scan")]
    + [f"homeassistant/device/sensorhub_{ath}/config" for ath in IDS]
    + [f"{BASE}/ath/{ath}/status" for ath in IDS] + ["homeassistant/status", "homeassistant/device/lamp/config"]
    + [f"{BASE}/hub/cafe/state", "homeassistant/sensor/lamp/config", "homeassistant/device/a/b/config"]
    + [f"{BASE}/ack/{gw}" for gw in IDS] + ["$SYS/broker/uptime", f"{BASE}/dev/pod-1/state", BASE]),
)  # fmt: skip
pseudonyms = st.lists(st.sampled_from(IDS), max_size=3).map(tuple)
users = st.one_of(
    st.sampled_from(USERS),
    st.builds(BrokerUser, st.sampled_from(["gw-a", "edge-1"]), st.sampled_from(["gateway", "reader"]), pseudonyms),
)


def said_by_the_text(text: str, name: str, verb: str, topic: str) -> bool:
    """What mosquitto's manual makes of an access list, by another way than ours: each line is a regular expression."""
    user = None
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "user":
            user = rest
        elif word == "topic":
            kind, _, pattern = rest.partition(" ")
            if user != name or kind not in {verb, "readwrite"}:
                continue
            escaped = re.escape(pattern).replace(r"\+", "[^/]*").replace(re.escape("#"), "#")
            if escaped.endswith("/#"):
                escaped = escaped[:-2] + "(/.*)?"
            if pattern[0] in "+#" and topic.startswith("$"):
                continue
            if re.fullmatch(escaped, topic, re.DOTALL):
                return True
        else:
            assert word in {"", "#"}, f"mosquitto knows no line that begins with {word!r}"
    return False


@given(st.sets(users, min_size=1, max_size=4), st.sampled_from(["read", "write"]), topics)
def test_mosquitto_is_told_what_we_ask(people: set[BrokerUser], verb: Verb, topic: str) -> None:
    by_name = {user.name: user for user in people}  # a name is one user's
    text = acl_lines(by_name.values(), SITE)
    for user in by_name.values():
        assert said_by_the_text(text, user.name, verb, topic) == allows(user, SITE, verb, topic)


@given(users, topics)
def test_only_the_hub_hears_what_a_session_says_and_only_edges_say_it(user: BrokerUser, topic: str) -> None:
    if re.match(rf"{BASE}/ath/[^/]+/(live$|s/)", topic):
        assert allows(user, SITE, "read", topic) == (user.role == "hub")
        assert not (allows(user, SITE, "write", topic) and user.role in {"reader", "health"})


@given(users, topics)
def test_nobody_but_the_hub_writes_what_is_said_to_people(user: BrokerUser, topic: str) -> None:
    if re.fullmatch(
        rf"{BASE}/(ath/[^/]*/(load|status|alert/[^/]*)|hub/[^/]*/state|ack/.*|dlq/.*|gw/[^/]*/cmd/.*)", topic
    ):
        assert allows(user, SITE, "write", topic) == (user.role == "hub")


@given(users, topics)
def test_nobody_reaches_another_site(user: BrokerUser, topic: str) -> None:
    if not (topic + "/").startswith((f"{BASE}/", "homeassistant/")) and topic != "$SYS/broker/uptime":
        assert not allows(user, SITE, "read", topic)
        assert not allows(user, SITE, "write", topic)


# of Home Assistant's topics: who may read them, who may write them
OF_HOME_ASSISTANT = {
    "homeassistant/status": ("hub page hers", "page hers"),
    "homeassistant/device/sensorhub_aaaaaaaa/config": ("hub page hers", "hub"),
    "homeassistant/device/sensorhub_bbbbbbbb/config": ("hub page", "hub"),
    "homeassistant/device/lamp/config": ("hub page", "hub"),
    "homeassistant/sensor/lamp/config": ("", ""),
    "homeassistant/device/a/b/config": ("", ""),
    f"{BASE}/ath/aaaaaaaa/status": ("hub page hers", "hub"),
    f"{BASE}/ath/bbbbbbbb/status": ("hub page", "hub"),
    f"{BASE}/hub/cafe/state": ("hub page hers", "hub"),
}


@pytest.mark.parametrize("topic", OF_HOME_ASSISTANT)
def test_who_may_what_on_the_topics_of_home_assistant(topic: str) -> None:
    for verb, who in zip(("read", "write"), OF_HOME_ASSISTANT[topic], strict=True):
        assert {user.name for user in USERS if allows(user, SITE, verb, topic)} == set(who.split())  # type: ignore[arg-type]


def test_home_assistant_may_subscribe_to_what_it_looks_for() -> None:
    for wanted in (
        "homeassistant/+/+/config",
        "homeassistant/device/+/config",
        "homeassistant/status",
        "homeassistant/#",
    ):
        assert may_hear(HERS, SITE, wanted)
        assert not may_hear(BOUND, SITE, wanted)


@given(st.sampled_from(USERS), topics)
def test_a_subscription_to_a_topic_is_granted_where_it_may_be_read(user: BrokerUser, topic: str) -> None:
    assert may_hear(user, SITE, topic) == allows(user, SITE, "read", topic)


@given(st.sampled_from(USERS), topics, st.data())
def test_a_wider_subscription_is_granted_where_something_in_it_may_be_read(
    user: BrokerUser, topic: str, data: st.DataObject
) -> None:
    parts = topic.split("/")
    wide = [data.draw(st.sampled_from([part, "+"])) if at else part for at, part in enumerate(parts)]
    if data.draw(st.booleans()):
        wide[data.draw(st.integers(1, len(wide))) :] = ["#"]
    if allows(user, SITE, "read", topic):
        assert may_hear(user, SITE, "/".join(wide))


@pytest.mark.parametrize(
    ("user", "topic_filter", "granted"),
    [
        (HUB, f"$share/hub/{BASE}/ath/+/s/#", True),
        (HUB, "$share/hub/sensorhub/v1/away/ath/+/s/#", False),
        (HUB, "$share/hub", False),
        (BOUND, f"$share/hub/{BASE}/ack/edge-1", False),
        (PAGE, f"$share/hub/{BASE}/ath/+/load", False),
        (BOUND, "#", True),
        (BOUND, "$SYS/#", False),
        (HEALTH, "#", False),
        (HEALTH, "$SYS/broker/#", True),
        (BOUND, f"{BASE}/ath/#", False),
        (NOBODYS, f"{BASE}/ack/edge-3", True),
        (HERS, f"{BASE}/ath/bbbbbbbb/#", False),
        (HERS, f"{BASE}/ath/+/load", True),
    ],
)
def test_a_subscription_that_can_bring_nothing_is_refused(user: BrokerUser, topic_filter: str, granted: bool) -> None:
    assert may_hear(user, SITE, topic_filter) == granted


@pytest.mark.parametrize("name", ["", "a b", "a:b", "hub\ntopic write #", "hub\rx", "ä"])
def test_a_hubs_name_that_would_say_more_than_a_name_is_not_written(name: str) -> None:
    with pytest.raises(BrokerError):
        acl_lines([BrokerUser(name, "hub")], SITE)


def test_a_gateway_of_nobody_speaks_for_nobody() -> None:
    assert not [right for right in rights(NOBODYS, SITE) if "/ath/" in right.pattern]
    assert [right for right in rights(OPEN, SITE) if "/ath/+/" in right.pattern]


@pytest.mark.parametrize("name", ["", "Edge", "a b", "a/b", "+", "#", "%u", "ä", "a" * 65, "a\nuser b", *RESERVED])
def test_a_name_that_would_open_a_door_is_refused_before_it_is_written(name: str) -> None:
    with pytest.raises(BrokerError):
        checked_name(name)
    for user in (BrokerUser(name, "gateway", everybody=True), BrokerUser(name, "reader")):
        with pytest.raises(BrokerError):
            acl_lines([user], SITE)
