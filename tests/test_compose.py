"""The shipped deployment: what compose would start, and its broker and hub started for real, without containers."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import paho.mqtt.client as paho
import pytest
import yaml
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from sensor_hub.adapters import certificates
from sensor_hub.adapters.mqtt.access_files import write_access
from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.doorkeeper import Credential
from sensor_hub.adapters.mqtt.passwords import hash_password
from sensor_hub.adapters.mqtt.subscriber import Subscriber
from sensor_hub.adapters.mqtt.trial import try_out
from sensor_hub.app.edge import Edge
from sensor_hub.config import Settings
from sensor_hub.errors import BrokerError
from sensor_hub.model.session import DecodeFailed, SessionHeader
from sensor_hub.wire import Topics
from sensor_hub.wire.access import BrokerUser, acl_lines
from tests import need
from tests.servers_influx import front_door, influxd
from tests.servers_mqtt import free_port, wait_listening

ROOT: Final = Path(__file__).parents[1]
COMPOSE: Final = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
# those that stay up; setup runs once, and ends
SERVICES: Final[dict[str, dict[str, Any]]] = {n: s for n, s in COMPOSE["services"].items() if "profiles" not in s}
SETUP: Final[dict[str, Any]] = COMPOSE["services"]["setup"]
SECRET_NAME: Final = re.compile(r"PASSWORD|TOKEN|SECRET|SENSOR_HUB_MQTT(_FILE)?$")
VARIABLE: Final = re.compile(r"\$\{([A-Z_]+)(?::([?-])([^}]*))?\}")
HUB_PASSWORD: Final = "h" * 24
PATIENCE_S: Final = 90.0  # of a machine that is busy with other tests


def example() -> dict[str, str]:
    lines = (ROOT / "deploy" / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value for name, value in pairs}


def interpolated(text: str, values: Mapping[str, str]) -> str:
    """What compose makes of a value; KeyError where it would refuse to start."""

    def one(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        return values.get(name) or (rest if kind == "-" else values[f"{name} is not set"])

    return VARIABLE.sub(one, text).replace("$$", "$")


# --- the text of the compose file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_no_port_is_published_beyond_loopback(service: str) -> None:
    ports = [interpolated(port, example()) for port in SERVICES[service]["ports"]]
    assert ports
    for port in ports:
        assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port), port
    assert "network_mode" not in SERVICES[service]


def test_only_what_speaks_tls_can_be_published_wider_and_only_by_its_own_setting() -> None:
    wide = example() | {"SENSOR_HUB_MQTT_BIND": "0.0.0.0", "SENSOR_HUB_WEB_BIND": "0.0.0.0"}  # noqa: S104
    ports = {interpolated(port, wide) for service in SERVICES.values() for port in service["ports"]}
    assert {port for port in ports if not port.startswith("127.0.0.1:")} == {"0.0.0.0:8883:8883", "0.0.0.0:8443:8443"}


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_every_secret_is_a_file_of_its_service_and_none_stands_in_the_environment(service: str) -> None:
    given = set(SERVICES[service]["secrets"])
    assert given <= COMPOSE["secrets"].keys()
    named = set()
    for name, value in SERVICES[service]["environment"].items():
        if SECRET_NAME.search(name):
            assert name.endswith("_FILE"), f"{name} is not a file"
            named.add(value.removeprefix("/run/secrets/"))
    script = "".join(path.read_text(encoding="utf-8") for path in provisioned_for(service))
    named |= set(re.findall(r"/run/secrets/(\w+)", script))
    assert named == given


def provisioned_for(service: str) -> list[Path]:
    """Files besides the environment that say where a service finds a secret."""
    return sorted((ROOT / "dashboards/provisioning").rglob("*.yaml")) if service == "grafana" else []


def test_every_secret_is_drawn_by_setup_for_the_user_of_its_container(tmp_path: Path) -> None:
    folder, _ = set_up(tmp_path)
    user = {"mosquitto": 1883, "influxdb": 1000, "grafana": 472, "hub": 10001}
    seen = set()
    for name, told in COMPOSE["secrets"].items():
        path = folder / told["file"].removeprefix("./secrets/")
        seen.add(path.read_text(encoding="ascii"))
        assert path.stat().st_mode & 0o777 == 0o400, name
        (holder,) = [service for service, said in SERVICES.items() if name in said["secrets"]]
        if os.getuid() == 0:
            assert path.stat().st_uid == user[holder], name
        assert holder == told["file"].split("/")[2], f"{name} lies in a folder that is not its service's"
    assert all(len(secret) >= 48 for secret in seen)
    same = {"influxdb_token": "hub_influx_token", "influxdb_grafana_password": "grafana_influxdb_password"}
    assert len(seen) == len(COMPOSE["secrets"]) - len(same)


def test_setup_run_again_changes_no_secret_and_a_renewed_certificate_is_of_the_same_authority(tmp_path: Path) -> None:
    folder, _ = set_up(tmp_path)

    def contents() -> dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    first = contents()
    set_up(tmp_path)
    assert contents() == first
    set_up(tmp_path, "renew", "other.local")
    changed = {name for name, content in contents().items() if first[name] != content}
    assert {name.split("/")[-1] for name in changed} == {"server.crt", "server.key"}
    assert len(changed) == 6
    assert "other.local" in certificates.show(folder / "authority").names


def test_setup_keeps_the_secrets_of_an_older_installation_and_gives_them_to_their_users(tmp_path: Path) -> None:
    (tmp_path / "secrets/influxdb").mkdir(parents=True)
    token = tmp_path / "secrets/influxdb/token"
    token.write_text("a-token-from-before", encoding="ascii")
    folder, done = set_up(tmp_path)
    assert (folder / "hub/influx_token").read_text(encoding="ascii") == "a-token-from-before"
    assert token.stat().st_mode & 0o777 == 0o400
    if os.getuid() == 0:
        assert token.stat().st_uid == 1000
    assert "a-token-from-before" not in done.stdout + done.stderr


def test_setup_refuses_a_secret_that_is_empty(tmp_path: Path) -> None:
    (tmp_path / "secrets/influxdb").mkdir(parents=True)
    (tmp_path / "secrets/influxdb/token").touch()
    _, done = set_up(tmp_path, "hub.test", check=False)
    assert done.returncode == 1
    assert "influxdb/token is empty" in done.stderr


def test_a_new_broker_password_for_the_hub_reaches_both_sides(tmp_path: Path) -> None:
    folder, _ = set_up(tmp_path)
    before = (folder / "mosquitto/hub_password").read_text(encoding="ascii")
    (folder / "mosquitto/hub_password").unlink()
    set_up(tmp_path)
    after = (folder / "mosquitto/hub_password").read_text(encoding="ascii")
    assert after != before
    assert f"hub:{after}@" in (folder / "hub/mqtt").read_text(encoding="ascii")


def test_setup_says_that_a_name_given_later_is_not_in_the_certificate(tmp_path: Path) -> None:
    set_up(tmp_path)
    _, done = set_up(tmp_path, "other.local")
    assert "setup renew NAME" in done.stdout
    assert "hub.test" in done.stdout


def test_setup_without_a_name_or_with_a_strange_one_makes_nothing(tmp_path: Path) -> None:
    for words in ((), ("hub local",), ("$(id)",), ("renew", "hub.local")):
        _, done = set_up(tmp_path, *words, check=False)
        assert done.returncode == 1
        assert "setup: " in done.stderr
        assert not (tmp_path / "secrets/authority").exists()


def set_up(tmp_path: Path, *words: str, check: bool = True) -> "tuple[Path, subprocess.CompletedProcess[str]]":
    """What ``docker compose run --rm setup`` does; without root, all to the one user there is."""
    folder = tmp_path / "secrets"
    folder.mkdir(exist_ok=True)
    me = {} if os.getuid() == 0 else dict.fromkeys(SETUP_USERS, str(os.getuid()))
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": programs, "HOME": str(tmp_path), "SECRETS_DIR": str(folder), **me}
    command = ["/bin/sh", str(ROOT / "deploy/setup.sh"), *(words or (("hub.test",) if check else ()))]
    return folder, subprocess.run(command, env=env, capture_output=True, text=True, check=check)


SETUP_USERS: Final = ("HUB_USER", "MOSQUITTO_USER", "INFLUXDB_USER", "GRAFANA_USER")


def test_setup_can_do_nothing_but_write_its_folder() -> None:
    assert SETUP["network_mode"] == "none"
    assert SETUP["read_only"] is True
    assert SETUP["cap_drop"] == ["ALL"]
    assert SETUP["volumes"] == ["./deploy/setup.sh:/opt/sensor-hub/setup.sh:ro", "./secrets:/secrets"]
    assert "ports" not in SETUP


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_every_image_is_pinned_checked_and_started_again(service: str) -> None:
    told = SERVICES[service]
    if "build" not in told:
        assert re.search(r":\d+\.\d+\.\d+$", told["image"]), f"{told['image']} is not pinned"
    assert told["healthcheck"]["test"][0] == "CMD"
    assert told["restart"] == "unless-stopped"
    assert "no-new-privileges:true" in told["security_opt"]
    assert told.get("privileged") is None


def test_every_service_that_needs_another_waits_until_it_is_healthy() -> None:
    waits = {name: told.get("depends_on", {}) for name, told in SERVICES.items()}
    assert waits["hub"].keys() == {"mosquitto", "influxdb"}
    assert waits["grafana"].keys() == {"influxdb"}
    assert {one["condition"] for other in waits.values() for one in other.values()} == {"service_healthy"}


def test_every_volume_is_declared_and_used_and_every_mounted_file_is_there_and_read_only() -> None:
    named = set()
    for name, told in SERVICES.items():
        for volume in told["volumes"]:
            source, _, *mode = volume.split(":")
            if source.startswith("./secrets/"):  # made by setup; the hub writes the lists of the broker, nobody else
                writes = (name, source) == ("hub", "./secrets/broker-access")
                assert mode == ([] if writes else ["ro"]), f"{name}: {volume}"
            elif source.startswith("./"):
                assert (ROOT / source).exists(), volume
                assert mode == ["ro"], f"{name}: {volume}"
            else:
                named.add(source)
    assert named == set(COMPOSE["volumes"])


def test_the_example_names_exactly_the_variables_that_compose_asks_for_and_gives_no_value() -> None:
    asked = {match[0] for match in VARIABLE.findall((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))}
    assert example().keys() == asked
    assert set(example().values()) == {""}


def hub_environment(values: Mapping[str, str]) -> dict[str, str]:
    return {name: interpolated(value, values) for name, value in SERVICES["hub"]["environment"].items()}


def filled_in() -> dict[str, str]:
    return example() | {"SENSOR_HUB_NAMES": "hub.test"}


def test_the_hub_understands_every_setting_that_compose_gives_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder, _ = set_up(tmp_path)
    given = hub_environment(filled_in())
    known = {f"SENSOR_HUB_{name.upper()}" for name in Settings.model_fields}
    assert {name.removesuffix("_FILE") for name in given} <= known
    for name, value in given.items():
        monkeypatch.setenv(name, value.replace("/run/secrets/hub_", f"{folder}/hub/"))
    settings = Settings()
    address = BrokerAddress.parse(settings.mqtt.get_secret_value())
    assert (address.host, address.user, address.port, address.tls) == ("mosquitto", "hub", 8883, True)
    assert address.password == (folder / "mosquitto/hub_password").read_text(encoding="ascii")
    assert settings.influx_token.get_secret_value() == (folder / "influxdb/token").read_text(encoding="ascii")
    assert len(settings.admin_password.get_secret_value()) == 48
    assert settings.store.get_secret_value().startswith("influx+v2://influxdb:8086/")
    assert (settings.site, settings.web_host) == ("home", "0.0.0.0")  # noqa: S104
    assert {"mosquitto", "hub.test", "localhost"} <= set(certificates.show(folder / "authority").names)


def test_bucket_mapping_store_and_dashboards_name_the_same_database() -> None:
    influx = SERVICES["influxdb"]["environment"]
    bucket, org = influx["DOCKER_INFLUXDB_INIT_BUCKET"], influx["DOCKER_INFLUXDB_INIT_ORG"]
    assert SERVICES["hub"]["environment"]["SENSOR_HUB_STORE"].endswith(f"/{bucket}?org={org}")
    script = (ROOT / "deploy/influxdb/10-compatibility.sh").read_text(encoding="utf-8")
    assert '--db "$DOCKER_INFLUXDB_INIT_BUCKET"' in script
    assert "--write-bucket" not in script, "the dashboards' user must not write"
    provisioned = yaml.safe_load((ROOT / "dashboards/provisioning/datasources/influxdb.yaml").read_text())
    (source,) = provisioned["datasources"]
    assert source["jsonData"]["dbName"] == bucket
    assert source["url"] == "http://influxdb:8086"
    assert source["secureJsonData"] == {"password": "$__file{/run/secrets/grafana_influxdb_password}"}


def test_scripts_can_be_executed_and_parse() -> None:
    scripts = ("mosquitto/entrypoint.sh", "influxdb/10-compatibility.sh", "setup.sh", "smoke.sh")
    for path in (f"deploy/{script}" for script in scripts):
        assert os.access(ROOT / path, os.X_OK), path
        shell = (ROOT / path).read_text(encoding="utf-8").splitlines()[0].removeprefix("#!")
        subprocess.run([shell, "-n", ROOT / path], check=True)


def test_the_image_holds_no_root_and_the_build_sees_no_secrets() -> None:
    lines = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8").splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users == ["10001:10001"]
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert {line.split()[1] for line in lines if line.startswith("FROM")} == {"python:3.11-slim-bookworm"}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in ignored if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {p for line in lines if line.startswith("COPY") and "--from" not in line for p in line.split()[1:-1]}
    assert let_in == copied
    assert all((ROOT / path).exists() for path in copied)


@pytest.mark.parametrize(
    ("schema", "file"),
    [("vendor.compose-spec", "docker-compose.yml"), ("vendor.github-workflows", ".github/workflows/ci.yml")],
)
def test_the_file_is_as_its_published_schema_says(schema: str, file: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(ROOT / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_compose_client_takes_the_file(tmp_path: Path) -> None:
    """Debian's client is version 1; the one thing of ours that it does not know is a project's name."""
    compose = need.command("docker-compose")
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    copy = tmp_path / "docker-compose.yml"
    copy.write_text(re.sub(r"(?m)^name: sensor-hub\n", "", text), encoding="utf-8")
    env_file = str(ROOT / "deploy/.env.example")
    command = [compose, "--project-directory", str(ROOT), "--env-file", env_file, "-f", str(copy), "config"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = yaml.safe_load(done.stdout)
    assert told["services"].keys() == COMPOSE["services"].keys() - ({"setup"} - told["services"].keys())
    for name, ports in ((name, service.get("ports", [])) for name, service in told["services"].items()):
        for port in ports:
            assert str(port if isinstance(port, str) else port["host_ip"]).startswith("127.0.0.1"), name


# --- the broker as shipped -------------------------------------------------------------------------------------------

PASSWORDS: Final = {"hub": HUB_PASSWORD, "edge-1": "a" * 24, "edge-2": "b" * 24, "edge-3": "c" * 24}
BASE: Final = "sensorhub/v1/home"
GATEWAYS: Final = [
    Credential(BrokerUser("edge-1", "gateway", everybody=True), hash_password(PASSWORDS["edge-1"])),
    Credential(BrokerUser("edge-2", "gateway", everybody=True), hash_password(PASSWORDS["edge-2"])),
    Credential(BrokerUser("edge-3", "gateway", ("k3f9", "m2d4")), hash_password(PASSWORDS["edge-3"])),
]


def run_entrypoint(folder: Path, config: Path, password: str = HUB_PASSWORD, **env: str) -> "subprocess.Popen[bytes]":
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "hub_password"
    secret.write_text(password, encoding="ascii")
    given = {"SENSOR_HUB_SITE": "home", "MQTT_HUB_PASSWORD_FILE": str(secret), "MQTT_LOOK_S": "0.2"} | env
    with said_by(folder).open("wb") as output:  # a pipe that nobody reads would stop a broker that says much
        return subprocess.Popen(
            ["/bin/sh", ROOT / "deploy/mosquitto/entrypoint.sh"],
            env={
                "PATH": need.SEARCH_PATH,
                "MOSQUITTO_RUN_DIR": str(folder / "run"),
                "MOSQUITTO_CONFIG": str(config),
                "MQTT_ACCESS_DIR": str(folder / "access"),
                **given,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def said_by(folder: Path) -> Path:
    """What the entrypoint of this folder says, and then the broker."""
    return folder / "entrypoint.log"


def shipped_config(folder: Path, port: int, plain_port: int) -> Path:
    """The shipped file with its paths below a folder and its listeners on loopback."""
    text = (ROOT / "deploy/mosquitto/mosquitto.conf").read_text(encoding="utf-8")
    changes = {
        "listener 8883": f"listener {port} 127.0.0.1",
        "listener 1883 127.0.0.1": f"listener {plain_port} 127.0.0.1",
        "/run/mosquitto/": f"{folder}/run/",
        "/run/sensor-hub/tls/": f"{folder}/tls/",
        "/mosquitto/data/": f"{folder}/data/",
    }
    for old, new in changes.items():
        assert old in text, f"mosquitto.conf no longer says {old!r}"
        text = text.replace(old, new)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    if not (folder / "tls").exists():
        certificates.init(folder / "tls", ["mosquitto"], now_utc=datetime.now(UTC).replace(microsecond=0))
    config = folder / "mosquitto.conf"
    # Started as root, mosquitto gives up its rights and could not read the test's folder.
    config.write_text(text + "user root\n", encoding="utf-8")
    return config


@dataclass(frozen=True, slots=True)
class Shipped:
    """The shipped broker: its port with TLS, the one without for the health check, and its files."""

    port: int
    plain_port: int
    folder: Path

    @property
    def ca(self) -> Path:
        return self.folder / "tls/ca.crt"

    def url(self, user: str, password: str = "") -> str:
        return BrokerAddress.with_ca(
            f"mqtts://{user}:{password or PASSWORDS[user]}@localhost:{self.port}", str(self.ca)
        )


@contextmanager
def broker_with(folder: Path, gateways: Sequence[Credential] = GATEWAYS, **env: str) -> Iterator[Shipped]:
    """The shipped broker, with the lists that a hub has written."""
    need.command("mosquitto")
    need.command("mosquitto_passwd")
    if gateways:
        write_access(folder / "access", gateways, "home")
    shipped = Shipped(free_port(), free_port(), folder)
    process = run_entrypoint(folder, shipped_config(folder, shipped.port, shipped.plain_port), **env)
    try:
        wait_listening(shipped.port)
        yield shipped
    finally:
        process.terminate()
        process.wait(90)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shipped]:
    with broker_with(tmp_path_factory.mktemp("broker")) as shipped:
        yield shipped


def until(condition: Callable[[], object], what: str) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end_s, f"{what}: not within {PATIENCE_S} s"
        time.sleep(0.01)


@dataclass
class Client:
    """A connected client and what it has heard."""

    paho: paho.Client
    heard: list[tuple[str, bytes]]

    def say(self, topic: str) -> bool:
        """Publish at QoS 1; whether the broker took it."""
        taken: list[bool] = []
        self.paho.on_publish = lambda _c, _u, _mid, reason, _p: taken.append(not reason.is_failure)
        info = self.paho.publish(topic, "x", 1)
        info.wait_for_publish(PATIENCE_S)
        assert info.is_published()
        return taken == [True]

    def listen(self, *topics: str) -> None:
        granted: list[int] = []
        self.paho.on_subscribe = lambda _c, _u, mid, _codes, _p: granted.append(mid)
        for topic in topics:
            _, mid = self.paho.subscribe(topic, 1)
            assert mid is not None
            until(partial(granted.__contains__, mid), f"subscription to {topic}")


def is_reached(client: paho.Client, broker: Shipped) -> bool:
    """Whether the handshake came to its end: a mosquitto that reads its lists anew cuts who has no name yet."""
    try:
        client.connect("localhost", broker.port)
    except OSError:
        return False
    return True


@contextmanager
def connected(broker: Shipped, user: str | None, password: str = "") -> Iterator[tuple[Client | None, str]]:
    """A client, or None and the broker's reason."""
    answers: list[str] = []
    heard: list[tuple[str, bytes]] = []
    client = paho.Client(CallbackAPIVersion.VERSION2, f"c-{uuid4().hex[:8]}", protocol=MQTTProtocolVersion.MQTTv5)

    def answered(_client: paho.Client, _userdata: object, _flags: object, reason: ReasonCode, _props: object) -> None:
        answers.append(str(reason))
        if reason.is_failure:
            client.disconnect()  # or it would try again, and its end be waited for

    client.on_connect = answered
    client.on_message = lambda _c, _u, message: heard.append((message.topic, bytes(message.payload)))
    if user is not None:
        client.username_pw_set(user, password or PASSWORDS[user])
    client.tls_set_context(ssl.create_default_context(cafile=str(broker.ca)))
    until(partial(is_reached, client, broker), "a connection")
    client.loop_start()
    try:
        until(lambda: answers, "an answer to CONNECT")
        yield (Client(client, heard) if answers[0] == "Success" else None), answers[0]
    finally:
        client.disconnect()
        client.loop_stop()


