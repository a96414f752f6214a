"""No password, no secret of a browser and no token is anywhere but with whom it was told to."""

import logging
from pathlib import Path

import pytest

from sensor_hub.app.accounts.drawn import TOKEN_PREFIX, draw_password
from sensor_hub.errors import AccessError, SignInRefused
from tests.app.accounts.conftest import RIGHT, Door

PEER = "192.0.2.1"


def test_neither_files_nor_logs_nor_errors_nor_what_is_shown_hold_a_secret(
    door: Door, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[object] = []
    drawn, new, wrong = draw_password(), draw_password(), "nearly blue kettle running far"
    shown.append(door.accounts.add("coach", "coach", drawn))
    signed_in = door.accounts.sign_in("coach", drawn, peer=PEER)
    account = door.accounts.known("coach").id
    view, token = door.accounts.add_token(account, "for a program", reads_only=False)
    again = door.accounts.change_own_password(account, drawn, new, peer=PEER, keep=signed_in.secret)
    assert again is not None
    shown += [signed_in, view, again, door.accounts.asker_of_session(again.secret), door.accounts.asker_of_token(token)]
    shown += [door.registry.accounts.named("coach"), door.registry.sign_ins.session(again.secret[:8])]
    shown += [door.registry.sign_ins.token(view.id), door.accounts.sessions(account), door.accounts.tokens(account)]
    for _ in range(7):  # a password that somebody put where the name goes is one too
        with pytest.raises(SignInRefused) as refused:
            door.accounts.sign_in(wrong, new, peer=PEER)
        shown += [refused.value, repr(refused.value)]
    for call in (
        lambda: door.accounts.change("coach", password="coach coach " + "coach"),
        lambda: door.accounts.end_session(account, again.secret),
        lambda: door.accounts.remove_token(account, token),
    ):
        with pytest.raises(AccessError) as denied:
            call()
        shown.append(repr(denied.value))

    secrets = [RIGHT, drawn, new, wrong, "coach coach coach"]
    secrets += [
        text for of in (signed_in.secret, again.secret, token.removeprefix(TOKEN_PREFIX)) for text in (of, of[8:])
    ]
    files = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    places = {**files, "log": caplog.text.encode(), "shown": repr(shown).encode() + "".join(map(str, shown)).encode()}
    assert {name for name, held in places.items() if any(secret.encode() in held for secret in secrets)} == set()
    assert any(b"for a program" in held for held in files.values())  # these are the files that are written to


def test_the_log_says_who_came_and_who_was_refused_by_id_and_address_and_names_nobody(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sensor_hub.audit")
    ana, peer = door.accounts.known("ana").id, "2001:db8::1"
    signed_in = door.accounts.sign_in("ana", RIGHT, peer=peer)
    for name in ("ana", "nobody of this name"):
        with pytest.raises(SignInRefused):
            door.accounts.sign_in(name, "wrong", peer="evil\nsigned in: account root")
    door.accounts.sign_out(signed_in.secret)
    door.accounts.change("ana", disabled=True)
    chief = door.accounts.known("chief")
    door.accounts.by(chief, "192.0.2.9").change("ana", disabled=False, password=draw_password())
    door.accounts.by(None, "127.0.0.1").remove("ana")
    told = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "sensor_hub.audit"]
    assert told == [
        ("INFO", f"signed in: account {ana} from 2001:db8::/64"),
        ("WARNING", f"refused: account {ana} from no address"),
        ("WARNING", "refused: account unknown from no address"),
        ("INFO", f"signed out: account {ana}"),
        ("INFO", f"account changed: disabled: account {ana}"),
        ("INFO", f"account changed: disabled, credentials: account {ana}, by {chief.id} from 192.0.2.9"),
        ("INFO", f"account removed: account {ana}, by the operator from 127.0.0.1"),
    ]
