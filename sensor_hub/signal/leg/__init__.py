"""Contacts of one leg from a sensor on the foot or the shank."""
