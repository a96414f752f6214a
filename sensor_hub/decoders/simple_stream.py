"""SensiML Simple Stream over Bluetooth, as an Arduino Nano 33 BLE Sense sends it.

Characteristic 16480001, read once after connecting, says in JSON what the data are: ``sample_rate`` (Hz),
``column_location`` (column name → place), ``samples_per_packet`` where given; its fixed buffer is filled up with zero
bytes. Characteristic 16480002 then notifies i16, little-endian, a row of columns for every sample, without a time.
Columns read here: AccelerometerX, Y, Z and GyroscopeX, Y, Z; others are skipped.

One count is that of the LSM9DS1 as the firmware's library sets it up: ±4 g at 0.122 mg, ±2000 deg/s at 70 mdeg/s. A
layout named ``columns`` in the profile says other scales. Source: SensiML, Simple Stream interface and the firmware
nano33_data_capture; scales: ST, data sheet of the LSM9DS1, sensor characteristics. Note: the Arduino library itself
counts 2000/32768 deg/s, 13 % less than the data sheet; the data sheet is followed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sensor_hub.decoders.frames import Failure, Payloads, Piece, merged
from sensor_hub.decoders.samples import Samples
from sensor_hub.errors import DecodeError
from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

WIRE_FORMAT: Final = "simple_stream"
CONFIG: Final = "16480001"
SCALES: Final = "columns"
_ACC: Final = ("AccelerometerX", "AccelerometerY", "AccelerometerZ")
_GYRO: Final = ("GyroscopeX", "GyroscopeY", "GyroscopeZ")
_QUANTITIES: Final = {
    **{name: f"acceleration_{name[-1].lower()}_mps2" for name in _ACC},
    **{name: f"angular_velocity_{name[-1].lower()}_radps" for name in _GYRO},
}
_LSM9DS1: Final = {
    **dict.fromkeys(_ACC, 0.122e-3 * STANDARD_GRAVITY_MPS2),
    **dict.fromkeys(_GYRO, 0.070 * DEGREE_RAD),
}
_MOST_COLUMNS: Final = 64
_LARGEST_CONFIG: Final = 512  # a characteristic is no longer
_RATE_TOLERANCE: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Config:
    """Where the columns are."""

    n_columns: int
    places: dict[str, int]
    samples_per_packet: int | None

    def places_of(self, names: Sequence[str]) -> list[int] | None:
        return [self.places[name] for name in names] if all(name in self.places for name in names) else None


class SimpleStreamDecoder:
    """Decodes the configuration and the data of one device; see the module for the format.

    Data before a configuration are failures, and so is a sampling rate that is not the profile's within a tenth: times
    are rebuilt from the profile's.
    """

    def __init__(self, profile: DeviceProfile) -> None:
        self._expected_hz = profile.sampling_rate_hz
        self._config: _Config | None = None
        layout = profile.layouts.get(SCALES)
        declared = {f.quantity: f.scale for f in layout.fields} if layout else {}
        self._scales = {name: declared.get(_QUANTITIES[name], scale) for name, scale in _LSM9DS1.items()}  # type: ignore[call-overload]

    def decode(self, characteristic: str, payloads: Sequence[bytes]) -> Samples:
        """Decode values of 16480001 (configuration) or notifications of 16480002 (data)."""
        failures: list[Failure] = []
        if characteristic.startswith(CONFIG):
            for index, payload in enumerate(payloads):
                try:
                    self._configure(payload)
                except DecodeError as error:
                    failures.append((index, error))
            return merged((), failures)
        if self._config is None:
            problem = "no configuration yet: 16480001 must be read after connecting"
            return merged((), [(i, DecodeError(WIRE_FORMAT, problem, p)) for i, p in enumerate(payloads)])
        return self._data(self._config, payloads)

    def _configure(self, payload: bytes) -> None:
        config, rate_hz = _parsed(payload)
        self._config = config
        expected_hz = self._expected_hz
        if rate_hz is not None and expected_hz and abs(rate_hz - expected_hz) > _RATE_TOLERANCE * expected_hz:
            problem = f"the sensor samples at {rate_hz:g} Hz, its profile says {expected_hz:g} Hz"
            raise DecodeError(WIRE_FORMAT, problem, payload)

    def _data(self, config: _Config, payloads: Sequence[bytes]) -> Samples:
        run = Payloads(payloads)
        row_bytes = 2 * config.n_columns
        n, rest = np.divmod(run.length, row_bytes)
        is_good = (rest == 0) & (n > 0)
        if config.samples_per_packet is not None:
            is_good &= n == config.samples_per_packet
        failures: list[Failure] = []
        for index in np.nonzero(~is_good)[0].tolist():
            want = "samples" if config.samples_per_packet is None else f"{config.samples_per_packet} samples"
            problem = f"{len(payloads[index])} bytes are not {want} of {config.n_columns} columns"
            failures.append((index, DecodeError(WIRE_FORMAT, problem, payloads[index])))
        pieces = []
        for one in np.unique(n[is_good]).tolist():
            which = np.nonzero(is_good & (n == one))[0]
            rows = np.ascontiguousarray(run.frames(which, one * row_bytes)).view("<i2").reshape(-1, config.n_columns)
            owners: IntArray = np.repeat(which, one)
            acceleration, rotation = (self._columns(config, rows, names) for names in (_ACC, _GYRO))
            pieces.append(Piece(owners, np.full(len(rows), np.nan), acceleration, rotation))
        return merged(pieces, failures)

    def _columns(
        self, config: _Config, rows: "np.ndarray[tuple[int, int], np.dtype[np.int16]]", names: Sequence[str]
    ) -> FloatArray | None:
        places = config.places_of(names)
        return None if places is None else rows[:, places] * np.array([self._scales[name] for name in names])


def _parsed(payload: bytes) -> tuple[_Config, float | None]:
    """Return what a configuration says, and its sampling rate."""

    def refuse(problem: str) -> DecodeError:
        return DecodeError(WIRE_FORMAT, f"configuration: {problem}", payload)

    text = payload.split(b"\0", 1)[0]
    if len(text) > _LARGEST_CONFIG:
        raise refuse(f"{len(text)} bytes")
    try:
        said: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refuse("not JSON") from error
    places = said.get("column_location") if isinstance(said, dict) else None
    if not isinstance(places, dict) or not places:
        raise refuse("no column_location")
    n = len(places)
    if n > _MOST_COLUMNS or sorted(p for p in places.values() if type(p) is int) != list(range(n)):
        raise refuse("column_location does not number its columns from 0")
    config = _Config(n, places, _positive(said.get("samples_per_packet"), refuse, "samples_per_packet"))
    if config.places_of(_ACC) is None and config.places_of(_GYRO) is None:
        raise refuse("neither all Accelerometer columns nor all Gyroscope columns")
    return config, _positive(said.get("sample_rate"), refuse, "sample_rate")


def _positive(value: Any, refuse: Any, name: str) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 1 <= value <= 100_000:
        raise refuse(f"{name} is {str(value)[:40]}")
    return value
