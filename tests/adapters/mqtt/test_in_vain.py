"""What a broker refuses of one athlete waits in the outbox, and holds up nobody else's."""

import logging
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from sensor_hub.adapters.mqtt.access_files import write_access
from sensor_hub.adapters.mqtt.broker import EmbeddedBroker
from sensor_hub.adapters.mqtt.doorkeeper import Credential
from sensor_hub.adapters.mqtt.in_vain import InVain, about
from sensor_hub.adapters.mqtt.passwords import hash_password
from sensor_hub.adapters.mqtt.publisher import OutboxPublisher
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.wire import Topics
from sensor_hub.wire.access import BrokerUser
from tests import need
from tests.adapters.mqtt.test_backlog import OTHER, Hub
from tests.adapters.mqtt.test_chain import wait_for
from tests.adapters.storage.runs import HEADER, batches
from tests.servers_mqtt import free_port, wait_listening

TOPICS = Topics("home")
HUB_PASSWORD, PASSWORD = "h" * 20, "g" * 20
N_REFUSED = 200  # more than the window takes, joined or not
OF_ANA, OF_BEN = (TOPICS.session(who, "01jd", "steps") for who in ("ana", "ben"))


@contextmanager
def gateway(path: Path, broker: EmbeddedBroker) -> Iterator[tuple[Outbox, OutboxPublisher, Callable[..., None]]]:
    """An edge that may speak for whom it is told; both are by turns given and taken while it runs."""
    kept = hash_password(PASSWORD)
    with closing(Outbox(path, TOPICS)) as outbox:

        def may_speak_for(*athletes: str) -> None:
            broker.know([Credential(BrokerUser(outbox.gw, "gateway", athletes), kept)])

        url = f"mqtt://{outbox.gw}:{PASSWORD}@127.0.0.1:{broker.port}"
        publisher = OutboxPublisher(outbox, url, TOPICS, max_inflight=10, resend_after_s=0.3)
        try:
            yield outbox, publisher, may_speak_for
        finally:
            publisher.stop()


def test_a_backlog_that_is_refused_holds_up_no_other_athlete_and_goes_when_it_is_allowed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broker = EmbeddedBroker(port=0, users={"hub": HUB_PASSWORD}, site="home")
    broker.start()
    hub = Hub(f"mqtt://hub:{HUB_PASSWORD}@127.0.0.1:{broker.port}", tmp_path / "store.db")
    try:
        with (
            caplog.at_level(logging.WARNING, "sensor_hub.adapters.mqtt.publisher"),
            gateway(tmp_path / "outbox.db", broker) as (outbox, publisher, may_speak_for),
        ):
            may_speak_for(HEADER.athlete)
            for i, batch in enumerate(batches(N_REFUSED, OTHER)):
                outbox.append([batch], first_index=i, sid=OTHER.sid)
            publisher.start()
            wait_for(lambda: publisher.connected)
            for i, batch in enumerate(batches(20)):
                outbox.append([batch], first_index=i, sid=HEADER.sid)
            wait_for(lambda: outbox.depth() == N_REFUSED)
            assert hub.store.received(outbox.gw) == [(N_REFUSED + 1, N_REFUSED + 20)]
            told = [record.getMessage() for record in caplog.records if record.name.endswith("publisher")]
            assert len(told) == 1
            assert OTHER.athlete in told[0]
            assert f"mqtt athletes {outbox.gw}" in told[0]
            may_speak_for(HEADER.athlete, OTHER.athlete)
            assert publisher.wait_drained(60.0), "it stayed back though it is allowed"
            assert hub.store.received(outbox.gw) == [(1, N_REFUSED + 20)]
    finally:
        hub.close()
        broker.stop()


def in_vain(*, tries: int, of: str = OF_BEN, seqs: tuple[int, ...] = (1, 2)) -> InVain:
    made = InVain()
    made.note(seqs, of)
    for _ in range(tries):
        made.unanswered(seqs, 0.0, 5.0)
    return made


