"""Messages to phones, from a finding or a diary to what leaves: once, at a decent hour, to whom may know, or never."""

import time as time_module
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import pytest

from sensor_hub.adapters.notify import Sender
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.guiding.guide import Guiding
from sensor_hub.app.history.keeping import HistoryKeeping
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.notifying import notifying
from sensor_hub.app.notifying.addressing import AT_ONCE, HubAddressees
from sensor_hub.app.notifying.notifying import Notifying
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.config import load_settings
from sensor_hub.errors import NotifyError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import Consent, SaySymptoms
from sensor_hub.model.session import SessionSummary
from tests.adapters.notify.receiving import receiving
from tests.app.histories import NOW_UTC, ended, envelopes, header, history

SECRET = "s3cret-word"  # noqa: S105 (of nobody)
URL = f"json://{SECRET}@host.example/hook"


@dataclass
class Post:
    """A service that is only a list; ``refuses`` says how often it says no."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    refuses: int = 0

    def check(self, _url: str) -> str:
        return "JSON"

    def send(self, url: str, _title: str, body: str) -> None:
        if self.refuses:
            self.refuses -= 1
            raise NotifyError("JSON answered 503 and did not take it")
        self.sent.append((url, body))


@dataclass
class Rig:
    """A hub's memory with a clock that a test sets, and who is told by it."""

    archive: Archive
    ana: Athlete
    now_utc: datetime = NOW_UTC
    post: Post = field(default_factory=Post)

    def __post_init__(self) -> None:
        store, registry = self.archive.store, self.archive.registry
        self.ingest = Ingest(store, registry, clock=self.clock)
        keeping = HistoryKeeping(store, registry, self.ingest, clock=self.clock)
        self.guide = Guiding(store, registry, self.ingest, keeping, clock=self.clock)
        self.addressees = HubAddressees(registry, self.post, clock=self.clock)
        self.hub = self.another()
        self.gateways = 0

    def clock(self) -> datetime:
        return self.now_utc

    def another(self, **more: Any) -> Notifying:
        """A hub on the same registry."""
        more = {"page_url": "https://hub.example", **more}
        return Notifying(self.registry, self.archive.store, self.guide, self.post, clock=self.clock, **more)

    @property
    def registry(self) -> Registry:
        return self.archive.registry

    @property
    def bodies(self) -> list[str]:
        return [body for _url, body in self.post.sent]

    def take(self, run: SessionSummary) -> None:
        self.gateways += 1
        self.ingest.take(envelopes([run], gw=f"gw-{self.gateways}"))

    def runs_far(self, sid: str = "far", **more: Any) -> None:
        """A run of today that is well above the limit."""
        self.take(ended(header(self.ana, sid, **more), self.now_utc - timedelta(hours=1), 9.0))

    def tell_ana(self, **more: Any) -> str:
        return self.addressees.add(URL, "phone", "UTC", athlete=self.ana.id, **more).addressee.id

    def tell_hubs_coach(self, **more: Any) -> str:
        return self.addressees.add(URL, "coach", "UTC", **more).addressee.id

    def says(self, *said: Any) -> None:
        self.guide.say(self.ana.id, said, by="page")

    def sign(self) -> None:
        self.says(SaySymptoms(self.now_utc - timedelta(minutes=5), ("pop",), side="L"))

    def later(self, **span: float) -> int:
        """Let time pass, and have the hub look; return how many messages went."""
        self.now_utc += timedelta(**span)
        return self.hub.look()

    def why(self, addressee: str) -> list[str | None]:
        return [m.problem for m in self.registry.notifications.of(addressee)]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with open_archive(load_settings(data_dir=tmp_path)) as archive:
        ana = archive.registry.add_athlete("Ana", "UTC")
        archive.store.commit(envelopes(history(ana), "season"))
        yield Rig(archive, ana)


# --- findings --------------------------------------------------------------------------------------------------------


def test_the_first_crossing_of_a_limit_is_told_once(rig: Rig) -> None:
    rig.tell_ana()
    rig.runs_far()
    assert rig.hub.look() == 1
    link = f"https://hub.example/athlete/{rig.ana.id}"
    assert rig.post.sent == [(URL, f"After today's run your page has something to look at.\n\n{link}")]
    rig.take(ended(header(rig.ana, "far"), rig.now_utc - timedelta(hours=1), 20.0))  # the level rises: the page says so
    assert rig.later(hours=1) == 0
    assert rig.hub.look() == 0


