"""Of a forgotten athlete no row and no byte is left; the hash that tells late messages tells nobody who they were."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.model.edit import Change, Entry, Tell

MADE_UTC = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


@pytest.fixture
def registry(path: Path) -> Iterator[Registry]:
    with Registry(f"sqlite:///{path}") as opened:
        yield opened


def left(path: Path, *traces: str) -> list[str]:
    held = b"".join(file.read_bytes() for file in path.parent.iterdir())
    return [trace for trace in traces if trace.encode() in held]


def test_no_byte_of_an_athlete_is_left_and_others_stay(registry: Registry, path: Path) -> None:
    ana, old, ben = (registry.add_athlete(n, "UTC") for n in ("Anastasia Q", "Anastasia old", "Ben"))
    registry.merge_athletes(old.id, ana.id)
    shoe, his = registry.shoes.add(ana.id, "crimson"), registry.shoes.add(ben.id, "blue")
    pod = registry.add_device("AA:01", "Pod of anastasia q", "imu-generic", athlete=ana.id, side="L", mount="foot")
    registry.journal.append([
        Entry("e1", ana.id, MADE_UTC, "cli", Tell("s1", shoe=shoe.id)),
        Entry("e2", ana.id, MADE_UTC, "cli", Change("s2", athlete=ben.id), other=ben.id),
        Entry("e3", ben.id, MADE_UTC, "cli", Tell("s2", note="mine")),
    ])  # fmt: skip
    told = Entry("e1", ben.id, MADE_UTC, "cli", Tell("s2", effort=3.0))
    registry.erasing.begin([ana.id, old.id])
    registry.erasing.finish(ana.id, others={"e1": told, "e2": None})
    assert left(path, ana.id, old.id, "Anastasia", "anastasia", "crimson", shoe.id) == []
    assert registry.athletes() == [ben]
    assert registry.shoes.all() == [his]
    assert registry.journal.entries() == [told, Entry("e3", ben.id, MADE_UTC, "cli", Tell("s2", note="mine"))]
    device = registry.device(pod.id)
    assert (device.athlete, device.name) == (None, f"sensor {pod.id}")
    registry.erasing.finish(ana.id)
    assert registry.athletes() == [ben]


def test_a_sensor_goes_too_where_that_is_asked_for(registry: Registry, path: Path) -> None:
    ana = registry.add_athlete("Ana", "UTC")
    registry.add_device("AA:BB:CC:01", "Pod", "imu-generic", athlete=ana.id, side="L", mount="foot")
    registry.erasing.finish(ana.id, with_devices=True)
    assert registry.devices() == []
    assert left(path, "AA:BB:CC:01", "aa:bb:cc:01") == []


def test_an_erased_pseudonym_is_known_again_until_its_person_comes_back(registry: Registry, path: Path) -> None:
    ana = registry.add_athlete("Ana", "UTC")
    assert ana.id not in registry.erasing.erasures()
    registry.erasing.begin([ana.id, "former22"])
    registry.erasing.begin([ana.id])
    registry.erasing.finish(ana.id)
    with Registry(f"sqlite:///{path}") as again:
        erased = again.erasing.erasures()
        assert ana.id in erased
        assert "former22" in erased
        again.erasing.lift([ana.id])
        assert ana.id not in again.erasing.erasures()
        assert "former22" in again.erasing.erasures()
    assert left(path, ana.id, "former22") == []
