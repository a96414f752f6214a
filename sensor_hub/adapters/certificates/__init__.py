"""Certificates for a home or a club: an authority of one's own, and what it signs (cryptography)."""

from sensor_hub.adapters.certificates.authority import Shown, init, renew, show

__all__ = ["Shown", "init", "renew", "show"]
