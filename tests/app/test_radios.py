import logging
from pathlib import Path

import pytest

from sensor_hub.app.collecting.radios import air, radios
from sensor_hub.config import load_settings


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ("", [None]),
        ("AA:BB:CC:DD:EE:01", ["AA:BB:CC:DD:EE:01"]),
        ("hci0, AA:BB:CC:DD:EE:01,", ["hci0", "AA:BB:CC:DD:EE:01"]),
    ],
)
def test_adapters_are_named_by_the_setting(tmp_path: Path, setting: str, names: list[str | None]) -> None:
    settings = load_settings(data_dir=tmp_path, adapter=setting)
    assert [radio.adapter for radio in radios(settings)] == names
    assert air(settings).radio == radios(settings)


def test_no_library_writes_an_address_into_a_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    radios(load_settings(data_dir=tmp_path))
    for name in ("bleak.backends.bluezdbus.client", "bleak_retry_connector.bluez"):
        logging.getLogger(name).error("Failed to cancel connection (dev_AA_BB_CC_DD_EE_FF)")
    assert caplog.text == ""
