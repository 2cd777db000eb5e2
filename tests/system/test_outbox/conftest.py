"""Fixtures of these tests."""

from __future__ import annotations

import pytest

from tests.system.jobs_support import sessions
from tests.system.services_support import mail_server, sms_server


@pytest.fixture
def factory(tmp_path):
    with sessions(tmp_path) as made:
        yield made


@pytest.fixture
def mailbox():
    with mail_server() as box:
        yield box


@pytest.fixture
def phone():
    with sms_server() as box:
        yield box
