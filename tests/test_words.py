import gettext
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub import words
from sensor_hub.model.finding import LEVELS, Finding, Level
from sensor_hub.model.load import Headroom, Measure

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
ADVICE = " Many runners keep the next run easier."
CONFIDENCE = {
    "normal": "",
    "low": " Low confidence: the first 14 days of history.",
    "learning": " Still learning: fewer than 14 days of history with this sensor.",
}
# Value 12.4 against a reference of 10.2 and a limit of 11.2; the words decide by level and certainty, not by numbers.
ABOVE = (
    "This run's modelled push-off load (12.4 eq-km) is 22 % above your highest run of the last 30 days measured the "
    "same way (10.2 eq-km)."
)
DOUBLE = ABOVE.replace("22 % above", "more than twice")
CLOSE = "This run's modelled push-off load (12.4 eq-km) may be above the limit (11.2 eq-km): too close to call."
NEAR = "This run's modelled push-off load (12.4 eq-km) is close to the limit (11.2 eq-km): 0.0 eq-km left."
SEEN = (
    "This run's modelled push-off load (at least 12.4 eq-km) is below the limit (11.2 eq-km) as far as it was "
    "recorded; not judged."
)


def at_least(sentence: str) -> str:
    return sentence.replace("(12.4 eq-km)", "(at least 12.4 eq-km)")


TABLE: dict[tuple[Level, str, bool], str] = {
    ("near", "above", False): NEAR,
    ("near", "above", True): SEEN,
    ("near", "too-close", False): CLOSE,
    ("near", "too-close", True): at_least(CLOSE),
    ("near", "below", False): NEAR,
    ("near", "below", True): SEEN,
    ("limit", "above", False): ABOVE + ADVICE,
    ("limit", "above", True): at_least(ABOVE) + ADVICE,
    ("limit", "too-close", False): CLOSE,
    ("limit", "too-close", True): at_least(CLOSE),
    ("limit", "below", False): NEAR,
    ("limit", "below", True): SEEN,
    ("over-30", "above", False): ABOVE + ADVICE,
    ("over-30", "above", True): at_least(ABOVE) + ADVICE,
    ("over-30", "too-close", False): CLOSE,
    ("over-30", "too-close", True): at_least(CLOSE),
    ("over-30", "below", False): NEAR,
    ("over-30", "below", True): SEEN,
    ("over-100", "above", False): DOUBLE + ADVICE,
    ("over-100", "above", True): at_least(DOUBLE) + ADVICE,
    ("over-100", "too-close", False): CLOSE,
    ("over-100", "too-close", True): at_least(CLOSE),
    ("over-100", "below", False): NEAR,
    ("over-100", "below", True): SEEN,
}
OTHER_MEASURES: dict[Measure, list[tuple[str, str]]] = {
    "load_eq_km": [],
    "distance_m": [
        ("modelled push-off load", "distance"),
        ("your highest run of the last 30 days measured the same way", "your longest run of the last 30 days"),
        ("eq-km", "km"),
    ],
    "hard_load_bw_s": [
        ("modelled push-off load", "hard push-off load"),
        ("12.4 eq-km)", "1240 BW·s; modelled, ±40 %)"),
        ("10.2 eq-km", "1020 BW·s"),
        ("11.2 eq-km", "1122 BW·s"),
        ("0.0 eq-km", "0 BW·s"),
    ],
}
SCALE: dict[Measure, float] = {"load_eq_km": 1.0, "distance_m": 1000.0, "hard_load_bw_s": 100.0}
FINDING = Finding(
    athlete="mia", rule="session-limit", scope="session:s1", measure="load_eq_km", level="limit", severity="alert",
    certainty="above", probability=0.93, value=12.4, reference=10.2, limit=11.22, window_days=30, confidence="normal",
    lower_bound=False, first_utc=NOW, updated_utc=NOW, origin="live",
)  # fmt: skip
WEEK = replace(
    FINDING, rule="week-limit", scope="week:2026-11-16", measure="distance_m", value=52_000.0, reference=42_000.0,
    limit=46_200.0, window_days=28, severity="info",
)  # fmt: skip


def of_measure(measure: Measure) -> Finding:
    scale = SCALE[measure]
    return replace(FINDING, measure=measure, value=12.4 * scale, reference=10.2 * scale, limit=11.22 * scale)


