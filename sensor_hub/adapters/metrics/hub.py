"""What a hub counts. Labels are reasons and kinds, never a person, a session or a gateway."""

from collections.abc import Callable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

from sensor_hub.adapters.metrics.page import text_of

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SIZES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class HubMetrics:
    """Counters of one hub process, and gauges that are asked for when somebody reads them.

    Every method may be called from any thread.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._messages = Counter(
            "sensor_hub_messages", "Messages committed to the store, copies of earlier ones among them.",
            registry=self.registry,
        )  # fmt: skip
        self._live = Counter("sensor_hub_live_readings", "Live readings shown and not stored.", registry=self.registry)
        self._dead = Counter(
            "sensor_hub_dead_letters", "Messages that could not be used, kept with their reason.", ["what"],
            registry=self.registry,
        )  # fmt: skip
        self._refused = Counter(
            "sensor_hub_commits_refused", "Commits the store refused; the messages come again.", registry=self.registry
        )
        self._size = Histogram(
            "sensor_hub_commit_messages", "Messages of one commit.", buckets=_SIZES, registry=self.registry
        )
        self._commit = Histogram(
            "sensor_hub_commit_seconds", "Time of one commit.", buckets=_SECONDS, registry=self.registry
        )
        self._findings = Counter(
            "sensor_hub_findings", "Findings that were new or changed.", ["severity"], registry=self.registry
        )
        self._newest = Gauge(
            "sensor_hub_last_commit_timestamp_seconds", "When the last commit ended; 0 before the first.",
            registry=self.registry,
        )  # fmt: skip

    def committed(self, n_messages: int, n_live: int, dead: Mapping[str, int], took_s: float) -> None:
        """Count one commit. dead : how many dead letters of what kind."""
        self._live.inc(n_live)
        if not n_messages and not dead:
            return
        self._messages.inc(n_messages)
        for what, n in dead.items():
            self._dead.labels(what).inc(n)
        self._size.observe(n_messages + sum(dead.values()))
        self._commit.observe(took_s)
        self._newest.set_to_current_time()

    def refused(self) -> None:
        """Count a commit that the store refused."""
        self._refused.inc()

    def found(self, severity: str) -> None:
        """Count a finding that is new or changed."""
        self._findings.labels(severity).inc()

    def watch(self, name: str, help_text: str, ask: Callable[[], float]) -> None:
        """Show a number that is asked for at each reading, as ``sensor_hub_NAME``."""
        Gauge(f"sensor_hub_{name}", help_text, registry=self.registry).set_function(ask)

    def text(self) -> bytes:
        """Return every metric in Prometheus' text form."""
        return text_of(self.registry)
