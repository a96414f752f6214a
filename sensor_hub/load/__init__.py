"""Steps → push-off load."""
