"""Reading the text of a PDF for tests; uses pdftotext, which the tests of documents need."""

from __future__ import annotations

import subprocess

from tests.tools import program


def _run(tool: str, pdf: bytes, *arguments: str) -> bytes:
    path = program(tool, package="poppler-utils")
    done = subprocess.run([path, *arguments], input=pdf, capture_output=True, check=True)
    return done.stdout


def pdf_text(pdf: bytes, *, layout: bool = False) -> str:
    """Return the text of all pages; with `layout` words stand where they are on the page."""
    options = ["-layout"] if layout else []
    return _run("pdftotext", pdf, *options, "-enc", "UTF-8", "-", "-").decode("utf-8")


def pdf_words(pdf: bytes) -> list[tuple[int, float, float, float, float, str]]:
    """Return (page, left, top, right, bottom, word) in points, as poppler finds them."""
    from xml.etree import ElementTree

    words = []
    tree = ElementTree.fromstring(_run("pdftotext", pdf, "-bbox", "-enc", "UTF-8", "-", "-"))
    space = "{http://www.w3.org/1999/xhtml}"
    for number, page in enumerate(tree.iter(f"{space}page"), 1):
        for word in page.iter(f"{space}word"):
            box = [float(word.attrib[key]) for key in ("xMin", "yMin", "xMax", "yMax")]
            words.append((number, *box, word.text or ""))
    return words  # type: ignore[return-value]


def pdf_pages(pdf: bytes) -> int:
    """Return the number of pages."""
    return len(_run("pdftotext", pdf, "-", "-").decode("utf-8").rstrip("\n").split("\f")) - 1
