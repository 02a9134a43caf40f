"""Somebody who has just started the server: nothing is there, feedback is sent, counted, found, corrected, and opened.

The argument is the size of the screen.
"""

import copy
import json
import re
import sys
from datetime import timedelta

import sight
from support import (
    HERE, NAME, TOKEN, Findings, Visitor, ask, browser, eventually, last_monday, moment, post_events, signed,
)

RESPONSE = json.loads((HERE / "../../crates/connect/tests/golden/typeform/response.json").read_text())
# Records of that response: its answers in words, and its scores.
ANSWERS = 5
EVENTS = 80
TEXTS = [
    "Search finds what I am looking for, and quickly.",
    "The price is fair for what we get.",
    "Every invoice has the wrong tax on it, and nobody answers my mails.",
    "Lovely boards, they are a joy to use.",
    "The login page never loads on my phone.",
]
# Found by a word that nobody else says, and by what it means in other words.
FOUND = "The zeppelin view crashes whenever I open a large board, and my changes are lost."
MEANING = "the app crashes when I open a big board"

findings = Findings()


def events():
    """Answers to the NPS question, over the last four complete weeks."""
    end = last_monday()
    for number in range(EVENTS):
        at = end - timedelta(hours=3 + number * 8)
        text = FOUND if number == 7 else f"{TEXTS[number % len(TEXTS)]} ({number})"
        yield {
            "specversion": "1.0", "id": f"e{number}", "source": "web", "type": "feedback.nps.created", "time": moment(at),
            "data": {
                "id": f"r{number}", "score": number % 11, "text": text, "product": "Larchdeck", "platform": "web",
                "author": {"id": f"u{number}"},
            },
        }


def response(number):
    """A response of the vendor's, of last week."""
    payload = copy.deepcopy(RESPONSE)
    payload["event_id"] = f"event-{number}"
    payload["form_response"]["token"] = f"token-{number}"
    payload["form_response"]["submitted_at"] = moment(last_monday() - timedelta(days=2))
    return payload


def sign_in(visitor):
    page = visitor.page
    page.goto("/")
    findings.check(page.get_by_role("heading", name="Sign in").is_visible(), "who is not known is asked to sign in")
    visitor.sign_in("vbt_" + "x" * 43)
    findings.check("not known" in page.get_by_role("alert").inner_text(), "a wrong token is told")
    page.get_by_label("Token", exact=True).fill(TOKEN)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    findings.check(page.get_by_role("heading", level=1).inner_text() == "Overview", "the first page is the overview")


def nothing_yet(visitor):
    page = visitor.page
    for name, address in (
        ("overview", "/"), ("topics", "/topics"), ("feedback", "/feedback"), ("cases", "/cases"), ("alerts", "/alerts"),
        ("digests", "/digests"), ("taxonomy", "/taxonomy"),
    ):
        answer = page.goto(address)
        findings.check(answer.status == 200, f"{name} without feedback: {answer.status}")
        rules = sight.RULES if visitor.size == "desktop" else sight.ROOM
        findings.add(f"{name} without feedback", sight.layout(page) + sight.accessibility(page, rules))
        visitor.picture(f"{name}-empty")
    page.goto("/")
    findings.check(page.get_by_text("No feedback yet").is_visible(), "the overview says that there is nothing yet")


def send():
    body, signature = signed(response(1))
    answer = ask("POST", "/v1/hooks/typeform", body, token="")
    findings.check(answer.status == 401, f"a webhook without its signature: {answer.status}")
    answer = ask("POST", "/v1/hooks/typeform", body, token="", typeform_signature="sha256=AAAA")
    findings.check(answer.status == 401, f"a webhook with a wrong signature: {answer.status}")
    answer = ask("POST", "/v1/hooks/typeform", body, token="", typeform_signature=signature)
    findings.check(answer.status == 202, f"a signed webhook: {answer.status} {answer.body}")
    answer = ask("POST", "/v1/hooks/typeform", body, token="", typeform_signature=signature)
    findings.check(answer.json()["status"] == "duplicate", f"the same again: {answer.body}")
    post_events(list(events()))


