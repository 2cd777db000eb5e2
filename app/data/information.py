"""Reference rows of the right to information: articles of refusal, lines of the annual report."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications.rules.information import InformationFigure
from app.applications.services.information import ensure_missing_cases
from app.data.files import read_rows
from app.models import InformationReportLine, RefusalGround


def load_information(session: Session) -> dict[str, int]:
    """Add missing articles and report lines, and the cases of older requests; how many of each.

    What people have changed stays: an article is known by law, code and first day, a line by code
    and first year.
    """
    return {
        "RefusalGround": _load_grounds(session),
        "InformationReportLine": _load_lines(session),
        "InformationCase": ensure_missing_cases(session),
    }


def _load_grounds(session: Session) -> int:
    g = RefusalGround
    known = {tuple(row) for row in session.execute(select(g.law, g.code, g.valid_from))}
    made = []
    for row in read_rows("refusal_grounds.csv"):
        first = dt.date.fromisoformat(row["valid_from"])
        if (row["law"], row["code"], first) in known:
            continue
        made.append(
            RefusalGround(
                code=row["code"],
                law=row["law"],
                article=row["article"],
                title=row["title"],
                letter_text=row["letter_text"],
                position=int(row["position"]),
                valid_from=first,
                valid_to=dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            )
        )
    session.add_all(made)
    session.flush()
    return len(made)


def _load_lines(session: Session) -> int:
    line = InformationReportLine
    known = {tuple(row) for row in session.execute(select(line.code, line.valid_from_year))}
    made = [
        InformationReportLine(
            code=row["code"],
            position=int(row["position"]),
            text=row["text"],
            basis=row["basis"],
            figure=InformationFigure(row["figure"]),
            active=row["active"] == "1",
            valid_from_year=int(row["valid_from_year"]),
            valid_to_year=int(row["valid_to_year"]) if row["valid_to_year"] else None,
        )
        for row in read_rows("information_report_lines.csv")
        if (row["code"], int(row["valid_from_year"])) not in known
    ]
    session.add_all(made)
    session.flush()
    return len(made)
