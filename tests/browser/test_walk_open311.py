"""The administrator makes a key and copies it, an app sends with it, an officer sees what was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.browser.conftest import picture
from tests.browser.looks import findings, look_at

pytestmark = pytest.mark.browser


def test_a_key_is_made_used_and_revoked(site: Any, visit: Callable[..., Any]) -> None:
    admin = visit("yonetici")
    admin.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    admin.goto("/api-keys/add")
    admin.fill("#name", "Yürüyüş uygulaması")
    admin.fill("#owner", "Bilgi İşlem")
    admin.check("#opens_open311")
    admin.press("#owner", "Control+Enter")
    field = admin.locator("#made-key")
    field.wait_for()
    secret = field.input_value()
    assert secret.startswith("hlk_")
    assert findings(admin) == []
    picture(admin, "api-anahtari")
    admin.get_by_role("button", name="Kopyala").click()
    admin.get_by_role("button", name="Kopyalandı").wait_for()
    assert admin.evaluate("navigator.clipboard.readText()") == secret
    admin.get_by_role("link", name="Sakladım, devam et").click()
    admin.wait_for_load_state("networkidle")
    assert secret not in admin.content()

    sent = requests.post(
        f"{site.url}/open311/v2/requests.json",
        data={
            "api_key": secret,
            "service_code": "AYD-01",
            "address_string": "İnönü Cad. 3, Hürriyet Mah., Süleymanpaşa",
            "description": "Lamba üç gecedir yanmıyor.",
            "attribute[LAMBA_SORUNU]": "yanmiyor",
            "attribute[DIREK_NO]": "D-4711",
        },
        timeout=30,
    )
    assert sent.status_code == 201, sent.text
    number = sent.json()[0]["service_request_id"]

    manager = visit("mudur")
    manager.goto("/open311-requests/list/")
    assert findings(manager) == []
    manager.get_by_role("link", name=number).first.click()
    card = manager.locator("#card-open311")
    card.get_by_text("D-4711").wait_for()
    card.get_by_text("Yanmıyor").wait_for()
    assert findings(manager) == []

    admin.reload()
    admin.locator("#card-open311").get_by_text(number).wait_for()
    admin.get_by_role("button", name="İptal et").first.click()
    admin.get_by_label("Neden iptal ediliyor?").fill("Deneme bitti")
    admin.get_by_role("dialog").get_by_role("button", name="İptal et").click()
    admin.get_by_text("İptal edildi").first.wait_for()
    refused = requests.get(
        f"{site.url}/open311/v2/services.json", params={"api_key": secret}, timeout=30
    )
    assert refused.status_code == 403


def test_the_pages_of_keys_and_services_are_accessible_and_fit(visit: Callable[..., Any]) -> None:
    problems: list[str] = []
    for username, paths in (
        ("yonetici", ("/api-keys/list/?tab=all", "/api-keys/add", "/api-keys/show/1")),
        (
            "mudur",
            (
                "/topics/show/1",
                "/service-questions/list/",
                "/service-questions/add?topic=1",
                "/open311-requests/list/",
                "/open311-requests/charts/",
            ),
        ),
    ):
        problems += look_at(visit(username), paths)
    assert problems == []
