"""Files on their way in and out: kept in a folder of their own that goes when they have been used."""

import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from fastapi import HTTPException
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

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
        """Write what comes; HTTPException 413 where it is too much, 400 where nothing came."""
        size = 0
        with self.path.open("xb") as file:
            async for chunk in chunks:
                size += len(chunk)
                if size > largest:
                    raise HTTPException(
                        413, f"the file is larger than {largest >> 20} MiB; import it on the hub itself"
                    )
                file.write(chunk)
        if size == 0:
            raise HTTPException(400, "the file is empty")

    def close(self) -> None:
        """Remove file and folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def answer(self, media_type: str) -> FileResponse:
        """Send the file, and remove it when it is sent."""
        headers = {"Cache-Control": "no-store"}
        return FileResponse(
            self.path, media_type=media_type, filename=self.path.name, headers=headers,
            background=BackgroundTask(self.close),
        )  # fmt: skip
