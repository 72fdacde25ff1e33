"""Faults under load; see docs/robustness.md."""
