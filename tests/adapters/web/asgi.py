"""Ask an ASGI application without a server."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp


class Browser:
    """A synchronous client of one application under one host name."""

    def __init__(self, app: ASGIApp, host: str = "localhost", peer: str = "127.0.0.1") -> None:
        self.app, self.host, self.peer = app, host, peer

    def request(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        """Ask; ``more`` is the body, as httpx takes it: json, content."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False, client=(self.peer, 1))
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{self.host}") as client:
                return await client.request(method, path, headers=headers, **more)

        return asyncio.run(ask())

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.request("GET", path, headers)

    def post(self, path: str, body: Any) -> httpx.Response:
        """Send JSON."""
        return self.request("POST", path, json=body)

    def websocket_answer(self, path: str, origin: str) -> str:
        """Type of the first message that answers a WebSocket handshake."""
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"host", self.host.encode()), (b"origin", origin.encode())]
        scope = {
            "type": "websocket", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers,
            "subprotocols": [], "scheme": "ws", "root_path": "", "server": (self.host, 80), "client": ("127.0.0.1", 1),
        }  # fmt: skip

        async def ask() -> None:
            await self.app(scope, receive, send)

        asyncio.run(ask())
        return str(sent[0]["type"])