def tile(page):
    """The number of records on the overview, as a link."""
    return page.locator("section", has=page.get_by_role("heading", name="Records", exact=True)).get_by_role("link").first


def number(text):
    return int(re.sub(r"[^0-9]", "", text))


def counted(visitor):
    page, expected = visitor.page, EVENTS + ANSWERS

    def shown():
        page.goto("/")
        link = tile(page)
        return link.count() == 1 and number(link.inner_text()) == expected

    eventually(shown, f"{expected} records on the overview")
    visitor.picture("journey-counted")
    findings.add("the overview with feedback", sight.layout(page))


def found_by_words(visitor):
    page = visitor.page
    page.get_by_role("searchbox", name="Search the feedback").fill("zeppelin")
    page.get_by_role("searchbox", name="Search the feedback").press("Enter")
    page.wait_for_url("**/feedback?q=zeppelin")
    findings.check(page.get_by_role("article").count() == 1, "one record has the word")
    findings.check(FOUND in page.get_by_role("article").first.inner_text(), "the record with the word is shown")
    visitor.picture("journey-words")


def found_by_meaning(visitor):
    page = visitor.page
    page.goto("/feedback")
    page.get_by_label("Or by meaning").fill(MEANING)
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url("**meaning=**")
    first = page.get_by_role("article").first
    findings.check(FOUND in first.inner_text(), f"by meaning the nearest is {first.inner_text()[:200]!r}")
    visitor.picture("journey-meaning")
    first.get_by_role("link", name=re.compile("^Open record")).click()
    page.wait_for_url("**/feedback/*")
    findings.check(FOUND in page.get_by_role("region", name="What was said").inner_text(), "the record opens")


def corrected(visitor):
    """Its sentiment is set right where it stands; who said so, and what the model said, is told."""
    page = visitor.page
    judged = page.get_by_role("row", name=re.compile("^Sentiment"))
    model = judged.get_by_role("cell").nth(1).inner_text().strip()
    right = "positive" if model != "positive" else "neutral"
    form = page.locator("form[action$='/correct']").first
    form.get_by_label("Sentiment").select_option(right)
    if form.get_by_label("Note").count():
        form.get_by_label("Note").fill("They told me so.")
    form.get_by_role("button").first.click()
    page.wait_for_load_state()
    cells = [cell.inner_text().strip() for cell in judged.get_by_role("cell").all()]
    findings.check(cells[0] == right, f"the sentiment counts as {cells[0]}, not {right}")
    findings.check(cells[1] == model, f"the model's word was {model}, and is {cells[1]} now")
    history = page.locator("section", has=page.get_by_role("heading", name="Corrections", exact=True)).inner_text()
    findings.check(f"by {NAME}" in history and right in history, f"who corrected what is told: {history!r}")
    findings.add("a corrected record", sight.layout(page))
    visitor.picture("journey-corrected")
    kept = ask("GET", "/v1/corrections").json()["items"]
    findings.check(len(kept) == 1 and kept[0]["by"] == NAME, f"the API tells of the correction: {kept}")


def behind_the_number(visitor):
    page = visitor.page
    page.goto("/")
    link = tile(page)
    says = number(link.inner_text())
    link.click()
    page.wait_for_url("**/feedback?**")
    lists = number(page.get_by_role("heading", level=2).first.inner_text())
    findings.check(lists == says, f"the number says {says}, and its records are {lists}")
    visitor.picture("journey-behind")


def sign_out(visitor):
    page = visitor.page
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
    answer = page.goto("/feedback")
    findings.check(answer.status == 401, f"after signing out: {answer.status}")
    findings.check(page.get_by_role("article").count() == 0, "after signing out nothing is shown")


def main(size):
    with browser() as chromium:
        visitor = Visitor(chromium, size)
        sign_in(visitor)
        nothing_yet(visitor)
        send()
        for step in (counted, found_by_words, found_by_meaning, corrected, behind_the_number, sign_out):
            print(step.__name__, flush=True)
            step(visitor)
        findings.add("on the way", visitor.noted_here())
    findings.end()


main(sys.argv[1])
