"""Writes of the front desk: they are given a Session, flush, and never commit."""
