"""Measurements: ratios and medians of one run, written to docs/performance.md."""
