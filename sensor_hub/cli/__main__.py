"""``python -m sensor_hub.cli``."""

from sensor_hub.cli.main import run

run()
