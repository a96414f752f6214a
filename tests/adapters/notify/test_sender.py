"""Messages handed over by a process of its own: what goes, what is refused, and what nobody ever sees."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sensor_hub.adapters.notify import Sender
from sensor_hub.adapters.notify.fence import is_private
from sensor_hub.errors import NotifyError
from tests.adapters.notify.receiving import Received, receiving

SECRET = "s3cret-word"  # noqa: S105 (of nobody)


@pytest.fixture
def received() -> Iterator[Received]:
    with receiving() as one:
        yield one


def refusal(sender: Sender, url: str, *, send: bool = False) -> str:
    ask = (lambda: sender.send(url, "title", "body")) if send else (lambda: sender.check(url))
    with pytest.raises(NotifyError) as refused:
        ask()
    text = str(refused.value)
    assert SECRET not in text
    assert refused.value.__cause__ is None
    return text


def test_a_message_comes_as_it_was_written(received: Received) -> None:
    Sender(private=True).send(received.url, "Your page", "Öffne sie: 12 %\nhttps://hub.example")
    assert [(m["title"], m["message"]) for m in received.messages] == [
        ("Your page", "Öffne sie: 12 %\nhttps://hub.example")
    ]


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("ntfy://a-topic", "ntfy"),
        pytest.param("ntfys://ana:s3cret-word@ntfy.example.org/topic", "ntfy", marks=pytest.mark.thorough),
        ("mailtos://ana:s3cret-word@example.org?smtp=mail.example.org", "E-Mail"),
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyzabcdefghi/12345", "Telegram"),
        pytest.param("json://93.184.215.14/hook", "JSON", marks=pytest.mark.thorough),
    ],
)
def test_the_services_of_the_docs_are_known_without_asking_them(url: str, service: str) -> None:
    assert Sender().check(url) == service


def further(*cases: object) -> list[object]:
    """Cases that show what another one does, each by a process of its own."""
    return [pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.thorough) for case in cases]


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1/s3cret-word", "json://[::ffff:192.168.1.1]/x", "json://hub.local/x",
        *further("json://localhost/s3cret-word", "json://10.1.2.3/x", "json://[::1]/x", "ntfy://192.168.1.20/topic",
                 "json://169.254.169.254/x"),
    ],
)  # fmt: skip
def test_an_address_in_a_private_network_is_refused_unless_the_operator_allows_it(url: str) -> None:
    assert "notify_private" in refusal(Sender(), url)
    Sender(private=True).check(url)


@pytest.mark.parametrize(
    "host",
    ["localhost", "2130706433", *further("127.0.0.1", "127.1", "0x7f000001", "0.0.0.0")],  # noqa: S104
)
def test_no_way_of_writing_this_machine_reaches_it(received: Received, host: str) -> None:
    """A name and a number mean something only when the connection is made, and there it is refused."""
    refusal(Sender(), f"json://{host}:{received.port}/{SECRET}", send=True)
    assert received.messages == []


def test_a_redirect_into_a_private_network_is_not_followed(received: Received) -> None:
    """As in the process that sends, but that this machine is let in: where it sends on to is private as well."""
    received.redirect = "http://10.255.255.1/inside"
    ran = subprocess.run(
        [sys.executable, "-c", FOLLOWS, f"http://127.0.0.1:{received.port}/"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "10.255.255.1 private network\n"


FOLLOWS = """
import sys, requests
from sensor_hub.adapters.notify import fence
fence.is_private = lambda address, known=fence.is_private: address != "127.0.0.1" and known(address)
up = fence.Fence(private=False, also_read=[p for p in sys.path if p])
up.put_up()
try:
    requests.post(sys.argv[1], json={}, timeout=3)
except requests.RequestException as error:
    print(error.request.url.split("/")[2], up.refused)
