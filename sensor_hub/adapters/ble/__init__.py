"""Bluetooth sensors through bleak: scan, pair, collect.

Everything here lives in one asyncio loop and knows a sensor's address; what leaves it are ``RawNotification`` with a
pseudonym. Nothing here decodes. D-Bus is spoken only to BlueZ and only where bleak says nothing: whether bluetoothd
lives, which adapter is which, power, the passkey agent.
"""
