"""Fictional records of the right to information: cases, grounds, appeals, the catalogue.

The cases follow from the timelines of the demo applications; chance adds what a timeline does not
tell. Shares: domain facts 11.3 and 11.4.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.applications.queries.information import has_appeal, list_grounds, of_requests
from app.applications.rules import Action, State, find_transition
from app.applications.rules import information as foi
from app.applications.rules.information import (
    AccessForm,
    AppealForum,
    AppealState,
    ExtensionReason,
    InformationDecision,
    UpdateCycle,
)
from app.applications.services import apply_action
from app.applications.services.information import (
    ensure_missing_cases,
    file_appeal,
    take_appeal_step,
)
from app.core import clock
from app.core.acting import Actor
from app.data.files import read_rows
from app.models import (
    Appeal,
    Application,
    InformationCase,
    PublishedInformation,
    RefusalGround,
    StaffUser,
    Unit,
)

_BASE = "https://ornek.bel.tr/bilgi-edinme/"
_FEWEST_APPEALS, _MOST_APPEALS = 10, 20
_FORMS = (
    (AccessForm.CERTIFIED_COPY, 5), (AccessForm.ELECTRONIC, 6), (AccessForm.INSPECTION, 2),
    (AccessForm.LISTENING, 1),
)  # fmt: skip
_EXTENDED = (
    (ExtensionReason.ANOTHER_UNIT, 7), (ExtensionReason.OTHER_OPINION, 2),
    (ExtensionReason.SEVERAL_INSTITUTIONS, 1),
)  # fmt: skip
#: Article → weight, reason, what was removed where a part could be given.
_REASONS: dict[str, tuple[int, str, str]] = {
    "m.7": (4, "İstenen karşılaştırma tablosu hazır değildir, ayrı bir çalışma gerektirir.", ""),
    "m.19": (2, "Konuya ilişkin idari soruşturma sürmektedir.", ""),
    "m.20": (1, "Dosya Cumhuriyet Başsavcılığındadır.", ""),
    "m.21": (6, "Belgelerde üçüncü kişilere ait bilgiler bulunmaktadır.", "Kişi adları, kimlik ve adres bilgileri"),
    "m.23": (5, "Yüklenicinin birim fiyat analizleri ticari sırdır.", "Birim fiyat analizleri"),
    "m.25": (2, "Nöbet çizelgeleri kurum içi uygulamaya ilişkindir.", ""),
    "m.26": (3, "İç yazışmalardaki görüş ve bilgi notları verilmemiştir.", "Görüş ve bilgi notları"),
    "m.27": (2, "Başvuru bilgi ya da belge değil, mütalaa istemektedir.", ""),
}  # fmt: skip


def load_information(session: Session, rng: Random, applications: int) -> None:
    """Write the catalogue, the cases of every information request, and ten to twenty appeals."""
    real: Session = session() if callable(session) else session
    published = _catalogue(real)
    grounds = {ground.code: ground for ground in list_grounds(real, clock.today())}
    story = _Details(rng, grounds, published)
    ensure_missing_cases(real, story.tell)
    _appeals(real, rng)
    real.flush()


def _catalogue(session: Session) -> list[PublishedInformation]:
    """Twenty-five entries; most were updated in their cycle, some are overdue."""
    units = dict(session.execute(select(Unit.code, Unit.id)).all())
    known = set(session.scalars(select(PublishedInformation.title)))
    today = clock.today()
    made = []
    for place, row in enumerate(read_rows("demo_published.csv")):
        if row["title"] in known:
            continue
        first = min(dt.date.fromisoformat(row["published"]), today)
        cycle = UpdateCycle(row["cycle"])
        item = PublishedInformation(
            title=row["title"], unit_id=units.get(row["unit"]), place=row["place"],
            url=_BASE + row["path"], published_on=first, cycle=cycle, keywords=row["keywords"],
            is_demo=True,
        )  # fmt: skip
        if cycle is not UpdateCycle.NEVER:
            # Every sixth entry was forgotten once.
            days = foi.CYCLE_MONTHS[cycle] * 30
            ago = days + 12 if place % 6 == 4 else (place * 37) % days
            item.updated_on = max(first, today - dt.timedelta(days=ago))
            item.next_due_on = foi.next_update(cycle, item.updated_on)
        made.append(item)
    session.add_all(made)
    session.flush()
    return made or list(session.scalars(select(PublishedInformation)))


class _Details:
    """What a timeline does not tell of a case; chance goes by the case, in the order of numbers."""

    def __init__(
        self,
        rng: Random,
        grounds: dict[str, RefusalGround],
        published: Sequence[PublishedInformation],
    ) -> None:
        self.rng, self.grounds, self.published = rng, grounds, published

    def tell(self, application: Application, case: InformationCase) -> None:
        """Fill form of access, articles with reasons, the reason of an extension."""
        rng, decision = self.rng, case.decision
        if application.is_extended or application.state is State.EXTENSION_REQUESTED:
            case.extension_reason = self._one(_EXTENDED)
        if decision is InformationDecision.GRANTED and rng.random() < 0.12:
            self._point(case)
        elif decision in foi.GIVES_ACCESS:
            case.access_form = self._one(_FORMS)
            case.pages = 1 + int(rng.expovariate(1 / 30))
        if decision in {InformationDecision.PARTIAL, InformationDecision.REFUSED}:
            self._refuse(case, decision)

    def _one(self, weighted: Sequence[tuple[Any, int]]) -> Any:
        values, weights = zip(*weighted, strict=True)
        return self.rng.choices(values, weights)[0]

    def _point(self, case: InformationCase) -> None:
        """What was asked for had been published."""
        case.decision = InformationDecision.PUBLISHED
        case.published = self.rng.choice(self.published)
        self._name(case, ["m.8"])

    def _refuse(self, case: InformationCase, decision: InformationDecision) -> None:
        codes = [ground.code for ground in case.grounds if ground.code in _REASONS]
        if not codes:
            fitting = [
                (code, weight)
                for code, (weight, _reason, removed) in _REASONS.items()
                if decision is InformationDecision.REFUSED or removed
            ]
            codes = [self._one(fitting)]
            if self.rng.random() < 0.25:
                codes = list(dict.fromkeys([*codes, self._one(fitting)]))
        case.reason = " ".join(_REASONS[code][1] for code in codes)
        removed = "; ".join(_REASONS[code][2] for code in codes if _REASONS[code][2])
        if decision is InformationDecision.PARTIAL and removed and self.rng.random() < 0.7:
            case.removed, case.is_separated = removed, True
            codes = [foi.SEPARATION, *codes]
        self._name(case, codes)

    def _name(self, case: InformationCase, codes: Sequence[str]) -> None:
        case.grounds = [self.grounds[code] for code in codes if code in self.grounds]
        case.articles = foi.written_articles(codes)


# --- appeals ---------------------------------------------------------------------------------------------
def _appeals(session: Session, rng: Random) -> None:
    """Some refusals go to the Board, a few to the court; their number does not grow without end."""
    officer = session.scalars(select(StaffUser).where(StaffUser.username == "bilgi")).first()
    actor = Actor(
        user_id=officer.id if officer else None,
        name=str(officer.name) if officer else "",
        is_system=True,
    )
    today = clock.today()
    for appeal in session.scalars(select(Appeal).options(joinedload(Appeal.application))).all():
        _go_on(session, appeal, rng, actor, today)
    have = len(session.scalars(select(Appeal.id)).all())
    held_back = [InformationDecision.REFUSED, InformationDecision.PARTIAL]
    stmt = (
        of_requests(select(InformationCase, Application))
        .where(
            InformationCase.decision.in_(held_back),
            ~has_appeal(),
            InformationCase.decided_on <= today - dt.timedelta(days=14),
            Application.state.in_([State.CLOSED, State.REJECTED, State.ANSWERED]),
        )
        .order_by(InformationCase.decided_on.desc(), InformationCase.id)
        .limit(_MOST_APPEALS * 3)
    )
    rows = session.execute(stmt).all()
    wanted = min(max(len(rows) // 3, _FEWEST_APPEALS), _MOST_APPEALS) - have
    for case, application in rng.sample(rows, min(max(wanted, 0), len(rows))):
        notified = case.decided_on + dt.timedelta(days=1 + rng.randrange(3))
        filed = notified + dt.timedelta(days=2 + rng.randrange(13))
        if application.closed_at is not None:
            filed = max(filed, application.closed_at.date() + dt.timedelta(days=1))
        filed = min(filed, today)
        appeal = file_appeal(
            session,
            application=application,
            forum=AppealForum.COURT if rng.random() < 0.15 else AppealForum.BOARD,
            filed_on=filed,
            notified_on=notified,
            note="Verilmeyen bölümün Kanun kapsamında olduğu ileri sürülmektedir.",
            file_no=f"{filed.year}/{100 + rng.randrange(900)}",
            actor=actor,
            now=_at(filed),
        )
        _go_on(session, appeal, rng, actor, today)


def _at(day: dt.date) -> dt.datetime:
    return min(dt.datetime.combine(day, dt.time(10, 30), clock.ISTANBUL), clock.now())


def _go_on(session: Session, appeal: Appeal, rng: Random, actor: Actor, today: dt.date) -> None:
    """Take the steps of an appeal as far as its days have come."""
    if appeal.state is not AppealState.FILED:
        return
    on = appeal.filed_on
    application = appeal.application

    def step(name: str, days: int, **values: Any) -> bool:
        nonlocal on
        on = on + dt.timedelta(days=days)
        if on > today:
            return False
        take_appeal_step(
            session, appeal=appeal, step=name, values={"on": on, **values}, actor=actor, now=_at(on)
        )
        return True

    if appeal.forum is AppealForum.BOARD:
        if not step("ask", 6 + rng.randrange(8), note="Ret gerekçesi ve ilgili belgeler"):
            return
        if not step("send", 4 + rng.randrange(14), note="Dosya örneği gönderildi"):
            return
    result = rng.choices(("accepted", "partly", "rejected"), (3, 2, 5))[0]
    number = f"{on.year}/{1000 + rng.randrange(3000)}"
    if not step("decide", 15 + rng.randrange(20), result=result, number=number):
        return
    follow = {"accepted": "access_given", "partly": "access_partly", "rejected": "decision_stands"}
    step("follow", 3 + rng.randrange(9), follow_up=follow[result])
    if find_transition(application.state, Action.CLOSE) and application.state is State.APPEALED:
        apply_action(session, application, Action.CLOSE, actor=actor, now=_at(min(on, today)))