@contextmanager
def client_of(broker: Shipped, user: str) -> Iterator[Client]:
    with connected(broker, user) as (client, answer):
        assert client is not None, answer
        yield client


# who may say and hear what is asked of every topic in tests/integration/test_mqtt_rights.py


def test_nobody_gets_in_without_a_user_with_a_wrong_password_or_as_somebody_unknown(broker: Shipped) -> None:
    for user, password in ((None, ""), ("hub", "wrong" * 5), ("edge-1", PASSWORDS["edge-2"]), ("admin", "x" * 24)):
        with connected(broker, user, password) as (client, answer):
            assert client is None, f"{user} got in"
            assert answer == "Not authorized"


def test_nobody_gets_in_without_tls_or_with_an_old_one(broker: Shipped) -> None:
    with pytest.raises(BrokerError, match=r"gives no answer|cannot reach|broke"):
        try_out(f"mqtt://hub:{HUB_PASSWORD}@127.0.0.1:{broker.port}", "home", timeout_s=2.0)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(broker.ca)
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("localhost", broker.port)) as raw, pytest.raises((ssl.SSLError, OSError)):
        old.wrap_socket(raw, server_hostname="localhost")


def test_the_lists_that_stand_before_a_hub_has_run_are_those_of_the_table() -> None:
    template = (ROOT / "deploy/mosquitto/acl.template").read_text(encoding="utf-8").replace("@SITE@", "home")

    def rules(text: str) -> list[str]:
        return [line for line in text.splitlines() if line and not line.startswith("#")]

    assert rules(template) == rules(acl_lines([BrokerUser("hub", "hub"), BrokerUser("health", "health")], "home"))


