"""Logs are JSON with the request's id and hold no personal data and no secret (promises 32, 47)."""

from __future__ import annotations

import io
import json
import logging

import pytest
from flask import Flask, g
from sqlalchemy.exc import IntegrityError

from app.core.acting import Actor, acting_as
from app.core.logging import init_logging, make_formatter, scrub_text

PLANTED = {
    "national id": "12345678950",
    "phone": "0532 123 45 67",
    "international phone": "+905321234567",
    "e-mail": "ayse.yildirim@example.com",
    "password": "Deneme-parolasi-2026",
    "token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.c2lnbmF0dXJl",
}


@pytest.fixture
def log() -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(make_formatter())
    logger = logging.getLogger("test.halkla")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel("DEBUG")
    return logger, stream


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(("what", "value"), PLANTED.items())
def test_planted_data_reach_no_log(
    log: tuple[logging.Logger, io.StringIO], what: str, value: str
) -> None:
    logger, stream = log
    field = {"password": "password", "token": "access_token"}.get(what, "text")
    logger.warning("failed: %s=%s", field, value)
    logger.warning(
        "failed", extra={field: value, "nested": {field: [value] if field == "text" else value}}
    )
    try:
        raise ValueError(f"{field}={value}")
    except ValueError:
        logger.exception("fault")
    found = lines(stream)
    assert len(found) == 3
    assert value not in stream.getvalue()
    assert "ValueError" in found[2]["exception"]


def test_bound_parameters_of_a_statement_reach_no_log(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = log
    try:
        raise IntegrityError(
            "INSERT INTO people_citizen (first_name) VALUES (?)",
            {"first_name": "Gülşah", "address": "Hükümet Cad. [12]"},
            Exception("duplicate key\nDETAIL:  Key (name)=(Gülşah) already exists."),
        )
    except IntegrityError:
        logger.exception("saving failed")
    assert "Gülşah" not in stream.getvalue()
    assert "Hükümet" not in stream.getvalue()
    assert "people_citizen" in stream.getvalue()


def test_ordinary_words_stay(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.info("application 2026-0000123 assigned", extra={"unit": "Fen İşleri", "count": 12})
    (line,) = lines(stream)
    assert line["event"] == "application 2026-0000123 assigned"
    assert (line["unit"], line["count"], line["level"]) == ("Fen İşleri", 12, "info")
    assert line["timestamp"].endswith("Z")


def test_the_actor_is_a_number_and_never_a_name(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    with acting_as(Actor(user_id=7, name="Elif Kaya", request_id="r-9")):
        logger.info("done")
    (line,) = lines(stream)
    assert (line["user_id"], line["request_id"]) == (7, "r-9")
    assert "Elif" not in stream.getvalue()


def test_a_request_is_found_by_the_number_a_person_reads(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = log
    # Digits of these look like a telephone number and like an identity number.
    ours = ("902fc05321234567ad775477217fb0f1", "b5adb10000000146ba581b0e429749e6")
    for request_id in (*ours, "0532 123 45 67"):
        with acting_as(Actor(user_id=7, request_id=request_id)):
            logger.info("done")
    first, second, forged = (line["request_id"] for line in lines(stream))
    assert (first, second) == ours
    assert "532" not in forged


def test_each_request_is_one_line_without_its_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    app = Flask("probe")
    init_logging(app)

    @app.before_request
    def name() -> None:
        g.request_id = "abc"

    @app.get("/find")
    def find() -> str:
        logging.getLogger("room").warning("looked up")
        return "ok"

    capsys.readouterr()
    app.test_client().get("/find?q=12345678950&token=x")
    found = [
        json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")
    ]
    assert [line["event"] for line in found] == ["looked up", "request"]
    assert {line["request_id"] for line in found} == {"abc"}
    assert (found[1]["path"], found[1]["status"]) == ("/find", 200)
    assert "12345678950" not in json.dumps(found)


def test_a_url_keeps_its_host_but_not_its_password() -> None:
    assert scrub_text("redis://user:geheim@10.0.0.1/0") == "redis://user:[hidden]@10.0.0.1/0"
