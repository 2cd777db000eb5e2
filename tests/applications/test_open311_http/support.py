"""GeoReport v2 over HTTP: every resource in both formats, what strangers never read, what is refused."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

BASE = "/open311/v2"


FORM = {
    "service_code": "YOL-01",
    "lat": "40.9778912",
    "long": "27.5112345",
    "address_string": "Atatürk Cad. No: 5, Hürriyet Mah., Süleymanpaşa",
    "description": "Yolda derin bir çukur var.\nLastiğim patladı.",
    "first_name": "Gülşah",
    "last_name": "Işıkdağ",
    "email": "gulsah@ornek.com",
    "phone": "0532 000 44 55",
    "account_id": "hesap-7",
    "device_id": "tt222111",
    "media_url": "https://ornek.com/cukur.jpg",
    "attribute[CUKUR_BOYU]": "orta",
}


ITEMS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}


def told(client: Any, path: str, **args: Any) -> Any:
    """The JSON answer, after its XML twin was found to say the same."""
    answer = client.get(f"{BASE}/{path}.json", query_string=args)
    twin = client.get(f"{BASE}/{path}.xml", query_string=args)
    assert answer.status_code == twin.status_code
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert twin.headers["Content-Type"] == "text/xml; charset=utf-8"
    content = json.loads(answer.data)
    if answer.status_code == 200:
        same(ET.fromstring(twin.data), content)
    return content


def same(element: ET.Element, value: Any) -> None:
    """An element says what JSON says: list, fields in order, or text."""
    if isinstance(value, dict):
        assert [child.tag for child in element] == list(value)
        for child in element:
            same(child, value[child.tag])
    elif isinstance(value, list):
        assert [child.tag for child in element] == [ITEMS[element.tag]] * len(value)
        for child, inner in zip(element, value, strict=True):
            same(child, inner)
    else:
        written = str(value).lower() if isinstance(value, bool) else value
        assert element.text == (None if written is None else str(written)), element.tag


def post(client: Any, secret: str = "", form: str = "json", **change: Any) -> Any:
    data = {k: v for k, v in {**FORM, "api_key": secret, **change}.items() if v is not None}
    return client.post(f"{BASE}/requests.{form}", data=data)


def number_of(answer: Any) -> str:
    assert answer.status_code in {200, 201}, answer.text
    return str(answer.get_json()[0]["service_request_id"])


def errors(answer: Any, status: int) -> str:
    """The descriptions of a refusal in the shape of the specification."""
    assert answer.status_code == status, answer.text
    if "json" in answer.headers["Content-Type"]:
        found = answer.get_json()
    else:
        root = ET.fromstring(answer.data)
        assert root.tag == "errors"
        found = [{child.tag: child.text for child in error} for error in root.findall("error")]
    assert found
    for error in found:
        assert list(error) == ["code", "description"]
        assert int(error["code"]) == status
    return " ".join(error["description"] for error in found)
