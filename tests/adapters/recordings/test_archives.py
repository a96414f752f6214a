"""Zips from outside: read member by member, never believed, and never written under their own names."""

import io
import zipfile
from pathlib import Path

import pytest

from sensor_hub.adapters.recordings import archives
from sensor_hub.adapters.recordings.archives import ZipArchive, is_zip
from sensor_hub.app.importing.bulk_sources import survey, unpacked
from sensor_hub.errors import RecordingError


def zip_of(**members: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return body.getvalue()


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_zip_is_known_by_its_beginning() -> None:
    assert is_zip(zip_of(a=b"1"))
    assert is_zip(zip_of())
    assert not is_zip(b"\x1f\x8b\x08")


def test_a_member_that_names_a_place_outside_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as made:
        made.writestr("../../evil.fit", b"content")
        made.writestr("/etc/evil.fit", b"content")
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    found = survey([written(tmp_path / "x.zip", zipped.getvalue())], inside)
    for i, source in enumerate(found.sources):
        assert unpacked(source, inside / str(i)).read_bytes() == b"content"
    found.close()
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["0", "1", "x.zip"]


@pytest.mark.parametrize(("limit", "says"), [(1 << 20, "more than 1 MiB"), (1 << 28, "times its size")])
def test_a_member_that_grows_too_large_is_refused_and_leaves_nothing(tmp_path: Path, limit: int, says: str) -> None:
    archive = ZipArchive(written(tmp_path / "bomb.zip", zip_of(**{"run.fit": bytes(1 << 24)})), "bomb.zip")
    (member,), _ = archive.members()
    with pytest.raises(RecordingError, match=says) as refused:
        archive.unpack(member, tmp_path / "out", largest=limit)
    archive.close()
    assert "bomb.zip/run.fit" in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_zips_inside_each_other_have_an_end(tmp_path: Path) -> None:
    content = zip_of(**{"run.fit": b"x"})
    for _ in range(archives.DEEPEST + 2):
        content = zip_of(**{"inner.zip": content})
    found = survey([written(tmp_path / "deep.zip", content)], tmp_path)
    found.close()
    (source,) = found.sources
    assert "is a zip inside 4 others" in str(source.problem)


def test_what_is_locked_damaged_or_no_zip_at_all_is_named_and_the_rest_is_found(tmp_path: Path) -> None:
    whole = bytearray(zip_of(**{"a.fit": b"1" * 500, "b.fit": b"2" * 500}))
    at = whole.index(b"PK\x01\x02")
    whole[at + 8] |= 1  # the first member says that it is locked
    (tmp_path / "in").mkdir()
    written(tmp_path / "in" / "locked.zip", bytes(whole))
    written(tmp_path / "in" / "cut.zip", bytes(whole[:60]))
    found = survey([tmp_path / "in"], tmp_path)
    found.close()
    told = {source.name.removeprefix(str(tmp_path)): source.problem for source in found.sources}
    assert "cannot be read" in str(told["/in/cut.zip"])
    assert "locked with a password" in str(told["/in/locked.zip/a.fit"])
    assert told["/in/locked.zip/b.fit"] is None


def test_a_member_whose_content_is_damaged_is_refused(tmp_path: Path) -> None:
    content = bytearray(zip_of(**{"a.fit": bytes(range(256)) * 40}))
    content[60] ^= 0xFF
    archive = ZipArchive(written(tmp_path / "x.zip", bytes(content)), "x.zip")
    members, broken = archive.members()
    told = [str(error) for error in broken]
    for member in members:
        with pytest.raises(RecordingError, match="damaged after") as refused:
            archive.unpack(member, tmp_path / "out")
        told.append(str(refused.value))
    archive.close()
    assert len(told) == 1
    assert not (tmp_path / "out").exists()


def test_more_members_than_anybody_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    with pytest.raises(RecordingError, match="more than 2 files"):
        ZipArchive(written(tmp_path / "x.zip", zip_of(a=b"", b=b"", c=b"")), "x.zip")


def test_a_link_to_its_own_folder_is_not_followed_and_a_file_named_twice_is_one(tmp_path: Path) -> None:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    file = written(tmp_path / "in" / "sub" / "a.fit", b"x")
    (tmp_path / "in" / "sub" / "round").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "b.fit").symlink_to(file)
    found = survey([tmp_path / "in", file, tmp_path / "in"], tmp_path)
    assert len(found.sources) == 1
