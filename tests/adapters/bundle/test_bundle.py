"""Bundles: the same content is the same file, and nothing of a damaged or hostile one is believed."""

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.bundle.manifest import Kind, is_safe
from sensor_hub.adapters.bundle.reading import Bundle
from sensor_hub.adapters.bundle.writing import Part, write_bundle
from sensor_hub.errors import RecordingError

KIND = Kind("test-kind", 2, "a bundle of a test")
PARTS = {"a.txt": b"one\n", "deep/b.csv": b"1,2\n" * 1000, "recordings/r.mcap": bytes(range(256)) * 9}


def write(path: Path, parts: dict[str, bytes] = PARTS, kind: Kind = KIND, *, force: bool = False) -> Path:
    write_bundle(path, kind, [Part(*one) for one in sorted(parts.items())], lambda: {"counts": {}}, force=force)
    return path


def read_all(path: Path, kind: Kind = KIND) -> dict[str, bytes]:
    with Bundle(path, kind) as bundle:
        bundle.verify()
        return {name: bundle.read(name) for name in bundle.names()}


def zipped(path: Path, parts: dict[str, bytes], manifest: object = None) -> Path:
    """A zip by another hand."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
        if manifest is not None:
            file.writestr("manifest.json", json.dumps(manifest))
    return path


def manifest_of(path: Path) -> dict[str, object]:
    with zipfile.ZipFile(path) as file:
        found: dict[str, object] = json.loads(file.read("manifest.json"))
        return found


names = st.from_regex(r"[a-z]{1,4}(/[a-z0-9.]{1,5})?", fullmatch=True).filter(is_safe)


@given(st.dictionaries(names, st.binary(max_size=200), max_size=6))
def test_what_is_written_is_read_and_the_same_content_is_the_same_file(
    tmp_path_factory: pytest.TempPathFactory, parts: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("bundle")
    one, other = write(folder / "one.zip", parts), write(folder / "other.zip", parts)
    assert read_all(one) == parts
    assert one.read_bytes() == other.read_bytes()


def test_it_is_for_its_owner_only_and_replaces_nothing_unasked(tmp_path: Path) -> None:
    path = write(tmp_path / "x.zip")
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    with pytest.raises(RecordingError, match="already there"):
        write(path, {"z": b""})
    assert path.read_bytes() == before
    write(path, {"z": b""}, force=True)
    assert read_all(path) == {"z": b""}


def test_one_that_cannot_be_made_whole_leaves_nothing(tmp_path: Path) -> None:
    missing = [Part("a", b"1"), Part("b", tmp_path / "gone")]
    with pytest.raises(RecordingError):
        write_bundle(tmp_path / "x.zip", KIND, missing, dict)
    assert list(tmp_path.iterdir()) == []


def test_every_changed_byte_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "x.zip")
    whole = path.read_bytes()
    n_refused = 0
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            assert read_all(path) == PARTS  # a byte that says nothing, such as one of a date
        except RecordingError:
            n_refused += 1
    assert n_refused > len(whole) / 7 / 2


def test_a_cut_off_one_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "x.zip")
    whole = path.read_bytes()
    for keep in (0, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:keep])
        with pytest.raises(RecordingError):
            read_all(path)


@pytest.mark.parametrize("name", ["../out", "/etc/x", "a/../../b", "a\\b", "C:x", "a//b", "./a", "a/", "x" * 300])
def test_a_part_that_would_leave_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    good = manifest_of(write(tmp_path / "good.zip", {}))
    bad = zipped(tmp_path / "bad.zip", {name: b""}, good)
    with pytest.raises(RecordingError, match="no export or backup of ours has"):
        read_all(bad)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write(tmp_path / "x.zip", {"a": bytes(5_000_000)})
    data = path.read_bytes()
    size = (5_000_000).to_bytes(8, "little")
    at = data.rindex((5_000_000).to_bytes(4, "little"))
    assert size[:4] == data[at : at + 4]
    path.write_bytes(data[:at] + (4_000_000_000).to_bytes(4, "little") + data[at + 4 :])
    with pytest.raises(RecordingError, match="larger than anything"):
        read_all(path)


def test_what_the_manifest_does_not_know_or_misses_is_refused(tmp_path: Path) -> None:
    manifest = manifest_of(write(tmp_path / "good.zip"))
    with pytest.raises(RecordingError, match="does not know"):
        read_all(zipped(tmp_path / "more.zip", PARTS | {"more": b""}, manifest))
    with pytest.raises(RecordingError, match="is missing"):
        read_all(zipped(tmp_path / "less.zip", {"a.txt": b"one\n"}, manifest))
    with pytest.raises(RecordingError, match="changed or damaged"):
        read_all(zipped(tmp_path / "other.zip", PARTS | {"a.txt": b"two\n"}, manifest))


def test_another_kind_a_newer_version_and_no_zip_are_refused_in_words(tmp_path: Path) -> None:
    path = write(tmp_path / "x.zip", kind=Kind("test-kind", 3, ""))
    with pytest.raises(RecordingError, match=r"version 3, and this program reads up to 2 \(update"):
        read_all(path)
    with pytest.raises(RecordingError, match="is 'test-kind', not"):
        read_all(path, Kind("another", 1, "a backup"))
    assert read_all(write(tmp_path / "old.zip", kind=Kind("test-kind", 1, ""))) == PARTS
    (tmp_path / "text").write_text("hello")
    with pytest.raises(RecordingError, match="not a zip"):
        read_all(tmp_path / "text")
    with pytest.raises(RecordingError, match=r"has no manifest\.json"):
        read_all(zipped(tmp_path / "plain.zip", PARTS))


def test_a_copied_part_is_whole_and_private(tmp_path: Path) -> None:
    with Bundle(write(tmp_path / "x.zip"), KIND) as bundle:
        bundle.copy("recordings/r.mcap", tmp_path / "out.mcap")
        assert bundle.is_same("recordings/r.mcap", tmp_path / "out.mcap")
    assert (tmp_path / "out.mcap").read_bytes() == PARTS["recordings/r.mcap"]
    assert (tmp_path / "out.mcap").stat().st_mode & 0o777 == 0o600
