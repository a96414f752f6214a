"""Faces: what a tile shows, as texts; nothing in them changes because time passes."""

from dataclasses import replace

import pytest

from sensor_hub.adapters.web.faces import HEARD_STEP_MS, face_of, rank_of
from sensor_hub.model.load import Headroom
from sensor_hub.model.ports import Tile
from tests.adapters.web.fifty import fifty
from tests.adapters.web.hub import finding, roster

NOW_MS = 1_800_000_000_000
PEOPLE = {tile.athlete.id: tile for tile in roster()}


def test_a_face_is_flat_and_always_has_the_same_keys() -> None:
    faces = [face_of(tile, NOW_MS) for tile in [*fifty(), *roster()]]
    assert len({frozenset(face) for face in faces}) == 1
    for face in faces:
        assert all(isinstance(value, str | int | float | list | None) for value in face.values())


def test_a_face_changes_when_something_was_heard_and_not_because_time_passes() -> None:
    tile = PEOPLE["mia"]
    first = face_of(replace(tile, age_s=0.4), NOW_MS)
    assert face_of(replace(tile, age_s=3.4), NOW_MS + 3000) == first
    heard = face_of(replace(tile, age_s=0.1), NOW_MS + 3000)
    assert heard["heard_ms"] == first["heard_ms"] + 3250  # type: ignore[operator]
    assert int(heard["heard_ms"]) % HEARD_STEP_MS == 0  # type: ignore[arg-type]
    assert face_of(replace(tile, age_s=None), NOW_MS)["heard_ms"] is None


def ranks(*tiles: Tile) -> list[int]:
    return [rank_of(tile) for tile in tiles]


def test_who_needs_attention_has_the_smaller_rank() -> None:
    mia, jon, new, ada, off = (PEOPLE[who] for who in ("mia", "jon", "new", "ada", "off"))
    against_a_stop = replace(ada, standing="stop")
    seen = replace(mia, quiet=True)
    in_order = ranks(against_a_stop, mia, seen, jon, new, ada, off)
    assert in_order == sorted(in_order)
    assert len(set(in_order)) == len(in_order)


def test_an_alert_is_news_until_it_is_marked_withdrawn_or_no_alert() -> None:
    mia = PEOPLE["mia"]
    loud = face_of(mia, NOW_MS)
    assert {part.partition(":")[2] for part in str(loud["alert_key"]).split()} == {"limit"}
    assert len(str(loud["alert_key"]).split()) == len(mia.findings)
    assert str(loud["spoken"]).startswith("Mia Lindqvist: This run's modelled push-off load")
    for quiet in (
        replace(mia, quiet=True),
        replace(mia, findings=tuple(replace(f, withdrawn=True) for f in mia.findings)),
        replace(mia, findings=(finding(severity="info", certainty="too-close"),)),
    ):
        face = face_of(quiet, NOW_MS)
        assert (face["alert_key"], face["spoken"]) == ("", "")
    assert face_of(replace(mia, quiet=True), NOW_MS)["alert"] == loud["alert"], "a mark hides nothing"


def test_a_level_that_rises_is_another_alert() -> None:
    mia = replace(PEOPLE["mia"], findings=(finding(),))
    risen = replace(mia, findings=(finding(level="over-100", value=23.0),))
    assert face_of(mia, NOW_MS)["alert_key"] != face_of(risen, NOW_MS)["alert_key"]
    longer = replace(mia, findings=(finding(value=12.9),))
    assert face_of(mia, NOW_MS)["alert_key"] == face_of(longer, NOW_MS)["alert_key"]


@pytest.mark.parametrize(
    ("left", "digits", "side"),
    [(0.516, "51.6", "left"), (0.484, "51.6", "right"), (0.5004, "50.0", "even"), (None, "", ""),
     (float("nan"), "", "")],
)  # fmt: skip
def test_the_balance_names_the_foot_that_is_longer_on_the_ground(left: float | None, digits: str, side: str) -> None:
    face = face_of(replace(PEOPLE["ada"], contact_balance_left=left), NOW_MS)
    assert (face["balance"], face["balance_side"]) == (digits, side)


@pytest.mark.parametrize(
    ("percent", "text", "low"),
    [(None, "", False), (21, "battery 21 %", False), (20, "battery low, 20 %", True), (0, "battery low, 0 %", True)],
)
def test_a_charge_is_said_and_a_low_one_in_words(percent: int | None, text: str, low: bool) -> None:
    face = face_of(replace(PEOPLE["ada"], battery_percent=percent), NOW_MS)
    assert (face["battery"], face["battery_low"]) == (text, low)


def test_what_is_unknown_is_a_dash_with_its_reason_and_never_a_mark() -> None:
    face = face_of(replace(PEOPLE["new"], contact_beside="longer"), NOW_MS)
    assert (face["contact"], face["contact_why"]) == ("–", "no contact time from this sensor")
    assert (face["contact_mark"], face["contact_says"]) == ("", "")
    assert face["load_class"] == "room room-unknown"
    assert "no earlier run" in str(face["load_note"])


def test_a_note_stands_only_where_digits_and_bar_do_not_say_it() -> None:
    plain = Headroom("load_eq_km", 10.0, 11.0, 6.0, 5.0, "normal")
    unsure = replace(plain, so_far=11.2, left=-0.2, probability=0.62)
    ada = PEOPLE["ada"]
    assert face_of(replace(ada, headroom=(plain,)), NOW_MS)["load_note"] == ""
    learning = face_of(replace(ada, headroom=(replace(plain, confidence="learning"),)), NOW_MS)
    assert "still learning" in str(learning["load_note"])
    note = str(face_of(replace(ada, headroom=(unsure,)), NOW_MS)["load_note"])
    assert note == "too close to call: 62\u00a0% that it is above"


def test_who_is_not_running_and_above_no_limit_folds() -> None:
    off, mia = PEOPLE["off"], PEOPLE["mia"]
    assert face_of(off, NOW_MS)["fold"] is True
    assert face_of(mia, NOW_MS)["fold"] is False
    over = face_of(replace(mia, tier=None), NOW_MS)  # the run is over, what it was stays in sight
    assert (over["running"], over["fold"]) == (False, False)


def test_of_who_does_not_show_their_load_nothing_of_it_is_in_a_face() -> None:
    hidden = replace(
        PEOPLE["mia"], state="unknown", cadence_spm=None, contact_time_s=None, totals=None, headroom=(), findings=(),
        shows_load=False,
    )  # fmt: skip
    face = face_of(hidden, NOW_MS)
    assert face["alert"] == "Load is not shown here, as they wish."
    assert (face["shows_load"], face["alert_key"], face["load_so_far"]) == (False, "", "–")
    assert (face["cadence"], face["cadence_why"], face["contact_why"]) == ("–", "", ""), "nothing is being waited for"
