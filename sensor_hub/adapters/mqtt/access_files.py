"""Passwords and access lists as files for a mosquitto: written whole, and only what it should read."""

import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sensor_hub.adapters.mqtt.doorkeeper import Credential
from sensor_hub.errors import ConfigError
from sensor_hub.wire.access import acl_lines

ACL: Final = "acl"
PASSWORDS: Final = "passwords"


def write_access(folder: Path, credentials: Sequence[Credential], site: str) -> bool:
    """Write ``acl`` and ``passwords`` of these users into a folder; return whether that changed anything.

    Both are for their owner only; in a folder that hands its group on (setgid), for that group to read too. Each is
    replaced in one step, the lists first: nobody is let in before it is said what they may. ConfigError if the folder
    cannot be written.
    """
    lines = "".join(f"{one.user.name}:{one.password_hash}\n" for one in sorted(credentials, key=_name))
    texts = {ACL: acl_lines([one.user for one in credentials], site), PASSWORDS: lines}
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        at = folder.stat()
        mode = 0o640 if at.st_mode & stat.S_ISGID else 0o600
        group = at.st_gid if at.st_mode & stat.S_ISGID else None
        changed = [name for name, text in texts.items() if not _is_as_wanted(folder / name, text, mode, group)]
        for name in changed:
            _replace(folder / name, texts[name], mode)
    except OSError as error:
        raise ConfigError(f"{folder}: access lists cannot be written: {error.strerror} (choose a folder)") from error
    return bool(changed)


def _name(credential: Credential) -> str:
    return credential.user.name


def _is_as_wanted(path: Path, text: str, mode: int, group: int | None) -> bool:
    """Whether a file says this, to whom it should: a folder may have got its group after the file was written."""
    try:
        at = path.stat()
        return (
            stat.S_IMODE(at.st_mode) == mode and group in {None, at.st_gid} and path.read_text(encoding="utf-8") == text
        )
    except FileNotFoundError:
        return False


def _replace(path: Path, text: str, mode: int) -> None:
    descriptor, scratch = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).replace(path)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise


__all__ = ["ACL", "PASSWORDS", "write_access"]
