"""The shipped deployment: what compose would start, and its broker and hub started for real, without containers."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
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

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.subscriber import Subscriber
from sensor_hub.app.edge import Edge
from sensor_hub.config import Settings
from sensor_hub.model.session import DecodeFailed, SessionHeader
from sensor_hub.wire import Topics
from tests import need
from tests.servers_influx import front_door, influxd
from tests.servers_mqtt import free_port, wait_listening

ROOT: Final = Path(__file__).parents[1]
COMPOSE: Final = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
SECRET_NAME: Final = re.compile(r"PASSWORD|TOKEN|SECRET|GATEWAYS|SENSOR_HUB_MQTT")
VARIABLE: Final = re.compile(r"\$\{([A-Z_]+)(?::([?-])([^}]*))?\}")
HUB_PASSWORD: Final = "h" * 24
PATIENCE_S: Final = 30.0


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
    ports = SERVICES[service]["ports"]
    assert ports
    for port in ports:
        assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port), port
    assert "network_mode" not in SERVICES[service]


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_no_secret_is_written_down_and_none_has_a_default(service: str) -> None:
    for name, value in SERVICES[service].get("environment", {}).items():
        if not SECRET_NAME.search(name):
            continue
        variables = VARIABLE.findall(value)
        assert len(variables) == 1, f"{name} is not a variable"
        _, kind, message = variables[0]
        assert kind == "?", f"{name} has a default"
        assert "set it in .env" in message, name
        around = VARIABLE.sub("", value)
        assert around in {"", "mqtt://hub:@mosquitto:1883"}, f"{name} says more than its variable"


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
            if source.startswith("./"):
                assert (ROOT / source).exists(), volume
                assert mode == ["ro"], f"{name}: {volume}"
            else:
                named.add(source)
    assert named == set(COMPOSE["volumes"])


def test_the_example_names_exactly_the_variables_that_compose_asks_for_and_gives_no_value() -> None:
    asked = {match[0] for match in VARIABLE.findall((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))}
    assert example().keys() == asked
    assert set(example().values()) == {""}


def test_with_the_untouched_example_compose_would_refuse_every_service() -> None:
    for name, told in SERVICES.items():
        with pytest.raises(KeyError):
            [interpolated(value, example()) for value in told["environment"].values()]
        assert told["environment"], name


def hub_environment(values: Mapping[str, str]) -> dict[str, str]:
    return {name: interpolated(value, values) for name, value in SERVICES["hub"]["environment"].items()}


def filled_in() -> dict[str, str]:
    return {name: "f" * 24 for name in example()} | {"SENSOR_HUB_SITE": "", "MQTT_HUB_PASSWORD": HUB_PASSWORD}


def test_the_hub_understands_every_setting_that_compose_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    given = hub_environment(filled_in())
    known = {f"SENSOR_HUB_{name.upper()}" for name in Settings.model_fields}
    assert given.keys() <= known
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    address = BrokerAddress.parse(settings.mqtt.get_secret_value())
    assert (address.host, address.user, address.password, address.port) == ("mosquitto", "hub", HUB_PASSWORD, 1883)
    assert settings.store.get_secret_value().startswith("influx+v2://influxdb:8086/")
    assert (settings.site, settings.web_host) == ("home", "0.0.0.0")  # noqa: S104


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
    assert source["secureJsonData"] == {"password": "$GRAFANA_INFLUXDB_PASSWORD"}


def test_scripts_can_be_executed_and_parse() -> None:
    for path in ("deploy/mosquitto/entrypoint.sh", "deploy/influxdb/10-compatibility.sh"):
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


def _has_compose() -> bool:
    docker = shutil.which("docker")
    return (
        docker is not None
        and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0
    )


if _has_compose():  # not a server this project installs: without the client there is no such test, rather than a skip

    def test_docker_compose_itself_takes_the_file(tmp_path: Path) -> None:
        env = tmp_path / "env"
        env.write_text("".join(f"{name}={value}\n" for name, value in filled_in().items()), encoding="utf-8")
        command = ["docker", "compose", "--env-file", str(env), "-f", str(ROOT / "docker-compose.yml"), "config", "-q"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


# --- the broker as shipped -------------------------------------------------------------------------------------------

PASSWORDS: Final = {"hub": HUB_PASSWORD, "edge-1": "a" * 24, "edge-2": "b" * 24, "edge-3": "c" * 24}
GATEWAYS: Final = f"edge-1:{PASSWORDS['edge-1']} edge-2:{PASSWORDS['edge-2']} edge-3:{PASSWORDS['edge-3']}:k3f9,m2d4"
BASE: Final = "sensorhub/v1/home"


def run_entrypoint(folder: Path, config: Path, **env: str) -> "subprocess.Popen[bytes]":
    given = {"SENSOR_HUB_SITE": "home", "MQTT_HUB_PASSWORD": HUB_PASSWORD, "MQTT_GATEWAYS": GATEWAYS} | env
    return subprocess.Popen(
        ["/bin/sh", ROOT / "deploy/mosquitto/entrypoint.sh"],
        env={
            "PATH": need.SEARCH_PATH,
            "MOSQUITTO_RUN_DIR": str(folder / "run"),
            "MOSQUITTO_CONFIG": str(config),
            **given,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def shipped_config(folder: Path, port: int) -> Path:
    """The shipped file with its paths below a folder and its listener on loopback."""
    text = (ROOT / "deploy/mosquitto/mosquitto.conf").read_text(encoding="utf-8")
    changes = {
        "listener 1883": f"listener {port} 127.0.0.1",
        "/run/mosquitto/": f"{folder}/run/",
        "/mosquitto/data/": f"{folder}/data/",
    }
    for old, new in changes.items():
        assert old in text, f"mosquitto.conf no longer says {old!r}"
        text = text.replace(old, new)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    config = folder / "mosquitto.conf"
    # Started as root, mosquitto gives up its rights and could not read the test's folder.
    config.write_text(text + "user root\n", encoding="utf-8")
    return config


@contextmanager
def broker_with(folder: Path, **env: str) -> Iterator[int]:
    """The shipped broker; yields its port."""
    need.command("mosquitto")
    need.command("mosquitto_passwd")
    port = free_port()
    process = run_entrypoint(folder, shipped_config(folder, port), **env)
    try:
        wait_listening(port)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    folder = tmp_path_factory.mktemp("broker")
    with broker_with(folder) as port:
        yield port, folder


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


@contextmanager
def connected(port: int, user: str | None, password: str = "") -> Iterator[tuple[Client | None, str]]:
    """A client, or None and the broker's reason."""
    answers: list[str] = []
    heard: list[tuple[str, bytes]] = []
    client = paho.Client(CallbackAPIVersion.VERSION2, f"c-{uuid4().hex[:8]}", protocol=MQTTProtocolVersion.MQTTv5)
    client.on_connect = lambda _c, _u, _f, reason, _p: answers.append(str(reason))
    client.on_message = lambda _c, _u, message: heard.append((message.topic, bytes(message.payload)))
    if user is not None:
        client.username_pw_set(user, password or PASSWORDS[user])
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        until(lambda: answers, "an answer to CONNECT")
        yield (Client(client, heard) if answers[0] == "Success" else None), answers[0]
    finally:
        client.disconnect()
        client.loop_stop()


