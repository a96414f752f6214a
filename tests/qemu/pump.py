"""Guest: carries HCI packets between the kernel's virtual adapter and the machine outside.

``/dev/vhci`` gives and takes one H4 packet a call; the port is a stream, so packets are cut out of it by their headers.
"""

import asyncio
import os
import signal
import sys
from typing import Final

VHCI: Final = "/dev/vhci"
VENDOR: Final = 0xFF  # vhci's own: what kind of adapter to make, and its answer
CLASSIC_AND_LE: Final = 0x00
LARGEST_READ: Final = 65_536


def packet_length(stream: bytes | bytearray) -> int | None:
    """Return the length of the first H4 packet, None while its header is not complete.

    Raises
    ------
    ValueError
        If it is of a kind that a controller does not send.
    """
    match stream[0]:
        case 0x04:  # event
            return 3 + stream[2] if len(stream) >= 3 else None
        case 0x02:  # ACL data
            return 5 + int.from_bytes(stream[3:5], "little") if len(stream) >= 5 else None
        case kind:
            raise ValueError(f"no HCI packet begins with {kind:#04x}")


class Pump:
    """One virtual adapter; ``unplug`` and ``plug_in`` are what they say."""

    def __init__(self, port: str) -> None:
        self._port = os.open(port, os.O_RDWR | os.O_NONBLOCK)
        self._vhci: int | None = None
        self._occupant: int | None = None
        self._inbound = bytearray()
        self._outbound = bytearray()

    def start(self) -> None:
        """Plug the adapter in and carry packets from now on."""
        asyncio.get_running_loop().add_reader(self._port, self._from_port)
        self.plug_in()

    def plug_in_elsewhere(self) -> None:
        """Plug it in after another (dead) adapter has taken its hciN."""
        self._occupant = os.open(VHCI, os.O_RDWR | os.O_NONBLOCK)
        os.write(self._occupant, bytes([VENDOR, CLASSIC_AND_LE]))
        self.plug_in()

    def plug_in(self) -> None:
        """Make the adapter; the kernel gives it the lowest free hciN."""
        if self._vhci is None:
            self._vhci = os.open(VHCI, os.O_RDWR | os.O_NONBLOCK)
            os.write(self._vhci, bytes([VENDOR, CLASSIC_AND_LE]))
            asyncio.get_running_loop().add_reader(self._vhci, self._from_kernel)

    def unplug(self) -> None:
        """Take the adapter away, as one pulls a stick out."""
        if self._vhci is not None:
            asyncio.get_running_loop().remove_reader(self._vhci)
            os.close(self._vhci)
            self._vhci = None

    def _from_kernel(self) -> None:
        assert self._vhci is not None
        packet = os.read(self._vhci, LARGEST_READ)
        if packet and packet[0] != VENDOR:
            self._outbound += packet
            self._to_port()

    def _to_port(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._outbound:
                del self._outbound[: os.write(self._port, self._outbound)]
            loop.remove_writer(self._port)
        except BlockingIOError:
            loop.add_writer(self._port, self._to_port)

    def _from_port(self) -> None:
        self._inbound += os.read(self._port, LARGEST_READ)
        while self._inbound:
            length = packet_length(self._inbound)
            if length is None or len(self._inbound) < length:
                return
            if self._vhci is not None:
                os.write(self._vhci, bytes(self._inbound[:length]))
            del self._inbound[:length]


async def _main(port: str) -> None:
    pump, loop = Pump(port), asyncio.get_running_loop()
    pump.start()
    loop.add_signal_handler(signal.SIGUSR1, pump.unplug)
    loop.add_signal_handler(signal.SIGUSR2, pump.plug_in_elsewhere)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
