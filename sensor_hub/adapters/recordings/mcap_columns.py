"""Our own recordings (``mcap_file``) read as packet columns: for reanalysis, where a run is read at once.

Messages of one length that follow on each other, which is nearly all of a stream, are read as one table. The ``mcap``
library opens chunks and channels; only the messages, of which an hour has a hundred thousand, are read past it.
"""

import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from mcap.data_stream import ReadDataStream
from mcap.opcode import Opcode
from mcap.records import Channel, Chunk
from mcap.stream_reader import get_chunk_data_stream
from numpy.typing import NDArray

from sensor_hub.adapters.recordings.mcap_reader import DAMAGE, KNOWN_COMPRESSIONS, MAGIC, NS_PER_US
from sensor_hub.adapters.recordings.opened import refused
from sensor_hub.errors import RecordingError
from sensor_hub.model.packets import PacketColumns
from sensor_hub.model.recording import Fault

_HEAD: Final = struct.Struct("<BQ")  # opcode, length of what follows
_MESSAGE: Final = 22  # bytes of a message before its data: channel u16, sequence u32, log and publish time u64
_Key = tuple[str, str]


def packet_columns(path: Path) -> tuple[dict[_Key, PacketColumns], list[Fault]]:
    """Read a recording whole.

    Returns
    -------
    dict of (device, characteristic) to PacketColumns
        Every characteristic whose notifications have one length, in order of arrival.
    list of Fault
        What was wrong with the file; one that is cut off is read up to its last whole record. So are characteristics
        whose notifications differ in length: they are left out here, and a replay reads them.

    Raises
    ------
    RecordingError
        If the file is no MCAP or cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise refused(path, error) from None
    if not data.startswith(MAGIC):
        raise RecordingError(str(path), "first bytes", "is no MCAP")
    reader = _Reader()
    faults: list[Fault] = []
    try:
        reader.read(memoryview(data)[len(MAGIC) :])
    except DAMAGE as error:
        faults.append(Fault(f"after byte {reader.done}", f"cut off or damaged: {error}", lost=True))
    return dict(reader.columns(faults)), faults


class _Reader:
    def __init__(self) -> None:
        self._channels: dict[int, _Key | None] = {}
        self._parts: dict[int, list[NDArray[np.uint8]]] = {}  # of each channel, whole messages as rows
        self.done = 0

    def read(self, data: memoryview, *, in_chunk: bool = False) -> None:
        """Take records until the data ends; DAMAGE where they end early or make no sense."""
        at = 0
        while at + _HEAD.size <= len(data):
            opcode, length = _HEAD.unpack_from(data, at)
            end = at + _HEAD.size + length
            if end > len(data):
                raise ValueError("the file ends within a record")
            if opcode == Opcode.MESSAGE:
                end = self._messages(data, at, length)
            elif opcode == Opcode.CHANNEL:
                channel = Channel.read(ReadDataStream(BytesIO(data[at + _HEAD.size : end])))
                of = channel.metadata
                ours = {"device", "characteristic"} <= set(of)
                self._channels[channel.id] = (of["device"], of["characteristic"]) if ours else None
            elif opcode == Opcode.CHUNK and not in_chunk:
                self._chunk(data[at + _HEAD.size : end])
            elif opcode == Opcode.DATA_END:
                return
            at = end
            if not in_chunk:
                self.done = len(MAGIC) + at

    def _chunk(self, data: memoryview) -> None:
        chunk = Chunk.read(ReadDataStream(BytesIO(data)))
        if chunk.compression not in KNOWN_COMPRESSIONS:
            raise ValueError(f"compressed with {chunk.compression!r}; recompress it with lz4")
        stream, size = get_chunk_data_stream(chunk, validate_crc=True)
        self.read(memoryview(stream.read(size)), in_chunk=True)

    def _messages(self, data: memoryview, at: int, length: int) -> int:
        """Take all messages of this length that follow on each other; return where they end."""
        size = _HEAD.size + length
        if length < _MESSAGE:
            raise ValueError("a message is shorter than its head")
        n = (len(data) - at) // size
        rows = np.frombuffer(data, np.uint8, n * size, at).reshape(n, size)
        heads = rows[:, : _HEAD.size]
        differs = (heads != heads[0]).any(axis=1)
        n = int(differs.argmax()) if differs.any() else n
        rows = rows[:n]
        channels = rows[:, _HEAD.size : _HEAD.size + 2].copy().view("<u2")[:, 0]
        for channel in np.unique(channels).tolist():
            if self._channels[channel] is not None:  # else of somebody else
                self._parts.setdefault(channel, []).append(rows[channels == channel])
        return at + n * size

    def columns(self, faults: list[Fault]) -> Iterator[tuple[_Key, PacketColumns]]:
        """Yield what was read of each characteristic."""
        for channel, parts in self._parts.items():
            key = self._channels[channel]
            lengths = {part.shape[1] for part in parts}
            if key is None or len(lengths) > 1:
                faults.append(Fault("/".join(key or ()), "notifications of several lengths: replay it", lost=True))
                continue
            rows = np.concatenate(parts)
            time_at = _HEAD.size + 6
            log_ns = rows[:, time_at : time_at + 8].copy().view("<u8")[:, 0]
            arrival_us = (log_ns // NS_PER_US).astype(np.int64)
            yield key, PacketColumns(key[1], arrival_us, rows[:, _HEAD.size + _MESSAGE :])
