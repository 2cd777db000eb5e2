"""Which way a case goes, from intake to its end; the steps themselves are in `story`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.applications.rules import (
    Action,
    AssignmentState,
    Channel,
    InadmissibleReason,
    Kind,
    Outcome,
    ReplyKind,
    ReplyState,
    State,
)
from app.core.text import format_date
from app.demo import letters, shares
from app.demo.fate import Fate, Pace, draw_days
from app.demo.fees import ask_fee
from app.demo.house import House
from app.demo.story import NotYet, Story

_RETURNS = (
    "Görev alanımız dışında; yol ilçe belediyesinin sorumluluğundadır.",
    "Konu altyapı çalışmasıyla ilgilidir, TESKİ’ye gönderilmesi gerekir.",
    "Belirtilen yer birimimizin sorumluluk alanında değildir.",
)
_QUESTIONS = (
    "Sorunun olduğu yerin kapı numarasını ya da yakınındaki bir yeri yazar mısınız?",
    "Abone numaranızı ve son faturanızı gönderir misiniz?",
    "Olayın gününü, saatini ve varsa plakayı bildirir misiniz?",
    "Yerin fotoğrafını gönderebilir misiniz?",
)
_ANSWERS = (
    "Vatandaş aradı, yeri ayrıntılı tarif etti.",
    "İstenen bilgiler WhatsApp hattından geldi.",
    "Fotoğraf ve açıklama e-posta ile alındı.",
)
_WHY_LONGER = (
    "Konu birden çok birimi ilgilendiriyor, görüş bekleniyor.",
    "Arşiv taraması sürüyor.",
    "Malzeme alımı tamamlanmadı.",
    "Yerinde ölçüm yapılması gerekiyor.",
)
_REOPENED = (
    "Vatandaş yeniden aradı, sorun sürüyor.",
    "Yapılan onarım bozulmuş.",
    "Cevapta sorulan hususlardan biri eksik kalmış.",
)
_FIRST_CONTACT = (
    "İstenen bilgi telefonda verildi, başka isteği olmadığını söyledi.",
    "Planlı kesintinin bitiş saati söylendi.",
    "Başvuru yeri ve gerekli belgeler anlatıldı.",
)
#: Share of cases in which something out of the ordinary happens on the way.
_RETURNED, _SECOND_UNIT, _SENT_BACK, _FIRST = 0.03, 0.07, 0.02, 0.4


class Plot:
    """Tells stories; one instance for a load."""

    def __init__(self, house: House) -> None:
        self.house, self.rng = house, house.rng
        self.registrar: int | None = None

    # --- the way -----------------------------------------------------------------------------------------
    def tell(self, story: Story, fate: Fate, *, registrar: int | None) -> None:
        """Write the story as far as it has come."""
        self.registrar = registrar
        try:
            story.register(registrar)
            if self._first_contact(story, fate):
                return
            self._office(story, fate)
        except NotYet:
            return

    def merge(self, story: Story, master: dict[str, Any], *, registrar: int | None) -> None:
        """The case of somebody who reports what is known already."""
        at = story.at
        try:
            story.register(registrar)
            officer = self._officer(story)
            story.step(Action.TAKE_TO_TRIAGE, at + dt.timedelta(minutes=4), officer)
            story.step(
                Action.MERGE, at + dt.timedelta(minutes=9), officer,
                details={"master_id": master["id"], "number": master["number"]},
            )  # fmt: skip
            story.case["master_id"], story.case["outcome"] = master["id"], Outcome.DUPLICATE
            answered = master["answered_at"]
            if answered is not None:
                at = story.mention(
                    "master_answered", max(answered, story.at), None,
                    details={"master_id": master["id"], "number": master["number"]},
                )  # fmt: skip
                story.stop_clock(at)
        except NotYet:
            return

    def _officer(self, story: Story) -> int | None:
        case = story.case
        if case["channel"] is Channel.CIMER:
            role = "cimer_officer"
        elif case["kind"] in {Kind.INFORMATION, Kind.KVKK}:
            role = "foi_officer"
        else:
            role = "chief" if self.rng.random() < 0.6 else "desk_officer"
        case["owner_id"] = case["owner_id"] or self.house.one(role) or self.house.one("chief")
        owner: int | None = case["owner_id"]
        return owner

    def _first_contact(self, story: Story, fate: Fate) -> bool:
        """What was answered on the spot; written applications never are."""
        case = story.case
        spoken = case["channel"] in {Channel.CALL_CENTER, Channel.DESK}
        if not (spoken and fate.outcome is Outcome.INFORMED and self.rng.random() < _FIRST):
            return False
        by = self.registrar if case["rule_key"] is None else self.house.one("desk_officer")
        note = self.rng.choice(_FIRST_CONTACT)
        at = story.at + dt.timedelta(minutes=2 + self.rng.random() * 12)
        story.step(Action.CLOSE_FIRST_CONTACT, at, by, note=note)
        case["outcome"], case["closing_note"] = Outcome.INFORMED, note
        return True

    def _office(self, story: Story, fate: Fate) -> None:
        rng, case, topic = self.rng, story.case, story.topic
        when = Pace(self.house, story, fate.answer_at)
        officer = self._officer(story)
        story.step(Action.TAKE_TO_TRIAGE, when(0.05), officer)
        if fate.outcome is Outcome.NOT_COMPETENT:
            self._pass_on(story, when, officer)
            return
        if fate.outcome is Outcome.REJECTED and rng.random() < 0.1:
            reason = rng.choice(list(InadmissibleReason))
            story.step(
                Action.DECLARE_INADMISSIBLE, when(1.0), officer, details={"reason": reason.value}
            )
            case["inadmissible_reason"], case["outcome"] = reason, Outcome.REJECTED
            self._close(story)
            return
        if fate.is_asked:
            story.step(Action.REQUEST_INFORMATION, when(0.08), officer, note=rng.choice(_QUESTIONS))
            story.step(Action.RECEIVE_INFORMATION, when(0.22), officer, note=rng.choice(_ANSWERS))
        unit = topic.unit_id or self.house.unit_ids["HALKLA_ILISKILER"]
        if rng.random() < _RETURNED:
            wrong = rng.choice(
                [pk for code, pk in self.house.unit_ids.items() if code in _LIKELY and pk != unit]
            )
            story.assign(when(0.1), wrong, officer)
            story.give_back(when(0.2), rng.choice(_RETURNS))
            story.step(Action.TRIAGE_AGAIN, when(0.22), officer)
        others: tuple[int, ...] = ()
        if rng.random() < _SECOND_UNIT:
            others = tuple(
                pk
                for pk in (self.house.unit_ids[rng.choice(("MALI", "HUKUK", "ETUT"))],)
                if pk != unit
            )
        story.assign(when(0.24), unit, officer, others=others)
        story.accept(when(0.36))
        self._at_unit(story, fate, when, officer)
        if fate.is_reopened and case["state"] in {State.ANSWERED, State.CLOSED}:
            self._again(story, unit)

    def _at_unit(self, story: Story, fate: Fate, when: Pace, officer: int | None) -> None:
        rng, case = self.rng, story.case
        lead = case["lead_unit_id"]
        if fate.is_extended:
            self._extend(story, when, officer)
        if ask_fee(story, when):
            return
        if fate.outcome is Outcome.PLANNED:
            planned = max(when(1.0), self.house.now).date() + dt.timedelta(
                days=int(20 + rng.random() * 160)
            )
            planned = self.house.calendar.next_working(planned)
            person = self.house.at_unit(lead)
            story.step(
                Action.SCHEDULE, when(0.6), person, unit=lead,
                note=f"{format_date(planned)} haftasının programına alındı.",
                details={"planned_on": planned.isoformat()},
            )  # fmt: skip
            case["goal_on"] = planned
            if story.lead is not None:
                story.lead["due_on"] = planned
        text = story.unit_answer(when(0.78), fate.outcome)
        if rng.random() < _SENT_BACK:
            story.step(
                Action.SEND_BACK_TO_UNIT, when(0.8), officer,
                note="Ne zaman yapıldığı yazılmamış, tamamlanması rica olunur.",
            )  # fmt: skip
            if story.lead is not None:
                story.lead.update(state=AssignmentState.ACCEPTED, answered_at=None)
            text = story.unit_answer(when(0.84), fate.outcome)
        self._answer(story, fate.outcome, text, when, officer)

    def _extend(self, story: Story, when: Pace, officer: int | None) -> None:
        """More time: in the right to information by a letter, else by telling how far it is."""
        case, rng = story.case, self.rng
        reason = rng.choice(_WHY_LONGER)
        person, manager = self.house.at_unit(case["lead_unit_id"]), self.house.one("branch_mgr")
        story.step(
            Action.REQUEST_EXTENSION, when(0.42), person, note=reason, unit=case["lead_unit_id"]
        )
        kind = (
            ReplyKind.EXTENSION_NOTICE if case["kind"] is Kind.INFORMATION else ReplyKind.PROGRESS
        )
        story.draft(
            when(0.43), officer, kind=kind, outcome=None, subject=letters.subject_of(story),
            body=letters.progress(story, reason), short=letters.progress_sms(story),
        )  # fmt: skip
        story.submit(when(0.44))
        story.step(Action.GRANT_EXTENSION, when(0.46), manager, details={"reason": reason})
        case["is_extended"], case["extension_reason"] = True, reason
        story.approve(when(0.47), manager)
        sent = "send_extension_notice" if kind is ReplyKind.EXTENSION_NOTICE else "send_progress"
        story.send(when(0.48), sent)

    def _answer(
        self, story: Story, outcome: Outcome, text: str, when: Pace, officer: int | None
    ) -> None:
        case = story.case
        manager = self.house.one("branch_mgr")
        if outcome is Outcome.REJECTED:
            article = letters.article_of(self.rng, case["kind"])
            at = story.step(
                Action.REJECT, when(1.0), manager, note=text, details={"article": article}
            )
            case["outcome"], case["closing_note"] = Outcome.REJECTED, text
            self._refusal(story, text, article, at, officer, manager)
            self._appeal_or_close(story)
            return
        story.draft(
            when(0.88), officer, kind=ReplyKind.FINAL, outcome=outcome, subject=letters.subject_of(story),
            body=letters.answer(story, text), short=letters.answer_sms(story, outcome),
        )  # fmt: skip
        story.submit(when(0.9))
        story.approve(when(0.95), manager)
        story.send(when(1.0), Action.SEND_REPLY)
        self._close(story)

    def _refusal(
        self,
        story: Story,
        text: str,
        article: str,
        at: dt.datetime,
        officer: int | None,
        manager: int | None,
    ) -> None:
        """The letter of a refusal is kept as it was sent, in the moment of the refusal."""
        letter = story.draft(
            at, officer, kind=ReplyKind.FINAL, outcome=Outcome.REJECTED, subject=letters.subject_of(story),
            body=letters.answer(story, text), short=letters.answer_sms(story, Outcome.REJECTED),
            article=article, remedy=letters.remedy_of(story.case["kind"]),
        )  # fmt: skip
        moment = story.at
        letter.update(
            state=ReplyState.SENT, submitted_at=at, approved_by_id=manager, approved_at=moment, sent_at=moment,
            letter_on=moment.date(), version=4,
        )  # fmt: skip

    def _appeal_or_close(self, story: Story) -> None:
        if story.case["kind"] is Kind.INFORMATION and self.rng.random() < 0.15:
            at = self.house.office_time(story.at + dt.timedelta(days=3 + self.rng.random() * 10))
            note = "Bilgi Edinme Değerlendirme Kuruluna itiraz edildiği yazıyla öğrenildi."
            story.step(Action.APPEAL, at, self.house.one("foi_officer"), note=note)
            return
        self._close(story)

    def _pass_on(self, story: Story, when: Pace, officer: int | None) -> None:
        case, topic = story.case, story.topic
        institution = topic.institution_id or story.facts.get("_municipality")
        name = self.house.institutions.get(int(institution or 0), "")
        story.step(
            Action.TRANSFER_OUT, when(1.0), officer, details={"institution": name},
            note="Konu kurumumuzun görev alanında değildir (3071 sayılı Kanun m.5).",
        )  # fmt: skip
        case["institution_id"] = int(institution) if institution else None
        case["outcome"] = Outcome.NOT_COMPETENT
        letter = story.draft(
            story.at, officer, kind=ReplyKind.FORWARDING_NOTICE, outcome=Outcome.NOT_COMPETENT,
            subject=letters.subject_of(story), body=letters.forwarding(story, name),
            short=letters.forwarding_sms(story, name),
        )  # fmt: skip
        letter.update(state=ReplyState.SENT, sent_at=story.at, letter_on=story.at.date(), version=2)
        self._close(story)

    def _close(self, story: Story) -> None:
        """Most cases are closed some days after the answer, when nobody has objected."""
        if self.rng.random() < 0.06:
            return
        at = self.house.office_time(story.at + dt.timedelta(days=2 + self.rng.random() * 8))
        story.step(Action.CLOSE, at, story.case["owner_id"])

    def _again(self, story: Story, unit: int) -> None:
        """A second cycle: the fresh period begins on the day of reopening."""
        case, rng, house = story.case, self.rng, self.house
        at = story.at + dt.timedelta(days=1 + rng.random() * 12)
        reason = rng.choice(_REOPENED)
        details = {
            "cycle": case["cycle"],
            "outcome": case["outcome"].value if case["outcome"] else None,
            "due_on": case["due_on"].isoformat() if case["due_on"] else None,
            "answered_at": case["answered_at"].isoformat() if case["answered_at"] else None,
            "on_time": case["on_time"],
        }
        at = story.step(Action.REOPEN, at, house.one("operator"), note=reason, details=details)
        case.update(
            cycle=case["cycle"] + 1, outcome=None, answered_at=None, closed_at=None, on_time=None,
            is_extended=False, extension_reason="",
        )  # fmt: skip
        story.set_clock(at.date())
        days = draw_days(rng, shares.median_days(story.topic.code, case["kind"]), 25)
        when = Pace(house, story, at + dt.timedelta(days=days))
        officer = self._officer(story)
        story.lead = None
        story.assign(when(0.05), unit, officer, note=reason)
        story.accept(when(0.2))
        outcome = Outcome.RESOLVED if rng.random() < 0.8 else Outcome.PARTLY_RESOLVED
        text = story.unit_answer(when(0.8), outcome)
        self._answer(story, outcome, text, when, officer)


#: Units to which a case is sent by mistake.
_LIKELY = frozenset({"FEN", "PARK", "CEVRE", "ULASIM", "ZABITA", "TESKI_KANAL"})
