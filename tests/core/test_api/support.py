"""The REST base: closed, scoped, masked, checked; nothing a client sends is a fault of ours."""

from __future__ import annotations

URL = "/api/v1/calendar_day/"


DAY = {
    "on": "2026-03-10",
    "kind": "administrative_leave",
    "name": "Kar tatili",
    "authority": "Tekirdağ Valiliği",
}
