"""Docs lead somewhere: the index of decisions agrees with its files, and no link or path in docs or code is dead."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DECISIONS = ROOT / "docs" / "decisions"
FILES = sorted(DECISIONS.glob("[0-9]*.md"))
STATUS = r"(?:proposed|accepted|superseded by \[\d{4}\]\(\d{4}-[a-z0-9-]+\.md\))"
DECISION = re.compile(
    rf"# (\d{{4}}) (.+)\n\n- Status: ({STATUS})\n- Date: (\d{{4}}-\d\d-\d\d)\n\n((?:.+\n)+)\n((?:.+\n)+)"
)
ROW = re.compile(rf"\| \[(\d{{4}})\]\((.+?\.md)\) \| (.+?) \| ({STATUS}) \| (\d{{4}}-\d\d-\d\d) \| .+\. \|")
CODE = (
    "portal",
    "recalls",
    "listings",
    "enforcement",
    "offshelf_client",
    "benchmarks",
    "scripts",
    "tests",
    "templates",
    "deploy",
    ".github",
)


def pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def links(page: Path) -> Iterator[tuple[str, Path]]:
    """Each link of a page that leads to a file of ours, and where it leads."""
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", link) and not link.startswith("#"):
            yield link, page.parent / link.partition("#")[0]


def test_every_decision_has_a_number_a_title_a_status_a_date_and_two_paragraphs() -> None:
    for number, path in enumerate(FILES, 1):
        found = DECISION.fullmatch(path.read_text(encoding="utf-8"))
        assert found is not None, path.name
        assert int(found[1]) == int(path.name[:4]) == number, path.name


def test_decisions_are_numbered_in_the_order_of_their_dates() -> None:
    dates = [date.fromisoformat(re.findall(r"- Date: (.+)", path.read_text(encoding="utf-8"))[0]) for path in FILES]
    assert dates == sorted(dates)


def test_the_index_of_decisions_and_the_files_agree() -> None:
    rows = [match.groups() for match in ROW.finditer((DECISIONS / "README.md").read_text(encoding="utf-8"))]
    files = []
    for path in FILES:
        number, title, status, day, *_ = DECISION.fullmatch(path.read_text(encoding="utf-8")).groups()
        files.append((number, path.name, title, status, day))
    assert rows == files


def test_no_link_between_docs_is_dead() -> None:
    dead = [
        f"{page.relative_to(ROOT)}: {link}" for page in pages() for link, target in links(page) if not target.exists()
    ]
    assert dead == []


def anchors(page: Path) -> set[str]:
    """The fragments that lead to the headings of a page, as GitHub and GitLab make them."""
    headings = re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_to_a_heading_finds_it() -> None:
    dead = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages()
        for link in re.findall(r"\]\(((?![a-z]+:)[^)\s]*#[^)\s]+)\)", page.read_text(encoding="utf-8"))
        if link.partition("#")[2] not in anchors((page.parent / link.partition("#")[0]) if link[0] != "#" else page)
    ]
    assert dead == []


def test_every_test_that_the_docs_name_is_there() -> None:
    """`tests/x.py`, `tests/x.py::test_y`, and `::test_z` for another test of the file before it."""
    dead = []
    for page in (ROOT / "docs").rglob("*.md"):
        path = Path()
        for named, test in re.findall(r"`(tests/[\w/.]+)?(?:::(\w+))?`", page.read_text(encoding="utf-8")):
            path = ROOT / named if named else path
            if (named or test) and (not path.exists() or (test and f"def {test}(" not in path.read_text())):
                dead.append(f"{page.relative_to(ROOT)}: {named}::{test}")
    assert dead == []


def test_every_page_of_the_docs_can_be_reached_from_the_readme() -> None:
    reached, fresh = set(), {ROOT / "README.md"}
    while fresh:
        page = fresh.pop()
        reached.add(page)
        fresh |= {target.resolve() for _, target in links(page) if target.suffix == ".md" and target.exists()} - reached
    guide = ROOT / "docs" / "guide"  # its translations have the names of its pages, in a folder for each language
    reached |= {page for page in guide.glob("*/*.md") if guide / page.name in reached}
    assert {str(page.relative_to(ROOT)) for page in pages()} - {
        str(page.relative_to(ROOT)) for page in reached
    } == set()


def test_code_names_no_page_of_the_docs_that_is_not_there() -> None:
    dead = []
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".yaml", ".yml", ".conf", ".example"}:
                named = re.findall(r"\bdocs/[\w./-]+?\.md\b", path.read_text(encoding="utf-8"))
                dead += [f"{path.relative_to(ROOT)}: {name}" for name in named if not (ROOT / name).exists()]
    assert dead == []


def test_code_names_no_heading_of_the_docs_that_is_not_there() -> None:
    """Where code says in which page, and behind a comma under which heading, to read on."""
    dead, named = [], 0
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            for page, words in re.findall(r"\b(docs/[\w./-]+?\.md), ([A-Z].{2,40})", text):
                headings = re.findall(r"(?m)^#+ (.+)$", (ROOT / page).read_text(encoding="utf-8"))
                named += 1
                if not words.startswith(tuple(headings)):
                    dead.append(f"{path.relative_to(ROOT)}: {page}, {words}")
    assert dead == []
    assert named >= 10
