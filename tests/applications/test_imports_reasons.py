"""Why rows of a file are refused: in the writing of the file, and in one sentence for many rows."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.applications.services import imports
from app.core.acting import SYSTEM, acting_as
from tests.applications import imports_support as support
from tests.applications.test_imports_services.support import city_plan

OF_ONE_ROW = re.compile(r"%\((value|row|length)\)s")


@pytest.fixture
def files(tmp_path: Any) -> Iterator[None]:
    """Attachments go to a folder of this test."""
    from app.core import places

    before = places.data_folder(), places.files_folder()
    places.set_folders(tmp_path, tmp_path / "files")
    yield
    places.set_folders(*before)


def test_reasons_speak_for_all_their_rows_and_as_the_file_is_written(
    session: Any, client_as: Any, files: None
) -> None:
    file, plan = support.checked(support.OTHER_CITY), city_plan()
    with acting_as(SYSTEM):
        draft = imports.create_batch(session(), upload=file, mapping=plan, actor=SYSTEM)
        done, _ = support.run(session(), support.checked(support.OTHER_CITY), plan)
    session.commit()
    pages = f"/imports/preview/{draft.id}", f"/imports/show/{done.id}"
    client = client_as("cimer")
    for page in (client.get(url).text for url in pages):
        assert "…” " not in page
        assert "Değer tarih ve saat olarak okunamadı; 12/31/2026 02:05:00 PM" in page
        assert "“13/45/2026” tarih ve saat olarak okunamadı; 12/31/2026 02:05:00 PM" in page
        assert "Değer koordinat değil; 41.2776 biçiminde yazın." in page
        assert "Aynı numara birden çok satırda var; yalnız ilki alınır." in page
        assert "31.12.2026 14:05" not in page


def test_every_sentence_about_a_row_has_one_about_many() -> None:
    """A sentence that holds what stood in one row, wherever importers write one."""
    from app.applications.services.imports import rejects, rows
    from app.core.imports import SENTENCES, convert
    from app.frontdesk.services import calls_rows

    source = " ".join(inspect.getsource(module) for module in (convert, calls_rows, rows))
    messages = re.findall(r'N_\(\s*"([^"]+)"', source)
    told = {text for text in messages if OF_ONE_ROW.search(text)}
    assert told == set(rejects.GROUPED)
    assert set(SENTENCES) < told
    assert not [text for text in rejects.GROUPED.values() if OF_ONE_ROW.search(text)]
