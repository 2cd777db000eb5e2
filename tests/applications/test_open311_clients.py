"""PyPI’s clients `georeport` and `three` against a running server, as other cities’ apps use it.

`georeport` runs as it is. `three` 0.8.0 is of 2013 and for Python 2: it cannot be imported on Python 3,
because `itertools.ifilter` is gone, and its XML way takes `dict.keys()[0]`. Both names are put back for
the test, nothing of its code is changed.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from app.core import clock
from tests.butler import Butler

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
_MAKE_KEY = """
from app.system.services import keys, settings
values = {"name": "Clients", "owner": "Tests", "opens_open311": True, "rate_limit": 6000}
_key, secret = keys.create_key(session, values=values)
settings.set_setting(session, key="open311_calls_per_minute", value=6000)
print("KEY", secret)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server of its own with demo data: (address of the interface, key)."""
    data, port = tmp_path_factory.mktemp("open311"), free_port()
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("HALKLA_")},
        "HALKLA_DATA": str(data),
        "HALKLA_PROFILE": "local",
        "HALKLA_SECRET_KEY": "open311-key-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFG",
        "HALKLA_DEMO_PASSWORD": "Deneme-parolasi-2026",
        "HALKLA_BASE_URL": f"http://127.0.0.1:{port}",
    }

    butler = Butler(env)
    for arguments in (
        ("db", "upgrade"),
        ("roles", "sync"),
        ("seed",),
        ("demo", "load", "--applications", "200", "--seed", "59"),
    ):
        butler.flask(*arguments)
    secret = butler.python(_MAKE_KEY).split("KEY ")[1].split()[0]
    butler.leave()
    log = (data / "web.log").open("wb")
    process = subprocess.Popen(
        [
            str(BIN / "gunicorn"), "run:app", "--bind", f"127.0.0.1:{port}", "--workers", "1",
            "--threads", "4", "--no-control-socket",
        ],
        cwd=ROOT, env=env, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2)
                break
            except OSError:
                assert process.poll() is None, (data / "web.log").read_text()[-3000:]
                time.sleep(0.2)
        else:
            pytest.fail((data / "web.log").read_text()[-3000:])
        yield f"http://127.0.0.1:{port}/open311/v2", secret
    finally:
        process.terminate()
        process.wait(20)
        log.close()


# --- georeport -----------------------------------------------------------------------------------
@pytest.fixture(params=["json", "xml"])
def georeport(request: pytest.FixtureRequest, server: tuple[str, str]) -> Any:
    from georeport import GeoReport

    return GeoReport(server[0], jurisdiction="ornek.bel.tr", output_format=request.param)


def test_georeport_reads_services_and_what_they_ask(georeport: Any) -> None:
    services = georeport.get_service_list()
    assert len(services) == 28
    hole = next(s for s in services if s["service_code"] == "YOL-01")
    assert hole["service_name"] == "Yolda çukur ya da çökme"
    assert str(hole["metadata"]).lower() == "true"
    definition = georeport.get_service_definition("YOL-01")
    attributes = definition["attributes"]
    if georeport.output_format == "xml":
        attributes = attributes["attribute"]
    assert [a["code"] for a in attributes] == ["CUKUR_BOYU", "CUKUR_YERI", "HASAR"]


def test_georeport_reads_requests_by_status_service_and_date(georeport: Any) -> None:
    found = georeport.get_service_requests()
    assert len(found) > 5
    open_ones = georeport.get_service_requests(status="open")
    assert {row["status"] for row in open_ones} == {"open"}
    code = found[0]["service_code"]
    of_service = georeport.get_service_requests(service_code=code)
    rows = of_service if isinstance(of_service, list) else [of_service]
    assert {row["service_code"] for row in rows} == {code}
    since = (clock.utc_now() - dt.timedelta(days=60)).strftime("%Y-%m-%dT%H:%M:%SZ")
    later = georeport.get_service_requests(
        start_date=since, end_date=clock.utc_now().strftime("%Y-%m-%dT%H:%M:%SZ")
    )
    assert 0 < len(later) <= len(found)
    numbers = [row["service_request_id"] for row in found[:3]]
    several = georeport.get_service_requests(service_request_id=",".join(numbers))
    assert {row["service_request_id"] for row in several} == set(numbers)
    one = georeport.get_service_request(numbers[0])
    assert one["service_request_id"] == numbers[0]


def test_georeport_is_told_what_it_did_wrong(georeport: Any) -> None:
    for call in (
        lambda: georeport.get_service_definition("YOK-99"),
        lambda: georeport.get_service_request("2099-0000001"),
        lambda: georeport.get_service_requests(
            start_date="2025-01-01T00:00:00Z", end_date="2025-12-31T00:00:00Z"
        ),
    ):
        with pytest.raises(requests.HTTPError) as caught:
            call()
        assert caught.value.response.status_code in {400, 404}
        assert "description" in caught.value.response.text


# --- three ---------------------------------------------------------------------------------------
class _ListOfKeys(dict[str, Any]):
    """A dictionary of Python 2, whose keys are a list."""

    def keys(self) -> Any:
        return list(super().keys())


def test_three_cannot_be_imported_without_its_python_2_name() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import three"], capture_output=True, text=True, check=False
    )
    assert "cannot import name 'ifilter' from 'itertools'" in done.stderr


@pytest.fixture(params=["json", "xml"])
def three(
    request: pytest.FixtureRequest, server: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> Any:
    """The client, with the two names of Python 2 that it needs."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    from relaxml import xml
    from three import core

    monkeypatch.setattr(core, "xml", lambda data: _ListOfKeys(xml(data)))
    return core.Three(server[0], api_key=server[1], format=request.param)


