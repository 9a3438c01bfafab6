"""Timed figures: see README.md."""