@pytest.mark.parametrize("measure", get_args(Measure))
@pytest.mark.parametrize("confidence", CONFIDENCE)
def test_every_session_finding_has_its_sentence(measure: Measure, confidence: str) -> None:
    assert TABLE.keys() == set(product(LEVELS, ("above", "too-close", "below"), (False, True)))
    for (level, certainty, lower_bound), expected in TABLE.items():
        for old, new in OTHER_MEASURES[measure]:
            expected = expected.replace(old, new)
        claim, advice = expected.removesuffix(ADVICE), ADVICE if expected.endswith(ADVICE) else ""
        finding = replace(
            of_measure(measure),
            level=level,
            certainty=certainty,  # type: ignore[arg-type]
            lower_bound=lower_bound,
            confidence=confidence,  # type: ignore[arg-type]
        )
        assert words.finding_sentence(finding) == claim + CONFIDENCE[confidence] + advice
        assert words.finding_headline(finding) == claim + CONFIDENCE[confidence]
        as_info = replace(finding, severity="info")
        assert words.finding_sentence(as_info) == claim + CONFIDENCE[confidence], "information gives no advice"


def test_a_name_stands_in_front_and_turns_your_into_their() -> None:
    assert words.finding_sentence(FINDING, "Mia") == f"Mia: {ABOVE.replace('your', 'their')}{ADVICE}"
    assert words.finding_headline(FINDING, theirs=True) == ABOVE.replace("your", "their")
    longest = words.finding_sentence(of_measure("distance_m"), "Mia")
    assert "(12.4 km) is 22 % above their longest run of the last 30 days (10.2 km)" in longest


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {},
            "The distance of the week from 16 Nov (52.0 km) is 24 % above your highest of the last 4 full weeks "
            "(42.0 km).",
        ),
        (
            {"level": "over-100"},
            "The distance of the week from 16 Nov (52.0 km) is more than twice your highest of the last 4 full weeks "
            "(42.0 km).",
        ),
        (
            {"level": "near", "certainty": "below", "value": 43_100.0},
            "The distance of the week from 16 Nov (43.1 km) is close to the limit (46.2 km): 3.1 km left.",
        ),
        (
            {"certainty": "too-close", "measure": "load_eq_km", "value": 47.0, "reference": 42.0, "limit": 46.2},
            "The modelled push-off load of the week from 16 Nov (47.0 eq-km) may be above the limit (46.2 eq-km): "
            "too close to call.",
        ),
        (
            {"rule": "week-on-week", "window_days": 7, "lower_bound": True},
            "The distance of the week from 16 Nov (at least 52.0 km) is 24 % above the week before (42.0 km).",
        ),
        (
            {"measure": "hard_load_bw_s", "value": 520.0, "reference": 420.0, "limit": 462.0},
            "The hard push-off load of the week from 16 Nov (520 BW·s; modelled, ±40 %) is 24 % above your highest of "
            "the last 4 full weeks (420 BW·s).",
        ),
        (
            {"scope": "week:?"},
            "The distance of the week from ? (52.0 km) is 24 % above your highest of the last 4 full weeks (42.0 km).",
        ),
    ],
)
def test_every_week_finding_has_its_sentence(changes: dict[str, object], expected: str) -> None:
    finding = replace(WEEK, **changes)  # type: ignore[arg-type]
    assert words.finding_sentence(finding) == expected
    if finding.window_days == 28 and "your" in expected:
        assert words.finding_sentence(finding, "Mia") == f"Mia: {expected.replace('your', 'their')}"


def test_simulated_and_withdrawn_findings_say_so() -> None:
    assert words.finding_sentence(replace(FINDING, origin="simulated")) == f"Simulated. {ABOVE}{ADVICE}"
    withdrawn = words.finding_sentence(replace(FINDING, withdrawn=True), "Mia")
    assert withdrawn == f"Mia: Withdrawn, no longer true with all data. {ABOVE.replace('your', 'their')}"


def test_a_reference_of_zero_gives_no_percentage() -> None:
    finding = replace(FINDING, reference=0.0)
    assert words.finding_headline(finding) == (
        "This run's modelled push-off load (12.4 eq-km) is above the limit (11.2 eq-km)."
    )
    assert "%" not in words.finding_why(finding)[1]


def test_the_why_of_a_load_finding_names_rule_numbers_probability_and_extrapolation() -> None:
    assert words.finding_why(FINDING) == [
        "Rule: session limit = 1.10 × the highest single run of the previous 30 days, today excluded.",
        "Value 12.4 eq-km · reference 10.2 eq-km · limit 11.2 eq-km. 22 % above the reference.",
        "Certainty: above the limit; probability of being above the limit 93 %.",
        "Confidence: normal, more than 14 days of history.",
        "Evidence: our extrapolation from distance to modelled load.",
    ]


