"""What axe-core finds on a page as it stands."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.conftest import PROJECT

AXE = (PROJECT / "node_modules" / "axe-core" / "axe.min.js").read_text


BY_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
"""Rules whose answer depends on colours and sizes; all others read the same markup in either theme."""

AT_REST = """
Promise.race([
  Promise.allSettled(
    document.getAnimations()
      .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
      .map((one) => one.finished)),
  new Promise((done) => setTimeout(done, 2000)),
]).then(() => undefined)
"""


def axe(page: Page, name: str, *, rules: list[str] | None = None) -> list[str]:
    """Every rule that is broken, with where and how it is mended."""
    page.evaluate(AT_REST)  # in the middle of a transition, colours are those of neither theme
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE())  # a script tag would be inline, which the pages' policy keeps out
    # Preloading copies the stylesheet of a shadow root into an inline one, which the policy keeps out too.
    asked: dict[str, object] = {"preload": False, "resultTypes": ["violations"]}
    if rules:
        asked["runOnly"] = {"type": "rule", "values": rules}
    result = page.evaluate("asked => axe.run(document, asked)", asked)
    return [
        f"{name}: {rule['id']}: {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
