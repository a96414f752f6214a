"""What loads are expressed in, computed again, and told."""
