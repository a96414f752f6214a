"""The pages' own scripts: modules as they are written, without a build, served under a name that changes with them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Modules:
    """The modules of one page.

    by_url : the source at each address; an address changes when any module does, for they fit only each other.
    main : address of the one that is loaded first; it imports the others from beside it.
    """

    by_url: dict[str, bytes]
    main: str

    @property
    def urls(self) -> list[str]:
        """Every address."""
        return list(self.by_url)


def modules(page: str) -> Modules:
    """Return the modules in the folder of a page."""
    sources = {path.name: path.read_bytes() for path in sorted((_HERE / page).glob("*.js"))}
    digest = hashlib.sha256()
    for name, source in sources.items():
        digest.update(f"{name}\0{len(source)}\0".encode() + source)
    folder = f"/assets/script-{digest.hexdigest()[:12]}"
    return Modules({f"{folder}/{name}": source for name, source in sources.items()}, f"{folder}/main.js")


COACH: Final = modules("coach")
TIMELINE: Final = (_HERE / "timeline" / "main.js").read_text(encoding="utf-8")  # inside a page: charts need it at once
