"""Feedback by somebody who would run a script in a colleague's browser: on every page it is text and nothing else.

The pages' own policy would stop most of it; so all is looked at in a browser that does not heed it, and a part with it.
"""

import json
import re
from datetime import timedelta
from urllib.parse import quote

from support import Findings, Visitor, ask, browser, eventually, last_monday, moment

LISTS = ["/", "/topics", "/feedback?limit=100", "/cases", "/alerts", "/digests", "/taxonomy", "/login"]
RUNS = "window.ran=1"
TEXTS = [
    f"<script>{RUNS}</script>",
    f'<img src=x onerror="{RUNS}">',
    f'"><svg onload="{RUNS}">',
    f"' onmouseover='{RUNS}' autofocus onfocus='{RUNS}' x='",
    f"</title></textarea></style><script>{RUNS}</script>",
    f'<a href="javascript:{RUNS}">here</a>',
    f"<iframe srcdoc=\"<script>parent.{RUNS}</script>\"></iframe>",
    "<style>*{display:none}</style><base href=//evil.example/><meta http-equiv=refresh content=0;url=//evil.example>",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "&lt;script&gt; &amp;lt; &#60;b&#62;",
]
LINKS = [
    f"javascript:{RUNS}", f"JaVaScRiPt:{RUNS}", f" javascript:{RUNS}", f"java\tscript:{RUNS}", f"data:text/html,<script>{RUNS}</script>",
    f"vbscript:{RUNS}", "//evil.example/x", f'https://example.com/"onclick="{RUNS}',
]
# Overrides that would turn the words around them.
BIDI = "safe \u202etxt.exe\u202c \u2066isolated\u2069 \u2067right\u2069 \u200f\u200e end"

findings = Findings()


def event(number, kind, data):
    at = last_monday() - timedelta(days=1, minutes=number)
    hostile = TEXTS[number % len(TEXTS)]
    return {
        "specversion": "1.0", "id": f"e{number}{hostile}", "source": f"web {hostile}"[:200],
        "type": f"feedback.{kind}.created", "time": moment(at), "data": {**fields(number), **data},
    }


def fields(number):
    """What every contract has, with something hostile in each."""
    hostile = TEXTS[number % len(TEXTS)]
    return {
        "id": f"{number}{hostile}", "product": hostile, "platform": hostile, "app_version": hostile, "territory": hostile,
        "permalink": LINKS[number % len(LINKS)], "tags": [hostile, BIDI], "conversation_id": hostile,
        # Who has a name finds it redacted in what they said, so it is another one.
        "author": {"id": f"u{number}<b>", "name": "Zyglo <Wathrix>", "segment": hostile, "account": hostile},
        "metadata": {hostile: hostile, "bidi": BIDI}, hostile: hostile,
    }


def events():
    for number, text in enumerate([*TEXTS, BIDI]):
        yield event(number, "nps", {"score": number % 11, "text": text, "question": text})
        yield event(number + 100, "social", {"text": text, "title": text, "score": {"kind": "stars", "value": 1, "min": 1, "max": 5}})
        yield event(number + 200, "ticket", {
            "title": text, "status": text, "priority": text,
            "messages": [
                {"role": "customer", "text": text, "at": moment(last_monday() - timedelta(days=1))},
                {"role": "agent", "text": text, "at": moment(last_monday() - timedelta(days=1))},
            ],
        })
        yield event(number + 300, "survey", {"answers": [
            {"id": f"a{number}", "question": text, "text": text},
            {"id": text[:100], "question": text, "score": {"kind": "csat", "value": 2, "min": 1, "max": 5}},
        ]})


def sound(event):
    """As the contracts take it: of fields that a contract does not have as text the rest stands."""
    answer = ask("POST", "/v1/events", json.dumps(event), content_type="application/json")
    return answer.status == 202


def noted():
    """What a colleague writes is text as well."""
    record = ask("GET", "/v1/records").json()["items"][0]
    said = {"record": record["record_id"], "field": "kind", "value": "question", "note": TEXTS[1]}
    answer = ask("POST", "/v1/corrections", said)
    findings.check(answer.status == 201, f"a hostile note: {answer.status} {answer.body}")


def searched():
    """Addresses that hold something hostile themselves."""
    for text in [*TEXTS, BIDI]:
        yield f"/feedback?q={quote(text)}"
        yield f"/feedback?meaning={quote(text)}"
        yield f"/feedback?product={quote(text)}&segment={quote(text)}"
        yield f"/feedback/{quote(text, safe='')}"
        yield f"/topics/{quote(text, safe='')}"
        yield f"/{quote(text)}"
        yield f"/login?next={quote('/' + text)}"
        yield f"/?weeks={quote(text)}"
    for link in LINKS:
        yield f"/login?next={quote(link)}"