def test_a_load_too_uncertain_to_stand_out_says_why_it_is_too_close_although_probably_above() -> None:
    finding = replace(of_measure("hard_load_bw_s"), certainty="too-close", severity="info", probability=0.88)
    assert words.finding_why(finding)[2] == (
        "Certainty: too close to call; probability of being above the limit 88 %, but so uncertain a number comes out "
        "as high without any change too often."
    )
    assert "without any change" not in words.finding_why(replace(finding, probability=0.7))[2]


def test_the_why_of_a_distance_finding_names_the_one_cohort() -> None:
    finding = replace(
        of_measure("distance_m"),
        lower_bound=True,
        confidence="low",
        origin="simulated",
        withdrawn=True,
        severity="info",
    )
    assert words.finding_why(finding) == [
        "Rule: session limit = 1.10 × the highest single run of the previous 30 days, today excluded.",
        "Value at least 12.4 km · reference 10.2 km · limit 11.2 km. 22 % above the reference.",
        "Certainty: above the limit; a distance counts as exact.",
        "Less than 80 % of it was recorded, so the true value is at least the one shown.",
        "Low confidence: the first 14 days of history.",
        "Evidence: one cohort study of running distance (Frandsen 2025, n = 5,205).",
        "For information; it asks for nothing.",
        "The data are simulated; no person ran this.",
        "Withdrawn: with all data in, it is no longer true.",
    ]


def test_the_why_of_a_week_finding_says_that_a_trial_found_nothing() -> None:
    near = replace(WEEK, certainty="below", level="near", value=41_600.0)
    assert words.finding_why(near) == [
        "Rule: week limit = 1.10 × the highest of the last 4 full weeks.",
        "Value 41.6 km · reference 42.0 km · limit 46.2 km. 1 % below the reference.",
        "Certainty: below the limit; a distance counts as exact.",
        "Confidence: normal, more than 14 days of history.",
        "Evidence: traditional rule; a randomised trial found no effect (Buist 2008, n = 532).",
        "For information; it asks for nothing.",
    ]
    plain = words.finding_why(replace(WEEK, rule="week-on-week", window_days=7, certainty="too-close"))
    assert plain[0] == "Rule: week limit = 1.10 × the week before."
    assert plain[2] == "Certainty: too close to call; not all of the weeks it is compared with was recorded."


@given(
    level=st.sampled_from(LEVELS),
    certainty=st.sampled_from(["above", "too-close", "below"]),
    measure=st.sampled_from(get_args(Measure)),
    value=st.floats(0, 1e6),
    reference=st.floats(0, 1e6),
    week=st.booleans(),
)
def test_no_finding_diagnoses_predicts_or_promises(
    level: Level, certainty: str, measure: Measure, value: float, reference: float, week: bool
) -> None:
    finding = replace(
        WEEK if week else FINDING,
        level=level,
        certainty=certainty,  # type: ignore[arg-type]
        measure=measure,
        value=value,
        reference=reference,
        limit=1.1 * reference,
    )
    text = " ".join([words.finding_sentence(finding), *words.finding_why(finding)]).lower()
    for word in ("injur", "risk", "danger", "safe", "will ", "prevent", "diagnos", "nan", "inf ", "none", "{"):
        assert word not in text
    if measure != "distance_m":
        assert "modelled" in text


def test_unknown_is_a_dash_and_zero_is_zero() -> None:
    assert words.quantity(None, "distance_m") == words.quantity(float("nan"), "load_eq_km") == "–"
    assert words.quantity(0.0, "distance_m") == "0.0 km"
    assert words.quantity(-0.01, "load_eq_km") == "0.0 eq-km"
    assert words.number(-1.24, "load_eq_km") == "−1.2"
    assert words.whole(None) == words.whole(float("inf")) == "–"
    assert words.whole(0.2414, 1000.0) == "241"
    assert words.share(None) == "–"
    assert words.share(0.61) == "61 %"
    assert words.bounded(8000.0, "distance_m", lower_bound=True) == "≥ 8.0 km"
    assert words.bounded(None, "distance_m", lower_bound=True) == "–"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "no data yet"), (float("nan"), "no data yet"), (0.3, "now"), (5.9, "5 s ago"), (119.0, "119 s ago"),
        (120.0, "2 min ago"), (7200.0, "2 h ago"), (172_800.0, "2 days ago"),
    ],
)  # fmt: skip
def test_age_in_words(seconds: float | None, text: str) -> None:
    assert words.age(seconds) == text


@pytest.mark.parametrize(("probability", "text"), [(1.0, "over 99 %"), (0.994, "99 %"), (0.8, "80 %")])
def test_what_is_nearly_sure_is_not_called_sure(probability: float, text: str) -> None:
    why = " ".join(words.finding_why(replace(FINDING, probability=probability)))
    assert f"probability of being above the limit {text}." in why


