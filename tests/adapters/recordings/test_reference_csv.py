from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
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


def test_a_unit_that_no_name_tells_is_told_by_size_and_may_be_given(tmp_path: Path) -> None:
    bw = written(tmp_path / "bw.csv", "t,fz\n0,0.1\n1,2.4\n")
    newton = written(tmp_path / "n.csv", "t,fz\n0,-3\n1,-1700\n")
    assert (read_force_csv([bw]).unit, read_force_csv([newton]).unit) == ("BW", "N")
    assert read_force_csv([bw], unit="N").unit == "N"


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
    assert [f.place for f in found.faults] == ["line 3"]
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
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "any.csv"
        path.write_bytes(b"t,fz\n" + data)
        with suppress(RecordingError):
            found = read_force_csv([path])
            assert np.isfinite(found.t_s).all()
