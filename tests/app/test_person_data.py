from pathlib import Path

from sensor_hub.app.people import open_archive
from sensor_hub.app.person.person_data import HubData
from sensor_hub.config import load_settings
from tests import need

RUN = "fit/activity_2545022458.fit"


def test_a_file_that_was_read_in_part_says_so(tmp_path: Path) -> None:
    whole = need.data(RUN).read_bytes()
    half = tmp_path / "half.fit"
    half.write_bytes(whole[: len(whole) // 2])
    settings = load_settings(data_dir=tmp_path / "data", mqtt="", store="", zone="Europe/Berlin")
    with open_archive(settings) as archive:
        ana = archive.registry.add_athlete("Ana Example", "Europe/Berlin")
        data = HubData(settings, archive.registry, archive.keeping)
        taken = data.import_file(ana.id, str(half), "half.fit", lambda _done, _total: None)
    assert taken.counts["taken"] == 1
    assert any(note.startswith("half.fit: taken in part; ") for note in taken.notes), taken.notes
