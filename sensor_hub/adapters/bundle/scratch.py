"""Folders for what is not finished yet: locked by who is at work, so that what a killed program left is cleared."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PREFIX: Final = ".sensor-hub-unfinished-"


@contextmanager
def scratch_in(parent: Path) -> Iterator[Path]:
    """Make a folder of one's own (mode 0700), removed at the end; those that killed programs left there go first.

    OSError if the folder cannot be made.
    """
    _remove_orphans(parent)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _remove_orphans(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, or gone meanwhile: no reason not to go on
            handle = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(handle)


__all__ = ["PREFIX", "scratch_in"]
