"""Bytes → readings. Anything from outside may raise DecodeError, and nothing else."""
