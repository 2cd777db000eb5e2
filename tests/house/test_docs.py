"""The pages say what the code says: roles, words, decisions, commands, variables, paths and links."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from app.core.text import sort_key
from app.roles import ROLE_LABELS, ROLES
from bin import roles_doc

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "app" / "data" / "README.md"])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
VARIABLE = re.compile(r"\bHALKLA_[A-Z_]*[A-Z]\b")
CODE_SPAN = re.compile(r"`([^`\n]+)`")
#: Configuration made of others, not read from the environment.
DERIVED = {"HALKLA_UPLOADS", "HALKLA_VERSION", "HALKLA_IDLE_MINUTES", "HALKLA_ABSOLUTE_HOURS"}
#: Codes of units begin like a variable.
NO_VARIABLES = {"HALKLA_ILISKILER"}
#: Made at set-up, so that a fresh tree does not hold it.
MADE_LATER = ("app/static/generated",)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def sources(*patterns: str) -> str:
    """The text of all Python files that match."""
    files = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def rows_of(text: str) -> list[list[str]]:
    """Cells of every table row, heads and rules left out."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


# --- roles and words --------------------------------------------------------------------------------
def test_the_page_of_roles_is_what_the_program_writes() -> None:
    assert read("docs/roles.md") == roles_doc.document(), "run: python -m bin.roles_doc"


def test_every_role_record_and_verb_has_its_turkish_words() -> None:
    assert set(roles_doc.ROLES_TR) == set(ROLES)
    used = {resource for grants in ROLES.values() for resource in grants}
    verbs = {v for grants in ROLES.values() for held in grants.values() for v in held}
    assert used == set(roles_doc.RECORDS)
    assert verbs == set(roles_doc.VERBS)


def test_the_page_and_the_screens_call_a_role_the_same() -> None:
    from bin.messages import load

    catalogue = {m.id: m.string for m in load() if m.id and m.string}
    known = {code: catalogue[label] for code, label in ROLE_LABELS.items() if label in catalogue}
    assert {code: roles_doc.ROLES_TR[code] for code in known} == known


def test_the_glossary_has_one_english_word_for_each_turkish_term() -> None:
    terms = [row[0] for row in rows_of(read("docs/glossary.md"))[1:]]
    assert len(terms) >= 80
    assert [t for t, n in Counter(terms).items() if n > 1] == []
    english = [row[1] for row in rows_of(read("docs/glossary.md"))[1:]]
    assert [e for e, n in Counter(english).items() if n > 1] == []


def test_the_glossary_stands_in_the_order_of_the_turkish_alphabet() -> None:
    terms = [row[0] for row in rows_of(read("docs/glossary.md"))[1:]]
    assert terms == sorted(terms, key=sort_key)


# --- decisions ----------------------------------------------------------------------------------------
def test_decisions_are_numbered_without_gaps_and_have_their_three_parts() -> None:
    files = sorted((DOCS / "adr").glob("*.md"))
    assert [path.name[:4] for path in files] == [f"{n:04d}" for n in range(1, len(files) + 1)]
    for number, path in enumerate(files, start=1):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. "), path.name
        heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert heads == ["Context", "Decision", "Consequences"], path.name


def test_every_reason_for_a_pin_names_the_version_that_is_pinned() -> None:
    wanted = dict(
        re.findall(
            r"^([A-Za-z][\w.-]*)(?:\[\w+\])?==(\S+)$", read("requirements/base.in"), re.MULTILINE
        )
    )
    text = read("docs/adr/0004-pinned-versions.md")
    told = {
        name: version
        for name, version in wanted.items()
        if re.search(rf"{re.escape(name)} (\S+)", text)
    }
    wrong = {n: v for n, v in told.items() if f"{n} {v}" not in text}
    assert wrong == {}
    frames = {"flask-appbuilder", "SQLAlchemy", "marshmallow", "WTForms", "Flask", "Werkzeug"}
    assert frames <= set(told)


def test_every_package_has_a_page_that_says_what_it_is_for() -> None:
    text = (
        read("docs/adr/0004-pinned-versions.md") + read("docs/adr/0017-dependencies.md")
    ).lower()
    lines = [
        line for line in read("requirements/base.in").splitlines() if line and line[0] not in "#-"
    ]
    packages = {re.split(r"[=\[<>]", line)[0].lower() for line in lines} - {"tzdata"}
    assert {name for name in packages if name not in text} == set()


# --- running it ----------------------------------------------------------------------------------------
def environment_variables() -> set[str]:
    """Every variable of ours that the program reads."""
    text = sources("config.py", "app/**/*.py", "bin/*.py")
    return set(VARIABLE.findall(text)) - DERIVED - NO_VARIABLES


def test_operations_tell_every_variable_of_the_environment() -> None:
    assert environment_variables() - set(VARIABLE.findall(read("docs/operations.md"))) == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_names_no_variable_that_nothing_reads(name: str) -> None:
    known = environment_variables() | set(VARIABLE.findall(sources("tests/**/*.py")))
    assert set(VARIABLE.findall(read(name))) - known - NO_VARIABLES == set()