def test_another_run_is_another_message(rig: Rig) -> None:
    rig.tell_ana()
    rig.runs_far()
    rig.hub.look()
    rig.now_utc += timedelta(days=1)
    rig.take(ended(header(rig.ana, "farther"), rig.now_utc - timedelta(hours=2), 15.0))
    assert rig.hub.look() >= 1
    told = [m.about for m in rig.registry.notifications.of(rig.addressees.of_athlete(rig.ana.id)[0].addressee.id)]
    assert len(told) == len(set(told)) >= 2


def test_with_numbers_it_says_which(rig: Rig) -> None:
    rig.tell_ana(numbers=True)
    rig.runs_far()
    rig.hub.look()
    (body,) = rig.bodies
    assert "80 % above your longest run" in body
    assert "seek medical care" in body


def test_nobody_who_was_added_later_is_told_of_what_was_before(rig: Rig) -> None:
    rig.runs_far()
    rig.tell_ana()
    assert rig.hub.look() == 0


def test_what_is_simulated_tells_nobody(rig: Rig) -> None:
    sim = rig.registry.add_athlete("Sim", "UTC", simulated=True)
    rig.tell_hubs_coach()
    rig.registry.addressees.add(URL, "sim", "UTC", now_utc=NOW_UTC, athlete=sim.id)
    rig.archive.store.commit(
        envelopes([ended(header(sim, f"s{d}", origin="simulated"), NOW_UTC - timedelta(days=d), 5.0) for d in (21, 7)])
    )
    rig.take(ended(header(sim, "far", origin="simulated"), NOW_UTC - timedelta(hours=1), 15.0))
    assert [f for f in rig.archive.store.findings(sim.id) if f.severity == "alert"]
    assert rig.registry.notifications.n_open() == 0
    assert rig.hub.look() == 0


@pytest.mark.parametrize(("hours_ago", "n"), [(20, 1), (47, 1), (49, 0), (24 * 6, 0)])
def test_an_imported_run_is_told_if_it_ended_less_than_two_days_ago(rig: Rig, hours_ago: int, n: int) -> None:
    rig.tell_ana()
    run = ended(header(rig.ana, "watch", origin="import"), NOW_UTC - timedelta(hours=hours_ago), 9.0)
    rig.take(run)
    assert rig.hub.look() == n


def test_a_replay_is_told_nobody(rig: Rig) -> None:
    rig.tell_ana()
    rig.runs_far(origin="replay")
    assert rig.hub.look() == 0


def test_a_finding_that_is_written_down_and_not_stored_yet_waits_for_it(rig: Rig) -> None:
    """As after a kill in between: the next judgement stores it, and then it goes."""
    one = rig.tell_ana()
    save = rig.archive.store.save_finding
    rig.archive.store.save_finding = lambda _finding: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        rig.runs_far()
    rig.archive.store.save_finding = save  # type: ignore[method-assign]
    assert rig.hub.look() == 0
    assert rig.registry.notifications.n_open() == 1
    rig.ingest.judge(rig.ana, NOW_UTC.date())
    assert rig.later(seconds=10) == 1
    assert rig.why(one) == [None]


def test_a_finding_that_never_comes_is_dropped(rig: Rig) -> None:
    one = rig.tell_ana()
    rig.runs_far()
    findings = rig.archive.store.findings
    rig.archive.store.findings = lambda _athlete=None: []  # type: ignore[method-assign,assignment]
    assert rig.hub.look() == 0
    assert rig.later(hours=2) == 0
    assert rig.why(one) == []
    rig.archive.store.findings = findings  # type: ignore[method-assign]
    assert rig.later(seconds=10) == 0


def test_a_finding_that_is_stored_long_after_it_was_written_down_is_told(rig: Rig) -> None:
    """As after a kill in between, by a hub that was off for hours and looks before it judges."""
    rig.tell_ana()
    save = rig.archive.store.save_finding
    rig.archive.store.save_finding = lambda _finding: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        rig.runs_far()
    rig.archive.store.save_finding = save  # type: ignore[method-assign]
    assert rig.later(hours=2) == 0
    rig.ingest.judge(rig.ana, NOW_UTC.date())
    assert rig.hub.look() == 1


# --- quiet hours -----------------------------------------------------------------------------------------------------


