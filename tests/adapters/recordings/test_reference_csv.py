from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.recordings.reference_csv import is_contacts_csv, read_contacts_csv, read_force_csv
from sensor_hub.errors import RecordingError
from tests import need


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("header", "delimiter", "columns", "unit"),
    [
        ("Time (s),Fz (N)", ",", ("Fz (N)",), "N"),
        ("t_s,acc_v_g,grf_bw", ",", ("grf_bw",), "BW"),
        ("SAMPLE\tTIME\tForce_X\tForce_Z\tCOP_Z", "\t", ("Force_Z",), "N"),
        ("time;Fz1;Fz2", ";", ("Fz1", "Fz2"), "N"),
        ("time,force_left,force_right", ",", ("force_left", "force_right"), "N"),
        ("seconds,Fx,Fy,vGRF (BW)", ",", ("vGRF (BW)",), "BW"),
    ],
)
def test_the_vertical_force_is_found_by_its_name(
    tmp_path: Path, header: str, delimiter: str, columns: tuple[str, ...], unit: str
) -> None:
    n = len(header.split(delimiter))
    time_at = next(i for i, c in enumerate(header.split(delimiter)) if c.lower()[:2] in {"ti", "t_", "se"})
    rows = [delimiter.join(str(0.01 * k) if i == time_at else str(100 + i) for i in range(n)) for k in range(3)]
    found = read_force_csv([written(tmp_path / "f.csv", "\n".join(["a page", "of words", header, *rows]))])
    assert (found.columns, found.unit) == (columns, unit)
    assert found.t_s.tolist() == [0.0, 0.01, 0.02]
    at = [header.split(delimiter).index(c) for c in columns]
    assert found.values.tolist() == [float(sum(100 + i for i in at))] * 3
    assert found.faults == ()


def test_the_belts_of_a_treadmill_are_summed_and_times_in_milliseconds_are_known(tmp_path: Path) -> None:
    left = written(tmp_path / "l.csv", "time_ms,fz\n0,1\n10,2\n20,3\n")
    right = written(tmp_path / "r.csv", "time_ms,fz\n0,10\n10,20\n20,30\n")
    found = read_force_csv([left, right])
    assert found.t_s.tolist() == [0.0, 0.01, 0.02]
    assert found.values.tolist() == [11.0, 22.0, 33.0]
    other = written(tmp_path / "o.csv", "time_ms,fz\n5,10\n15,20\n25,30\n")
    with pytest.raises(RecordingError, match=r"o\.csv: time: .*recorded together"):
        read_force_csv([left, other])


def belt(path: Path, lines: int, *, without: int | None = None, shift_ms: int = 0, scale: float = 1.0) -> Path:
    rows = [f"{10 * i + shift_ms},{'x' if i == without else scale * i}" for i in range(lines)]
    return written(path, "\n".join(["time_ms,fz", *rows]))


def test_a_line_lost_in_one_belt_is_a_hole_and_a_fault_of_that_file(tmp_path: Path) -> None:
    left, right = belt(tmp_path / "l.csv", 40), belt(tmp_path / "r.csv", 40, without=7, shift_ms=1, scale=10)
    found = read_force_csv([left, right])
    assert found.t_s.tolist() == [i / 100 for i in range(40) if i != 7]
    assert found.values.tolist() == [11.0 * i for i in range(40) if i != 7]
    assert [(Path(file).name, f.place, f.lost) for file, f in found.faults] == [("r.csv", "line 9", True)]
    swapped = read_force_csv([right, left])
    assert swapped.values.tolist() == found.values.tolist()
    short = belt(tmp_path / "s.csv", 30)
    with pytest.raises(RecordingError, match=r"s\.csv: time: 30 lines at other times"):
        read_force_csv([left, short])


def test_a_belt_that_would_count_twice_is_refused(tmp_path: Path) -> None:
    one = belt(tmp_path / "a.csv", 20)
    copy = written(tmp_path / "b.csv", one.read_text())
    for other in (one, copy):
        with pytest.raises(RecordingError, match=r"force: has the same forces as the first file.*give each"):
            read_force_csv([one, other])
    twice = written(tmp_path / "c.csv", "t,fz,fz\n0,1,1\n1,2,2\n")
    with pytest.raises(RecordingError, match="takes the column 'fz' twice"):
        read_force_csv([twice])
    with pytest.raises(RecordingError, match="takes the column 'fz' twice"):
        read_force_csv([one], force_columns=["fz", "fz"])
    both = written(tmp_path / "d.csv", "t,Fz1,Fz2,Fz\n0,100,0,100.1\n1,700,800,1500\n2,0,900,900\n")
    with pytest.raises(RecordingError, match=r"'Fz' is the sum of the other forces.*--force-column 'Fz'"):
        read_force_csv([both])
    assert read_force_csv([both], force_columns=["Fz"]).values.tolist() == [100.1, 1500.0, 900.0]


