"""The metrics of an edge: it has no page, so they are served on a port of this machine where one is set."""

from collections.abc import Iterator
from contextlib import contextmanager

from sensor_hub.adapters.metrics import EdgeMetrics, MetricsPage
from sensor_hub.app.edge import Edge


@contextmanager
def edge_metrics(edge: Edge, port: int) -> Iterator[MetricsPage | None]:
    """Serve an edge's metrics on 127.0.0.1 until the block ends; on no port, nothing."""
    if port == 0:
        yield None
        return
    metrics = EdgeMetrics()
    metrics.watch("outbox_messages", "Messages that no hub has acknowledged yet.", edge.outbox.depth)
    metrics.watch("connected", "1 while there is a connection to the broker.", lambda: edge.publisher.connected)
    metrics.watch("well", "1 while nothing is in the way of sending.", lambda: edge.publisher.problem is None)
    page = MetricsPage(metrics.registry, port)
    try:
        yield page
    finally:
        page.close()