def test_in_quiet_hours_it_waits_for_their_end(rig: Rig) -> None:
    rig.now_utc = NOW_UTC.replace(hour=23)
    rig.tell_ana()
    rig.runs_far()
    assert rig.hub.look() == 0
    assert rig.later(hours=7, minutes=59) == 0
    assert rig.later(minutes=1) == 1
    assert rig.bodies[0].startswith("Your page has")  # the run was yesterday's by then


@pytest.mark.parametrize("how", ["withdrawn", "marked"])
def test_what_is_no_longer_true_by_then_is_dropped_and_it_is_kept_why(rig: Rig, how: str) -> None:
    rig.now_utc = NOW_UTC.replace(hour=23)
    one = rig.tell_ana()
    rig.runs_far()
    for finding in [f for f in rig.archive.store.findings(rig.ana.id) if f.severity == "alert"]:
        if how == "marked":
            rig.registry.marks.put(finding, by="runner", at_utc=rig.now_utc)
    if how == "withdrawn":
        rig.take(ended(header(rig.ana, "far"), rig.now_utc - timedelta(hours=1), 4.0))
    assert rig.later(hours=9) == 0
    assert rig.why(one) == [how]


def test_what_a_coach_has_seen_still_reaches_the_runner(rig: Rig) -> None:
    rig.now_utc = NOW_UTC.replace(hour=23)
    rig.tell_ana()
    rig.runs_far()
    for finding in rig.archive.store.findings(rig.ana.id):
        rig.registry.marks.put(finding, by="coach", at_utc=rig.now_utc)
    assert rig.later(hours=9) == 1


def test_a_snooze_that_is_over_by_then_does_not_keep_it(rig: Rig) -> None:
    rig.now_utc = NOW_UTC.replace(hour=23)
    rig.tell_ana()
    rig.runs_far()
    for finding in rig.archive.store.findings(rig.ana.id):
        until_utc = rig.now_utc + timedelta(hours=1)
        rig.registry.marks.put(finding, by="runner", at_utc=rig.now_utc, until_utc=until_utc)
    assert rig.later(hours=9) == 1


def test_a_hub_that_comes_back_in_the_night_waits_as_well(rig: Rig) -> None:
    rig.now_utc = NOW_UTC.replace(hour=20)
    rig.tell_ana()
    rig.runs_far()
    assert rig.later(hours=4) == 0
    assert rig.later(hours=7) == 1


# --- signs in a diary ------------------------------------------------------------------------------------------------


def test_a_sign_in_the_diary_is_told_at_once_also_at_night(rig: Rig) -> None:
    rig.now_utc = NOW_UTC.replace(hour=23)
    rig.tell_ana()
    rig.sign()
    assert rig.hub.look() == 1
    assert rig.bodies[0].startswith("Open your page now: it has a message that should not wait.")
    assert "pop" not in rig.bodies[0]
    rig.sign()
    assert rig.later(minutes=1) == 0, "the same sign of the same day is told once"


def test_a_sign_of_the_other_leg_is_told_on_another_day_too(rig: Rig) -> None:
    rig.tell_ana()
    rig.sign()
    assert rig.hub.look() == 1
    rig.now_utc += timedelta(days=1)
    rig.says(SaySymptoms(rig.now_utc - timedelta(minutes=5), ("pop",), side="R"))
    assert rig.hub.look() == 1


def test_a_sign_that_was_taken_back_before_it_went_is_not_told(rig: Rig) -> None:
    one = rig.tell_ana()
    rig.post.refuses = 1
    rig.sign()
    assert rig.hub.look() == 0
    rig.guide.take_back(rig.ana.id, by="page")
    assert rig.later(minutes=10) == 0
    assert rig.why(one) == []
    rig.sign()
    assert rig.hub.look() == 1, "it is said again on the same day, and nobody was told yet"


def test_an_old_sign_is_not_told_to_an_address_that_is_new(rig: Rig) -> None:
    rig.sign()
    rig.hub.look()
    rig.now_utc += timedelta(days=3)
    rig.tell_ana()
    assert rig.another().look() == 0


def test_a_sign_written_by_another_process_is_told_after_a_kill_too(rig: Rig) -> None:
    rig.tell_ana()
    rig.sign()
    assert rig.another().look() == 1  # a hub that starts now
    assert rig.another().look() == 0


# --- coaches ---------------------------------------------------------------------------------------------------------


