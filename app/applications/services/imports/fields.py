"""The fields that a file of applications may fill; how a row becomes an application is in `rows`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from app.applications import rules
from app.applications.rules.imports import SOURCE_STATUS_LABELS
from app.applications.services.wording import turkish
from app.core.imports import FieldKind, TargetField
from app.core.rules import N_

_K = FieldKind

#: Sentences under the fields on the screen.
HELPS: Mapping[str, str] = {
    "external_ref": N_("With it a case is taken over once, however often the file comes."),
    "received_at": N_("Day 0 of the legal period."),
    "external_received_at": N_("For CİMER the earlier of the two dates starts the period."),
    "kind": N_("It decides which legal period holds."),
    "subject": N_(
        "When it is missing, the topic at the source or the first words of the text stand for it."
    ),
    "topic": N_(
        "Code, name or another word of ours; a word we do not know stands before the subject."
    ),
    "applicant": N_("First and last name in one column."),
    "district": N_("A name that is no district of ours is kept with the directions."),
    "neighbourhood": N_("A name that we do not know is kept with the directions."),
    "status": N_("A case that is closed there is closed here too."),
    "external_state": N_("Kept as it is and shown; it closes nothing here."),
    "resent_at": N_("A case of CİMER that is here already counts as sent again on this day."),
    "closed_at": N_("It stops the legal period; without a status it also means closed."),
    "identity_hidden": N_("Yes: no name, telephone or e-mail of the row is kept."),
}

#: Fields whose constant the wizard offers, for files that have no such column.
CONSTANT_FIELDS = ("kind", "channel", "topic", "priority", "district")
#: Fields whose cells are words of a list, so that the wizard asks what each means.
WORD_FIELDS = ("kind", "channel", "topic", "priority", "status", "outcome", "identity_hidden")
#: What stands between two columns that fill one field.
SEPARATORS: Mapping[str, str] = {
    "body": "\n",
    "answered_text": "\n",
    "applicant": " ",
    "subject": ": ",
}
OTHER_SEPARATOR = ", "


def separator_of(target: str) -> str:
    """Return what stands between two columns that fill this field."""
    return SEPARATORS.get(target, OTHER_SEPARATOR)


def _labels(labels: Mapping[Any, str]) -> dict[str, object]:
    # The cells of a file are Turkish, whatever language the reader's screen has.
    return {str(getattr(code, "value", code)): turkish(text) for code, text in labels.items()}


@cache
def target_fields() -> tuple[TargetField, ...]:
    """Return every field, the required ones first; labels are msgids, choices are Turkish words."""
    return (
        TargetField(
            "external_ref", N_("Number at the source"), _K.TEXT, required=True, max_length=60,
            aliases=(
                "Başvuru No", "Başvuru Numarası", "CİMER No", "CİMER Başvuru No", "Kayıt No", "Talep No",
                "Evrak No", "Unique Key", "Request ID", "Case ID", "Service Request ID", "SR Number",
                "Reference", "Ticket", "ID",
            ),
        ),
        TargetField(
            "received_at", N_("Received"), _K.DATETIME, required=True,
            aliases=(
                "Geliş Tarihi", "Kayıt Tarihi", "Talep Tarihi", "Created Date", "Open Date", "Opened",
                "Date Received", "Requested Datetime", "Request Date",
            ),
        ),
        TargetField(
            "kind", N_("Kind"), _K.CHOICE, required=True, choices=_labels(rules.KIND_LABELS),
            aliases=("Başvuru Türü", "Başvuru Tipi", "Tür", "Talep Türü", "Request Kind"),
        ),
        TargetField(
            "channel", N_("Channel"), _K.CHOICE, required=True, choices=_labels(rules.CHANNEL_LABELS),
            aliases=(
                "Kanal", "Geliş Kanalı", "Başvuru Kanalı", "Open Data Channel Type", "Source", "Method",
                "Submitted Via", "Origin",
            ),
        ),
        TargetField(
            "subject", N_("Summary"), _K.TEXT,
            aliases=("Konu", "Başlık", "Özet", "Title", "Summary", "Subject"),
        ),
        TargetField(
            "body", N_("What the citizen told"), _K.LONG_TEXT, max_length=10_000,
            aliases=("Metin", "Başvuru Metni", "Açıklama", "İçerik", "Description", "Details", "Descriptor"),
        ),
        TargetField(
            "topic", N_("Topic"), _K.TEXT, max_length=200,
            aliases=(
                "Konu Kodu", "Konu Adı", "Kategori", "Alt Konu", "Complaint Type", "Category", "Request Type",
                "Service Name", "Type",
            ),
        ),
        TargetField(
            "priority", N_("Priority"), _K.CHOICE, choices=_labels(rules.PRIORITY_LABELS),
            aliases=("Öncelik", "Aciliyet", "Priority"),
        ),
        TargetField(
            "applicant", N_("Applicant, full name"), _K.TEXT, max_length=160,
            aliases=("Adı Soyadı", "Ad Soyad", "Başvuru Sahibi", "Başvuran", "Name", "Full Name", "Requester"),
        ),
        TargetField("first_name", N_("First name"), _K.TEXT, max_length=80, aliases=("Ad", "Adı", "First Name")),
        TargetField("last_name", N_("Last name"), _K.TEXT, max_length=80, aliases=("Soyad", "Soyadı", "Last Name", "Surname")),
        TargetField(
            "title", N_("Title of the legal entity"), _K.TEXT, max_length=200,
            aliases=("Unvan", "Kurum Unvanı", "Firma", "Company"),
        ),
        TargetField(
            "phone", N_("Telephone"), _K.PHONE, max_length=40,
            aliases=("Telefon", "Cep Telefonu", "GSM", "Tel", "Phone", "Phone Number", "Mobile"),
        ),
        TargetField(
            "email", N_("E-mail"), _K.TEXT, max_length=320,
            aliases=("E-posta", "Eposta", "E-posta Adresi", "Mail", "Email"),
        ),
        TargetField(
            "address", N_("Applicant’s address"), _K.TEXT, max_length=300,
            aliases=("Başvuran Adresi", "İkamet Adresi", "Ev Adresi", "Home Address"),
        ),
        TargetField(
            "identity_hidden", N_("Identity hidden"), _K.BOOLEAN,
            aliases=("Kimlik Gizli", "Kimlik Gizli Mi", "Gizli", "Kimliğim Gizli Kalsın"),
        ),
        TargetField("district", N_("District"), _K.TEXT, max_length=80, aliases=("İlçe", "İlçe Adı", "Borough", "District")),
        TargetField(
            "neighbourhood", N_("Neighbourhood"), _K.TEXT, max_length=120,
            aliases=("Mahalle", "Mahalle Adı", "Neighborhood", "Neighbourhood", "Community Area"),
        ),
        TargetField(
            "street", N_("Street"), _K.TEXT, max_length=200,
            aliases=("Adres", "Cadde Sokak", "Sokak", "Cadde", "Address", "Street Name", "Incident Address", "Street Address", "Location"),
        ),
        TargetField(
            "place_note", N_("Door number or directions"), _K.TEXT, max_length=300,
            aliases=("Adres Tarifi", "Kapı No", "İl", "City", "Landmark"),
        ),
        TargetField("latitude", N_("Latitude"), _K.TEXT, max_length=40, aliases=("Enlem", "Lat", "Latitude", "Y")),
        TargetField("longitude", N_("Longitude"), _K.TEXT, max_length=40, aliases=("Boylam", "Long", "Lon", "Lng", "Longitude", "X")),
        TargetField(
            "external_received_at", N_("Received at the source"), _K.DATETIME,
            aliases=("Başvuru Tarihi", "CİMER Tarihi", "CİMER Başvuru Tarihi"),
        ),
        TargetField(
            "external_state", N_("State in the words of the source"), _K.TEXT, max_length=60,
            aliases=("CİMER Durumu", "Son Durum", "İşlem Durumu", "Başvuru Son Durumu"),
        ),
        TargetField(
            "resent_at", N_("Sent again at"), _K.DATETIME,
            aliases=(
                "Tekrar Gönderim Tarihi", "Yeniden Gönderim Tarihi", "Tekrar Tarihi", "Yeniden Açılma Tarihi",
            ),
        ),
        TargetField(
            "status", N_("State at the source"), _K.CHOICE, choices=_labels(SOURCE_STATUS_LABELS),
            aliases=("Durum", "Başvuru Durumu", "Status", "State", "Case Status"),
        ),
        TargetField(
            "closed_at", N_("Closing date at the source"), _K.DATETIME,
            aliases=("Kapanış Tarihi", "Cevap Tarihi", "Sonuç Tarihi", "Closed Date", "Date Closed", "Completed Date", "Resolved"),
        ),
        TargetField(
            "answered_text", N_("Answer given at the source"), _K.LONG_TEXT, max_length=10_000,
            aliases=("Cevap", "Cevap Metni", "Sonuç", "Resolution Description", "Resolution", "Closure Reason", "Outcome Text"),
        ),
        TargetField(
            "outcome", N_("Outcome"), _K.CHOICE, choices=_labels(rules.OUTCOME_LABELS),
            aliases=("Sonuç Kodu", "Sonuç Türü", "Outcome"),
        ),
    )  # fmt: skip


def field_named(name: str) -> TargetField | None:
    """Return a field by its name."""
    return next((field for field in target_fields() if field.name == name), None)