def commands_of(app: Any) -> set[str]:
    """All commands of ours: `audit verify`, `seed` …"""
    import click

    found = set()
    for command in app.cli.commands.values():
        if not (command.callback or command).__module__.startswith(("app.", "click")):
            continue
        if isinstance(command, click.Group):
            subs = command.commands.values()
            if all((s.callback.__module__ or "").startswith("app.") for s in subs):
                found |= {f"{command.name} {s.name}" for s in subs}
        elif command.callback.__module__.startswith("app."):
            found.add(str(command.name))
    return found


def test_operations_tell_every_command_and_no_other(app: Any) -> None:
    commands = commands_of(app)
    assert commands, "no command was found"
    text = read("docs/operations.md")
    told = set(re.findall(r"`flask ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)", text))
    told = {name for name in told if not name.startswith("db ")}
    missing = {c for c in commands if c not in told and c.split()[0] not in told}
    assert missing == set()
    firsts = {c.split()[0] for c in commands}
    assert {t for t in told if t not in commands and t.split()[0] not in firsts} == set()
    wrong = {t for t in told if " " in t and t not in commands and t.split()[0] not in commands}
    assert wrong == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_names_only_make_targets_that_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    spans = " \n".join(
        [*CODE_SPAN.findall(read(name)), *re.findall(r"^make .*$", read(name), re.MULTILINE)]
    )
    assert set(re.findall(r"\bmake ([a-z-]+)", spans)) - targets == set()


def test_contributing_tells_every_make_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.MULTILINE))
    assert (
        targets
        - {"help", "setup", "clean"}
        - set(re.findall(r"`make ([a-z-]+)", read("CONTRIBUTING.md")))
        == set()
    )


def test_operations_name_only_addresses_that_answer(app: Any) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    told = set(re.findall(r"`(/(?:health|metrics|api)[\w/]*)`", read("docs/operations.md")))
    assert told
    assert told - rules == set()


def test_operations_name_only_metrics_that_are_told() -> None:
    told = set(re.findall(r"halkla_[a-z_]+[a-z]", read("docs/operations.md")))
    known = set(re.findall(r'gauges?\W+"(halkla_[a-z_]+)"', sources("app/**/*.py"), re.IGNORECASE))
    assert known, "no metric was found"
    assert told - known == set()
    # What only waits or runs is no reason to get up; every other figure has its alert.
    assert {k for k in known - told if not k.endswith(("_waiting", "_running"))} == set()


# --- how it is built -------------------------------------------------------------------------------------
def test_architecture_tells_every_attribute_of_a_screen() -> None:
    from app.core.views import BackOfficeView
    from app.core.views.base import VERBS

    own = {
        name
        for name, value in vars(BackOfficeView).items()
        if not name.startswith("_")
        and not callable(value)
        and not isinstance(value, property | staticmethod)
    }
    own -= {"exclude_route_methods", "method_permission_name", "previous_method_permission_name"}
    own -= set(VERBS)
    text = read("docs/architecture.md").split("## A screen")[1].split("## Add an entity")[0]
    assert {name for name in own if f"`{name}`" not in text} == set()


def test_architecture_has_a_line_for_every_directory() -> None:
    text = read("docs/architecture.md").split("## One line per directory")[1]
    folders = [p for base in ("app", "app/core") for p in sorted((ROOT / base).iterdir())]
    names = {
        str(p.relative_to(ROOT))
        for p in folders
        if (p / "__init__.py").exists() or p.name in {"static", "templates"}
    }
    assert {name for name in names - {"app/core"} if f"`{name}`" not in text} == set()


def test_architecture_tells_the_layers_that_are_held() -> None:
    text = read("docs/architecture.md")
    flow = "manifest > views | api | charts | reports > tasks > services > queries > models > rules"
    assert flow in text
    layers = re.findall(
        r'"\(?(manifest|tasks|services|queries|models|rules)\)?"', read("pyproject.toml")
    )
    assert layers[-6:] == ["manifest", "tasks", "services", "queries", "models", "rules"]


# --- every page --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_to_a_file(name: str) -> None:
    folder = (ROOT / name).parent
    targets = re.findall(r"\]\(([^)#\s]+)", read(name))
    local = [t for t in targets if "://" not in t and not t.startswith("mailto:")]
    gone = [t for t in local if not (folder / t).exists()]
    assert [
        t for t in gone if not str((folder / t).resolve().relative_to(ROOT)).startswith(MADE_LATER)
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_path_that_a_page_names_exists(name: str) -> None:
    spans = [
        s
        for s in CODE_SPAN.findall(read(name))
        if re.fullmatch(r"(app|bin|docs|tests|migrations|requirements|translations)/[\w./-]+", s)
    ]
    gone = [s for s in spans if not (ROOT / s).exists() and not s.startswith(MADE_LATER)]
    assert gone == []


@pytest.mark.parametrize("name", NAMES)
def test_every_module_that_a_page_names_exists(name: str) -> None:
    gone = []
    for dotted in set(re.findall(r"`(app(?:\.\w+)+)`", read(name))):
        parts = dotted.split(".")
        # The last part may be a name inside the module.
        paths = [ROOT.joinpath(*parts), ROOT.joinpath(*parts[:-1])]
        if not any(p.is_dir() or p.with_suffix(".py").exists() for p in paths):
            gone.append(dotted)
    assert gone == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_names_no_folder_of_a_developers_machine(name: str) -> None:
    assert re.findall(r"(?:^|[\s`(])/(?:work|tmp|home|root|Users)/\S*", read(name)) == []
