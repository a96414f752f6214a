"""Whether a message still goes: whom it may be told, and whether it is still true."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.telling import Telling, Why, about_finding, is_about, why_not_told
from sensor_hub.model.access import Account
from sensor_hub.model.finding import Finding
from sensor_hub.model.notifying import Addressee, Notification

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
FINDING = Finding(
    "ana", "session-limit", "session:s1", "distance_m", "limit", "alert", "above", 1.0, 12_000, 10_000, 11_000, 30,
    "normal", False, NOW, NOW, "live",
)  # fmt: skip
ABOUT = Notification("one", about_finding(FINDING), "ana", NOW, NOW)
FLAG = replace(ABOUT, about="red-flag|2026-11-20")
OWN = Addressee("one", "json://h", "phone", "UTC", athlete="ana")
HUBS = replace(OWN, athlete=None)
COACHS = replace(HUBS, account="acc")
COACH = Account("acc", "cem", "coach", (), NOW)
TELLING = Telling(ABOUT, OWN, findings=[FINDING])
OF_COACH = replace(TELLING, addressee=COACHS, account=COACH, accounts_in_use=True, consents={"load"})
OF_FLAG = replace(TELLING, message=FLAG, findings=(), flag=True)


@pytest.mark.parametrize(
    ("telling", "why"),
    [
        (TELLING, None),
        (replace(TELLING, simulated=True), "simulated"),
        (replace(TELLING, findings=[replace(FINDING, origin="simulated")]), "simulated"),
        (replace(TELLING, addressee=replace(OWN, athlete="ben")), "gone"),
        (replace(TELLING, findings=[]), "not-stored"),
        (replace(TELLING, findings=[replace(FINDING, withdrawn=True)]), "withdrawn"),
        (replace(TELLING, findings=[replace(FINDING, severity="info")]), "withdrawn"),
        (replace(TELLING, findings=[replace(FINDING, withdrawn=True), replace(FINDING, measure="load_eq_km")]), None),
        (replace(TELLING, marked={FINDING.id}), "marked"),
        (replace(TELLING, findings=[FINDING, replace(FINDING, measure="load_eq_km")], marked={FINDING.id}), None),
        (OF_COACH, None),
        (replace(OF_COACH, consents={"pain", "medication"}), "no-consent"),
        (replace(OF_COACH, account=None), "not-coached"),
        (replace(OF_COACH, account=replace(COACH, disabled=True)), "not-coached"),
        (replace(OF_COACH, account=replace(COACH, role="runner")), "not-coached"),
        (replace(OF_COACH, account=replace(COACH, role="admin")), "not-coached"),
        (replace(OF_COACH, account=replace(COACH, athletes=("ben",))), "not-coached"),
        (replace(OF_COACH, account=replace(COACH, athletes=("ben", "ana"))), None),
        (replace(TELLING, addressee=HUBS, consents={"load"}), None),
        (replace(TELLING, addressee=HUBS, consents={"load"}, accounts_in_use=True), "nobodys"),
        (replace(TELLING, addressee=HUBS), "no-consent"),
        (OF_FLAG, None),
        (replace(OF_FLAG, flag=False), "no-flag"),
        (replace(OF_FLAG, simulated=True), "simulated"),
        (replace(OF_FLAG, addressee=HUBS, consents={"pain"}), None),
        (replace(OF_FLAG, addressee=HUBS, consents={"load"}), "no-consent"),
    ],
)
def test_the_table_of_what_goes(telling: Telling, why: Why | None) -> None:
    assert why_not_told(telling) == why


@given(
    st.sampled_from([OWN, HUBS, COACHS]), st.sampled_from([ABOUT, FLAG]),
    st.sets(st.sampled_from(["load", "pain", "medication"])), st.booleans(), st.booleans(),
    st.sampled_from([None, COACH, replace(COACH, athletes=("ben",)), replace(COACH, disabled=True)]),
)  # fmt: skip
def test_a_coach_is_told_nothing_without_consent_and_nothing_simulated_goes_to_anybody(
    addressee: Addressee,
    message: Notification,
    consents: set[str],
    simulated: bool,
    in_use: bool,
    account: Account | None,
) -> None:
    telling = Telling(message, addressee, simulated, account, in_use, consents, [FINDING], (), True)  # type: ignore[arg-type]
    goes = why_not_told(telling) is None
    needed = "pain" if message.is_red_flag else "load"
    assert not (goes and simulated)
    if addressee.athlete is None:
        assert not (goes and needed not in consents)
    else:
        assert goes == (not simulated)


def test_all_that_a_rule_says_of_a_run_is_one_message_and_another_run_is_another() -> None:
    assert is_about(ABOUT, replace(FINDING, measure="load_eq_km", level="over-30"))
    assert not is_about(ABOUT, replace(FINDING, scope="session:s2"))
    assert not is_about(ABOUT, replace(FINDING, rule="week-limit"))
    assert not is_about(FLAG, FINDING)