def test_a_coach_is_told_with_consent_and_by_name_only_with_numbers(rig: Rig) -> None:
    rig.tell_hubs_coach()
    rig.addressees.add(URL, "loud", "UTC", numbers=True)
    rig.runs_far()
    assert rig.hub.look() == 2
    quiet, loud = sorted(rig.bodies, key=lambda body: "Ana" in body)
    assert "Ana" not in quiet
    assert quiet.startswith("A runner of yours has something to look at")
    assert loud.startswith("Ana: ")


def test_a_consent_that_was_withdrawn_before_it_went_keeps_it(rig: Rig) -> None:
    one = rig.tell_hubs_coach()
    rig.runs_far()
    rig.says(Consent("load", granted=False))
    assert rig.hub.look() == 0
    assert rig.why(one) == ["no-consent"]


def test_a_sign_is_told_a_coach_only_with_consent_to_pain(rig: Rig) -> None:
    one = rig.tell_hubs_coach()
    rig.sign()
    assert rig.hub.look() == 0
    assert rig.why(one) == ["no-consent"]
    rig.says(Consent("pain", granted=True))
    rig.now_utc += timedelta(days=1)
    rig.sign()
    assert rig.hub.look() == 1


def test_a_coach_is_told_of_those_they_coach(rig: Rig) -> None:
    accounts = rig.registry.accounts
    ben = rig.registry.add_athlete("Ben", "UTC")
    accounts.add("boss", "admin", (), "hash", NOW_UTC)
    of_ana, of_ben = (
        accounts.add(name, "coach", [who.id], "hash", NOW_UTC) for name, who in (("a", rig.ana), ("b", ben))
    )
    for account in (of_ana, of_ben):
        rig.addressees.add(f"json://{account.name}.example/x", "phone", "UTC", account=account.id)
    rig.tell_hubs_coach()  # of nobody who signs in
    rig.runs_far()
    assert rig.hub.look() == 1
    assert [url for url, _body in rig.post.sent] == ["json://a.example/x"]


def test_a_coach_is_told_of_each_of_two_runners_with_the_same_sign_on_the_same_day(rig: Rig) -> None:
    ben = rig.registry.add_athlete("Ben", "UTC")
    one = rig.tell_hubs_coach(numbers=True)
    for who in (rig.ana, ben):
        rig.guide.say(who.id, [Consent("pain", granted=True)], by="page")
        said = SaySymptoms(rig.now_utc - timedelta(minutes=5), ("pop",), side="L")
        rig.guide.say(who.id, [said], by="page")
    assert rig.hub.look() == 2
    assert sorted(body.partition(":")[0] for body in rig.bodies) == ["Ana", "Ben"]
    assert rig.why(one) == [None, None]
    assert rig.hub.look() == 0


# --- refused, killed, several ----------------------------------------------------------------------------------------


