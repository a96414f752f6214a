"""``make workers``: three hub workers, one killed -9 every ten seconds, against what one hub makes of the same runs.

python -m tests.workers [--seconds 130] [--athletes 36] [--every 10] [--seed 1] [--influx] [--postgres]
"""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.servers_mqtt import start_mosquitto
from tests.workers.rig import Plan, tried


def main() -> int:
    """Run it, print the account, return 1 where there is a difference."""
    asked = argparse.ArgumentParser(prog="python -m tests.workers")
    asked.add_argument("--seconds", type=int, default=130)
    asked.add_argument("--athletes", type=int, default=36)
    asked.add_argument("--workers", type=int, default=3)
    asked.add_argument("--every", type=float, default=10.0, help="seconds from one kill to the next; 0 for none")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--influx", action="store_true", help="the store is an InfluxDB")
    asked.add_argument("--postgres", action="store_true", help="the registry is on PostgreSQL")
    how = asked.parse_args()
    plan = Plan(how.workers, how.athletes, n_batches=how.seconds, killed_every_s=how.every, seed=how.seed)
    with tempfile.TemporaryDirectory() as temp, ExitStack() as stack:
        root = Path(temp)
        broker = start_mosquitto(root)
        stack.callback(broker.stop)
        store_url, registry_url = f"sqlite:///{root / 'store.db'}", f"sqlite:///{root / 'registry.db'}"
        if how.influx:
            from tests.servers_influx import influxd

            address = stack.enter_context(influxd(root / "influx"))
            store_url = f"influx+v1://{address.removeprefix('http://')}/workers"
        if how.postgres:
            from tests.servers_postgres import Postgres

            server = Postgres()
            stack.callback(server.remove)
            server.sql("CREATE DATABASE workers")
            registry_url = server.url("workers")
        account = tried(root, broker.url, store_url, registry_url, plan)
        if account.wrong:
            for log in sorted(root.glob("worker-*/log")):
                print(f"--- {log.parent.name}\n{log.read_text()[-3000:]}")
    for what, figure in account.figures.items():
        print(f"{what:48} {figure}")
    for line in account.wrong:
        print(f"WRONG: {line}")
    print("the same as one hub alone" if not account.wrong else "NOT the same as one hub alone")
    return 1 if account.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
