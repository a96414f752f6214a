"""MQTT: the edge's publisher, the hub's subscriber, and a broker for a hub that has none."""
