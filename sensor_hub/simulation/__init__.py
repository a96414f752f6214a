"""Simulated runners: bytes as sensors would send them, with the truth beside them; and seasons of sessions.

Nothing here is measured. Whatever comes from this room carries origin "simulated" or the word in its name.
"""
