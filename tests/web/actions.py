"""What people do with records, cases, alerts and the taxonomy, by the pages' own forms: each step is seen there, and programs
are told it. What somebody else has changed meanwhile is not changed once more."""

import re
from datetime import timedelta
from pathlib import Path

import sheets
import sight
from support import Findings, Visitor, ask, browser, eventually, last_monday, moment, post_events

findings = Findings()


def first_of(page, start, prefix):
    """The address of the first thing that a list leads to."""
    page.goto(start)
    address = page.locator(f"main a[href^='{prefix}']").first.get_attribute("href")
    page.goto(address)
    return address


def press(visitor, name, told, within=None):
    """A button of the page, or of a part of it, after which the page says what was done."""
    page = visitor.page
    (within or page).get_by_role("button", name=name, exact=True).click()
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


def whole(record):
    return ask("GET", f"/v1/records/{record}").json()


def found_like_it(visitor):
    """From a record to those that are like it, in the order that programs get."""
    page = visitor.page
    page.goto("/feedback?source=ticket&limit=2")
    link = page.get_by_role("link", name=re.compile("^Find feedback like record")).first
    record = link.get_attribute("href").partition("like=")[2]
    link.click()
    page.wait_for_url("**/feedback?like=*")
    links = page.get_by_role("link", name=re.compile("^Open record")).all()
    shown = [one.get_attribute("href").removeprefix("/feedback/") for one in links]
    items = ask("GET", f"/v1/records?like={record}&limit={len(shown)}").json()["items"]
    findings.check(shown and shown == [item["record_id"] for item in items], f"like {record} are {shown}, by the API {items}")
    findings.check(record not in shown, "a record is like itself")
    badge = page.get_by_role("article").first.locator(".badge", has_text="likeness")
    findings.check(badge.inner_text() == f"{items[0]['likeness']:.2f} likeness", f"the nearest one is {badge.inner_text()}")
    findings.check(page.get_by_text("Like record").count() > 0, "what is looked for is told")
    visitor.picture("found-like")


def a_kind_in_the_inbox(visitor):
    """Set right where it stands, without leaving the list."""
    page = visitor.page
    page.goto("/feedback?source=ticket&limit=2")
    first = page.get_by_role("article").first
    record = first.get_by_role("link", name=re.compile("^Open record")).get_attribute("href").removeprefix("/feedback/")
    model = whole(record)["judged"]["kind"]
    right = "praise" if model != "praise" else "bug"
    first.locator("summary", has_text="Correct").click()
    first.get_by_label("Kind").select_option(right)
    press(visitor, "Correct", "the record is corrected", first)
    findings.check("source=ticket" in page.url, f"a correction in the list led to {page.url}")
    said = f"by a person; the model: {model.replace('_', ' ')}"
    findings.check(said in first.inner_text(), f"the list does not say {said!r}: {first.inner_text()!r}")
    as_told(f"/records/{record}", {"record.kind": right, "judged.kind": model})
    return record


def topics_and_taken_back(visitor, record):
    """What it is about; then the model's word holds again, of one judgement after the other."""
    page = visitor.page
    page.goto(f"/feedback/{record}")
    judged, said = whole(record)["judged"], whole(record)["record"]["kind"]
    form = page.locator("#correct form.correct")
    chosen = form.get_by_role("checkbox", checked=True)
    while chosen.count():
        chosen.first.uncheck()
    form.get_by_role("checkbox", name="Security and privacy").check()
    form.get_by_label("Why, for colleagues").fill("they ask who <b>reads</b> it")
    press(visitor, "Correct", "the record is corrected")
    names = [topic["topic"] for topic in judged["topics"]]
    as_told(f"/records/{record}", {"record.topics": ["security_privacy"], "record.kind": said, "judged.kind": judged["kind"]})
    kept = [topic["topic"] for topic in whole(record)["judged"]["topics"]]
    findings.check(kept == names, f"the model's topics were {names}, and are {kept}")
    row = page.get_by_role("row", name=re.compile("^Topics"))
    findings.check("Security and privacy" in row.get_by_role("cell").first.inner_text(), "the page says what it is about")
    history = page.locator("#corrections").inner_text()
    findings.check("they ask who <b>reads</b> it" in history, f"why is told as it was written: {history!r}")
    visitor.picture("record-corrected")
    findings.add("a record that was corrected", sight.accessibility(page))
    for field in ("kind", "topics"):
        press(visitor, f"Take back what was said of the {field}", "the model\u2019s word holds again")
    as_told(f"/records/{record}", {"record.kind": judged["kind"], "record.topics": names})
    findings.check(page.get_by_role("button", name=re.compile("^Take back")).count() == 0, "nothing is left to take back")


def version(number, text):
    """Of a survey answer that is changed once it was given."""
    return {
        "specversion": "1.0", "id": f"moving-{number}", "source": "moving", "type": "feedback.nps.updated",
        "time": moment(last_monday() - timedelta(days=1)),
        "data": {"id": "moving", "version": number, "score": 3, "text": text},
    }


def refused(visitor, page, button, title):
    """A form that comes too late: why is told, and nothing is changed."""
    before = ask("GET", "/v1/corrections").json()["total"]
    with page.expect_navigation() as gone:
        button.click()
    status, told = gone.value.status, page.get_by_role("heading", level=1).inner_text()
    findings.check((status, told) == (409, title), f"a form that comes too late is answered {status}, {told!r}")
    findings.check(ask("GET", "/v1/corrections").json()["total"] == before, "what came too late is noted all the same")
    findings.add("a form that comes too late", sight.layout(page) + sight.accessibility(page))


def in_two_tabs(visitor):
    """The record changes while its form is open; and what is taken back in one tab is not there for the other."""
    first, second = visitor.page, visitor.tab()
    post_events([version(1, "The moving board of ours is slow.")])
    items = eventually(lambda: ask("GET", "/v1/records?event_source=moving").json().get("items"), "the first version")
    record = items[0]["record_id"]
    first.goto(f"/feedback/{record}")
    first.locator("#correct form.correct").get_by_label("Sentiment").select_option("positive")
    post_events([version(2, "The moving board of ours is quick again.")])
    eventually(lambda: "quick" in whole(record)["record"]["text"], "the second version")
    changed = "Something has changed meanwhile"
    refused(visitor, first, first.locator("#correct form.correct button"), changed)
    visitor.picture("changed-meanwhile")
    # Looked at again, it can be corrected.
    first.goto(f"/feedback/{record}")
    first.locator("#correct form.correct").get_by_label("Sentiment").select_option("negative")
    press(visitor, "Correct", "the record is corrected")
    second.goto(f"/feedback/{record}")
    press(visitor, "Take back what was said of the sentiment", "the model\u2019s word holds again")
    refused(visitor, second, second.get_by_role("button", name="Take back what was said of the sentiment"), changed)
    second.close()


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
    with page.expect_download() as taken:
        page.get_by_role("button", name="All of them as CSV").click()
    names, rows = sheets.read(Path(taken.value.path()).read_text())
    findings.check("fate" in names and len(rows) > 20, f"the difference as a file: {len(rows)} rows of {names}")
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
        found_like_it(visitor)
        topics_and_taken_back(visitor, a_kind_in_the_inbox(visitor))
        for step in (in_two_tabs, a_case, an_alert, the_taxonomy):
            print(step.__name__, flush=True)
            step(visitor)
        findings.add("on the way", visitor.noted_here())
    findings.end()


main()
