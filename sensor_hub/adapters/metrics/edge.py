"""What an edge counts: how much waits for a hub, and whether there is a way to one."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge, PlatformCollector, ProcessCollector


class EdgeMetrics:
    """Gauges of one edge process, each asked for when somebody reads them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def watch(self, name: str, help_text: str, ask: Callable[[], float]) -> None:
        """Show a number that is asked for at each reading, as ``sensor_hub_edge_NAME``."""
        Gauge(f"sensor_hub_edge_{name}", help_text, registry=self.registry).set_function(ask)
