"""Runs through a detector, whole or in pieces."""

from dataclasses import fields

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.contacts import ContactDetector, Contacts
from tests.synthetic_run import SyntheticRun


def whole(detector: ContactDetector, run: SyntheticRun) -> Contacts:
    return Contacts.concatenate(
        [detector.receive(run.t_s, run.acceleration_mps2, run.rotation_radps), detector.flush()]
    )


def in_pieces(detector: ContactDetector, run: SyntheticRun, pieces: list[tuple[int, int]]) -> Contacts:
    found: list[Contacts] = []
    for a, b in pieces:
        found.append(detector.receive(run.t_s[a:b], run.acceleration_mps2[a:b], run.rotation_radps[a:b]))
    return Contacts.concatenate([*found, detector.flush()])


def times(contacts: Contacts) -> tuple[FloatArray, FloatArray]:
    return contacts.initial_contact_s, contacts.toe_off_s


def content(contacts: Contacts) -> list[list[object]]:
    """Every column as text, so that two results are compared bit for bit, NaN included."""
    return [[repr(v) for v in getattr(contacts, f.name).tolist()] for f in fields(contacts)]
