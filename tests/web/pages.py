"""Every page on tables that are full, in the part that is named: on one of the screens, light and dark; or by keyboard, without
script and on paper. The parts change nothing, and may look at once."""

import sys

import sight
from support import PAPER, SCHEMES, SIZES, Findings, Visitor, browser, eventually

# Where a page of many of its kind is found: the first that the list leads to.
LISTS = {
    "topic": ("/topics", "/topics/"),
    "record": ("/feedback", "/feedback/"),
    "case": ("/cases", "/cases/"),
    "alert": ("/alerts", "/alerts/"),
    "digest": ("/digests", "/digests/"),
}
PLAIN = {
    "overview": "/",
    "topics": "/topics",
    "feedback": "/feedback?limit=20",
    "cases": "/cases",
    "alerts": "/alerts",
    "digests": "/digests",
    "taxonomy": "/taxonomy",
    "taxonomy-edit": "/taxonomy/edit",
}
# With the status that each has to have.
WRONG = {"not-found": ("/nothing-here", 404), "error": ("/feedback?from=yesterday", 400)}

findings = Findings()


def addresses(page):
    """Every page that there is, by its name."""
    found = dict(PLAIN)
    for name, (start, prefix) in LISTS.items():
        page.goto(start)
        links = page.locator(f"main a[href^='{prefix}']")
        if findings.check(links.count() > 0, f"{start} leads to no {name}"):
            found[name] = links.first.get_attribute("href")
    return found


def visit(visitor, name, address, status=200):
    answer = visitor.page.goto(address)
    findings.check(answer.status == status, f"{name} {address}: {answer.status} in place of {status}")
    return f"{name} ({visitor.size}, {visitor.scheme})"


def look(visitor, place):
    """Axe takes seconds, so in the dark it looks at what differs there, and at that once."""
    findings.add(place, sight.layout(visitor.page))
    if visitor.scheme == "light":
        findings.add(place, sight.accessibility(visitor.page))
    elif visitor.size == "desktop":
        findings.add(place, sight.accessibility(visitor.page, sight.COLOURS))
    findings.add(place, visitor.noted_here())


def on_screen(chromium, pages, size):
    for scheme in SCHEMES:
        visitor = Visitor(chromium, size, scheme)
        look(visitor, visit(visitor, "login", "/login"))
        visitor.picture("login")
        visitor.sign_in()
        for name, address in pages.items():
            place = visit(visitor, name, address)
            visitor.picture(name)
            look(visitor, place)
            if visitor.page.locator("details").count():
                sight.open_all(visitor.page)
                findings.add(f"{place}, unfolded", sight.layout(visitor.page))
                if (size, scheme) == ("desktop", "light"):
                    findings.add(f"{place}, unfolded", sight.accessibility(visitor.page))
        for name, (address, status) in WRONG.items():
            place = visit(visitor, name, address, status)
            visitor.picture(name)
            look(visitor, place)
        visitor.context.close()


def by_keyboard(chromium, pages):
    visitor = Visitor(chromium)
    findings.add("login by keyboard", sight.keyboard_at(visitor.page, "/login"))
    visitor.sign_in()
    for name, address in pages.items():
        findings.add(f"{name} by keyboard", sight.keyboard_at(visitor.page, address))
    visitor.page.goto("/")
    visitor.page.keyboard.press("/")
    focused = visitor.page.evaluate("document.activeElement.type")
    findings.check(focused == "search", f"'/' leads to {focused}, not to the search")
    visitor.page.goto("/")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    focused = visitor.page.evaluate("document.activeElement.id")
    findings.check(focused == "main", f"the first link leads to {focused!r}, not to the content")
    visitor.context.close()


def without_script(chromium, pages):
    visitor = Visitor(chromium, java_script_enabled=False)
    visitor.sign_in()
    page = visitor.page
    for name, address in pages.items():
        place = visit(visitor, name, address)
        findings.check(page.get_by_role("heading", level=1).count() == 1, f"{place}: no heading without script")
        for form in page.locator("form").all():
            sends = form.locator("button, input[type=submit]").count() or form.locator("input[type=search]").count()
            findings.check(sends, f"{place}: a form that only a script can send: {form.inner_text()[:60]!r}")
        findings.add(f"{place} without script", visitor.noted_here())
    page.goto("/")
    page.get_by_role("searchbox", name="Search the feedback").fill("export")
    page.get_by_role("searchbox", name="Search the feedback").press("Enter")
    page.wait_for_load_state()
    findings.check("q=export" in page.url, f"the search led to {page.url}")
    findings.check(page.locator("main a[href^='/feedback/']").count() > 0, "the search finds nothing without script")
    visitor.context.close()


def on_paper(chromium, pages):
    visitor = Visitor(chromium)
    visitor.sign_in()
    visitor.page.set_viewport_size(PAPER)
    visitor.page.emulate_media(media="print")
    for name, address in pages.items():
        place = visit(visitor, name, address)
        findings.check(not visitor.page.get_by_role("navigation", name="Main").is_visible(), f"{place}: printed menu")
        findings.add(f"{place} on paper", sight.layout(visitor.page))
        visitor.picture(f"{name}-print")
    visitor.context.close()


def charts_have_their_tables(chromium, pages):
    """Every value of a chart is told by the pointer, and stands in a table behind it."""
    visitor = Visitor(chromium)
    visitor.sign_in()
    page = visitor.page
    page.goto(pages["topic"])
    charts = page.locator("figure:has(svg.chart)")
    if findings.check(charts.count() > 0, "a topic has no chart"):
        for chart in charts.all():
            title = chart.locator("figcaption").inner_text()
            points = chart.locator("svg .hit title").count()
            rows = chart.locator("details table tbody tr").count()
            findings.check(points > 0 and points == rows, f"{title}: {points} values by the pointer, {rows} in the table")
            findings.check(chart.locator("svg text").count() > 2, f"{title}: axes without names")
    visitor.context.close()


def main():
    part = sys.argv[1]
    assert part in (*SIZES, "otherwise"), part
    with browser() as chromium:
        visitor = Visitor(chromium)
        visitor.sign_in()
        eventually(lambda: filled(visitor.page), "pages with cases, alerts and digests")
        pages = addresses(visitor.page)
        visitor.context.close()
        if part in SIZES:
            on_screen(chromium, pages, part)
        else:
            by_keyboard(chromium, pages)
            without_script(chromium, pages)
            on_paper(chromium, pages)
            charts_have_their_tables(chromium, pages)
    findings.end()


def filled(page):
    """The jobs of the server have brought what they make."""
    for start, prefix in LISTS.values():
        page.goto(start)
        if page.locator(f"main a[href^='{prefix}']").count() == 0:
            return False
    return True


main()
