"""Reads of the front desk."""
