import numpy as np

from sensor_hub.signal.leg.event_offsets import CENTRE_S, FOOT, SHANK, EventOffsets

OFFSETS = EventOffsets(0.001, 0.02, 0.010, 0.03, 0.5, "test")


def test_at_the_centre_the_constants_are_added() -> None:
    contact_s, toe_off_s = OFFSETS.corrected(np.array([1.0]), np.array([1.0 + CENTRE_S]), np.array([0.004]))
    np.testing.assert_allclose(contact_s, 1.001)
    np.testing.assert_allclose(toe_off_s, 1.0 + CENTRE_S + 0.010 + 0.002)


def test_the_slopes_are_followed_only_as_far_as_they_reach() -> None:
    raw_s = np.array([CENTRE_S + 0.05, CENTRE_S + 0.1, CENTRE_S + 0.5])
    contact_s, _ = OFFSETS.corrected(np.zeros(3), raw_s, np.zeros(3))
    np.testing.assert_allclose(contact_s, [0.002, 0.003, 0.003])


def test_an_unknown_toe_off_stays_unknown() -> None:
    contact_s, toe_off_s = OFFSETS.corrected(np.array([1.0]), np.array([np.nan]), np.array([0.0]))
    assert contact_s.tolist() == [1.001]
    assert np.isnan(toe_off_s).all()


def test_every_row_of_the_table_says_where_it_comes_from() -> None:
    assert "simulated" in FOOT.source
    assert "simulated" in SHANK.source
