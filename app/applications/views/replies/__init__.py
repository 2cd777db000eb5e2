"""Screens of letters: writing, approving, checking and sending them, one by one and many at once."""
