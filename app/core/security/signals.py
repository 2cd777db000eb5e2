"""Signals of the door: the system room writes them to the audit trail; core knows no table."""

from blinker import signal

signed_in = signal("halkla-signed-in")
sign_in_failed = signal("halkla-sign-in-failed")
signed_out = signal("halkla-signed-out")
