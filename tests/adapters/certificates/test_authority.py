"""Certificates of one's own: what is made, for how long, and that nothing is lost or left open."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.certificates import init, renew, show
from sensor_hub.errors import ConfigError
from tests import need

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


def test_the_servers_certificate_is_for_the_names_asked_for_and_this_machine_and_ends_in_time(tmp_path: Path) -> None:
    made = init(tmp_path / "tls", ["Hub.local", "192.168.1.20"], now_utc=NOW)
    assert made.names == ("hub.local", "192.168.1.20", "localhost", "127.0.0.1", "::1")
    assert made.until_utc == NOW + timedelta(days=825)
    assert made == show(tmp_path / "tls")


def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    init(tmp_path / "tls", ["hub.local"], now_utc=NOW)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "tls").iterdir()}
    assert modes == {"ca.crt": 0o644, "ca.key": 0o600, "server.crt": 0o644, "server.key": 0o600}
    assert (tmp_path / "tls").stat().st_mode & 0o777 == 0o700


def test_openssl_believes_it_for_a_server_and_for_nothing_else(tmp_path: Path) -> None:
    openssl = need.command("openssl")
    tls = tmp_path / "tls"
    init(tls, ["hub.local"], now_utc=datetime.now(UTC).replace(microsecond=0))

    def verified(*words: str) -> bool:
        command = [openssl, "verify", "-x509_strict", "-CAfile", str(tls / "ca.crt"), *words, str(tls / "server.crt")]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    assert verified("-purpose", "sslserver", "-verify_hostname", "hub.local")
    assert verified("-purpose", "sslserver", "-verify_ip", "127.0.0.1")
    assert not verified("-purpose", "sslserver", "-verify_hostname", "other.local")
    assert not verified("-purpose", "sslclient")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    tls = tmp_path / "tls"
    init(tls, ["hub.local"], now_utc=NOW)
    before = {path: path.read_bytes() for path in tls.iterdir()}
    with pytest.raises(ConfigError, match="is there already"):
        init(tls, ["other.local"], now_utc=NOW)
    assert {path: path.read_bytes() for path in tls.iterdir()} == before


def test_renewed_it_has_a_new_key_more_names_and_the_same_authority(tmp_path: Path) -> None:
    tls = tmp_path / "tls"
    first, key = init(tls, ["hub.local"], now_utc=NOW), (tls / "server.key").read_bytes()
    later = renew(tls, ["club.local"], now_utc=NOW + timedelta(days=400))
    assert later.authority_sha256 == first.authority_sha256
    assert set(later.names) == {*first.names, "club.local"}
    assert later.until_utc > first.until_utc
    assert (tls / "server.key").read_bytes() != key


def test_no_certificate_outlives_its_authority_and_an_old_authority_renews_nothing(tmp_path: Path) -> None:
    tls = tmp_path / "tls"
    init(tls, ["hub.local"], now_utc=NOW)
    late = renew(tls, now_utc=NOW + timedelta(days=3600))
    assert late.until_utc <= late.authority_until_utc
    with pytest.raises(ConfigError, match="ends on 2036"):
        renew(tls, now_utc=NOW + timedelta(days=3650))


@pytest.mark.parametrize("spoil", ["missing", "another", "junk"])
def test_without_the_authoritys_own_key_nothing_is_renewed(tmp_path: Path, spoil: str) -> None:
    tls, other = tmp_path / "tls", tmp_path / "other"
    init(tls, ["hub.local"], now_utc=NOW)
    init(other, ["hub.local"], now_utc=NOW)
    before = (tls / "server.crt").read_bytes()
    if spoil == "missing":
        (tls / "ca.key").unlink()
    else:
        (tls / "ca.key").write_bytes((other / "ca.key").read_bytes() if spoil == "another" else b"junk")
    with pytest.raises(ConfigError, match=r"ca\.key"):
        renew(tls, now_utc=NOW)
    assert (tls / "server.crt").read_bytes() == before


@pytest.mark.parametrize("name", ["", "hub local", "-hub", "hub..local", "1.2.3", "*.local", "hub.local/x", "ü.local"])
def test_what_is_no_name_makes_no_certificate(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="neither a host's name nor an IP address"):
        init(tmp_path / "tls", [name], now_utc=NOW)
    assert not (tmp_path / "tls").exists()


def test_without_a_name_it_is_asked_for_and_too_long_a_life_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--name"):
        init(tmp_path / "tls", [], now_utc=NOW)
    for days in (0, 826):
        with pytest.raises(ConfigError, match="1 to 825 days"):
            init(tmp_path / "tls", ["hub.local"], days=days, now_utc=NOW)
    with pytest.raises(ConfigError, match="tls init"):
        show(tmp_path / "tls")
