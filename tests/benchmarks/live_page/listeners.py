"""Further pages of ``make live-page``: clients of the live channel that read everything.

python -m tests.benchmarks.live_page.listeners URL N SECONDS
"""

import asyncio
import json
import sys
import time
from typing import TypeAlias

from websockets.asyncio.client import connect

Seen: TypeAlias = list[tuple[str, str, float]]


async def listen(url: str, seconds: float, seen: Seen | None) -> tuple[int, int]:
    """Read for a while; return how many frames and bytes came. seen : contact times as they come, and when."""
    n_frames = n_bytes = 0
    async with connect(url, compression=None, proxy=None, max_size=None) as connection:
        try:
            async with asyncio.timeout(seconds):
                async for text in connection:
                    n_frames += 1
                    n_bytes += len(text)
                    if seen is not None:
                        at_ms = time.time() * 1000
                        seen += [(t["id"], t["contact"], at_ms) for t in json.loads(text)["tiles"] if "contact" in t]
        except TimeoutError:
            pass
    return n_frames, n_bytes


async def main() -> None:
    """Open them all, and print what each was told; of the first also when which contact time came."""
    url, n, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    address = f"{url.replace('http', 'ws', 1)}/api/live"
    seen: Seen = []
    told = await asyncio.gather(*(listen(address, seconds, None if i else seen) for i in range(n)))
    print(json.dumps({"told": told, "seen": seen}))


if __name__ == "__main__":
    asyncio.run(main())
