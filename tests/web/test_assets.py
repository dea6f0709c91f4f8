"""The pages need nothing from elsewhere, and nothing that the content security policy forbids."""

import hashlib
import json
import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "finance_hub" / "web"
VENDOR = WEB / "static" / "vendor"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
STYLES = sorted((WEB / "static" / "web" / "css").glob("*.css"))
SCRIPTS = sorted((WEB / "static" / "web" / "js").glob("*.js"))
OURS = [*TEMPLATES, *STYLES, *SCRIPTS]
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())

ELSEWHERE = re.compile(r"""(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}""", re.IGNORECASE)
INLINE_STYLE = re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE)
INLINE_HANDLER = re.compile(r"\son[a-z]+\s*=|\shx-on\b|javascript:", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE)
HTMX_EVALUATES = re.compile(r"""(?:hx-vals|hx-headers)=["']js:|hx-trigger=["'][^"']*\[""")
EVALUATES = re.compile(r"\beval\(|\bnew Function\b|\.innerHTML\b|insertAdjacentHTML|document\.write")
STYLE_TEXT = re.compile(r"""cssText|setAttribute\(\s*["']style["']""")


def named(path: Path) -> str:
    return str(path.relative_to(WEB))


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["name"])
def test_a_vendored_file_is_the_one_its_manifest_names(entry: dict[str, str]) -> None:
    content = (VENDOR / entry["file"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert entry["version"].encode() in content


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["name"])
def test_a_vendored_file_carries_its_licence(entry: dict[str, list[str]]) -> None:
    assert entry["texts"]
    for text in entry["texts"]:
        assert (VENDOR / text).stat().st_size > 100


def test_nothing_lies_in_the_vendor_folder_that_the_manifest_does_not_name() -> None:
    declared = {"manifest.json"} | {entry["file"] for entry in MANIFEST}
    declared |= {text for entry in MANIFEST for text in entry["texts"]}

    assert {path.name for path in VENDOR.iterdir()} == declared


@pytest.mark.parametrize("path", OURS, ids=named)
def test_no_page_style_or_script_names_another_host(path: Path) -> None:
    assert not ELSEWHERE.findall(path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
@pytest.mark.parametrize("forbidden", [INLINE_STYLE, INLINE_HANDLER, INLINE_SCRIPT, HTMX_EVALUATES])
def test_no_template_holds_what_the_policy_forbids(path: Path, forbidden: re.Pattern[str]) -> None:
    assert not forbidden.findall(path.read_text())


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_no_script_evaluates_text_or_writes_markup(path: Path) -> None:
    source = path.read_text()

    assert not EVALUATES.findall(source)
    assert not STYLE_TEXT.findall(source)


@pytest.mark.parametrize(
    ("markup", "pattern"),
    [
        ('<p style="width:3%">', INLINE_STYLE),
        ("<style>p{}</style>", INLINE_STYLE),
        ('<a onclick="go()">', INLINE_HANDLER),
        ('<a hx-on:click="go()">', INLINE_HANDLER),
        ('<a href="javascript:go()">', INLINE_HANDLER),
        ("<script>go()</script>", INLINE_SCRIPT),
        ('<script type="module">go()</script>', INLINE_SCRIPT),
        ("<a hx-vals='js:{a: 1}'>", HTMX_EVALUATES),
        ('<a hx-trigger="click[ctrlKey]">', HTMX_EVALUATES),
        ('<script src="//cdn.example.com/x.js">', ELSEWHERE),
        ("url(https://fonts.example.com/x)", ELSEWHERE),
    ],
)
def test_the_search_finds_what_it_is_for(markup: str, pattern: re.Pattern[str]) -> None:
    assert pattern.search(markup)


def test_every_static_file_that_a_template_names_exists() -> None:
    names = {
        name
        for template in TEMPLATES
        for name in re.findall(r"""{% static ['"]([^'"]+)['"] %}""", template.read_text())
    }

    assert "vendor/echarts.min.js" in names
    assert [name for name in sorted(names) if not (WEB / "static" / name).is_file()] == []


def test_every_file_that_a_style_sheet_names_exists() -> None:
    wanted = {
        (sheet.parent / name).resolve()
        for sheet in STYLES
        for name in re.findall(r"""url\(["']?([^"')]+)""", sheet.read_text())
    }

    assert len(wanted) == 2
    assert [path for path in sorted(wanted) if not path.is_file()] == []


def test_every_include_names_a_template() -> None:
    folder = WEB / "templates"
    names = {
        name
        for template in TEMPLATES
        for name in re.findall(r"""{% (?:include|extends) "([^"]+)\"""", template.read_text())
    }

    assert [name for name in sorted(names) if not (folder / name).is_file()] == []


def test_every_template_is_a_page_or_is_included_somewhere() -> None:
    sources = "".join(template.read_text() for template in TEMPLATES)
    partials = [path for path in TEMPLATES if path.name.startswith("_")]

    assert partials
    for path in partials:
        assert f'"{path.relative_to(WEB / "templates")}"' in sources


def test_every_colour_in_use_has_a_value() -> None:
    source = "".join(sheet.read_text() for sheet in STYLES)
    scripts = "".join(script.read_text() for script in SCRIPTS)
    used = set(re.findall(r"var\((--[a-z0-9-]+)", source))
    used |= {f"--{name}" for name in re.findall(r'read\("([a-z0-9-]+)"\)', scripts)}
    given = set(re.findall(r"^\s+(--[a-z0-9-]+):", source, re.MULTILINE))

    assert used - given == set()
    assert given - used == set()