def harmless(visitor, place):
    page = visitor.page
    findings.add(place, visitor.noted_here())
    seen = page.evaluate(
        """() => ({
            ran: window.ran,
            links: [...document.querySelectorAll("[href], [src], [action], [formaction]")].flatMap(element =>
                ["href", "src", "action", "formaction"].map(name => element.getAttribute(name)).filter(Boolean)
                    .map(link => new URL(link, location.href)).filter(url => !["http:", "https:"].includes(url.protocol))
                    .map(String)),
            handlers: [...document.querySelectorAll("*")].filter(element =>
                [...element.attributes].some(({name}) => name.startsWith("on") || name === "style" || name === "srcdoc")).map(e => e.outerHTML.slice(0, 200)),
            foreign: [...document.querySelectorAll("iframe, object, embed, base, img, style, main :is(script, link, meta), main title:not(svg *)")].map(e => e.outerHTML.slice(0, 200)),
            scripts: document.scripts.length,
        })"""
    )
    findings.check(seen["ran"] is None, f"{place}: a script ran")
    findings.add(place, [f"it has {element}" for element in seen["handlers"] + seen["foreign"]])
    findings.check(seen["scripts"] == 1, f"{place}: {seen['scripts']} scripts")
    findings.add(place, [f"it leads to {link}" for link in seen["links"]])


def shown_as_text(visitor):
    """What was said stands there as it was said."""
    page, shown = visitor.page, set()
    for record in ask("GET", "/v1/records?limit=500").json()["items"]:
        page.goto(f"/feedback/{record['record_id']}")
        said = page.get_by_role("region", name="What was said")
        for part, place in (("text", ".words"), ("title", ".title"), ("question", ".question")):
            text = record.get(part)
            if not text:
                continue
            stands = said.locator(place).first.evaluate("element => element.textContent")
            findings.check(plain(stands) == plain(text), f"the {part} {text!r} stands there as {stands!r}")
            shown.add(plain(text))
    for text in [*TEXTS, BIDI]:
        findings.check(plain(text) in shown, f"no record shows {text!r}")


def plain(text):
    """Without what is only between words."""
    return " ".join(text.split())


def nothing_is_turned_around(visitor):
    """Bidi controls reach no further than what somebody said."""
    visitor.page.goto("/feedback?limit=100")
    seen = visitor.page.evaluate(
        r"""() => {
            const controls = /[\u202a-\u202e\u2066-\u2069]/;
            const isKept = element => {
                const style = getComputedStyle(element);
                return /isolate|plaintext/.test(style.unicodeBidi) || style.display !== "inline";
            };
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const [loose, all] = [[], []];
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                if (!controls.test(node.data) || node.parentElement.tagName === "OPTION") continue;
                all.push(node);
                // The nearest that keeps it, with something of ours beside it within.
                let outer = node.parentElement;
                while (!isKept(outer)) outer = outer.parentElement;
                if (outer.textContent.trim() !== node.data.trim() && !outer.matches(".words, .title, .question, bdi")) {
                    loose.push(outer.outerHTML.slice(0, 300));
                }
            }
            return { count: all.length, loose };
        }"""
    )
    findings.check(seen["count"] > 0, "there are bidi controls on the page")
    findings.add("bidi controls", [f"they reach beyond what was said: {element}" for element in seen["loose"]])


def visit_all(visitor, addresses):
    for address in addresses:
        visitor.page.goto(address)
        harmless(visitor, address)


def all_pages(page):
    """The lists, and every page that they lead to."""
    addresses = list(LISTS)
    for start in LISTS:
        page.goto(start)
        links = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        addresses += [link for link in links if link and re.match(r"/(feedback|topics|cases|alerts|digests)/[^?]*$", link)]
    return list(dict.fromkeys(addresses))


def main():
    taken = [sound(event) for event in events()]
    print(f"{sum(taken)} of {len(taken)} events were taken")
    findings.check(sum(taken) > len(taken) // 2, "the hostile events are mostly taken")
    eventually(lambda: ask("GET", "/v1/records").json()["total"] >= sum(taken), "the records to be counted")
    noted()
    with browser() as chromium:
        visitor = Visitor(chromium, bypass_csp=True)
        visitor.sign_in()
        pages = all_pages(visitor.page)
        print(f"{len(pages)} pages")
        findings.check(len(pages) > 40, "the lists lead to few pages")
        visit_all(visitor, pages)
        visit_all(visitor, searched())
        visitor.context.close()
        visitor = Visitor(chromium)
        visitor.sign_in()
        visit_all(visitor, LISTS)
        shown_as_text(visitor)
        nothing_is_turned_around(visitor)
        visitor.context.close()
    findings.end()


main()
