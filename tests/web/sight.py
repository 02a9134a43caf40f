"""What is looked at on a page: how it lies there, what axe finds, where the keyboard leads."""

from importlib import resources

from support import HERE

LOOK = (HERE / "look.js").read_text()
KEYBOARD = (HERE / "keyboard.js").read_text()
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
# All that can be told by looking, of WCAG 2.2 up to AA, and what is good practice beside.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What another scheme changes, which takes more than half of the time of all.
COLOURS = ["color-contrast"]
# What another size of the screen changes.
ROOM = ["target-size", "scrollable-region-focusable"]
GRAVE = ("serious", "critical")


def layout(page):
    """What is cut, lies over something else, or makes the page wider than the screen."""
    return page.evaluate(LOOK)


def accessibility(page, rules=RULES):
    """What axe calls serious or critical, with where it is; of all rules, or those named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules)
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: "
        + "; ".join(node["html"][:160] for node in violation["nodes"][:3])
        for violation in found["violations"]
        if violation["impact"] in GRAVE
    ]


def keyboard_at(page, address):
    """Where Tab does not lead from the top of a page, or nothing shows that it has."""
    page.goto(address)
    count = page.evaluate(KEYBOARD)
    # Boxes that scroll are reached as well.
    for _ in range(3):
        for _ in range(count + 5):
            page.keyboard.press("Tab")
        wrong = page.evaluate("window.focused()")
        if not wrong:
            break
    return wrong


def open_all(page):
    """Opens what is folded up; tells whether anything is."""
    return page.evaluate("""() => {
        const folded = document.querySelectorAll("details:not([open])");
        folded.forEach((details) => { details.open = true; });
        return folded.length > 0;
    }""")