def test_who_was_sent_three_times_without_an_answer_steps_back_alone() -> None:
    assert not in_vain(tries=2).holds(3, OF_BEN)
    held = in_vain(tries=3)
    assert held.holds(3, OF_BEN)
    assert not held.holds(4, OF_ANA)


def test_it_is_tried_with_its_oldest_alone_after_a_pause_that_grows_to_half_a_minute() -> None:
    held = in_vain(tries=3)
    for seq in (3, 1, 2):
        held.wait(seq, OF_BEN)
    assert held.due(4.9) is None
    assert held.due(5.0) == 1
    assert not held.holds(1, OF_BEN)
    assert held.holds(2, OF_BEN)
    now_s, pauses_s = 5.0, []
    for _ in range(5):
        held.note((1,), OF_BEN)
        held.unanswered((1,), now_s, 5.0)
        held.wait(1, OF_BEN)
        begun_s = now_s
        while held.due(now_s) is None:
            now_s += 0.5
        pauses_s.append(now_s - begun_s)
    assert pauses_s == [10.0, 20.0, 30.0, 30.0, 30.0]


def test_one_answer_lets_everything_of_theirs_go() -> None:
    held = in_vain(tries=3)
    held.wait(1, OF_BEN)
    held.wait(9, OF_BEN)
    assert held.answered([77]) == set()
    assert held.answered([2]) == {1, 9}
    assert not held.holds(1, OF_BEN)
    held.note((5,), OF_BEN)
    assert held.unanswered([5], 0.0, 5.0) == set(), "it is counted from the beginning"


def test_a_new_connection_forgets_numbers_and_not_who_has_stepped_back() -> None:
    held = in_vain(tries=3)
    held.wait(1, OF_BEN)
    held.begin_anew()
    assert held.due(1000.0) is None
    assert held.holds(1, OF_BEN)


def test_a_topic_is_about_an_athlete_or_about_itself() -> None:
    assert about(OF_ANA) == "ana"
    assert about(TOPICS.live("ben")) == "ben"
    assert about("sensorhub/v1/home/dev/pod-1/state") == "sensorhub/v1/home/dev/pod-1/state"


def test_a_mosquitto_that_cuts_who_says_what_it_refuses_gets_the_others_messages_all_the_same(tmp_path: Path) -> None:
    """2.0 ends the connection at the second refused message, and with it what it would have taken."""
    kept, port, access = hash_password(PASSWORD), free_port(), tmp_path / "access"
    with closing(Outbox(tmp_path / "outbox.db", TOPICS)) as outbox:
        gateway_of_one = Credential(BrokerUser(outbox.gw, "gateway", (HEADER.athlete,)), kept)
        write_access(access, [gateway_of_one, Credential(BrokerUser("hub", "hub"), kept)], "home")
        config = tmp_path / "mosquitto.conf"
        config.write_text(
            f"user root\nlistener {port} 127.0.0.1\nallow_anonymous false\npassword_file {access}/passwords\n"
            f"acl_file {access}/acl\nlog_dest none\n",
            encoding="utf-8",
        )
        process = subprocess.Popen([need.command("mosquitto"), "-c", str(config)], stderr=subprocess.DEVNULL)
        wait_listening(port)
        hub = Hub(f"mqtt://hub:{PASSWORD}@127.0.0.1:{port}", tmp_path / "store.db")
        url = f"mqtt://{outbox.gw}:{PASSWORD}@127.0.0.1:{port}"
        publisher = OutboxPublisher(outbox, url, TOPICS, max_inflight=10, resend_after_s=0.3)
        try:
            for i, batch in enumerate(batches(N_REFUSED, OTHER)):
                outbox.append([batch], first_index=i, sid=OTHER.sid)
            for i, batch in enumerate(batches(20)):
                outbox.append([batch], first_index=i, sid=HEADER.sid)
            publisher.start()
            wait_for(lambda: outbox.depth() == N_REFUSED)
            assert hub.store.received(outbox.gw) == [(N_REFUSED + 1, N_REFUSED + 20)]
        finally:
            publisher.stop()
            hub.close()
            process.terminate()
            process.wait(10)
