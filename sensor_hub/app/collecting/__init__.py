"""Sensors over Bluetooth: paired, worn, checked, collected; whose a pod is tonight."""
