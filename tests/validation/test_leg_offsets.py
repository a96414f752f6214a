from dataclasses import replace

import pytest

from sensor_hub.model.gait import Mount
from tests.validation import leg_offsets
from tests.validation.leg_offsets import SHIPPED, fitted
from tests.validation.scenarios import FIRST_SEED, STRIKES


@pytest.mark.parametrize("mount", ["foot", "shank"])
def test_the_fit_finds_what_is_shipped_within_what_a_few_people_tell(mount: Mount) -> None:
    told = fitted(mount, n_people=2)
    assert told["n_people"] == 6
    assert told["n_contacts"] > 300
    for name, value in told["fitted"].items():
        assert value == pytest.approx(told["shipped"][name], abs=0.012 if name.endswith("_s") else 0.15), name


def test_the_fit_does_not_see_what_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fitted("foot", n_people=1)["fitted"]
    moved = replace(SHIPPED["foot"], initial_contact_s=0.5, toe_off_s=-0.5, toe_off_slope=0.9)
    monkeypatch.setitem(leg_offsets.SHIPPED, "foot", moved)
    assert fitted("foot", n_people=1)["fitted"] == before


def test_nobody_is_fitted_on_who_is_judged_on() -> None:
    assert len(STRIKES) * leg_offsets.N_PEOPLE <= FIRST_SEED