@contextmanager
def client_of(port: int, user: str) -> Iterator[Client]:
    with connected(port, user) as (client, answer):
        assert client is not None, answer
        yield client


def publishable(port: int, user: str, topics: list[str]) -> set[str]:
    """Which of these topics a user can publish to: the broker takes it, and the hub hears it if it is of its site."""
    accepted: set[str] = set()
    with client_of(port, "hub") as hub:
        hub.listen("sensorhub/v1/#")
        for topic in topics:
            # each on its own connection: mosquitto 2.0.11 closes one that is refused a second time
            with client_of(port, user) as edge:
                taken = edge.say(topic)
            if taken:
                accepted.add(topic)
        hub.say(f"{BASE}/last")
        until(lambda: any(t == f"{BASE}/last" for t, _ in hub.heard), "the last message")
        heard = {topic for topic, _ in hub.heard}
        assert heard - {f"{BASE}/last"} == {topic for topic in accepted if topic.startswith(f"{BASE}/")}
        return accepted


def test_nobody_gets_in_without_a_user_with_a_wrong_password_or_as_somebody_unknown(broker: tuple[int, Path]) -> None:
    port, _ = broker
    for user, password in ((None, ""), ("hub", "wrong" * 5), ("edge-1", PASSWORDS["edge-2"]), ("admin", "x" * 24)):
        with connected(port, user, password) as (client, answer):
            assert client is None, f"{user} got in"
            assert answer == "Not authorized"


def test_a_gateway_publishes_its_own_state_and_its_athletes_sessions(broker: tuple[int, Path]) -> None:
    mine = [
        f"{BASE}/gw/edge-1/state", f"{BASE}/gw/edge-1/reply/r1", f"{BASE}/dev/pod-1/state", f"{BASE}/ath/k3f9/live",
        *(f"{BASE}/ath/k3f9/s/01jd/{leaf}" for leaf in ("steps", "event", "summary", "raw")),
    ]  # fmt: skip
    assert publishable(broker[0], "edge-1", mine) == set(mine)


