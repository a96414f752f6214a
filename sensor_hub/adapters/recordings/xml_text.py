"""XML from outside: read piece by piece, kept up to its first damage, and never with a document type or entity."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from xml.parsers import expat

from sensor_hub.errors import RecordingError
from sensor_hub.model.recording import Fault

PIECE_BYTES: Final = 1 << 16
LARGEST_BYTES: Final = 1 << 28


def root_name(head: bytes) -> str:
    """Local name of the first element, or of the declared type, of a document that begins so; empty if none."""
    found: list[str] = []

    def seen(name: str, *_rest: object) -> None:
        found.append(name.rpartition(" ")[2].rpartition(":")[2])
        raise StopIteration

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = parser.StartDoctypeDeclHandler = seen
    with suppress(expat.ExpatError, StopIteration, ValueError, LookupError):
        parser.Parse(head, False)
    return found[0] if found else ""


def refuse_document_type(path: Path, data: bytes) -> None:
    """RecordingError if the document declares a type or entity: with them a small file can grow without bound."""

    def declared(*_what: object) -> None:
        mend = "remove the <!DOCTYPE …> part; recordings need none"
        raise RecordingError(str(path), f"line {parser.CurrentLineNumber}", "declares a document type", mend)

    if len(data) > LARGEST_BYTES:
        mend = "export the activities one by one"
        raise RecordingError(str(path), "beginning", f"is larger than {LARGEST_BYTES >> 20} MiB", mend)
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    with suppress(expat.ExpatError, ValueError, LookupError):  # damaged: what stands before it has been looked at
        parser.Parse(data, True)


def elements(data: bytes, faults: list[Fault]) -> Iterator[tuple[bool, str, Element]]:
    """Yield (ends, local name, element) at each beginning and end, up to the first damage, which becomes a fault.

    ``data`` has passed ``refuse_document_type``.
    """
    parser: Any = XMLPullParser(events=("start", "end"))
    try:
        for at in range(0, len(data), PIECE_BYTES):
            parser.feed(data[at : at + PIECE_BYTES])
            for event, element in parser.read_events():
                yield event == "end", local_name(element), element
        parser.close()
    except (ParseError, ValueError, LookupError) as error:  # the latter two: an encoding nobody knows
        line, column = getattr(error, "position", (1, 0))
        faults.append(Fault(f"line {line}, column {column}", f"damaged or cut off from here on: {error}", lost=True))


def local_name(element: Element) -> str:
    """Name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
