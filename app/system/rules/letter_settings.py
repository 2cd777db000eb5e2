"""Settings of the official letter: letterhead, contact block, number and signatory.

Source: the regulation on official correspondence (Resmî Yazışma Yönetmeliği, RYY), m.10, m.11, m.17 and m.23.
"""

from __future__ import annotations

from app.core.rules import N_
from app.system.rules.setting import LETTER, Setting, SettingKind


def _text(key: str, default: str, label: str, help_text: str) -> Setting:
    return Setting(key, SettingKind.TEXT, default, label, help_text, LETTER)


LETTER_SETTINGS: tuple[Setting, ...] = (
    _text("letter_country", "T.C.", N_("Letterhead, line 1"), N_("Source: RYY m.10/2.")),
    _text(
        "letter_administration",
        "TEKİRDAĞ BÜYÜKŞEHİR BELEDİYE BAŞKANLIĞI",
        N_("Letterhead, line 2: administration"),
        N_("In capitals. Source: RYY m.10/2."),
    ),
    _text(
        "letter_department",
        "",
        N_("Letterhead, line 3: department"),
        N_("In title case; left out of the letter while empty. Source: RYY m.10/2."),
    ),
    _text(
        "letter_unit",
        "Halkla İlişkiler Şube Müdürlüğü",
        N_("Letterhead, last line: unit"),
        N_("In title case. Source: RYY m.10/2."),
    ),
    Setting(
        "letter_address",
        SettingKind.LINES,
        "",
        N_("Address in the contact block"),
        N_("Source: RYY m.23."),
        LETTER,
    ),
    _text("letter_phone", "", N_("Telephone in the contact block"), N_("Source: RYY m.23.")),
    Setting(
        "letter_email",
        SettingKind.EMAIL,
        "",
        N_("E-mail in the contact block"),
        N_("Source: RYY m.23."),
        LETTER,
    ),
    Setting(
        "letter_kep",
        SettingKind.EMAIL,
        "",
        N_("Registered e-mail (KEP) in the contact block"),
        N_("Source: RYY m.23."),
        LETTER,
    ),
    _text("letter_web", "", N_("Web address in the contact block"), N_("Source: RYY m.23.")),
    _text(
        "letter_detsis",
        "",
        N_("DETSİS number"),
        N_("Eight digits; the middle part of a letter’s number. Source: RYY m.11."),
    ),
    _text(
        "letter_file_code",
        "622.03",
        N_("File plan code of replies"),
        N_("Standard File Plan; check the sub-code with the archive. Source: circular 2005/7."),
    ),
    _text(
        "signatory_name",
        "",
        N_("Name of the signatory"),
        N_("Ad SOYAD. Source: RYY m.17."),
    ),
    _text(
        "signatory_title",
        "Şube Müdürü",
        N_("Title of the signatory"),
        N_("Stands below the name. Source: RYY m.17."),
    ),
    _text(
        "signatory_on_behalf",
        "Belediye Başkanı a.",
        N_("Signs on behalf of"),
        N_("Stands above the title of a delegated signatory; may be empty. Source: RYY m.17/9."),
    ),
)
