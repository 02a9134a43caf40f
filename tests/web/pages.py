"""Every page on tables that are full, in the part that is named: on one of the screens, light and dark; or by keyboard, without
script and on paper, with its pictures of figures. The parts change nothing, and may look at once."""

import sys

import charts
import sight
from support import PAPER, SIZES, Findings, Visitor, browser, eventually

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
    "feedback": "/feedback?limit=8",
    "cases": "/cases",
    "alerts": "/alerts",
    "digests": "/digests",
    "taxonomy": "/taxonomy",
    "taxonomy-edit": "/taxonomy/edit",
}
# Where there is nothing to show, or nothing that can be shown, with the status that each has to have.
NOTHING = {
    "not-found": ("/nothing-here", 404),
    "record-not-found": (f"/feedback/{'0' * 32}", 404),
    "topic-not-found": ("/topics/login_acces", 404),
    "error": ("/feedback?from=yesterday", 400),
    "nothing-found": ("/feedback?q=zyzzyva&topic=billing", 200),
    "nothing-alike": ("/feedback?meaning=octopus&event_source=web", 200),
    "cases-none": ("/cases?state=reopened", 200),
    "alerts-none": ("/alerts?owner=finance", 200),
}

findings = Findings()


def addresses(page):
    """Every page that there is, by its name; None until the jobs of the server have brought what they make."""
    found = dict(PLAIN)
    for name, (start, prefix) in LISTS.items():
        page.goto(start)
        links = page.locator(f"main a[href^='{prefix}']")
        if links.count() == 0:
            return None
        found[name] = links.first.get_attribute("href")
    return found


def visit(visitor, name, address, status=200):
    answer = visitor.page.goto(address)
    findings.check(answer.status == status, f"{name} {address}: {answer.status} in place of {status}")
    return f"{name} ({visitor.size})"


def look(visitor, name, address, status=200):
    """A page as it comes and unfolded. Axe takes seconds: it looks at all once, in the dark and on a phone at what differs."""
    page = visitor.page
    place = visit(visitor, name, address, status)
    visitor.picture(name)
    visitor.recolour("dark")
    visitor.picture(name)
    findings.add(place, sight.layout(page))
    if visitor.size == "desktop":
        findings.add(f"{place}, dark", sight.accessibility(page, sight.COLOURS))
    visitor.recolour("light")
    if sight.open_all(page):
        findings.add(f"{place}, unfolded", sight.layout(page))
    findings.add(place, sight.accessibility(page, sight.RULES if visitor.size == "desktop" else sight.ROOM))
    findings.add(place, visitor.noted_here())


def on_screen(chromium, jane, pages, size):
    somebody = Visitor(chromium, size)
    look(somebody, "login", "/login")
    somebody.context.close()
    visitor = Visitor(chromium, size, known_as=jane)
    for name, address in pages.items():
        look(visitor, name, address)
    for name, (address, status) in NOTHING.items():
        look(visitor, name, address, status)
        listed = visitor.page.locator("article, main td").count()
        findings.check(listed == 0, f"{name} ({size}): {listed} things are listed")
    visitor.context.close()


def by_keyboard(chromium, jane, pages):
    visitor = Visitor(chromium)
    findings.add("login by keyboard", sight.keyboard_at(visitor.page, "/login"))
    visitor.context.close()
    visitor = Visitor(chromium, known_as=jane)
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


def without_script(chromium, jane, pages):
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


def on_paper(chromium, jane, pages):
    visitor = Visitor(chromium, known_as=jane)
    visitor.page.set_viewport_size(PAPER)
    visitor.page.emulate_media(media="print")
    for name, address in pages.items():
        place = visit(visitor, name, address)
        findings.check(not visitor.page.get_by_role("navigation", name="Main").is_visible(), f"{place}: printed menu")
        findings.add(f"{place} on paper", sight.layout(visitor.page))
        visitor.picture(f"{name}-print")
    visitor.context.close()


def charts_say_what_is_so(chromium, jane, pages):
    """Every picture of figures, by its axes, to the pointer, and in the table behind it."""
    visitor = Visitor(chromium, known_as=jane)
    seen = {}
    for name, known in (("overview", charts.weeks_of_sources), ("topics", charts.weeks_of_topics), ("topic", dict)):
        place = visit(visitor, name, pages[name])
        problems, count = charts.wrong(visitor.page, known())
        findings.add(place, problems)
        seen |= {kind: seen.get(kind, 0) + more for kind, more in count.items()}
    print(f"pictures of figures: {seen}")
    findings.check(all(seen.values()), f"some kind of picture is nowhere: {seen}")
    visitor.context.close()


def main():
    part = sys.argv[1]
    assert part in (*SIZES, "otherwise"), part
    with browser() as chromium:
        jane = Visitor(chromium)
        jane.sign_in()
        pages = eventually(lambda: addresses(jane.page), "pages with cases, alerts and digests")
        if part in SIZES:
            on_screen(chromium, jane, pages, part)
        else:
            for step in (by_keyboard, without_script, on_paper, charts_say_what_is_so):
                step(chromium, jane, pages)
    findings.end()


main()
