"""Screens of the front desk."""