def test_what_the_hub_writes_later_holds_without_a_restart_and_names_neither_hub_nor_health(tmp_path: Path) -> None:
    with broker_with(tmp_path, gateways=[]) as broker:
        with connected(broker, "edge-1") as (client, _):
            assert client is None
        false_hub = Credential(BrokerUser("hub", "hub"), hash_password("f" * 24))
        write_access(tmp_path / "access", [*GATEWAYS, false_hub], "home")

        def known() -> bool:
            with connected(broker, "edge-1") as (client, _):
                return client is not None

        until(known, "the new gateway")
        with connected(broker, "hub", "f" * 24) as (client, _):
            assert client is None, "the hub's password was changed by a file"
        with client_of(broker, "hub") as hub:
            hub.listen(f"{BASE}/ath/#")
            for athlete in ("zzzz", "k3f9"):  # a connection each: mosquitto 2.0.11 may cut one that it has refused
                with client_of(broker, "edge-3") as edge:
                    edge.say(f"{BASE}/ath/{athlete}/s/01jd/steps")
            until(lambda: hub.heard, "the one it may say")
            assert {topic for topic, _ in hub.heard} == {f"{BASE}/ath/k3f9/s/01jd/steps"}


def test_the_health_checks_user_reads_the_uptime_and_nothing_else(broker: Shipped) -> None:
    folder, port = broker.folder, broker.plain_port
    command = SERVICES["mosquitto"]["healthcheck"]["test"][1:]
    asked = [arg.replace("$$", "$") for arg in command]
    asked[0] = need.command(asked[0])
    env = {"XDG_CONFIG_HOME": str(folder / "run")}
    done = subprocess.run([*asked, "-p", str(port)], env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    refused = subprocess.run([*asked, "-p", str(port)], env={"HOME": str(folder)}, capture_output=True, check=False)
    assert refused.returncode != 0, "the check would call a broker healthy that lets anybody in"
    credentials = (folder / "run" / "mosquitto_sub").read_text(encoding="utf-8").split()
    with connected(broker, "health", credentials[-1]) as (health, _), client_of(broker, "edge-1") as edge:
        assert health is not None
        health.listen("#", "$SYS/broker/uptime")
        edge.say(f"{BASE}/ath/k3f9/s/01jd/steps")
        until(lambda: health.heard, "the uptime")
        assert {topic for topic, _ in health.heard} == {"$SYS/broker/uptime"}


def test_no_password_stands_readable_in_what_the_entrypoint_writes(broker: Shipped) -> None:
    files = sorted(p for p in (broker.folder / "run").iterdir() if p.is_file())
    assert [p.name for p in files] == ["acl", "mosquitto_sub", "own.passwords", "passwords"]
    for path in files:
        assert path.stat().st_mode & 0o077 == 0, path
        text = path.read_text(encoding="utf-8")
        assert not [user for user, password in PASSWORDS.items() if password in text]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"password": ""}, "at least 20"),
        ({"password": "short"}, "at least 20"),
        ({"password": "p@ss/word" * 4}, "letters and digits"),
        ({"MQTT_HUB_PASSWORD_FILE": "/nowhere"}, "setup"),
        ({"SENSOR_HUB_SITE": "a/#"}, "SENSOR_HUB_SITE"),
    ],
)
def test_settings_that_would_open_a_door_stop_the_broker_with_a_sentence(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    process = run_entrypoint(tmp_path, shipped_config(tmp_path, free_port(), free_port()), **changed)
    assert process.wait(90) == 1
    output = said_by(tmp_path).read_text()
    assert said in output
    assert not [value for value in ("p@ss/word", "short") if value in output]


def test_a_hub_that_is_away_misses_none_of_many_messages_though_the_broker_restarts(tmp_path: Path) -> None:
    n_messages = 1500  # more than the 1,000 that mosquitto keeps unless told otherwise
    topic, heard = f"{BASE}/ath/k3f9/s/01jd/steps", list[bytes]()

    @contextmanager
    def hub(broker: Shipped) -> Iterator[None]:
        subscriber = Subscriber(
            broker.url("hub"), "hub-home", [topic], lambda batch: heard.extend(m.payload for m in batch)
        )
        subscriber.start()
        try:
            yield
        finally:
            subscriber.stop()

    with broker_with(tmp_path) as broker, client_of(broker, "edge-1") as edge:
        with hub(broker):
            until(lambda: edge.say(topic) and heard, "the hub")
        heard.clear()
        sent = [edge.paho.publish(topic, str(i), 1) for i in range(n_messages)]
        for info in sent:
            info.wait_for_publish(PATIENCE_S)
    with broker_with(tmp_path) as broker, hub(broker):
        until(lambda: len({m for m in heard if m != b"x"}) == n_messages, f"{n_messages} messages")


# --- the hub as compose starts it ------------------------------------------------------------------------------------


@contextmanager
def hub_process(env: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", "from sensor_hub.cli.main import run; run()", "hub"],
            env={"PATH": os.environ["PATH"], **env},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(90)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def healthy(port: int, certificate: Path) -> bool:
    """What the health check of the image says."""
    env = {"SENSOR_HUB_WEB_PORT": str(port), "SENSOR_HUB_WEB_CERT": str(certificate)}
    command = [sys.executable, str(ROOT / "deploy/healthcheck.py")]
    return subprocess.run(command, env=env, capture_output=True, check=False).returncode == 0


def test_the_hub_with_composes_settings_lets_a_gateway_in_stores_what_it_sends_and_acknowledges(tmp_path: Path) -> None:
    folder, _ = set_up(tmp_path)
    web_port = free_port()
    password = (folder / "mosquitto/hub_password").read_text(encoding="ascii")
    token = (folder / "influxdb/token").read_text(encoding="ascii")
    edge = Edge(tmp_path / "outbox.db", "mqtt://nobody@127.0.0.1:1", Topics("home"))
    gw = edge.outbox.gw
    edge.outbox.close()
    (tmp_path / "broker").mkdir()
    shutil.copytree(folder / "mosquitto/tls", tmp_path / "broker/tls")
    with (
        broker_with(
            tmp_path / "broker", gateways=[], MQTT_HUB_PASSWORD_FILE=str(folder / "mosquitto/hub_password")
        ) as mqtt,
        influxd(tmp_path / "influx") as influx_url,
        front_door(influx_url, token) as door,
    ):
        httpx.post(f"{influx_url}/query", data={"q": "CREATE DATABASE runs"}, trust_env=False).raise_for_status()
        url_file = tmp_path / "hub_mqtt"
        url_file.write_text(f"mqtts://hub:{password}@localhost:{mqtt.port}", encoding="ascii")
        changes = {
            "/run/secrets/hub_mqtt": str(url_file), "/run/secrets/hub_": f"{folder}/hub/",
            "/run/sensor-hub/tls": f"{folder}/hub/tls",
            "/run/sensor-hub/broker-access": str(tmp_path / "broker/access"),
            "influxdb:8086": door.url.removeprefix("http://"), "/var/lib/sensor-hub": str(tmp_path / "hub"),
            "8443": str(web_port), "0.0.0.0": "127.0.0.1",  # noqa: S104
        }  # fmt: skip
        env = hub_environment(filled_in())
        for old, new in changes.items():
            assert any(old in value for value in env.values()), f"compose no longer says {old}"
            env = {name: value.replace(old, new) for name, value in env.items()}
        env |= {"HOME": str(tmp_path)}
        certificate = folder / "hub/tls/server.crt"
        assert not healthy(web_port, certificate)
        with hub_process(env, tmp_path / "hub.log") as process:
            # a health check is a process of its own, so it is asked for only once there is something to ask
            up = partial(listens, web_port)
            until(lambda: (up() and healthy(web_port, certificate)) or process.poll() is not None, "the hub")
            assert process.poll() is None, (tmp_path / "hub.log").read_text()
            words = ["mqtt", "gateway", "add", gw, "--everybody", "--json"]
            run = "from sensor_hub.cli.main import run; run()"
            command = [sys.executable, "-c", run, *words]
            added = subprocess.run(command, env={"PATH": os.environ["PATH"], **env}, capture_output=True, check=True)
            edge = Edge(tmp_path / "outbox.db", mqtt.url(gw, json.loads(added.stdout)["password"]), Topics("home"))
            header = SessionHeader("01jd", "k3f9", "UTC", "simulated", "imu", "m", "r", "p")
            failed = DecodeFailed(header, "pod-1", "2a53", datetime(2026, 11, 20, tzinfo=UTC), "too short")
            edge.outbox.append([failed], first_index=0, sid="01jd")
            edge.start()
            assert edge.stop(drain_s=PATIENCE_S), "no ack came back"
        log = (tmp_path / "hub.log").read_text(encoding="utf-8")
        assert process.returncode == 0, f"it did not end clean on SIGTERM:\n{log}"
        admin = (folder / "hub/admin_password").read_text(encoding="ascii")
        assert not [secret for secret in (password, token, admin) if secret in log]
        query = {"db": "runs", "q": 'SELECT "problem" FROM "decode_failure"'}
        answer = httpx.get(f"{influx_url}/query", params=query, trust_env=False).json()
        assert answer["results"][0]["series"][0]["values"][0][1] == "too short"
