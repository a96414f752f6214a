"""Files that came compressed: ``.fit.gz`` and the like, as training platforms hand them out."""

import zlib
from pathlib import Path
from typing import Final

from sensor_hub.errors import RecordingError
from sensor_hub.model.recording import Fault

LARGEST_BYTES: Final = 1 << 28  # more than a day of anything we read; beyond it somebody means us harm
_GZIP: Final = 16 + zlib.MAX_WBITS


def is_gzip(data: bytes) -> bool:
    """True if the signature of gzip stands at the beginning."""
    return data.startswith(b"\x1f\x8b\x08")


def unzipped(path: Path, data: bytes, faults: list[Fault]) -> bytes:
    """Return what a gzip file holds, as far as it can be read; RecordingError if nothing can, or it is too large."""
    unzip = zlib.decompressobj(_GZIP)
    found = bytearray()
    rest = data
    try:
        while rest and not unzip.eof:
            found += unzip.decompress(rest, LARGEST_BYTES + 1 - len(found))
            rest = unzip.unconsumed_tail
            if len(found) > LARGEST_BYTES:
                mend = "unpack it and give the part that is a recording"
                raise RecordingError(str(path), "gzip", f"unpacks to more than {LARGEST_BYTES >> 20} MiB", mend)
    except zlib.error as error:
        faults.append(Fault("gzip", f"damaged after {len(found)} bytes: {error}", lost=True))
    else:
        if not unzip.eof:
            faults.append(Fault("gzip", f"the file ends after {len(found)} unpacked bytes", lost=True))
    if not found:
        raise RecordingError(str(path), "gzip", faults[-1].problem if faults else "it is empty", "fetch the file again")
    return bytes(found)
