"""The drawing of documents: nothing is read as markup, nothing is read from outside, no network."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.core.documents import typst_render
from app.core.documents.typst_render import (
    RenderError,
    render_in_subprocess,
    render_pdf,
    render_source,
)
from tests.core.pdf_text import pdf_text

SHOW = '#let d = json("data.json")\n#set document(title: "T")\n#set text(lang: "tr")\n#d.text'

HOSTILE = (
    '#panic("x")',
    '#read("/etc/passwd")',
    "*kalın* _eğik_ = başlık",
    "$ x^2 $ `kod` @atıf <etiket>",
    '#import "@preview/x:1.0.0": *',
    "// yorum /* yorum */ \\u{41} \\",
    "${7*7} {{7*7}} {% raw %} <%= 7*7 %> #{7*7}",
    "]] #let d = 1 [[",
    '" } { "text": "başka',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_citizen_is_printed_as_it_is(text: str) -> None:
    printed = pdf_text(render_source(SHOW, {"text": text}))
    assert "".join(printed.split()) == "".join(text.split())


def test_every_turkish_letter_is_printed() -> None:
    letters = "ĞÜŞİÖÇğüşıöçâîûÂÎÛ"
    assert pdf_text(render_source(SHOW, {"text": letters})).strip() == letters


def test_the_fonts_of_the_package_alone_print_turkish(monkeypatch: pytest.MonkeyPatch) -> None:
    import typst

    bundled = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    monkeypatch.setattr(typst_render, "_fonts", lambda: bundled)
    source = (
        '#let d = json("data.json")\n#set document(title: "T")\n'
        '#set text(font: ("Times New Roman", "Liberation Serif", "Libertinus Serif"))\n#d.text'
    )
    letters = "ĞÜŞİÖÇğüşıöçâîû"
    pdf = render_source(source, {"text": letters})
    assert b"Libertinus" in pdf
    assert pdf_text(pdf).strip() == letters


def test_a_document_keeps_both_standards_and_its_language() -> None:
    pdf = render_source(SHOW, {"text": "Şikâyet"})
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/Lang(tr)" in pdf.replace(b"/Lang (tr)", b"/Lang(tr)")


def test_control_signs_and_broken_halves_do_not_stop_a_letter() -> None:
    pdf = render_source(SHOW, {"text": "a\x00\x01\x1b\ud800\ufffe\ufeffb"})
    assert pdf_text(pdf).strip() == "ab"
    assert b"pdfaid" in pdf


def test_a_sign_that_no_font_has_costs_the_standard_and_not_the_letter() -> None:
    pdf = render_source(SHOW, {"text": "Ayşe \u0378"})
    assert pdf.startswith(b"%PDF-")
    assert b"pdfaid" not in pdf


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../../../../etc/passwd")',
        '#image("http://127.0.0.1:9/x.png")',
        '#image("/etc/hostname.png")',
        '#import "@preview/cetz:0.3.0"',
        '#import "@" + "preview/cetz:0.3.0"',
        '#include "/etc/passwd"',
        '#eval("1 + 1")',
        '#plugin("x.wasm")',
    ],
)
def test_a_template_reads_nothing_from_outside(source: str) -> None:
    with pytest.raises(RenderError) as caught:
        render_source(f'#set document(title: "T")\n{source}', {})
    assert "root:" not in str(caught.value)
    assert "halkla-typst" not in str(caught.value)


@pytest.fixture
def listener():
    """A local server that notes who calls."""
    server = socket.create_server(("127.0.0.1", 0))
    calls: list[bytes] = []

    def answer() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                calls.append(connection.recv(200))

    threading.Thread(target=answer, daemon=True).start()
    yield server.getsockname()[1], calls
    server.close()


@pytest.mark.parametrize(
    "tag",
    [
        '<image href="{url}" width="9" height="9"/>',
        '<image xlink:href="{url}" width="9" height="9"/>',
        '<style>@import url("{url}"); rect {{ fill: url("{url}#x") }}</style><rect width="9" height="9"/>',
        '<use href="{url}#x"/>',
        '<foreignObject><img src="{url}"/></foreignObject>',
        '<script href="{url}"/><a href="{url}"><rect width="9" height="9"/></a>',
    ],
)
def test_a_drawing_calls_nobody(tag: str, listener: tuple[int, list[bytes]]) -> None:
    port, calls = listener
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="9" height="9">{tag.format(url=f"http://127.0.0.1:{port}/x.png")}</svg>'
    )
    source = '#set document(title: "T")\n#image("a.svg", alt: "a")'
    try:
        pdf = render_source(source, {}, {"a.svg": svg.encode()})
    except RenderError:
        pdf = b""
    assert calls == []
    assert b"/EmbeddedFile" not in pdf
    assert str(port).encode() not in pdf


def test_a_drawing_reads_no_file(tmp_path: Path) -> None:
    from PIL import Image

    secret = tmp_path / "secret.png"
    Image.new("RGB", (3, 3), "red").save(secret)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        f'<image href="{secret}" width="9" height="9"/><image href="file://{secret}"/></svg>'
    )
    source = '#set document(title: "T")\n#image("a.svg", alt: "a")'
    with pytest.raises(RenderError, match=r"file not found|not allowed"):
        render_source(source, {}, {"a.svg": svg.encode()})


@pytest.mark.parametrize("name", ["../x", "letter.typ", "", "yok", "a/b", "Letter"])
def test_a_template_is_called_by_its_plain_name(name: str) -> None:
    with pytest.raises(RenderError):
        render_pdf(name, {})


@pytest.mark.parametrize("name", ["../a.png", "/a.png", "main.typ", "data.json", "a.svg.typ"])
def test_a_picture_cannot_replace_another_file(name: str) -> None:
    with pytest.raises(RenderError):
        render_source(SHOW, {"text": ""}, {name: b"x"})


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(RenderError):
        render_source(SHOW, {"text": float("nan")})


def test_another_process_draws_the_same() -> None:
    from app.core.documents.letter import letter_data
    from tests.core.test_documents_letter import reply

    data, assets = letter_data(reply())
    here, there = render_pdf("letter", data, assets), render_in_subprocess("letter", data, assets)
    assert pdf_text(here) == pdf_text(there)


def test_a_document_that_takes_too_long_is_ended() -> None:
    with pytest.raises(RenderError, match="not ready after"):
        render_in_subprocess("letter", {}, timeout=0.01)


def test_the_other_process_says_what_was_wrong() -> None:
    with pytest.raises(RenderError, match="no such template"):
        render_in_subprocess("yok", {})


def test_the_other_process_has_no_secrets_and_no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALKLA_SECRET_KEY", "gizli")
    sealed = typst_render._sealed_environment()
    assert "HALKLA_SECRET_KEY" not in sealed
    assert sealed["https_proxy"] == sealed["HTTPS_PROXY"] == "http://127.0.0.1:9"


def test_importing_documents_loads_no_compiler() -> None:
    code = (
        "import sys, app.core.documents; sys.exit('typst' in sys.modules or 'docx' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
