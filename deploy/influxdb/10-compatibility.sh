#!/bin/bash
# Runs once, after the set-up of an empty server: lets InfluxQL read the bucket under its own name, and gives the
# dashboards a user of their own that can only read.
set -euo pipefail

influx v1 dbrp create \
    --org "$DOCKER_INFLUXDB_INIT_ORG" \
    --bucket-id "$DOCKER_INFLUXDB_INIT_BUCKET_ID" \
    --db "$DOCKER_INFLUXDB_INIT_BUCKET" \
    --rp autogen \
    --default

influx v1 auth create \
    --org "$DOCKER_INFLUXDB_INIT_ORG" \
    --username grafana \
    --password "$(cat "$GRAFANA_INFLUXDB_PASSWORD_FILE")" \
    --read-bucket "$DOCKER_INFLUXDB_INIT_BUCKET_ID"
