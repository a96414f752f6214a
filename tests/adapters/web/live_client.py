"""A client of the live channel: keeps what it is told as a page does."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PATIENCE_S = 20.0


class LiveClient:
    """One connection. ``faces`` : by athlete, as told so far. ``frames`` : every frame as it came."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None, query: str = "", **more: Any) -> None:
        address = f"{url.replace('http', 'ws', 1)}/api/live{query}"
        self.connection: ClientConnection = connect(
            address, additional_headers=dict(headers or {}), compression=None, proxy=None, **more
        )
        self.faces: dict[str, dict[str, Any]] = {}
        self.frames: list[dict[str, Any]] = []
        self.trouble: str | None = None
        self.n = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        self.connection.close()

    def take(self) -> dict[str, Any]:
        """Wait for the next frame and take it in."""
        frame: dict[str, Any] = json.loads(self.connection.recv(timeout=PATIENCE_S))
        self.frames.append(frame)
        self.apply(frame)
        return frame

    def apply(self, frame: Mapping[str, Any]) -> None:
        """Take a frame in as a page does; nothing may be missing between two."""
        if frame["kind"] == "all":
            self.faces = {}
        else:
            assert frame["n"] == self.n + 1, "a frame is missing"
        self.n, self.trouble = frame["n"], frame["trouble"]
        for told in frame["tiles"]:
            self.faces.setdefault(told["id"], {}).update(told)
        for gone in frame.get("gone", ()):
            del self.faces[gone]

    def until(self, seen: Callable[[Self], bool], most: int = 200) -> None:
        """Take frames until something is seen."""
        for _ in range(most):
            if self.frames and seen(self):
                return
            self.take()
        raise AssertionError(f"not seen in {most} frames")

    def closed(self) -> int | None:
        """Take frames until the hub closes; return its code."""
        try:
            while True:
                self.take()
        except ConnectionClosed as ended:
            return None if ended.rcvd is None else ended.rcvd.code