def rows_of(answer: Any, item: str) -> list[Any]:
    """The rows of an answer: JSON has a list, the XML way of the client a dictionary of one key."""
    if isinstance(answer, list):
        return answer
    found = answer[item]
    return found if isinstance(found, list) else [found]


def test_three_discovers_and_reads_services(three: Any, server: tuple[str, str]) -> None:
    found = three.discovery()
    (endpoint,) = rows_of(found["endpoints"], "endpoint")
    assert endpoint["url"] == server[0]
    services = rows_of(three.services(), "service")
    assert len(services) == 28
    definition = three.services("YOL-01")
    assert definition["service_code"] == "YOL-01"
    assert len(rows_of(definition["attributes"], "attribute")) == 3


def test_three_reads_requests(three: Any) -> None:
    found = rows_of(three.requests(), "request")
    assert len(found) > 5
    today = clock.today()
    start, end = ((today - dt.timedelta(days=d)).strftime("%m-%d-%Y") for d in (60, 0))
    assert rows_of(three.requests(start=start, end=end), "request")
    assert len(rows_of(three.requests(between=[start, end], count=3), "request")) == 3
    code = found[0]["service_code"]
    assert {r["service_code"] for r in rows_of(three.requests(code), "request")} == {code}
    number = found[0]["service_request_id"]
    (one,) = rows_of(three.request(number), "request")
    assert one["service_request_id"] == number
    wrong = rows_of(three.request("2099-0000001"), "error")
    assert int(wrong[0]["code"]) == 404


def test_three_sends_a_request_with_a_picture_and_follows_it(three: Any) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "teal").save(picture, "PNG")
    picture.seek(0)
    sent = rows_of(
        three.post(
            "YOL-01",
            address="Atatürk Cad. 12, Hürriyet Mah., Süleymanpaşa",
            name="Zeynep Kaya",
            phone="0532 000 77 88",
            email="zeynep@ornek.com",
            description=f"Kaldırımın önünde çukur ({three.format}).",
            media=("cukur.png", picture, "image/png"),
            **{"attribute[CUKUR_BOYU]": "buyuk"},
        ),
        "request",
    )
    assert three.post_response.status_code == 201
    number = sent[0]["service_request_id"]
    (seen,) = rows_of(three.request(number), "request")
    assert (seen["status"], seen["service_name"]) == ("open", "Yolda çukur ya da çökme")
    (own,) = rows_of(three.request(number, api_key=three.api_key), "request")
    assert own["description"].startswith("Kaldırımın önünde")


def test_three_is_told_what_it_did_wrong(three: Any) -> None:
    (wrong,) = rows_of(three.post("YOL-01", address="Bir yer"), "error")
    assert int(wrong["code"]) == 400
    assert wrong["description"].startswith("attribute[CUKUR_BOYU]")
    (wrong,) = rows_of(three.post("YOL-01", address="Bir yer", api_key="x"), "error")
    assert int(wrong["code"]) == 403


def test_three_finds_the_number_of_a_token(three: Any) -> None:
    wrong = rows_of(three.token("unknown"), "error")
    assert int(wrong[0]["code"]) == 404