"""


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("s3cret-word", "begins with"), ("nobody://s3cret-word", "no service"),
        ("syslog://s3cret-word", "hub's own machine"), ("json://h/x\nHost: s3cret-word", "one line"),
        ("mailto://a:s3cret-word@example.org?pgpkey=/etc/passwd", "read a file"),
        *further(
            ("", "begins with the name"), ("dbus://", "hub's own machine"), ("windows://", "own machine"),
            ("file:///etc/passwd", "hub's own machine"), ("workflows://h/a/b/c?template=/etc/passwd", "read a file"),
            ("fcm://a/b?keyfile=/etc/passwd", "read a file"), ("tgram://s3cret-word", "no service"),
        ),
    ],
)  # fmt: skip
def test_what_is_no_address_for_a_phone_is_refused_with_a_sentence(url: str, says: str) -> None:
    assert says in refusal(Sender(private=True), url)


def test_a_service_that_refuses_is_told_by_its_number_alone(received: Received) -> None:
    received.refusals = [403]
    assert refusal(Sender(private=True), received.url, send=True) == "JSON answered 403 and did not take it"


def test_a_service_that_is_away_is_told_as_that() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert (
        refusal(Sender(private=True), f"json://a:{SECRET}@127.0.0.1:{port}", send=True) == "JSON could not be reached"
    )


def test_a_service_that_hangs_is_left_after_a_while() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        sender = Sender(private=True, longest_s=1.5)
        begin_s = time.monotonic()
        assert "1.5 s" in refusal(sender, f"json://a:{SECRET}@127.0.0.1:{silent.getsockname()[1]}", send=True)
        assert time.monotonic() - begin_s < 60


def test_neither_log_nor_output_has_the_address(
    received: Received, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    received.refusals = [500]
    refusal(Sender(private=True), received.url, send=True)
    out, err = capfd.readouterr()
    assert SECRET not in out + err + caplog.text
    assert str(received.port) not in out + err + caplog.text


REACHES = [
    "open('/etc/passwd')", "open('/root/x')", "open('x', 'w')", "__import__('pathlib').Path('y').write_text('')",
    "os.open(__import__('sys').prefix + '/made', os.O_CREAT | os.O_WRONLY)",
    "__import__('subprocess').run(['true'])", "__import__('os').system('true')", "__import__('os').remove('z')",
    "__import__('socket').socket(1).connect('/run/dbus/system_bus_socket')",
    "__import__('socket').create_connection(('127.0.0.1', 9), 1)",
    "__import__('socket').socket(2, 2).sendto(b'x', ('192.168.1.1', 514))",
]  # fmt: skip


def test_behind_the_fence_nothing_of_the_machine_is_reached(tmp_path: Path) -> None:
    (tmp_path / "z").write_text("stays")
    code = (
        "import os, subprocess, socket, pathlib\n"
        "from sensor_hub.adapters.notify.fence import Fence\n"
        "Fence(private=False).put_up()\n"
    )
    for n, does in enumerate(REACHES):
        code += f"try:\n    {does}\nexcept PermissionError:\n    print('refused', {n})\n"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    told = ran.stdout.splitlines()
    assert [does for n, does in enumerate(REACHES) if f"refused {n}" not in told] == []
    assert [path.name for path in tmp_path.iterdir()] == ["z"]


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True), ("10.0.0.1", True), ("172.16.0.1", True), ("192.168.1.1", True), ("169.254.1.1", True),
        ("100.64.0.1", True), ("0.0.0.0", True), ("224.0.0.1", True), ("::1", True), ("fe80::1%eth0", True),  # noqa: S104
        ("fd00::1", True), ("::ffff:10.0.0.1", True), ("2002:0a00:0001::1", True), ("64:ff9b::10.0.0.1", True),
        ("not an address", True), ("93.184.215.14", False), ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", False),
        ("64:ff9b::93.184.215.14", False),
    ],
)  # fmt: skip
def test_which_addresses_are_private(address: str, private: bool) -> None:
    assert is_private(address) == private