def test_a_gateway_cannot_speak_for_another_the_hub_or_another_site(broker: tuple[int, Path]) -> None:
    foreign = [
        f"{BASE}/gw/edge-2/state", f"{BASE}/ack/edge-1", f"{BASE}/ack/edge-2", f"{BASE}/ath/k3f9/load",
        f"{BASE}/ath/k3f9/alert/f00d", f"{BASE}/dlq/x", f"{BASE}/gw/edge-1/cmd/scan", "sensorhub/v1/away/ath/k3f9/live",
    ]  # fmt: skip
    assert publishable(broker[0], "edge-1", foreign) == set()


def test_a_gateway_that_is_bound_to_athletes_speaks_for_no_other(broker: tuple[int, Path]) -> None:
    bound = [f"{BASE}/ath/{athlete}/s/01jd/steps" for athlete in ("k3f9", "m2d4", "zzzz")]
    assert publishable(broker[0], "edge-3", bound) == set(bound[:2])


def test_a_gateway_reads_its_own_acks_and_commands_and_nothing_of_any_athlete(broker: tuple[int, Path]) -> None:
    port, _ = broker
    with client_of(port, "hub") as hub, client_of(port, "edge-1") as edge:
        edge.listen("#", f"{BASE}/ath/+/s/#", f"{BASE}/ack/edge-2")
        for topic in ("ath/k3f9/live", "ath/k3f9/s/01jd/steps", "ath/k3f9/load", "ath/k3f9/alert/f00d", "ack/edge-2"):
            hub.say(f"{BASE}/{topic}")
        with client_of(port, "edge-2") as other:
            other.say(f"{BASE}/ath/m2d4/s/01jd/steps")
        hub.say(f"{BASE}/gw/edge-1/cmd/scan")
        hub.say(f"{BASE}/ack/edge-1")
        until(lambda: any(t.endswith("/ack/edge-1") for t, _ in edge.heard), "its own ack")
        assert {topic for topic, _ in edge.heard} == {f"{BASE}/gw/edge-1/cmd/scan", f"{BASE}/ack/edge-1"}


