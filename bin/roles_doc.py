"""`python -m bin.roles_doc`: writes docs/roles.md from app/roles; `--check` compares only.

The Turkish words of roles, records and acts stand here because a document needs them beside the
English ones; the words of the screens stand in the catalogue, and a house test compares the two.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.roles import ROLE_LABELS, ROLES

TARGET = Path(__file__).resolve().parents[1] / "docs" / "roles.md"

Grants = Mapping[str, Sequence[str]]

#: Role → Turkish name.
ROLES_TR = {
    "sys_admin": "Sistem yöneticisi",
    "top_mgmt": "Üst yönetim",
    "dept_head": "Daire başkanı",
    "branch_mgr": "Şube müdürü",
    "chief": "Şef",
    "clerk": "Memur",
    "operator": "Çağrı merkezi operatörü",
    "desk_officer": "Çözüm Masası görevlisi",
    "guide": "Karşılama görevlisi",
    "cimer_officer": "CİMER sorumlusu",
    "foi_officer": "Bilgi edinme yetkilisi (4982)",
    "unit_liaison": "Birim irtibat sorumlusu",
    "unit_manager": "Birim amiri",
    "protocol_officer": "Protokol görevlisi",
    "survey_officer": "Anket sorumlusu",
    "asset_recorder": "Taşınır kayıt yetkilisi",
    "asset_controller": "Taşınır kontrol yetkilisi",
    "spending_officer": "Harcama yetkilisi",
    "strategy_officer": "Strateji ve bütçe sorumlusu",
    "kvkk_officer": "KVKK irtibat kişisi",
    "auditor": "Denetçi",
}

#: Record → English words, Turkish words.
RECORDS = {
    "ApiKey": ("API key", "API anahtarı"),
    "Appeal": ("Appeal to the Board", "BEDK itirazı"),
    "Application": ("Application", "Başvuru"),
    "ApplicationEvent": ("Step of an application", "Başvuru hareketi"),
    "ApprovalRoute": ("Route of approval", "Onay yolu"),
    "ApprovalRouteStep": ("Station of a route of approval", "Onay yolu durağı"),
    "ApprovalStep": ("Step of an approval", "Onay adımı"),
    "Assignment": ("Assignment to a unit", "Havale"),
    "Attachment": ("File", "Dosya"),
    "AuditEvent": ("Audit trail", "İz kaydı"),
    "BulkRow": ("Application in a bulk act", "Toplu işlem satırı"),
    "BulkRun": ("Bulk act", "Toplu işlem"),
    "CalendarDay": ("Holiday or leave", "Tatil ve idari izin günü"),
    "Call": ("Call", "Çağrı"),
    "CallBack": ("Call-back", "Geri arama"),
    "CallBackSample": ("Call-back sample", "Geri arama örneklemi"),
    "CallImport": ("Call import", "Çağrı dökümü aktarımı"),
    "CallMapping": ("Call mapping", "Çağrı sütun eşlemesi"),
    "CimerExchange": ("Line of the correspondence with CİMER", "CİMER yazışma satırı"),
    "Citizen": ("Citizen", "Vatandaş"),
    "Deputyship": ("Deputyship", "Vekâlet"),
    "DeskTicket": ("Ticket of the desk", "Çözüm Masası sıra numarası"),
    "District": ("District", "İlçe"),
    "FieldVisit": ("Field visit", "Saha ziyareti"),
    "ImportBatch": ("Import", "İçe aktarma"),
    "ImportMapping": ("Column mapping", "Sütun eşlemesi"),
    "ImportRow": ("Refused row of an import", "İçe aktarmada reddedilen satır"),
    "InformationCase": ("Information case", "Bilgi edinme dosyası"),
    "InformationReportLine": ("Line of the annual report", "Yıllık rapor satırı"),
    "Institution": ("Institution", "Kurum"),
    "Job": ("Background job", "Arka plan işi"),
    "KnowledgeItem": ("Knowledge item", "Bilgi bankası kaydı"),
    "LegalRule": ("Legal period", "Yasal süre"),
    "LetterBatch": ("Batch of letters", "Toplu yazı"),
    "LetterBatchRow": ("Letter of a batch", "Toplu yazının mektubu"),
    "Neighbourhood": ("Neighbourhood", "Mahalle"),
    "NoticeText": ("Message text", "Bildirim metni"),
    "Notification": ("Message of the outbox", "Giden ileti"),
    "NumberSeries": ("Number series", "Numara dizisi"),
    "Open311Request": ("Open311 request", "Open311 başvurusu"),
    "OutcomeReason": ("Reason of a result", "Sonuç nedeni"),
    "OutgoingCheck": ("Outgoing check", "Giden yazı denetimi"),
    "Parameter": ("Setting", "Ayar"),
    "PublishedInformation": ("Published information", "Yayımlanmış bilgi"),
    "Reconciliation": ("Comparison with the list of CİMER", "CİMER mutabakatı"),
    "ReconciliationItem": ("Difference with the list of CİMER", "CİMER mutabakat farkı"),
    "RefusalGround": ("Refusal ground", "Ret dayanağı"),
    "Reminder": ("Reminder", "Hatırlatma"),
    "Reply": ("Reply", "Cevap"),
    "ReplyTemplate": ("Reply template", "Cevap kalıbı"),
    "ReplyVersion": ("Version of a reply", "Cevap sürümü"),
    "ReportRun": ("Report", "Rapor"),
    "Satisfaction": ("Satisfaction answer", "Memnuniyet cevabı"),
    "SavedView": ("Saved view", "Kayıtlı görünüm"),
    "SavedViewUse": ("Own use of a saved view", "Görünüm tercihi"),
    "ServiceAttribute": ("Question of a public service", "Hizmet sorusu"),
    "ServicePoint": ("Service point", "Hizmet noktası"),
    "Shift": ("Shift", "Vardiya"),
    "ShiftNote": ("Hand-over note", "Devir notu"),
    "StaffUser": ("Staff user", "Kullanıcı"),
    "Topic": ("Topic", "Konu"),
    "TransferFollowUp": ("Follow-up of a transfer", "Yönlendirme takibi"),
    "Unit": ("Unit", "Birim"),
    "UnitLiaison": ("Unit liaison", "Birim irtibat sorumlusu"),
    "Visit": ("Visit", "Ziyaret"),
    "VisitReason": ("Reason for visits", "Ziyaret nedeni"),
}

#: Verb → Turkish words. The first ones are the general verbs, in the order in which they are told.
VERBS = {
    "read": "görür",
    "lookup": "seçer",
    "write": "ekler ve değiştirir",
    "delete": "siler",
    "export": "dışa aktarır",
    "identity": "adı açık görür",
    "reveal": "kimliği gerekçeyle açar",
    "register": "kaydeder",
    "triage": "değerlendirir",
    "assign": "havale eder",
    "accept": "teslim alır",
    "answer": "birim adına cevaplar",
    "extend": "ek süre ister",
    "reply": "cevap yazar",
    "initial": "paraf verir",
    "approve": "onaylar",
    "override": "denetim bulgusunu gerekçeyle geçirir",
    "close": "kapatır",
    "reopen": "yeniden açar",
    "transfer": "başka kuruma yönlendirir",
    "withdraw": "geri çekilmeyi işler",
    "reject": "reddeder",
    "merge": "birleştirir",
    "restricted": "gizli (CİMER) kayıtları görür",
    "bulk": "toplu işlem yapar",
    "notify": "bildirimi yeniden gönderir",
    "undo": "geri alır",
    "rotate": "anahtarı yeniler",
    "revoke": "anahtarı iptal eder",
    "call": "sıradaki numarayı çağırır",
    "handle": "çağrı ekranında çağrıyı yürütür",
    "oversee": "herkesin çağrılarını görür",
    "listen": "ses kaydını gerekçeyle dinler",
    "swap": "vardiya değişimi ister",
    "decide": "bilgi edinme kararı verir",
    "refresh": "güncellendiğini işler",
}


def in_order(verbs: Sequence[str]) -> list[str]:
    """Verbs in the order of VERBS; one that stands nowhere there is a KeyError, on purpose."""
    order = list(VERBS)
    return sorted({verb for verb in verbs if VERBS[verb]}, key=order.index)


def for_everybody(roles: Mapping[str, Grants]) -> dict[str, list[str]]:
    """What every role holds: record → verbs."""
    first, *others = roles.values()
    common = {
        record: [v for v in verbs if all(v in other.get(record, ()) for other in others)]
        for record, verbs in first.items()
    }
    return {record: verbs for record, verbs in common.items() if verbs}


def table(grants: Grants) -> list[str]:
    """Lines of a table, one row for each record, in alphabetical order of the English words."""
    lines = ["| Record | Kayıt | May | Yapabilir |", "|---|---|---|---|"]
    for record in sorted(grants, key=lambda name: RECORDS[name][0]):
        english, turkish = RECORDS[record]
        verbs = in_order(grants[record])
        words = ", ".join(VERBS[verb] for verb in verbs)
        lines.append(f"| {english} `{record}` | {turkish} | {', '.join(verbs)} | {words} |")
    return lines


def acts(record: str) -> list[str]:
    """Lines of a table: who may do which act on one record."""
    lines = ["| Act | İşlem | Roles |", "|---|---|---|"]
    verbs = in_order([v for grants in ROLES.values() for v in grants.get(record, ())])
    for verb in verbs:
        who = [f"`{role}`" for role, grants in ROLES.items() if verb in grants.get(record, ())]
        lines.append(f"| {verb} | {VERBS[verb]} | {' '.join(who)} |")
    return lines


def document() -> str:
    """The whole of docs/roles.md."""
    common = for_everybody(ROLES)
    lines = [
        "# Roles · Roller",
        "",
        "Written by `python -m bin.roles_doc` from `app/roles`; change that file, not this one.",
        "`flask roles sync` brings the database to the same state. A person may hold several roles;",
        "their rights add up. Which *rows* somebody sees is decided apart from this, by row scope",
        "(docs/architecture.md): units see what was sent to them, restricted CİMER cases need",
        "`restricted`.",
        "",
        "Bu belge `app/roles` dosyasından üretilir. Bir kişinin birden çok rolü olabilir; yetkiler",
        "toplanır. Hangi *satırların* görüleceğini rol değil, satır kapsamı belirler.",
        "",
        "## Everybody who signs in · Oturum açan herkes",
        "",
        *table(common),
        "",
        "## Acts on applications · Başvuru işlemleri",
        "",
        *acts("Application"),
    ]
    for role, grants in ROLES.items():
        lines += ["", f"## `{role}` — {ROLE_LABELS[role]} · {ROLES_TR[role]}", ""]
        own = {
            record: [verb for verb in verbs if verb not in common.get(record, ())]
            for record, verbs in grants.items()
        }
        own = {record: verbs for record, verbs in own.items() if verbs}
        if own:
            lines += ["Beyond what everybody may do · Herkesin yapabildiğine ek olarak:", ""]
            lines += table(own)
        else:
            lines.append("No more than everybody yet · Şimdilik herkesin yapabildiği kadar.")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the document, or say whether it is fresh."""
    text = document()
    if "--check" in sys.argv:
        fresh = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
        print(
            "docs/roles.md is fresh" if fresh else "docs/roles.md is stale: python -m bin.roles_doc"
        )
        sys.exit(0 if fresh else 1)
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(ROLES)} roles")


if __name__ == "__main__":
    main()
