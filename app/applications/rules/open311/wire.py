"""One content, two ways to write it: XML and JSON of the specification (Spark convention).

A list becomes an element with one child for each item, a mapping an element with its fields, nothing
an empty element. Text is escaped by the XML library, and signs that XML cannot carry are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

CONTENT_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}

#: What the items of a list are called in XML.
_ITEMS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
# Everything that XML 1.0 cannot hold even when it is escaped.
_ILLEGAL = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _plain(value: Any) -> Any:
    """The value as both ways can carry it: strings without signs that XML forbids."""
    if isinstance(value, str):
        return _ILLEGAL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, Sequence):
        return [_plain(inner) for inner in value]
    return value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _fill(element: ET.Element, name: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for inner_name, inner in value.items():
            _fill(ET.SubElement(element, inner_name), inner_name, inner)
    elif isinstance(value, list):
        for inner in value:
            _fill(ET.SubElement(element, _ITEMS[name]), _ITEMS[name], inner)
    elif value is not None and value != "":
        element.text = _text(value)


def to_xml(root: str, content: Any) -> bytes:
    """Return a document whose root element is `root`, in UTF-8 with its declaration."""
    element = ET.Element(root)
    _fill(element, root, _plain(content))
    written: bytes = ET.tostring(element, encoding="UTF-8", xml_declaration=True)
    return written


def to_json(content: Any) -> bytes:
    """Return the same content as JSON in UTF-8; an empty text is null, as an empty element is."""
    return json.dumps(_null_for_empty(_plain(content)), ensure_ascii=False).encode()


def _null_for_empty(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _null_for_empty(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_null_for_empty(inner) for inner in value]
    return None if value == "" else value


def written(form: str, root: str, content: Any) -> bytes:
    """Return the content in the format that was asked for."""
    return to_json(content) if form == "json" else to_xml(root, content)
