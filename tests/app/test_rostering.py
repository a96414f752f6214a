"""Tonight's roster: what may be, what is asked, what holds when, and that the permanent binding is untouched."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.collecting import bound_pods
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.collecting.roster_file import end_of, wish_of, wishes_of_file
from sensor_hub.app.collecting.rostering import Rostering, default_until, effective_devices, names_at
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Device
from sensor_hub.model.ports import Roster
from sensor_hub.model.roster import RosterLine, Wish, effective
from sensor_hub.simulation.squad import RSC_PROFILE, SHANK_PROFILE

EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROFILES = all_profiles()


class Clock:
    def __init__(self) -> None:
        self.now_utc = EVENING

    def __call__(self) -> datetime:
        return self.now_utc


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as opened:
        for who in ("Ana", "Ben", "Cem"):
            opened.add_athlete(who, "UTC")
        for n in range(1, 5):
            opened.add_device(f"C0:00:00:00:00:0{n}", f"Pod {n}", RSC_PROFILE)
        for n, name in enumerate(("Red", "Blue")):
            opened.add_device(f"C1:00:00:00:00:0{n}", name, SHANK_PROFILE, mount="shank")
        opened.add_device("C2:00:00:00:00:00", "Cem's", RSC_PROFILE, athlete="Cem")
        yield opened


@pytest.fixture
def roster(registry: Registry, clock: Clock) -> Rostering:
    return Rostering(registry, PROFILES, "Europe/Berlin", now_utc=clock)


def worn(registry: Registry, at_utc: datetime) -> dict[str, str]:
    """Who wears what, by the names of people."""
    names = {a.id: a.display_name for a in registry.athletes()}
    held = effective_devices(registry, PROFILES, at_utc)
    return {d.name: names[d.athlete] for d in held if d.athlete is not None}


def test_it_is_what_pages_and_commands_ask_for(roster: Rostering) -> None:
    asked: Roster = roster
    assert asked.tonight().until_utc is None


def test_a_roster_holds_until_four_in_the_morning_and_then_the_binding_holds_again(
    registry: Registry, roster: Rostering
) -> None:
    before = registry.devices()
    view = roster.set([Wish("Pod 1", "Ana"), Wish("pod 2", "ben")])
    assert view.until_utc == datetime(2026, 11, 21, 3, 0, tzinfo=UTC), "04:00 in Berlin"
    bound = {"Cem's": "Cem"}
    assert worn(registry, EVENING) == bound | {"Pod 1": "Ana", "Pod 2": "Ben"}
    assert worn(registry, view.until_utc - timedelta(seconds=1)) == bound | {"Pod 1": "Ana", "Pod 2": "Ben"}
    assert worn(registry, view.until_utc) == bound
    assert worn(registry, EVENING - timedelta(seconds=1)) == bound
    assert registry.devices() == before


@given(st.integers(0, 365 * 24 * 60), st.sampled_from(["Europe/Berlin", "UTC", "Asia/Kolkata"]))
def test_an_evening_ends_at_four_and_lasts_two_hours_at_least(minute: int, zone: str) -> None:
    now_utc = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    until_utc = default_until(now_utc, zone)
    assert (until_utc.astimezone(ZoneInfo(zone)).hour, until_utc.astimezone(ZoneInfo(zone)).minute) == (4, 0)
    assert 2 * HOUR <= until_utc - now_utc <= 27 * HOUR


def test_the_side_is_the_pods_own_unless_it_is_said(registry: Registry, roster: Rostering) -> None:
    with pytest.raises(RegistryError, match="Red on the shank measures one leg: say which, as in 'Red=Ana:left'"):
        roster.set([Wish("Red", "Ana")])
    roster.set([Wish("Red", "Ana", "L"), Wish("Blue", "Ana", "R")])
    sides = {d.name: d.side for d in effective_devices(registry, PROFILES, EVENING)}
    assert (sides["Red"], sides["Blue"]) == ("L", "R")
    assert registry.device("Red").side == "U"


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        ([Wish("Pod 1", "Ana"), Wish("pod 1", "Ben")], "Pod 1 is named 2 times: one pod is one person's"),
        ([Wish("Red", "Ana", "L"), Wish("Blue", "Ana", "L")], "Ana cannot wear Red and Blue both on the left"),
        ([Wish("Pod 1", "Ana"), Wish("Pod 2", "Ana")], "Ana cannot wear Pod 1 and Pod 2 both without a side"),
        ([Wish("Pod 9", "Ana")], "no device 'Pod 9'"),
        ([Wish("Pod 1", "Anna")], "no athlete 'Anna': did you mean 'Ana'"),
        ([Wish("Red", "Ana", "L", "sacrum")], "sacrum, which has no side"),
        ([], "a roster of nobody"),
    ],
)
def test_what_cannot_work_is_refused_and_nothing_is_changed(
    registry: Registry, roster: Rostering, wishes: list[Wish], why: str
) -> None:
    with pytest.raises(RegistryError, match=why):
        roster.set(wishes, agreed=True)
    assert registry.rosters.lines() == []


def test_a_pod_of_somebody_for_good_is_lent_only_if_agreed(registry: Registry, roster: Rostering) -> None:
    with pytest.raises(RegistryError, match="Cem's is Cem's for good: tonight it would be Ana's"):
        roster.bind("Cem's", "Ana")
    assert [q.kind for q in roster.questions([Wish("Cem's", "Ana")])] == ["is-lent"]
    assert worn(registry, EVENING) == {"Cem's": "Cem"}
    roster.bind("Cem's", "Ana", agreed=True)
    assert worn(registry, EVENING) == {"Cem's": "Ana"}


def test_a_pod_that_is_somebodys_tonight_changes_hands_only_if_agreed(registry: Registry, roster: Rostering) -> None:
    roster.bind("Pod 1", "Ana")
    assert [(q.kind, q.other) for q in roster.questions([Wish("Pod 1", "Ben")])] == [("is-taken", "Ana")]
    with pytest.raises(RegistryError, match="Pod 1 is Ana's tonight"):
        roster.bind("Pod 1", "Ben")
    roster.bind("Pod 1", "Ben", agreed=True)
    assert worn(registry, EVENING)["Pod 1"] == "Ben"
    assert roster.questions([Wish("Pod 1", "Ben")]) == []


def test_whoever_has_a_pod_of_the_roster_there_already_gets_no_second(roster: Rostering) -> None:
    roster.set([Wish("Red", "Ana", "L")])
    with pytest.raises(RegistryError, match=r"Ana wears Red on the left tonight already: clear that one first"):
        roster.set([Wish("Blue", "Ana", "L")], agreed=True)
    roster.set([Wish("Blue", "Ana", "R")])


def test_a_persons_own_pod_is_set_aside_for_one_of_the_box_if_agreed(registry: Registry, roster: Rostering) -> None:
    assert [(q.kind, q.instead) for q in roster.questions([Wish("Pod 1", "Cem")])] == [("has-another", "Cem's")]
    view = roster.set([Wish("Pod 1", "Cem")], agreed=True)
    assert worn(registry, EVENING) == {"Pod 1": "Cem"}, "every step would be seen twice"
    assert {p.device.name for p in view.pods if p.set_aside} == {"Cem's"}
    assert {p.device.name for p in roster.clear("Pod 1").pods if p.set_aside} == set()


def test_two_pods_change_people_and_sides_and_their_end_stays(
    registry: Registry, roster: Rostering, clock: Clock
) -> None:
    roster.set([Wish("Red", "Ana", "L"), Wish("Blue", "Ben", "R")], EVENING + 4 * HOUR)
    clock.now_utc = EVENING + HOUR
    view = roster.swap("Red", "Blue")
    held = {p.device.name: (p.athlete.display_name, p.device.side) for p in view.pods if p.line and p.athlete}
    assert held == {"Red": ("Ben", "R"), "Blue": ("Ana", "L")}
    assert view.until_utc == EVENING + 4 * HOUR
    past = [(p.device_name, p.athlete.display_name, p.line.from_utc, p.line.until_utc) for p in roster.past()]
    assert past == [
        ("Red", "Ana", EVENING, EVENING + HOUR),
        ("Blue", "Ben", EVENING, EVENING + HOUR),
        ("Red", "Ben", EVENING + HOUR, EVENING + 4 * HOUR),
        ("Blue", "Ana", EVENING + HOUR, EVENING + 4 * HOUR),
    ]


def test_a_pod_of_the_box_stands_in_for_one_that_broke(registry: Registry, roster: Rostering, clock: Clock) -> None:
    roster.bind("Pod 1", "Ana")
    clock.now_utc += HOUR
    roster.swap("Pod 1", "Pod 2")
    assert worn(registry, clock.now_utc) == {"Pod 2": "Ana", "Cem's": "Cem"}


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Pod 3", "Pod 4", "neither Pod 3 nor Pod 4 is on tonight's roster"),
        ("Pod 1", "Pod 1", "cannot change with itself"),
        ("Pod 1", "Red", "not of one kind"),
    ],
)
def test_what_cannot_be_swapped_is_refused(roster: Rostering, one: str, other: str, why: str) -> None:
    roster.bind("Pod 1", "Ana")
    with pytest.raises(RegistryError, match=why):
        roster.swap(one, other)


def test_clearing_ends_one_or_all_and_what_is_not_there_is_refused(registry: Registry, roster: Rostering) -> None:
    roster.set([Wish("Pod 1", "Ana"), Wish("Pod 2", "Ben")])
    roster.clear("Pod 1")
    assert worn(registry, EVENING) == {"Pod 2": "Ben", "Cem's": "Cem"}
    with pytest.raises(RegistryError, match="Pod 1 is not on tonight's roster"):
        roster.clear("Pod 1")
    assert roster.clear().until_utc is None


def test_last_weeks_roster_is_copied_as_it_was_at_its_last(registry: Registry, roster: Rostering, clock: Clock) -> None:
    roster.set([Wish("Red", "Ana", "L"), Wish("Pod 1", "Ben")])
    clock.now_utc += HOUR
    roster.swap("Red", "Blue")
    clock.now_utc += HOUR
    roster.clear()
    clock.now_utc += timedelta(days=7)
    with pytest.raises(RegistryError, match="no roster began on 2026-11-19"):
        roster.copy(date(2026, 11, 19))
    roster.copy(date(2026, 11, 20))
    assert worn(registry, clock.now_utc) == {"Blue": "Ana", "Pod 1": "Ben", "Cem's": "Cem"}
    registry.remove_device("Blue")
    registry.remove_device("Red")
    assert [w.athlete for w in roster.wishes_of(date(2026, 11, 20))] == [registry.athlete("Ben").id]


def test_an_end_that_cannot_be_is_refused(roster: Rostering) -> None:
    with pytest.raises(RegistryError, match="would end before it begins"):
        roster.bind("Pod 1", "Ana", None, EVENING)
    with pytest.raises(RegistryError, match="7 days at most"):
        roster.bind("Pod 1", "Ana", None, EVENING + timedelta(days=8))


def test_who_is_collected_is_who_is_on_the_roster_at_that_moment(registry: Registry, roster: Rostering) -> None:
    roster.bind("Red", "Ana", "L")
    pods, left_out = bound_pods(registry, PROFILES, now_utc=EVENING)
    (red,) = [p for p in pods if p.device.name == "Red"]
    assert (red.athlete.display_name, red.bound().side, red.bound().mount) == ("Ana", "L", "shank")
    assert "roster set" in left_out[0]
    ana = registry.athlete("Ana").id
    assert [p.device.name for p in bound_pods(registry, PROFILES, ana, now_utc=EVENING)[0]] == ["Red"]
    assert bound_pods(registry, PROFILES, ana, now_utc=EVENING + 12 * HOUR)[0] == []


def test_a_pod_of_the_roster_is_called_with_whose_it_was_then(registry: Registry, roster: Rostering) -> None:
    roster.bind("Pod 1", "Ana")
    one, own = registry.device("Pod 1").id, registry.device("Cem's").id
    assert names_at(registry, EVENING)[one] == "Pod 1 (Ana)"
    assert names_at(registry, EVENING)[own] == "Cem's"
    assert names_at(registry, EVENING - HOUR)[one] == "Pod 1"


# --- at any moment ---------------------------------------------------------------------------------------------------

DEVICES = [Device(f"d{n}", f"{n}", f"Pod {n}", "rsc", "ana" if n == 0 else None) for n in range(3)]
LINES = st.lists(
    st.builds(
        lambda number, device, athlete, begin, hours: RosterLine(
            number, device, athlete, "U", None, EVENING + begin * HOUR, EVENING + (begin + hours) * HOUR
        ),
        st.integers(1, 99),
        st.sampled_from(["d0", "d1", "d2"]),
        st.sampled_from(["ana", "ben", "cem"]),
        st.integers(0, 5),
        st.integers(1, 5),
    ),
    unique_by=lambda line: line.number,
    max_size=6,
)


@given(LINES, st.integers(0, 12))
def test_of_the_lines_that_hold_the_newest_decides_and_without_one_the_binding_does(
    lines: list[RosterLine], hour: int
) -> None:
    now_utc = EVENING + hour * HOUR
    for (device, line, set_aside), before in zip(effective(DEVICES, lines, now_utc, {}), DEVICES, strict=True):
        holding = [x for x in lines if x.device == before.id and x.from_utc <= now_utc < x.until_utc]
        assert device.athlete == (max(holding, key=lambda x: x.number).athlete if holding else before.athlete)
        assert (line is None) == (not holding)
        assert not (set_aside and line is not None)


# --- as it is written down -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Pod 3=Ana", Wish("Pod 3", "Ana")),
        (" Pod 3 = Ana Maria :left", Wish("Pod 3", "Ana Maria", "L")),
        ("Red=Ben:R:shank", Wish("Red", "Ben", "R", "shank")),
        ("Belt=Ben:sacrum", Wish("Belt", "Ben", None, "sacrum")),
    ],
)
def test_a_wish_is_a_pod_and_a_person_and_where_it_sits(text: str, wish: Wish) -> None:
    assert wish_of(text) == wish


@pytest.mark.parametrize("text", ["Pod 3", "=Ana", "Pod 3=", "Pod 3=:left", "Pod 3=Ana:port"])
def test_what_is_no_wish_is_refused_with_how_it_is_written(text: str) -> None:
    with pytest.raises(RegistryError, match=r"(write POD=ATHLETE|neither left nor right)"):
        wish_of(text)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_a_roster(tmp_path: Path, mark: str) -> None:
    file = tmp_path / "tonight.csv"
    rows = [("Pod", "Athlete", "Side"), ("Pod 3", "Ana", "left"), ("", "", ""), ("Pod 4", "Ben", "")]
    file.write_text("\ufeff" + "\n".join(mark.join(row) for row in rows), encoding="utf-8")
    assert wishes_of_file(file) == [Wish("Pod 3", "Ana", "L"), Wish("Pod 4", "Ben")]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is empty"),
        ("pod;who\n1;2", "line 1: there is no column athlete"),
        ("pod,athlete\n", "names no pod"),
        ("pod,athlete,side\nPod 1,Ana,left\nPod 2,Ben,port", "line 3: side 'port' is neither left nor right"),
        ("pod,athlete\nPod 1,", "line 2: a pod and an athlete are needed"),
        ("pod,athlete,mount\nPod 1,Ana,head", "line 2: mount 'head' is none of"),
    ],
)
def test_a_table_that_is_no_roster_is_refused_with_its_line(tmp_path: Path, content: str, why: str) -> None:
    file = tmp_path / "tonight.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(RegistryError, match=why):
        wishes_of_file(file)


@pytest.mark.parametrize("content", ["{long},athlete\nPod 1,Ana\n", "pod,athlete\n{long},Ana\n"])
def test_a_table_with_a_cell_that_never_ends_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "odd.csv").write_text(content.format(long="x" * 200_000))
    with pytest.raises(RegistryError, match="cannot be read as a table: field larger than"):
        wishes_of_file(tmp_path / "odd.csv")


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="cannot be read"):
        wishes_of_file(tmp_path / "none.csv")
    (tmp_path / "odd.csv").write_bytes(b"pod,athlete\n\xff\xfe")
    with pytest.raises(RegistryError, match="not UTF-8"):
        wishes_of_file(tmp_path / "odd.csv")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("22:00", datetime(2026, 11, 20, 21, 0, tzinfo=UTC)),
        ("18:00", datetime(2026, 11, 21, 17, 0, tzinfo=UTC)),
        ("22:00Z", datetime(2026, 11, 20, 22, 0, tzinfo=UTC)),
        ("17:00Z", datetime(2026, 11, 21, 17, 0, tzinfo=UTC)),
        ("2026-11-21T01:30", datetime(2026, 11, 21, 0, 30, tzinfo=UTC)),
        ("2026-11-21T01:30Z", datetime(2026, 11, 21, 1, 30, tzinfo=UTC)),
    ],
)
def test_an_end_is_the_next_time_of_day_of_the_zone_or_a_date(text: str, end: datetime) -> None:
    assert end_of(text, EVENING, "Europe/Berlin") == end


def test_what_is_no_end_is_refused() -> None:
    with pytest.raises(RegistryError, match="no end of a roster: write 22:00"):
        end_of("late", EVENING, "UTC")