def test_the_health_checks_user_reads_the_uptime_and_nothing_else(broker: tuple[int, Path]) -> None:
    port, folder = broker
    command = SERVICES["mosquitto"]["healthcheck"]["test"][1:]
    asked = [arg.replace("$$", "$") for arg in command]
    asked[0] = need.command(asked[0])
    env = {"XDG_CONFIG_HOME": str(folder / "run")}
    done = subprocess.run([*asked, "-p", str(port)], env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    refused = subprocess.run([*asked, "-p", str(port)], env={"HOME": str(folder)}, capture_output=True, check=False)
    assert refused.returncode != 0, "the check would call a broker healthy that lets anybody in"
    credentials = (folder / "run" / "mosquitto_sub").read_text(encoding="utf-8").split()
    with connected(port, "health", credentials[-1]) as (health, _), client_of(port, "edge-1") as edge:
        assert health is not None
        health.listen("#", "$SYS/broker/uptime")
        edge.say(f"{BASE}/ath/k3f9/s/01jd/steps")
        until(lambda: health.heard, "the uptime")
        assert {topic for topic, _ in health.heard} == {"$SYS/broker/uptime"}


def test_no_password_stands_readable_in_what_the_entrypoint_writes(broker: tuple[int, Path]) -> None:
    _, folder = broker
    files = sorted(p for p in (folder / "run").iterdir() if p.is_file())
    assert [p.name for p in files] == ["acl", "mosquitto_sub", "passwords"]
    for path in files:
        assert path.stat().st_mode & 0o077 == 0, path
        text = path.read_text(encoding="utf-8")
        assert not [user for user, password in PASSWORDS.items() if password in text]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"MQTT_HUB_PASSWORD": ""}, "password of hub"),
        ({"MQTT_HUB_PASSWORD": "short"}, "at least 20"),
        ({"MQTT_HUB_PASSWORD": "p@ss/word" * 4}, "letters and digits"),
        ({"MQTT_GATEWAYS": ""}, "at least one"),
        ({"MQTT_GATEWAYS": "edge-1"}, "GATEWAY:PASSWORD"),
        ({"MQTT_GATEWAYS": f"+:{'x' * 24}"}, "gateway's id"),
        ({"MQTT_GATEWAYS": f"hub:{'x' * 24}"}, "no gateway's name"),
        ({"MQTT_GATEWAYS": f"edge-1:{'x' * 24} edge-1:{'y' * 24}"}, "stands twice"),
        ({"MQTT_GATEWAYS": f"edge-1:{'x' * 24}:"}, "last colon"),
        ({"MQTT_GATEWAYS": f"edge-1:{'x' * 24}:+"}, "athlete's id"),
        ({"MQTT_GATEWAYS": f"edge-1:{'x' * 24}:k3f9,#"}, "athlete's id"),
        ({"SENSOR_HUB_SITE": "a/#"}, "SENSOR_HUB_SITE"),
    ],
)
def test_settings_that_would_open_a_door_stop_the_broker_with_a_sentence(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    process = run_entrypoint(tmp_path, shipped_config(tmp_path, free_port()), **changed)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert said in output.decode()
    assert not [value for value in ("x" * 24, "p@ss/word", "short") if value in output.decode()]


def test_a_hub_that_is_away_misses_none_of_many_messages_though_the_broker_restarts(tmp_path: Path) -> None:
    n_messages = 1500  # more than the 1,000 that mosquitto keeps unless told otherwise
    topic, heard = f"{BASE}/ath/k3f9/s/01jd/steps", list[bytes]()

    @contextmanager
    def hub(port: int) -> Iterator[None]:
        url = f"mqtt://hub:{HUB_PASSWORD}@127.0.0.1:{port}"
        subscriber = Subscriber(url, "hub-home", [topic], lambda batch: heard.extend(m.payload for m in batch))
        subscriber.start()
        try:
            yield
        finally:
            subscriber.stop()

    with broker_with(tmp_path) as port, client_of(port, "edge-1") as edge:
        with hub(port):
            until(lambda: edge.say(topic) and heard, "the hub")
        heard.clear()
        sent = [edge.paho.publish(topic, str(i), 1) for i in range(n_messages)]
        for info in sent:
            info.wait_for_publish(PATIENCE_S)
    with broker_with(tmp_path) as port, hub(port):
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
            process.wait(30)


def healthy(port: int) -> bool:
    """What the health check of the image says."""
    env = {"SENSOR_HUB_WEB_PORT": str(port)}
    command = [sys.executable, str(ROOT / "deploy/healthcheck.py")]
    return subprocess.run(command, env=env, capture_output=True, check=False).returncode == 0


def test_the_hub_with_composes_settings_stores_and_acknowledges_what_a_gateway_sends(tmp_path: Path) -> None:
    values = filled_in()
    web_port = free_port()
    edge = Edge(tmp_path / "outbox.db", "mqtt://nobody@127.0.0.1:1", Topics("home"))
    gw = edge.outbox.gw
    edge.outbox.close()
    with (
        broker_with(tmp_path / "broker", MQTT_GATEWAYS=f"{gw}:{PASSWORDS['edge-1']}") as mqtt_port,
        influxd(tmp_path / "influx") as influx_url,
        front_door(influx_url, values["INFLUXDB_TOKEN"]) as door,
    ):
        httpx.post(f"{influx_url}/query", data={"q": "CREATE DATABASE runs"}, trust_env=False).raise_for_status()
        changes = {
            "@mosquitto:1883": f"@127.0.0.1:{mqtt_port}", "influxdb:8086": door.url.removeprefix("http://"),
            "/var/lib/sensor-hub": str(tmp_path / "hub"), "8080": str(web_port), "0.0.0.0": "127.0.0.1",  # noqa: S104
        }  # fmt: skip
        env = hub_environment(values)
        for old, new in changes.items():
            assert any(old in value for value in env.values()), f"compose no longer says {old}"
            env = {name: value.replace(old, new) for name, value in env.items()}
        assert not healthy(web_port)
        with hub_process(env | {"HOME": str(tmp_path)}, tmp_path / "hub.log") as process:
            until(lambda: healthy(web_port) or process.poll() is not None, "the hub")
            assert process.poll() is None, (tmp_path / "hub.log").read_text()
            url = f"mqtt://{gw}:{PASSWORDS['edge-1']}@127.0.0.1:{mqtt_port}"
            edge = Edge(tmp_path / "outbox.db", url, Topics("home"))
            header = SessionHeader("01jd", "k3f9", "UTC", "simulated", "imu", "m", "r", "p")
            failed = DecodeFailed(header, "pod-1", "2a53", datetime(2026, 11, 20, tzinfo=UTC), "too short")
            edge.outbox.append([failed], first_index=0, sid="01jd")
            edge.start()
            assert edge.stop(drain_s=PATIENCE_S), "no ack came back"
        assert process.returncode == 0, "it did not end clean on SIGTERM"
        query = {"db": "runs", "q": 'SELECT "problem" FROM "decode_failure"'}
        answer = httpx.get(f"{influx_url}/query", params=query, trust_env=False).json()
        assert answer["results"][0]["series"][0]["values"][0][1] == "too short"
