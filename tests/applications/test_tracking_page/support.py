"""The tracking page as a stranger meets it: no oracle, no person, no change by GET, throttled."""

from __future__ import annotations

import re
from typing import Any

PLACE = "/takip"


#: Names that stand nowhere in the demo data.
FIRST, LAST, PHONE, MAIL = "Zümrütnaz", "Şahinkayaoğlu", "+905325551234", "zumrut@ornek.org"


HOSTILE = "<script>alert(1)</script>"


def asked(client: Any, number: str, code: str, **more: str) -> Any:
    return client.post(PLACE, data={"number": number, "code": code, **more})


def wrong(code: str) -> str:
    return ("2" if code[0] != "2" else "3") + code[1:]


def words(page: Any, *known: str) -> str:
    """A page without what was typed and what differs from request to request."""
    text = re.sub(r'value="[^"]*"|nonce-[^"\']*', "", page.text)
    for part in known:
        text = text.replace(part, "")
    return text
