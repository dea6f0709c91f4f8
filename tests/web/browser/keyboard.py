"""Hands that only have a keyboard: they tab, type and press, and look where the focus is."""

from __future__ import annotations

from playwright.sync_api import Page

MOST_STOPS = 80
#: What has the focus: its words, or its name, and whether it can be seen to have it.
_FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const ring = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none";
  const middle = document.elementFromPoint(
    Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1),
    Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 0), innerHeight - 1));
  return {
    id: element.id,
    words: (element.innerText || element.value || "").trim(),
    seen: ring && box.width > 0 && box.height > 0,
    covered: middle !== null && !element.contains(middle) && !middle.contains(element)
      && !(element.labels && [...element.labels].some((label) => label.contains(middle))),
  };
}"""
#: Everything that Tab stops at, in the order of the document; of a group of radios one.
_STOPS = """() => {
  const all = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
  const chosen = new Set([...document.querySelectorAll("input[type=radio]:checked")].map((one) => one.name));
  const seen = new Set();
  return all.filter((element) => {
    if (element.disabled || element.closest("[hidden]") || element.tabIndex < 0) return false;
    const shut = element.closest("details:not([open])");
    if (shut && !(element.tagName === "SUMMARY" && element.parentElement === shut)) return false;
    if (element.type !== "radio") return true;
    if (chosen.has(element.name)) return element.checked;
    if (seen.has(element.name)) return false;
    seen.add(element.name);
    return true;
  }).map((element) => element.id + "|" + (element.innerText || element.value || "").trim());
}"""


def focused(page: Page) -> dict[str, object]:
    found = page.evaluate(_FOCUSED)
    assert found, "nothing has the focus"
    return dict(found)


def tab_to(page: Page, words: str = "", *, id: str = "") -> None:
    """Tab until the focus is on what begins with these words, or has this id; every stop can be seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = focused(page)
        assert at["seen"], f"the focus is not visible: {at}"
        assert not at["covered"], f"the focus is covered: {at}"
        if (id and at["id"] == id) or (words and str(at["words"]).startswith(words)):
            return
    raise AssertionError(f"Tab never came to {words or id}")


def follow(page: Page) -> None:
    """Press Enter, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, value: str) -> None:
    """Go down a list that has the focus to the option with this value."""
    for _ in range(MOST_STOPS):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the list has no {value}")


def stops(page: Page) -> list[str]:
    """What Tab stops at from the top of the page to its end."""
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    page.evaluate(
        "() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }"
    )
    found: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(_FOCUSED)
        stop = at and f"{at['id']}|{at['words']}"
        # From the last stop the focus leaves the page, or comes round to the first.
        if stop is None or stop in found[:1]:
            break
        found.append(stop)
    return found


def in_document_order(page: Page) -> list[str]:
    return list(page.evaluate(_STOPS))
