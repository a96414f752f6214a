"""``/metrics``: what the hub counts, for Prometheus."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response


def metrics_router(text: Callable[[], bytes], content_type: str) -> APIRouter:
    """Return the route; ``text`` makes the metrics each time."""
    router = APIRouter()

    @router.get("/metrics", summary="What the hub counts of itself, for Prometheus", response_class=Response)
    def metrics() -> Response:
        return Response(text(), media_type=content_type)

    return router
