"""What people do with cases, alerts and the taxonomy, by the pages' own forms: each step is seen there, and programs are told it."""

import re

import sight
from support import Findings, Visitor, ask, browser

findings = Findings()


def first_of(page, start, prefix):
    """The address of the first thing that a list leads to."""
    page.goto(start)
    address = page.locator(f"main a[href^='{prefix}']").first.get_attribute("href")
    page.goto(address)
    return address


def press(visitor, name, told):
    """A button of the page, after which the page says what was done."""
    page = visitor.page
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()
    status = page.get_by_role("status")
    says = status.first.inner_text() if status.count() else "nothing"
    findings.check(told in says, f"after {name!r} the page says {says!r}")
    findings.add(f"after {name!r}", sight.layout(page))


def as_told(address, expected):
    """What programs are told of the same, by names with dots for what stands within."""
    whole = ask("GET", "/v1" + address).json()
    for name, value in expected.items():
        told = whole
        for step in name.split("."):
            told = told[step]
        findings.check(told == value, f"/v1{address}: {name} is {told!r}, not {value!r}")


def a_case(visitor):
    page = visitor.page
    address = first_of(page, "/cases?state=open", "/cases/")
    press(visitor, "Acknowledge", "the case is acknowledged")
    as_told(address, {"life.state": "acknowledged"})
    owners = page.get_by_label("Owner").locator("option").all()
    now = page.get_by_label("Owner").input_value()
    other = next(value for value in (one.get_attribute("value") for one in owners) if value not in ("", now))
    page.get_by_label("Owner").select_option(other)
    press(visitor, "Give it to them", f"the case is {other}\u2019s now")
    as_told(address, {"owner": other})
    press(visitor, "Resolve", "the case is resolved")
    visitor.picture("case-resolved")
    as_told(address, {"life.state": "resolved"})
    press(visitor, "Reopen", "the case is open again")
    as_told(address, {"life.state": "reopened"})


def an_alert(visitor):
    page = visitor.page
    address = first_of(page, "/alerts", "/alerts/")
    press(visitor, "Acknowledge", "the alert is acknowledged")
    page.get_by_text("Silence it").click()
    page.get_by_label("Why").fill("we know <b>")
    press(visitor, "Silence", "nothing more of it is told")
    findings.check("we know <b>" in page.inner_text("main"), "why it was silenced is told as it was written")
    visitor.picture("alert-silenced")
    as_told(address, {"state": "silenced"})
    press(visitor, "End the silence", "the silence is over")
    press(visitor, "Useful", "the alert was useful")
    as_told(address, {"state": "acknowledged", "is_useful": True})


def the_taxonomy(visitor):
    """A topic less: what that changes is shown before it is switched on."""
    page = visitor.page
    page.goto("/taxonomy/edit")
    text = page.locator("textarea[name=text]").input_value()
    page.locator("textarea[name=text]").fill(text[: text.rindex("[[topic]]")])
    page.get_by_role("button", name="See what it changes").click()
    page.wait_for_load_state()
    title = page.get_by_role("heading", level=1).inner_text()
    findings.check(title == "What the edit changes", f"an edit leads to {title!r}: {page.inner_text('main')[:300]!r}")
    findings.check(re.search(r"\d", page.inner_text("main")), "the difference is told in numbers")
    for size in ("desktop", "phone"):
        visitor.resize(size)
        findings.add(f"the difference ({size})", sight.layout(page) + sight.accessibility(page))
        visitor.picture("taxonomy-trial")
    visitor.resize("desktop")
    before = ask("GET", "/v1/taxonomy").json()
    page.get_by_role("button", name="Switch it on", exact=True).click()
    page.wait_for_load_state()
    findings.check("It is switched on" in page.inner_text("main"), "what was switched on is told")
    after = ask("GET", "/v1/taxonomy").json()
    findings.check(after["version"] != before["version"], f"{after['version']} is in force as before")


def main():
    with browser() as chromium:
        visitor = Visitor(chromium)
        visitor.sign_in()
        for step in (a_case, an_alert, the_taxonomy):
            print(step.__name__, flush=True)
            step(visitor)
        findings.add("on the way", visitor.noted_here())
    findings.end()


main()
