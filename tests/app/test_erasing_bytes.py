"""Words in the bytes of a file, found in one pass as a plain search finds them."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.app.person import erasing_bytes
from sensor_hub.app.person.erasing_bytes import found_in

WORDS = ["k3f9abcd", "01jd0000000000000000000001", "01jd0000000000000000000002", "ab", "Ana Quinta", "01jd00"]
PIECES = st.sampled_from([*WORDS, "k3f9abc", "x", " ", "/", "é", "\n", "01jd0000000000000000000003", "Ana"])


def plainly(content: bytes, words: list[str]) -> int:
    """Count word by word, place by place."""

    def stands(at: int) -> bool:
        before = content[at - 1 : at] if at else b""
        ends = [at + len(w.encode()) for w in words if content.startswith(w.encode(), at)]
        return not before.isalnum() and any(not content[end : end + 1].isalnum() for end in ends)

    return sum(stands(at) for at in range(len(content)))


@given(parts=st.lists(PIECES, max_size=30))
def test_it_counts_what_a_plain_search_counts(parts: list[str]) -> None:
    content = "".join(parts).encode()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        assert found_in(path, WORDS) == plainly(content, WORDS)


def test_a_word_across_two_blocks_is_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing_bytes, "BLOCK_BYTES", 16)
    path = tmp_path / "file"
    for before in range(40):
        path.write_bytes(b"." * before + b"k3f9abcd" + b"." * 9)
        assert found_in(path, WORDS) == 1


def test_a_file_that_is_gone_or_empty_has_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert found_in(tmp_path / "empty", WORDS) == found_in(tmp_path / "gone", WORDS) == 0
