"""Numbers and addresses that name a person or an account: checked, shown, masked, found in text."""

from app.core.identifiers.contact import (
    PHONE_REGION,
    email_violations,
    format_phone,
    is_email,
    is_phone,
    parse_phone,
    phone_violations,
)
from app.core.identifiers.detect import (
    PersonalData,
    PersonalDataKind,
    find_personal_data,
    replace_findings,
    scrub,
)
from app.core.identifiers.masks import mask_email, mask_name, mask_national_id, mask_phone
from app.core.identifiers.numbers import (
    format_iban,
    iban_violations,
    is_foreigner_id,
    is_iban,
    is_national_id,
    is_tax_number,
    national_id_violations,
    normalize_iban,
    tax_number_violations,
)
from app.core.identifiers.people import find_people

__all__ = [
    "PHONE_REGION",
    "PersonalData",
    "PersonalDataKind",
    "email_violations",
    "find_people",
    "find_personal_data",
    "format_iban",
    "format_phone",
    "iban_violations",
    "is_email",
    "is_foreigner_id",
    "is_iban",
    "is_national_id",
    "is_phone",
    "is_tax_number",
    "mask_email",
    "mask_name",
    "mask_national_id",
    "mask_phone",
    "national_id_violations",
    "normalize_iban",
    "parse_phone",
    "phone_violations",
    "replace_findings",
    "scrub",
    "tax_number_violations",
]
