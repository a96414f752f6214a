"""What a service may not make the hub's machine do, refused by the interpreter itself (an audit hook).

An address is typed by somebody who may have an account and no more, and a library of a hundred services reads files,
starts programs and follows redirects for whoever asks nicely. So in the process that sends, from the moment the library
is loaded: no program is started, no file is read but the interpreter's own and those that encryption and names need,
and no connection is made into a private network unless the operator said so. What is refused is the connection itself,
so neither a name that means something else the second time nor a redirect gets around it. The fence cannot be taken
down again: it is for a process that ends after one message.
"""

import ipaddress
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

PRIVATE: Final = "private network"
_STARTS: Final = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty",
                            "os.spawn", "pty.spawn", "ctypes.dlopen"})  # fmt: skip
_WRITES: Final = frozenset({"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod",
                            "os.truncate", "shutil.rmtree", "shutil.copyfile", "shutil.move"})  # fmt: skip
_CHANGES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_READ: Final = ("/etc/ssl", "/etc/pki", "/usr/lib/ssl", "/usr/share/ca-certificates", "/etc/hosts", "/etc/resolv.conf",
                "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/mime.types", "/etc/localtime",
                "/usr/share/zoneinfo", "/dev/null", "/dev/urandom")  # fmt: skip
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


def is_private(address: str) -> bool:
    """Whether an IP address is not one of the public internet: this machine, a home's or a club's network, or none.

    An IPv4 address inside an IPv6 one is looked at by itself.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_private(str(inner))
    return not ip.is_global or ip.is_multicast


class Fence:
    """A fence that is up from ``put_up`` on. refused : what it has refused last, None if nothing."""

    def __init__(self, *, private: bool, also_read: Iterable[str] = ()) -> None:
        roots = {sys.prefix, sys.base_prefix, sys.exec_prefix, *also_read}
        self._read = tuple({str(Path(root).resolve()) for root in roots} | roots)
        self._private = private
        self.refused: str | None = None

    def put_up(self) -> None:
        """Refuse from now on, for as long as this process lives."""
        sys.addaudithook(self._heard)

    def _heard(self, event: str, args: tuple[Any, ...]) -> None:
        if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
            self._reached(args[1] if len(args) > 1 else None)
        elif event == "open":
            self._opened(args)
        elif event in _STARTS:
            self._refuse("it would start a program")
        elif event in _WRITES:
            self._refuse("it would change files")

    def _reached(self, address: object) -> None:
        if address is None:  # of a socket that is connected already
            return
        if not isinstance(address, tuple):
            self._refuse("it would reach a program on this machine")
        elif not self._private and is_private(str(address[0])):
            self._refuse(PRIVATE)

    def _opened(self, args: tuple[Any, ...]) -> None:
        path, mode, flags = args[0], args[1], args[2] if len(args) > 2 else 0
        if isinstance(path, int):
            return
        name = os.path.normpath(os.fsdecode(path))
        reads = not (int(flags or 0) & _CHANGES or set(str(mode or "")) & set("wax+"))
        allowed = any(name == root or name.startswith(f"{root}/") for root in (*self._read, *_READ))
        if not (reads and allowed) and name != "/dev/null":
            self._refuse("it would open a file")

    def _refuse(self, what: str) -> None:
        self.refused = what
        raise PermissionError(what)
