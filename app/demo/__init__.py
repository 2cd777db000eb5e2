"""Fictional people and their applications, for trying out, teaching and measuring.

Shares, seasons and durations follow domain facts 11.1–11.4. Only the command `flask demo` comes in here.
"""
