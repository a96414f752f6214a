"""Files on their way in and out: kept in a folder of their own that goes when they have been used."""

import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from fastapi import HTTPException
from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

LARGEST_BYTES: Final = 4 << 30  # an account's export of ten years; more is refused before it fills the disk
_UNFIT: Final = re.compile(r"[^\w.() +-]", re.ASCII)


def fit_name(name: str) -> str:
    """A file's last name as it may stand in a folder of ours and in a header."""
    return _UNFIT.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(". ")[-120:]


class Drop:
    """A new folder for one file; ``close`` removes both."""

    def __init__(self, name: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="sensor-hub-"))
        self.path = self._folder / (fit_name(name) or "file")

    async def fill(self, chunks: AsyncIterator[bytes], largest: int = LARGEST_BYTES) -> None:
        """Write what comes; HTTPException 413 where it is too much, 400 where nothing came, 507 on a full disk."""
        size = 0
        try:
            with self.path.open("xb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > largest:
                        raise HTTPException(
                            413, f"the file is larger than {largest >> 20} MiB; import it on the hub itself"
                        )
                    file.write(chunk)
        except OSError as problem:
            raise HTTPException(507, f"the hub cannot keep the file: {problem.strerror}") from None
        if size == 0:
            raise HTTPException(400, "the file is empty")

    def close(self) -> None:
        """Remove file and folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def answer(self, media_type: str) -> FileResponse:
        """Send the file, and remove it when it is sent or when nobody wants it any more."""
        # Packed already: packing it once more would only take time, and hide from a browser how long it is.
        headers = {"Cache-Control": "no-store", "Content-Encoding": "identity"}
        return _SentOnce(self, media_type, headers)


class _SentOnce(FileResponse):
    """A file that is removed however its sending ends: a background task is left out where a range is malformed."""

    def __init__(self, drop: Drop, media_type: str, headers: dict[str, str]) -> None:
        super().__init__(drop.path, media_type=media_type, filename=drop.path.name, headers=headers)
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._drop.close()
