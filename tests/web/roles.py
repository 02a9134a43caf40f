"""What a viewer, an editor and an admin see, and what is refused to each; forms that come too late or not from a page of
ours, and whoever tries too many tokens: each is told so by a page.

The arguments are the tokens of an editor and of a viewer."""

import sys

import sight
from support import FORMS, TOKEN, URL, Findings, Visitor, ask, browser

EDITOR, VIEWER = sys.argv[1:]
# What an admin alone may do.
ADMINS = {"/taxonomy"}
# More wrong tokens than are listened to in a minute.
TRIES = 12
# Whoever may edit has a form there.
EDITED = {"/feedback": "/feedback/", "/cases": "/cases/", "/alerts": "/alerts/"}

findings = Findings()


def first_of_each(page):
    for start, prefix in EDITED.items():
        page.goto(start)
        yield page.locator(f"main a[href^='{prefix}']").first.get_attribute("href")


def told(page, answer, status, title):
    """A page that says why nothing was done."""
    says = page.get_by_role("heading", level=1).inner_text()
    seen = (answer.status, says)
    findings.check(seen == (status, title), f"{page.url}: {seen}, not {(status, title)}")
    findings.add(f"{page.url} ({status})", sight.layout(page) + sight.accessibility(page))


def sends(page):
    """The forms of a page that change something."""
    forms = page.locator("form[method=post]").evaluate_all("forms => forms.map(form => form.getAttribute('action'))")
    return [action for action in forms if action != "/logout"]


def forms_refused(visitor, refused, name):
    """Whoever writes a form by hand, with the word of their session, gets no further than the page lets them."""
    page = visitor.page
    page.goto("/")
    word = page.locator("form[action='/logout'] input[name=csrf]").get_attribute("value")
    for path in sorted(FORMS - {"/logout"}):
        answer = page.request.post(path, form={"csrf": word}, headers={"origin": URL}, max_redirects=0)
        findings.check((answer.status == 403) == (path in refused), f"POST {path} as {name}: {answer.status}")


def a_viewer(chromium):
    visitor = Visitor(chromium)
    visitor.sign_in(VIEWER)
    page = visitor.page
    findings.check("vera \u00b7 viewer" in page.inner_text("header.top"), "a viewer is told who they are")
    for address in [*first_of_each(page), "/", "/topics", "/feedback", "/cases", "/alerts", "/taxonomy"]:
        answer = page.goto(address)
        findings.check(answer.status == 200, f"{address} as a viewer: {answer.status}")
        findings.check(not sends(page), f"{address} offers a viewer {sends(page)}")
        if address.startswith("/feedback/"):
            section = page.locator("#correct").inner_text()
            findings.check("you are signed in as a viewer" in section, f"a viewer is told why there is no form: {section!r}")
            visitor.picture("record-as-viewer")
    told(page, page.goto("/taxonomy/edit"), 403, "You may not do this")
    visitor.picture("forbidden")
    forms_refused(visitor, FORMS, "a viewer")
    answer = ask("POST", "/v1/events", {}, token=VIEWER)
    findings.check(answer.status == 403, f"an event of a viewer's: {answer.status}")
    findings.add("as a viewer", visitor.noted_here())
    visitor.context.close()


def an_editor(chromium):
    visitor = Visitor(chromium)
    visitor.sign_in(EDITOR)
    page = visitor.page
    for address in first_of_each(page):
        page.goto(address)
        findings.check(sends(page), f"{address} offers an editor nothing")
    page.goto("/taxonomy/edit")
    page.get_by_role("button", name="See what it changes").click()
    page.get_by_role("heading", name="What the edit changes").wait_for()
    findings.check("Only an admin can do that" in page.inner_text("main"), "an editor is told who switches a taxonomy on")
    findings.check("/taxonomy" not in sends(page), "an editor may switch a taxonomy on")
    forms_refused(visitor, ADMINS, "an editor")
    findings.add("as an editor", visitor.noted_here())
    too_late(visitor)
    visitor.context.close()


def too_late(visitor):
    """A form of another session, and one whose session has ended in another tab."""
    page = visitor.page
    address = next(first_of_each(page))
    form = page.locator("#correct form.correct")
    page.goto(address)
    form.locator("input[name=csrf]").evaluate("input => { input.value = 'of-yesterday'; }")
    with page.expect_navigation() as gone:
        form.get_by_role("button").click()
    told(page, gone.value, 403, "You may not do this")
    findings.check("load the page again" in page.inner_text("main"), "what to do is told")
    visitor.picture("form-expired")
    page.goto(address)
    other = visitor.tab()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/login")
    other.close()
    with page.expect_navigation() as gone:
        form.get_by_role("button").click()
    told(page, gone.value, 401, "Sign in")
    visitor.picture("signed-out")


def an_admin(chromium):
    visitor = Visitor(chromium)
    visitor.sign_in(TOKEN)
    forms_refused(visitor, set(), "an admin")
    visitor.context.close()


def too_many_tries(chromium):
    """Whoever guesses tokens is told to wait; whoever has one is let in all the same."""
    visitor = Visitor(chromium)
    page, wrong = visitor.page, "vbt_" + "x" * 43
    page.goto("/login")
    for _ in range(TRIES):
        page.request.post("/login", form={"token": wrong}, headers={"origin": URL})
    page.get_by_label("Token", exact=True).fill(wrong)
    with page.expect_navigation() as gone:
        page.get_by_role("button", name="Sign in").click()
    told(page, gone.value, 429, "Not at this moment")
    visitor.picture("busy")
    visitor.sign_in(TOKEN)
    findings.check(page.get_by_role("heading", level=1).inner_text() == "Overview", "a right token counts all the same")
    visitor.context.close()


def main():
    with browser() as chromium:
        for step in (a_viewer, an_editor, an_admin, too_many_tries):
            print(step.__name__, flush=True)
            step(chromium)
    findings.end()


main()
