"""Contacts of both feet from a sensor at the sacrum."""