def test_what_is_refused_goes_later_and_says_why_meanwhile(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    one = rig.tell_ana()
    rig.post.refuses = 2
    rig.runs_far()
    assert rig.hub.look() == 0
    view = rig.addressees.find(one)
    assert view is not None
    assert (view.problem, view.n_waiting, view.addressee.url) == ("JSON answered 503 and did not take it", 1, "")
    assert rig.later(seconds=29) == 0
    assert rig.later(seconds=2) == 0  # the second no
    assert rig.later(seconds=61) == 1
    after = rig.addressees.find(one)
    assert after is not None
    assert (after.problem, after.n_waiting, after.last_sent_utc) == (None, 0, rig.now_utc)
    assert SECRET not in caplog.text
    assert "503" in caplog.text


def test_what_is_refused_for_a_day_is_given_up_and_that_is_said(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    one = rig.tell_ana(quiet_from=time(0), quiet_until=time(0))
    rig.post.refuses = 10_000
    rig.runs_far()
    for _ in range(60):
        rig.later(minutes=31)
    assert rig.why(one) == ["given up after a day: JSON answered 503 and did not take it"]
    assert "given up after a day" in caplog.text
    assert SECRET not in caplog.text
    rig.post.refuses = 0
    assert rig.later(hours=1) == 0


def test_a_hub_that_was_off_for_days_tells_nothing_stale(rig: Rig) -> None:
    one = rig.tell_ana()
    rig.runs_far()
    assert rig.later(days=3) == 0
    assert rig.why(one) == ["given up after a day: no hub was running that could send it"]


def test_one_message_that_cannot_be_made_keeps_no_other_back(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rig.tell_ana()
    rig.runs_far()
    rig.now_utc += timedelta(minutes=1)
    rig.sign()
    monkeypatch.setattr(notifying, "finding_message", lambda *_a, **_more: 1 / 0)
    assert rig.hub.look() == 1
    assert rig.bodies[0].startswith("Open your page now")
    assert "tried again in an hour" in caplog.text
    monkeypatch.undo()
    assert rig.later(minutes=59) == 0
    assert rig.later(minutes=2) == 1


def test_one_diary_that_cannot_be_read_keeps_nobody_elses_sign_back(rig: Rig) -> None:
    ben = rig.registry.add_athlete("Ben", "UTC")
    rig.addressees.add(URL, "ben", "UTC", athlete=ben.id)
    rig.tell_ana()
    rig.guide.say(ben.id, [SaySymptoms(rig.now_utc - timedelta(minutes=5), ("pop",), side="L")], by="page")
    rig.sign()
    verdict = rig.guide.verdict
    rig.guide.verdict = lambda who, at: 1 / 0 if who.id == rig.ana.id else verdict(who, at)  # type: ignore[method-assign,assignment,return-value]
    with pytest.raises(ZeroDivisionError):
        rig.hub.look()
    assert len(rig.bodies) == 1
    rig.guide.verdict = verdict  # type: ignore[method-assign]
    assert rig.hub.look() == 1


def test_of_two_hubs_one_tells_it(rig: Rig) -> None:
    rig.tell_ana()
    rig.runs_far()
    assert [rig.another().look(), rig.another().look()] == [1, 0]
    assert len(rig.post.sent) == 1


def test_a_hub_whose_turn_it_is_not_sends_nothing(rig: Rig) -> None:
    rig.tell_ana()
    rig.runs_far()
    assert rig.another(is_ours=lambda: False).look() == 0
    assert rig.another().look() == 1


def test_whoever_is_erased_between_is_told_nothing(rig: Rig) -> None:
    rig.tell_ana()
    rig.tell_hubs_coach()
    rig.runs_far()
    rig.registry.erasing.begin([rig.ana.id])
    rig.registry.erasing.finish(rig.ana.id)
    assert rig.hub.look() == 0
    assert rig.post.sent == []


def test_a_test_is_one_and_not_too_often(rig: Rig) -> None:
    one = rig.tell_ana()
    rig.addressees.try_out(one)
    assert "test" in rig.bodies[0]
    with pytest.raises(NotifyError, match="a moment ago"):
        rig.addressees.try_out(one)
    with pytest.raises(NotifyError, match="not there"):
        rig.addressees.try_out("gone2345")


def test_only_a_few_addresses_are_looked_at_at_once(rig: Rig) -> None:
    looked, go_on = Semaphore(0), Event()

    class Slow(Post):
        def check(self, url: str) -> str:
            looked.release()
            go_on.wait(20.0)
            return super().check(url)

    addressees = HubAddressees(rig.registry, Slow(), clock=rig.clock, waits_s=0.0)

    def add(label: str) -> None:
        addressees.add(URL, label, "UTC", athlete=rig.ana.id)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        adds = [pool.submit(add, f"phone {n}") for n in range(AT_ONCE)]
        assert all(looked.acquire(timeout=20.0) for _ in adds)
        with pytest.raises(NotifyError, match="try again in a minute"):
            add("one more")
        go_on.set()
        assert [one.result(20.0) for one in adds] == [None] * AT_ONCE
    add("one more")
    assert len(addressees.of_athlete(rig.ana.id)) == AT_ONCE + 1


def test_in_a_thread_and_to_a_real_server_it_goes_once(rig: Rig) -> None:
    with receiving() as received:
        received.refusals = [503]
        sender = Sender(private=True)
        HubAddressees(rig.registry, sender).add(received.url, "phone", "UTC", athlete=rig.ana.id, quiet_until=time(22))
        rig.now_utc = datetime.now(UTC)
        rig.archive.store.commit(envelopes(history(rig.ana, rig.now_utc), "now"))
        rig.runs_far("today")
        hub = Notifying(rig.registry, rig.archive.store, rig.guide, sender, clock=rig.clock, look_s=0.05)
        hub.start()
        try:
            for _ in range(600):
                if received.messages:
                    break
                rig.now_utc += timedelta(seconds=1)
                time_module.sleep(0.05)
        finally:
            hub.stop()
        assert received.n_refused == 1
        assert [m["title"] for m in received.messages] == ["Your running page"]
