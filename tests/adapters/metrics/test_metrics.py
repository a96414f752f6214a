"""What a hub and an edge count of themselves, as Prometheus reads it."""

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from sensor_hub.adapters.metrics import EdgeMetrics, HubMetrics, MetricsPage
from sensor_hub.errors import ConfigError


def samples(text: bytes | str) -> dict[str, float]:
    found = {}
    shown = text if isinstance(text, str) else text.decode()
    for family in text_string_to_metric_families(shown):
        for sample in family.samples:
            labels = ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items()))
            found[sample.name + (f"{{{labels}}}" if labels else "")] = sample.value
    return found


def test_a_commit_is_counted_with_its_messages_and_dead_letters() -> None:
    metrics = HubMetrics()
    metrics.committed(12, 3, {"mqtt": 2}, 0.02)
    metrics.committed(0, 1, {}, 0.0)  # live readings alone are no commit
    shown = samples(metrics.text())
    assert shown["sensor_hub_messages_total"] == 12
    assert shown["sensor_hub_live_readings_total"] == 4
    assert shown["sensor_hub_dead_letters_total{what=mqtt}"] == 2
    assert shown["sensor_hub_commit_seconds_count"] == 1
    assert shown["sensor_hub_commit_messages_sum"] == 14
    assert shown["sensor_hub_last_commit_timestamp_seconds"] > 1.7e9


def test_what_is_watched_is_asked_at_each_reading() -> None:
    metrics, waiting = HubMetrics(), [5.0]
    metrics.watch("inbox_messages", "Messages that wait.", lambda: waiting[0])
    assert samples(metrics.text())["sensor_hub_inbox_messages"] == 5
    waiting[0] = 7.0
    assert samples(metrics.text())["sensor_hub_inbox_messages"] == 7


def test_two_hubs_in_one_process_count_for_themselves() -> None:
    one, other = HubMetrics(), HubMetrics()
    one.found("alert")
    assert samples(one.text())["sensor_hub_findings_total{severity=alert}"] == 1
    assert "sensor_hub_findings_total{severity=alert}" not in samples(other.text())


@pytest.fixture
def page() -> Iterator[MetricsPage]:
    metrics = EdgeMetrics()
    metrics.watch("outbox_messages", "Messages that wait for a hub.", lambda: 41.0)
    with closing(MetricsPage(metrics.registry, 0)) as served:
        yield served


def test_an_edge_serves_its_metrics_on_this_machine(page: MetricsPage) -> None:
    answer = httpx.get(f"http://127.0.0.1:{page.port}/metrics", trust_env=False)
    assert answer.status_code == 200
    assert samples(answer.text)["sensor_hub_edge_outbox_messages"] == 41


def test_a_port_that_is_taken_is_said(page: MetricsPage) -> None:
    with pytest.raises(ConfigError, match=f"port {page.port}"):
        MetricsPage(EdgeMetrics().registry, page.port)
