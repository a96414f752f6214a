"""A collector's clock does not follow the host's while sensors are heard."""

from datetime import UTC, datetime, timedelta

from sensor_hub.adapters.ble.inbox import Inbox
from sensor_hub.adapters.ble.pod import Pod
from sensor_hub.adapters.ble.steady_clock import RESTED_S, SteadyClock
from sensor_hub.adapters.ble.thread import CollectorThread
from tests.session.runs import RSC

START = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


class Host:
    """A computer whose wall clock may be set."""

    def __init__(self) -> None:
        self.passed_s, self.set_by_s = 100.0, 0.0

    def wall_utc(self) -> datetime:
        return START + timedelta(seconds=self.passed_s - 100.0 + self.set_by_s)

    def clock(self) -> SteadyClock:
        return SteadyClock(self.wall_utc, lambda: self.passed_s)


def test_a_host_that_learns_the_time_in_mid_run_moves_no_arrival() -> None:
    host = Host()
    clock = host.clock()
    host.passed_s += 60.0
    assert clock.stamp_utc() == START + timedelta(seconds=60)
    for set_by_s in (3 * 86400.0, -3600.0):
        host.set_by_s = set_by_s
        host.passed_s += 1.0
        assert clock.stamp_utc() == clock.now_utc() == host.wall_utc() - timedelta(seconds=set_by_s)


def test_after_a_long_rest_the_wall_clock_is_read_again() -> None:
    host = Host()
    clock = host.clock()
    host.set_by_s = 86400.0
    host.passed_s += RESTED_S + 1.0
    assert clock.now_utc() == host.wall_utc() - timedelta(days=1)
    assert clock.stamp_utc() == clock.now_utc() == host.wall_utc()


def test_a_clock_of_the_real_host_tells_the_time() -> None:
    clock = SteadyClock()
    assert abs(clock.stamp_utc() - datetime.now(UTC)) < timedelta(seconds=30)
    assert clock.now_utc() <= clock.now_utc()


def test_a_collector_dates_by_its_own_clock() -> None:
    host = Host()
    inbox = Inbox()
    thread = CollectorThread([Pod("rsc-1", "AA:BB:CC:DD:EE:01", RSC, None)], inbox, clock=host.clock())
    host.set_by_s = 86400.0
    assert thread.now_utc() == START
