"""Figures lead to cases; lines, paper and Excel."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from sqlalchemy import select

from app.applications.models import (
    InformationReportLine,
)
from app.applications.queries import information as queries
from app.core import clock
from tests.applications.test_information_report.support import (
    ARTICLES,
    BEHIND,
    FIGURES,
    LINES,
    MONTHS,
    UNITS,
    YEAR,
    F,
)
from tests.core.pdf_text import pdf_text


def shown(page: str) -> set[int]:
    """Numbers in the table of the requests on a list page."""
    return {int(no) for no in re.findall(rf"{YEAR}-99(\d{{5}})", page)}


def total(page: str) -> int:
    """How many records a list says it has."""
    return int(re.search(r"toplam ([\d.]+) kayıt", page).group(1).replace(".", ""))


# --- every figure leads to its cases ------------------------------------------------------------------------
@pytest.mark.parametrize("figure", F)
def test_the_list_behind_a_figure_holds_exactly_its_requests(
    client_as: Any, year: dict[int, int], figure: F
) -> None:
    client = client_as("mudur")
    url = (
        f"/information-cases/list/?tab=all&received_from={YEAR}-01-01&received_to={YEAR}-12-31"
        f"&figure={figure.value}"
    )
    page = client.get(url).get_data(as_text=True)
    assert shown(page) == BEHIND[figure]
    assert total(page) == FIGURES[figure]


def linked(page: str) -> list[tuple[int, str]]:
    """(figure, address) of each link of the report to the list."""
    found = re.findall(
        r'<a[^>]* href="(/information-cases/list/[^"]*received_from[^"]*)"[^>]*>(.*?)</a>',
        page,
        re.S,
    )
    links = []
    for url, inner in found:
        words = re.sub(r"<[^>]+>", "\n", inner)
        number = re.search(r"^\s*(\d+)\s*$", words, re.M)
        if number:
            links.append((int(number.group(1)), html.unescape(url)))
    return links


def test_every_link_of_the_screen_leads_to_as_many_requests(
    client_as: Any, year: dict[int, int]
) -> None:
    client = client_as("mudur")
    links = linked(client.get(f"/information-report/?year={YEAR}").get_data(as_text=True))
    assert len(links) > 90
    counts = {}
    for number, url in links:
        if url not in counts:
            counts[url] = total(client.get(url).get_data(as_text=True))
        assert counts[url] == number, url


def test_the_screen_tells_every_line_and_that_nothing_is_missing(
    client_as: Any, year: dict[int, int]
) -> None:
    page = client_as("mudur").get(f"/information-report/?year={YEAR}").get_data(as_text=True)
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))
    for code, number in LINES.items():
        assert re.search(
            rf" {re.escape(code)} [^\d]+(?:4982 m\.\S+|Ek satır\S*(?: \d+ m\.\d+)?) {number} ", text
        ), code
    assert "= 40" in text
    assert "9" in text
    assert "gizli" not in text.split("Raporun satırları")[0].lower()


def test_who_may_not_see_restricted_cases_counts_without_them_and_is_told(
    client_as: Any, year: dict[int, int]
) -> None:
    client = client_as("bilgi")
    page = client.get(f"/information-report/?year={YEAR}").get_data(as_text=True)
    assert "CİMER" in page
    figures = {url: number for number, url in linked(page)}
    all_of_them = next(n for url, n in figures.items() if "figure" not in url and "unit" not in url)
    assert all_of_them == 39
    first = next(url for url in figures if "figure=granted" in url)
    listed = client.get(first).get_data(as_text=True)
    assert shown(listed) == BEHIND[F.GRANTED] - {12}
    assert total(listed) == figures[first] == 14


def test_the_wrong_year_falls_back_to_the_last_one_that_is_over(client_as: Any) -> None:
    client = client_as("mudur")
    last = clock.today().year - 1
    for text in ("", "1999", "abc", "99999", "-1", "2019'; --"):
        page = client.get("/information-report/", query_string={"year": text})
        assert page.status_code == 200
        assert f'value="{last}" selected' in page.get_data(as_text=True)


# --- lines are data --------------------------------------------------------------------------------------------
def test_lines_come_and_go_with_their_years(session: Any, year: dict[int, int]) -> None:
    session.add(
        InformationReportLine(
            code="yeni", position=5, text="Ücret istenen başvuru sayısı", figure=F.FEE,
            valid_from_year=YEAR + 1,
        )
    )  # fmt: skip
    old = session.scalars(
        select(InformationReportLine).where(InformationReportLine.code == "ek-8")
    ).one()
    old.valid_to_year = YEAR
    session.flush()
    codes = {
        y: [line.code for line in queries.list_report_lines(session, y)] for y in (YEAR, YEAR + 1)
    }
    assert "yeni" not in codes[YEAR]
    assert codes[YEAR + 1][0] == "yeni"
    assert "ek-8" in codes[YEAR]
    assert "ek-8" not in codes[YEAR + 1]


# --- paper and Excel ---------------------------------------------------------------------------------------------
def document(app: Any, session: Any) -> Any:
    from flask_babel import force_locale

    from app.core.reports import find_report

    with app.test_request_context(), force_locale("tr"):
        report = find_report("information_year")
        real = session() if callable(session) else session
        return report.build(real, {"year": YEAR, "as_of": clock.now(), "lang": "tr", "full": True})


def test_the_document_holds_the_same_figures(app: Any, session: Any, year: dict[int, int]) -> None:
    made = document(app, session)
    tables = {str(t.title): t for t in made.tables()}
    assert {row[0]: row[3] for row in tables["Raporun satırları"].rows} == LINES
    assert sum(row[1] for row in tables["Yılın bütün başvuruları"].rows) == 40
    assert tables["Yılın bütün başvuruları"].total_row[1] == 40
    by_article = {row[0]: tuple(row[2:]) for row in tables["Maddelere göre retler"].rows}
    assert by_article.pop("–")[-1] == 1
    assert by_article == ARTICLES
    assert tuple(row[1] for row in tables["Geliş ayına göre"].rows) == MONTHS
    assert sorted(row[-1] for row in tables["Asıl birime göre"].rows) == sorted(
        row[-1] for row in UNITS.values()
    )


def test_the_command_writes_pdf_and_excel_with_the_figures(
    app: Any, session: Any, year: dict[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.core.reports import drawing

    picture = {"svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "png": ""}
    monkeypatch.setattr(drawing, "_draw", lambda specs, timeout: [picture for _spec in specs])
    for ending in ("xlsx", "pdf"):
        target = tmp_path / f"rapor.{ending}"
        arguments = ["report", "run", "information_year", "--param", f"year={YEAR}"]
        done = app.test_cli_runner().invoke(args=[*arguments, "--output", str(target)])
        assert done.exit_code == 0, (done.output, done.exception)
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO((tmp_path / "rapor.xlsx").read_bytes())
    )
    cells = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    for code, number in LINES.items():
        assert any(row[0] == code and number in row for row in cells), code
    text = pdf_text((tmp_path / "rapor.pdf").read_bytes(), layout=True)
    assert "Bilgi edinme hakkı yıllık raporu" in text
    assert re.search(r"Yapılan bilgi edinme başvurusu sayısı\s+4982 m\.30/a\s+40", text)
    assert str(YEAR) in text


@pytest.mark.parametrize("written", ["year=1999", "year=abc", "year=2190", "yil=2019"])
def test_a_year_that_cannot_be_is_refused(app: Any, session: Any, written: str) -> None:
    done = app.test_cli_runner().invoke(
        args=["report", "run", "information_year", "--param", written]
    )
    assert done.exit_code == 2
    assert done.output.strip()