def test_a_finding_that_is_at_least_so_much_says_why() -> None:
    half_seen = "Less than 80 % of it was recorded, so the true value is at least the one shown."
    assert half_seen in words.finding_why(replace(FINDING, lower_bound=True))
    why = words.finding_why(replace(WEEK, measure="distance_m", lower_bound=True, certainty="too-close"))
    assert "Not all of the week is known, so the true value is at least the one shown." in why
    assert "Certainty: too close to call; not all of the weeks it is compared with was recorded." in why


def test_headroom_in_words() -> None:
    room = Headroom("distance_m", 10_000.0, 11_000.0, 8_400.0, 2_600.0, "normal")
    assert words.headroom_sentence(room) == "Distance: 8.4 of 11.0 km, 2.6 km left."
    assert words.headroom_note(room) == "2.6 km left"
    over = replace(room, so_far=12_000.0, left=-1_000.0, confidence="low")
    assert words.headroom_sentence(over) == "Distance: 12.0 of 11.0 km, 1.0 km above the limit."
    assert words.headroom_note(over) == "1.0 km above the limit · still learning"
    for reason, text in {
        "no-history": "no earlier run with a known value in the last 30 days",
        "low-coverage": "too little of the run was recorded",
        "no-source": "this sensor does not measure it",
        "hub-away": "the hub cannot be reached",
        "nothing-before": "there was none in the runs of the last 30 days",
        "bridging": "another sensor or model: loads are learned anew",
        "unknown-run": "a run of this day was not measured",
        "not-recorded": "this day was run on and not recorded",
        "something new": "something new",
        None: "not known",
    }.items():
        unknown = Headroom("load_eq_km", None, None, 3.0, None, "learning", reason)
        assert words.headroom_sentence(unknown) == f"Push-off load (modelled): headroom not known, {text}."
        assert words.headroom_note(unknown) == f"Headroom –: {text}"


def test_a_modelled_load_comes_with_its_interval() -> None:
    assert words.interval_sentence(12.4, 0.3) == "Load of this run 12.4 eq-km, likely 12.0 to 12.8 (80 %)."
    assert words.interval_sentence(12.4, None) == words.interval_sentence(None, 0.3) == ""


def test_a_model_of_version_zero_is_provisional() -> None:
    assert words.model_label("achilles-0.1", "ref-pop-1") == "achilles-0.1, provisional · ref-pop-1"
    assert words.model_label("achilles-1.0", "ref-me-3") == "achilles-1.0 · ref-me-3"


def test_small_words() -> None:
    assert words.day_name(date(2026, 11, 16)) == "16 Nov"
    assert {words.state_word(s) for s in ("alert", "near", "ok", "unknown", "idle")} == {
        "Above limit", "Near limit", "Within limits", "Not judged", "Not running",
    }  # fmt: skip
    assert words.state_word("near") == "Near limit"
    assert words.contact_reason("speed") == "no contact time from this sensor"
    assert words.contact_reason("imu") == "no contact time yet"
    assert words.contact_reason(None) == words.cadence_reason(None) == "no run in progress"
    assert words.cadence_reason("imu") == "no cadence yet"
    assert words.safety_text().startswith("Training information, not medical advice.")


def test_what_near_is_called_comes_from_the_session_findings_that_stand() -> None:
    learning = replace(FINDING, severity="info", confidence="learning", certainty="above", level="over-30")
    close = replace(FINDING, severity="info", certainty="too-close", measure="distance_m")
    miss = replace(FINDING, severity="info", certainty="below", level="near")
    week = replace(learning, rule="week-limit", scope="week:2026-11-16")
    gone = replace(close, withdrawn=True)
    for findings, word in (
        ([miss], "Near limit"),
        ([close], "Too close to call"),
        ([miss, learning, close], "Too close to call"),
        ([miss, learning], "Above limit, still learning"),
        ([miss, week, gone], "Near limit"),
        ([week, replace(close, scope=week.scope)], "Near limit"),
    ):
        assert words.state_word("near", findings) == word
        assert words.state_word("ok", findings) == "Within limits"


class Shouting(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return message.replace("This run's", "THIS RUN'S").replace("Many runners", "MANY RUNNERS")


@pytest.fixture
def shouting() -> Iterator[None]:
    words.use_translations(Shouting())
    yield
    words.use_translations(gettext.NullTranslations())


@pytest.mark.usefixtures("shouting")
def test_a_translation_reaches_every_part() -> None:
    sentence = words.finding_sentence(FINDING)
    assert sentence.startswith("THIS RUN'S modelled")
    assert sentence.endswith("MANY RUNNERS keep the next run easier.")