def test_a_force_that_is_not_there_is_refused_as_such(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no force: every value is zero"):
        read_force_csv([written(tmp_path / "f.csv", "t,fz\n0,0\n1,0\n")])
    with pytest.raises(RecordingError, match="no force: no value is known"):
        read_force_csv([written(tmp_path / "f.csv", "t,fz\n0,\n1,nan\n")])


def test_forces_in_different_units_are_not_summed(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "t,fz_n,vgrf_bw\n0,700,1\n1,1400,2\n")
    with pytest.raises(RecordingError, match="fz_n, vgrf_bw are in different units"):
        read_force_csv([path])
    found = read_force_csv([path], force_columns=["vgrf_bw"])
    assert (found.unit, found.unit_from) == ("BW", "name")


def test_a_unit_that_no_name_tells_is_told_by_size_and_may_be_given(tmp_path: Path) -> None:
    bw = written(tmp_path / "bw.csv", "t,fz\n0,0.1\n1,2.4\n")
    newton = written(tmp_path / "n.csv", "t,fz\n0,-3\n1,-1700\n")
    assert (read_force_csv([bw]).unit, read_force_csv([newton]).unit) == ("BW", "N")
    assert read_force_csv([bw], unit="N").unit == "N"
    assert (read_force_csv([bw]).unit_from, read_force_csv([bw], unit="N").unit_from) == ("size", "asked")


def test_columns_may_be_named_by_hand(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "when,left plate,right plate\n0,1,2\n1,3,4\n")
    with pytest.raises(RecordingError, match=r"f\.csv: header: .* a time and a vertical force .*--force-column NAME"):
        read_force_csv([path])
    found = read_force_csv([path], time_column="when", force_columns=["left plate", "right plate"])
    assert found.values.tolist() == [3.0, 7.0]
    with pytest.raises(RecordingError, match="header with when, middle plate"):
        read_force_csv([path], time_column="when", force_columns=["middle plate"])


def test_a_broken_line_is_a_fault_and_a_file_of_them_an_error(tmp_path: Path) -> None:
    found = read_force_csv([written(tmp_path / "f.csv", "t,fz\n0,1\n1,x\n2,3\n")])
    assert found.t_s.tolist() == [0.0, 2.0]
    assert [(Path(file).name, f.place) for file, f in found.faults] == [("f.csv", "line 3")]
    for text in ("t,fz\n", "t,fz\nx,y\n"):
        with pytest.raises(RecordingError, match=r"line 2: no line could be read"):
            read_force_csv([written(tmp_path / "g.csv", text)])
    with pytest.raises(RecordingError, match="opening"):
        read_force_csv([tmp_path / "nowhere.csv"])


@pytest.mark.parametrize("header", ["time_s,contact_time_s", "time_s,stance_time (ms)", "time_s,gct", "t,Contact Time"])
def test_contact_times_of_a_pod_are_seconds_whatever_they_were(tmp_path: Path, header: str) -> None:
    scale = 1 if header.endswith("_s") else 1000
    path = written(tmp_path / "pod.csv", f"{header}\n1,{0.25 * scale}\n0,{0.24 * scale}\n2,\n")
    found = read_contacts_csv(path)
    assert found.t_s.tolist() == [0.0, 1.0, 2.0]
    assert found.values[:2] == pytest.approx([0.24, 0.25])
    assert np.isnan(found.values[2])
    assert is_contacts_csv(path)
    assert not is_contacts_csv(written(tmp_path / "f.csv", "t,fz\n0,1\n"))


def test_several_contact_times_have_to_be_chosen_from() -> None:
    path = need.data("pod_vs_video/d12_P02_7mph_excerpt.csv")
    how = {"time_column": "video_t_s", "contact_column": "video_contact_ms"}
    found = read_contacts_csv(path, **how)
    assert len(found.t_s) == 54
    assert 0.25 < float(np.median(found.values)) < 0.35


def test_two_contact_times_of_the_usual_name_are_refused_until_one_is_chosen(tmp_path: Path) -> None:
    path = written(tmp_path / "pod.csv", "t,gct,contact_time\n0,0.2,0.3\n")
    with pytest.raises(RecordingError, match=r"several contact times: gct, contact_time \(choose one"):
        read_contacts_csv(path)
    assert read_contacts_csv(path, contact_column="gct").values.tolist() == [0.2]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "any.csv"
        path.write_bytes(b"t,fz\n" + data)
        with suppress(RecordingError):
            found = read_force_csv([path])
            assert np.isfinite(found.t_s).all()
