"""One small line of the sensors somebody wears: what wants charging, what was not fit at its last check."""

from collections.abc import Sequence

from sensor_hub.adapters.web import today_labels as labels
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.faces import BATTERY_LOW_PERCENT
from sensor_hub.model.sensor_view import SensorView


class SensorLine:
    """Hidden while nothing is wrong with them."""

    def __init__(self) -> None:
        self._list = Tag("ul", classes="sensor-line", data_testid="sensor-line")
        self._shown: list[str] | None = None

    def show(self, sensors: Sequence[SensorView]) -> None:
        """Show what is to be done about sensors."""
        lines = warnings_of(sensors)
        if lines == self._shown:
            return
        self._shown = lines
        self._list.set_visibility(bool(lines))
        self._list.clear()
        with self._list:
            for line in lines:
                Tag("li", line)


def warnings_of(sensors: Sequence[SensorView]) -> list[str]:
    """Return what wants to be done, a line each."""
    lines = []
    for sensor in sensors:
        name = sensor.name or labels.a_sensor()
        if sensor.battery_percent is not None and sensor.battery_percent <= BATTERY_LOW_PERCENT:
            lines.append(labels.low_battery(name, sensor.battery_percent))
        if sensor.check is not None and sensor.check.verdict != "fit":
            lines.append(labels.check_said(name, unfit=sensor.check.verdict == "no"))
    return lines
