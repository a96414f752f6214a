"""The dashboards for Grafana, written in Python with Grafana's own foundation SDK; ``make dashboards`` makes the files.

Grafana reads ``dashboards/*.json`` and ``dashboards/provisioning``. Both are made from here and committed; a test fails
when they are not what this makes, and runs every query against a real server.
"""
