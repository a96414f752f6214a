"""Download the public recordings the reference tests use (``make fetch-data``), and believe none without its checksum.

Reads ``sources.toml`` beside this file, writes below ``data/`` beside it. Leaves with 1 and a list if anything failed;
files that are already there and right are not downloaded again.
"""

import argparse
import hashlib
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx

HERE: Final = Path(__file__).parent
BASE_URL: Final = "https://raw.githubusercontent.com"
TIMEOUT_S: Final = 30.0


@dataclass(frozen=True)
class Source:
    """One file of ``sources.toml``; ``url_path`` is None for a derived file, which nobody publishes as it is."""

    target: str
    url_path: str | None
    sha256: str
    n_bytes: int


class FetchError(Exception):
    """A file could not be had as it should be; the text says why."""


def load_sources(toml: Path) -> list[Source]:
    """Return the files of a sources list, in its order."""
    body = tomllib.loads(toml.read_text(encoding="utf-8"))
    sources = []
    for entry in body["file"]:
        url_path = None
        if "derived" not in entry:
            repository = body["repository"][entry["repository"]]
            url_path = f"{repository['name']}/{repository['commit']}/{quote(entry['path'])}"
        sources.append(Source(entry["target"], url_path, entry["sha256"], entry["bytes"]))
    return sources


def is_right(path: Path, source: Source) -> bool:
    """True if the file is there and has the checksum."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == source.sha256


def fetch(source: Source, client: httpx.Client, base_url: str, into: Path) -> None:
    """Download one file; it appears under its name only once its checksum is right. FetchError otherwise."""
    target = into / source.target
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, n_bytes = hashlib.sha256(), 0
    try:
        with client.stream("GET", f"{base_url}/{source.url_path}") as response, part.open("wb") as file:
            if response.status_code != httpx.codes.OK:
                raise FetchError(f"the server says {response.status_code} {response.reason_phrase}")
            for block in response.iter_bytes():
                n_bytes += len(block)
                if n_bytes > source.n_bytes:
                    raise FetchError(f"is longer than the {source.n_bytes} bytes expected")
                digest.update(block)
                file.write(block)
        if digest.hexdigest() != source.sha256:
            raise FetchError(f"sha256 is {digest.hexdigest()}, not {source.sha256} ({n_bytes} bytes came)")
        part.replace(target)
    except httpx.HTTPError as error:
        raise FetchError(str(error) or type(error).__name__) from None
    except OSError as error:
        raise FetchError(f"cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


def say(text: str) -> None:
    """Print one line at once, so that a slow download is seen to move."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch everything; 0 if all published files are there and right."""
    parser = argparse.ArgumentParser(description="download and verify the recordings of the reference tests")
    parser.add_argument("--base-url", default=BASE_URL, help="where <repository>/<commit>/<path> is served")
    parser.add_argument("--sources", type=Path, default=HERE / "sources.toml")
    parser.add_argument("--into", type=Path, default=HERE / "data")
    options = parser.parse_args(arguments)
    sources = load_sources(options.sources)
    published = [source for source in sources if source.url_path is not None]
    failed = []
    with httpx.Client(timeout=TIMEOUT_S, follow_redirects=True) as client:
        for number, source in enumerate(published, start=1):
            place = f"[{number}/{len(published)}] {source.target}"
            if is_right(options.into / source.target, source):
                say(f"{place}: here already")
                continue
            try:
                fetch(source, client, options.base_url.rstrip("/"), options.into)
            except FetchError as error:
                failed.append(f"{source.target}: {error}")
                say(f"{place}: FAILED")
            else:
                say(f"{place}: {source.n_bytes} bytes, checksum right")
    missing = [s.target for s in sources if s.url_path is None and not is_right(options.into / s.target, s)]
    if missing:
        say(f"{len(missing)} derived files are not published; tests that need them are skipped")
    if failed:
        say(f"{len(failed)} of {len(published)} files could not be had:\n  " + "\n  ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
