"""Promise 27: a template of letters holds plain names; whatever else stands in it is never evaluated."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.applications import rules
from app.applications.models import Application, ReplyTemplate
from app.applications.rules import ReplyKind
from app.applications.services.reply_texts import merge_template

#: Ways into template engines, by engine. Each would give 534361, a class, a setting or a file.
CORPUS = (
    "{{731*731}}",
    "{{ 731 * 731 }}",
    "${731*731}",
    "#{731*731}",
    "<%= 731*731 %>",
    "{%print(731*731)%}",
    "{{config}}",
    "{{config.items()}}",
    "{{self.__init__.__globals__}}",
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    "{{ad_soyad.__class__}}",
    "{{ad_soyad|attr('__class__')}}",
    "{{cycler.__init__.__globals__.os.popen('id').read()}}",
    "{{request.application.__globals__}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{{lipsum.__globals__['os'].environ}}",
    "{{url_for.__globals__}}",
    "%(ad_soyad)s",
    "{ad_soyad.__class__}",
    "{0.__class__}",
    "#set($x=731*731)$x",
    "[[${731*731}]]",
    "{{ad_soyad}}{{731*731}}",
    "{{{{731*731}}}}",
    "{{ad_soyad or 731*731}}",
)
GIVEN_AWAY = ("534361", "<class", "<Config", "SECRET_KEY", "root:", "subprocess", "<function")


@pytest.mark.parametrize("attack", CORPUS)
def test_nothing_in_a_template_is_evaluated(attack):
    filled = rules.merge_text(attack, {"ad_soyad": "Ayşe Yıldırım"})
    assert not any(word in filled for word in GIVEN_AWAY)


@pytest.mark.parametrize("attack", CORPUS)
def test_nothing_in_a_value_is_evaluated(attack):
    filled = rules.merge_text("Sayın {{ad_soyad}}", {"ad_soyad": attack})
    assert filled == f"Sayın {attack}"


@given(st.text(max_size=120))
def test_a_filled_text_holds_only_what_was_there(text):
    filled = rules.merge_text(text, {})
    assert filled.replace(rules.GAP, "") in text or "{{" in text
    assert not any(word in filled and word not in text for word in GIVEN_AWAY)


@pytest.mark.parametrize("attack", [a for a in CORPUS if "{{" in a or "{%" in a])
def test_such_a_template_is_refused_when_it_is_kept(attack):
    values = {"name": "Kalıp", "body": attack, "short_text": ""}
    assert list(rules.template_violations(values))


@pytest.mark.parametrize("attack", CORPUS)
def test_a_stored_one_is_filled_harmlessly_all_the_same(session: Any, attack: str) -> None:
    case = session.scalars(select(Application).limit(1)).first()
    template = ReplyTemplate(
        name="Kötü", reply_kind=ReplyKind.FINAL, body=attack, short_text=attack[:480]
    )
    merged = merge_template(session(), template, case)
    for text in (merged.body, merged.short_text):
        assert not any(word in text for word in GIVEN_AWAY)


@pytest.mark.parametrize("attack", CORPUS)
def test_the_preview_draws_it_as_text(session: Any, client_as: Any, attack: str) -> None:
    number = session.scalar(select(Application.number).limit(1))
    answer = client_as("mudur").post(
        "/reply-templates/preview", data={"body": attack, "preview_case": number}
    )
    assert answer.status_code == 200
    assert not any(word in answer.text for word in GIVEN_AWAY if word != "root:")
