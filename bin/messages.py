"""`make messages`: extract, update, compile; `--check` fails on a missing, fuzzy or stale text."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PO = ROOT / "translations" / "tr" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None}
METHODS = [("app/**.py", "python"), ("app/templates/**.html", "jinja2")]
#: Texts of Flask-AppBuilder that our screens can still show.
FROM_FAB = ("Access is Denied", "Username", "Password")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def extracted() -> Catalog:
    """Every text of the program."""
    catalog = Catalog(project="Halkla", version="1.0", charset="utf-8")
    found = extract_from_dir(ROOT, method_map=METHODS, keywords=KEYWORDS, strip_comment_tags=True)
    for file, _line, message, _comments, context in found:
        if message:
            catalog.add(message, None, [(file, 0)], context=context)
    for message in FROM_FAB:
        catalog.add(message, None, [("flask_appbuilder", 0)])
    return catalog


def load() -> Catalog:
    """The Turkish catalogue as it stands."""
    if not PO.exists():
        return Catalog(locale="tr", project="Halkla", version="1.0", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="tr")


def save(catalog: Catalog) -> None:
    """Write .po and .mo."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    # Babel marks a new catalogue's head as fuzzy, and compilers then skip the whole of it.
    catalog.fuzzy = False
    with PO.open("wb") as file:
        write_po(
            file,
            catalog,
            width=100,
            sort_output=True,
            no_location=True,
            ignore_obsolete=True,
            omit_header=False,
        )
    compile_texts()


def compile_texts() -> None:
    """Write the .mo that the program reads."""
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, load())


def problems(catalog: Catalog, wanted: Catalog) -> list[str]:
    """What keeps the catalogue from being complete."""
    found = ["the head of the catalogue is fuzzy"] if catalog.fuzzy else []
    known = {m.id: m for m in catalog if m.id}
    for message in wanted:
        if not message.id:
            continue
        here = known.get(message.id)
        if here is None or not here.string:
            found.append(f"untranslated: {message.id!r}")
        elif here.fuzzy:
            found.append(f"fuzzy: {message.id!r}")
        elif set(PLACEHOLDER.findall(str(message.id))) != set(
            PLACEHOLDER.findall(str(here.string))
        ):
            found.append(f"placeholders differ: {message.id!r}")
        elif "'" in str(here.string):
            found.append(f"straight apostrophe: {here.string!r}")
    wanted_ids = {m.id for m in wanted}
    found += [f"no longer used: {m.id!r}" for m in catalog if m.id and m.id not in wanted_ids]
    return found


def main() -> None:
    """Update the catalogue, or check it."""
    wanted, catalog = extracted(), load()
    if "--check" in sys.argv:
        found = problems(catalog, wanted)
        print("\n".join(found) or f"{len(wanted)} texts, all translated")
        sys.exit(1 if found else 0)
    catalog.update(wanted, no_fuzzy_matching=True)
    for key in list(catalog.obsolete):
        del catalog.obsolete[key]
    save(catalog)
    missing = [p for p in problems(load(), wanted) if p.startswith("untranslated")]
    print("\n".join(missing) or f"{len(wanted)} texts, all translated")


if __name__ == "__main__":
    main()
