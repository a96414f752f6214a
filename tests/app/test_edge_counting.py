"""What an edge tells Prometheus while it runs."""

from contextlib import closing
from pathlib import Path

import httpx
import pytest

from sensor_hub.app.edge import Edge
from sensor_hub.app.edge_counting import edge_metrics
from sensor_hub.wire import Topics
from tests.adapters.metrics.test_metrics import samples
from tests.adapters.storage.runs import batches
from tests.servers_mqtt import free_port


def test_an_edge_without_a_broker_tells_how_much_waits(tmp_path: Path) -> None:
    edge = Edge(tmp_path / "outbox.db", f"mqtt://edge:x@127.0.0.1:{free_port()}", Topics())
    with closing(edge.outbox), edge_metrics(edge, free_port()) as page:
        assert page is not None
        edge.outbox.append(batches(3), first_index=0, sid="01jd")
        shown = samples(httpx.get(f"http://127.0.0.1:{page.port}/metrics", trust_env=False).text)
    assert shown["sensor_hub_edge_outbox_messages"] == 3
    assert shown["sensor_hub_edge_connected"] == 0


def test_without_a_port_nothing_is_served(tmp_path: Path) -> None:
    edge = Edge(tmp_path / "outbox.db", "mqtt://edge:x@127.0.0.1:1", Topics())
    with closing(edge.outbox), edge_metrics(edge, 0) as page:
        assert page is None


def test_the_metrics_end_with_the_edge(tmp_path: Path) -> None:
    edge, port = Edge(tmp_path / "outbox.db", "mqtt://edge:x@127.0.0.1:1", Topics()), free_port()
    with closing(edge.outbox), edge_metrics(edge, port):
        pass
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)
