"""What a process counts of itself, in the form Prometheus reads (prometheus-client)."""

from sensor_hub.adapters.metrics.edge import EdgeMetrics
from sensor_hub.adapters.metrics.hub import HubMetrics
from sensor_hub.adapters.metrics.page import CONTENT_TYPE, MetricsPage

__all__ = ["CONTENT_TYPE", "EdgeMetrics", "HubMetrics", "MetricsPage"]
