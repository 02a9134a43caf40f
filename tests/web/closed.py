"""Every route as nobody: those of the API's document, those that pages lead to, and those that anybody may guess."""

import json
import re
from urllib.parse import urlsplit

from support import FORMS, TOKEN, URL, Findings, Visitor, ask, browser, post_events, signed

HOOK = "/v1/hooks/{connection}"
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
OPEN = {"/healthz": 200, "/readyz": 200, "/login": 200}
GUESSED = [
    "/v1", "/v1/", "/v1/openapi.json", "/v1/nothing", "/metrics", "/nothing", "/logout", "/feedback.csv",
    "/topics/export-import", "/feedback/0", "/cases/0", "/alerts/0", "/digests/0", "/taxonomy",
    "/topics/x", "/taxonomy/edit", "/times",
    "/assets", "/assets/../v1/status", "//v1/status", "/login/../v1/status", "/%2e%2e/metrics",
]
PAGE = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"

findings = Findings()


def document():
    answer = ask("GET", "/v1/openapi.json")
    assert answer.status == 200, answer.status
    return answer.json()


def operations(told):
    for path, item in told["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path


def plain(path):
    return re.sub(r"\{[^}]*\}", "x", path)


def refused(method, path, body=None, statuses=(401,), **headers):
    answer = ask(method, path, body, token="", **headers)
    findings.check(answer.status in statuses, f"{method} {path} as nobody: {answer.status}")
    has_form = 'action="/login"' in answer.body
    kept = has_form or len(answer.body) < 1000
    findings.check(kept, f"{method} {path} as nobody is told a lot: {answer.body[:200]!r}")


def the_api(told):
    for method, path in operations(told):
        if path != HOOK:
            refused(method, plain(path))
            # Who tries one after the other is told to wait.
            refused(method, plain(path), statuses=(401, 429), authorization="Bearer vbt_" + "A" * 43)
            refused(method, plain(path), cookie="verbatim_session=" + "A" * 43)
    findings.check(len(list(operations(told))) > 20, "the document has few operations")
    findings.check(ask("GET", "/v1/records").status == 200, "the right token counts all the same")


def the_hooks():
    """A vendor asks whether the address is there, and signs what it sends."""
    for method in ("GET", "HEAD"):
        answer = ask(method, "/v1/hooks/typeform", token="")
        findings.check(answer.status == 200, f"{method} of a hook that is there: {answer.status}")
    for method in ("GET", "HEAD", "POST"):
        answer = ask(method, "/v1/hooks/nobody", {} if method == "POST" else None, token="")
        findings.check(answer.status == 404, f"{method} of a hook that is not there: {answer.status}")
    refused("POST", "/v1/hooks/typeform", {})
    refused("POST", "/v1/hooks/freshdesk", {})
    body, signature = signed({"event_id": "e1", "event_type": "form_response", "form_response": {}})
    refused("POST", "/v1/hooks/typeform", body + " ", typeform_signature=signature)
    answer = ask("POST", "/v1/hooks/typeform", body, token="", typeform_signature=signature)
    findings.check(answer.status in (200, 202), f"a signed hook: {answer.status} {answer.body}")


def the_pages():
    """All that somebody who is signed in can go to by links, and all that anybody may guess."""
    with browser() as chromium:
        visitor = Visitor(chromium)
        visitor.sign_in()
        page, seen, ahead = visitor.page, set(), ["/"]
        while ahead and len(seen) < 150:
            path = ahead.pop(0)
            # Filters and pages of a list are one route.
            if urlsplit(path).path in seen:
                continue
            seen.add(urlsplit(path).path)
            answer = page.request.get(path, headers={"accept": PAGE})
            findings.check(answer.status < 500, f"{path}: {answer.status}")
            ahead += [found.replace("&amp;", "&") for found in re.findall(r'href="(/[^"#]*)"', answer.text())]
        forms = the_forms(visitor)
        visitor.context.close()
    for path in sorted(seen) + GUESSED + sorted(forms):
        if path.startswith("/assets/") and ".." not in path and "%" not in path or path in OPEN:
            continue
        refused("GET", path)
        refused("GET", path, accept=PAGE)
        refused("POST", path, "a=b", content_type="application/x-www-form-urlencoded")
    findings.check(len(seen) > 7, f"few pages were found: {sorted(seen)}")


def the_forms(visitor):
    """Where forms go; and that a session alone sends none of them: that takes the word that our own pages have."""
    page, found = visitor.page, set(FORMS)
    for start in ("/", "/feedback", "/cases", "/alerts", "/taxonomy"):
        page.goto(start)
        for form in page.locator("form[method=post]").all():
            action = form.get_attribute("action") or start
            known = any(re.fullmatch(one.replace("/0/", "/[^/]+/"), action) for one in FORMS)
            findings.check(known, f"{start} has a form that goes to {action}: add it to FORMS")
            found.add(action)
    for path in found:
        answer = page.request.post(path, form={"a": "b"}, headers={"origin": URL})
        findings.check(answer.status == 403, f"POST {path} by a session without its word: {answer.status}")
        answer = page.request.post(path, form={"a": "b"}, headers={"origin": "https://elsewhere.example"})
        findings.check(answer.status == 403, f"POST {path} from elsewhere: {answer.status}")
    return found


def what_is_open():
    for path, status in OPEN.items():
        answer = ask("GET", path, token="")
        findings.check(answer.status == status, f"{path} as nobody: {answer.status}")
    ready = ask("GET", "/readyz", token="").json()
    findings.check(list(ready) == ["ready"], f"/readyz tells nobody more than that: {ready}")
    login = ask("GET", "/login", token="", accept=PAGE).body
    assets = re.findall(r'(?:href|src)="(/assets/[^"]+)"', login)
    findings.check(len(assets) == 3, f"the login page loads {assets}")
    for path in assets:
        findings.check(ask("GET", path, token="").status == 200, f"{path} as nobody")
    findings.check(ask("GET", "/assets/..%2fv1%2frecords", token="").status == 404, "assets lead elsewhere")


def every_answer_is_armed(told):
    """What browsers are told stands in every answer, errors and exports included."""
    for path in ["/", "/login", "/healthz", "/v1/nothing", *map(plain, told["paths"])]:
        for token in ("", TOKEN):
            headers = ask("GET", path, token=token).headers
            policy = headers.get("content-security-policy", "")
            armed = "default-src 'none'" in policy and "unsafe" not in policy
            findings.check(armed, f"{path}: the policy is {policy!r}")
            findings.check(headers.get("x-content-type-options") == "nosniff", f"{path}: no nosniff")


def main():
    post_events([{
        "specversion": "1.0", "id": "e1", "source": "web", "type": "feedback.nps.created",
        "time": "2026-03-02T09:30:00Z", "data": {"id": "r1", "score": 3, "text": "The export is slow."},
    }])
    told = document()
    the_api(told)
    the_hooks()
    what_is_open()
    every_answer_is_armed(told)
    the_pages()
    print(json.dumps(sorted({path for _, path in operations(told)}), indent=1))
    findings.end()


main()
