"""Feedback by somebody who would run a script in a colleague's browser: on every page it is text and nothing else. Some of it has
been there for weeks, with the cases, the alert and the digest that came of it (`hostile.rs`); the rest is sent here.

The pages' own policy would stop most of it; so all is looked at in a browser that does not heed it, and a part with it.
"""

import json
import re
from datetime import timedelta
from urllib.parse import quote

import sheets
from support import Findings, Visitor, ask, browser, eventually, last_monday, moment

# With how many of the pages that each leads to are looked at.
LISTS = {
    "/": 0, "/topics": 3, "/feedback?limit=20": 2, "/cases?state=all": 4, "/alerts": 2, "/digests": 1, "/taxonomy": 0,
    "/taxonomy/edit": 0,
}
# Stands in all of it.
SAID = "window.ran=1"
# Of digests the list has the figures; the editor has it as a value.
SILENT = ("/digests", "/taxonomy/edit")
# What is sent here, by its kinds. Of the first one each text has a page that is looked at, of the others some.
SENT = ("nps", "social", "ticket", "survey")
OPENED = 2
FILES = (
    "/v1/records", "/v1/cases?state=all", "/v1/alerts", "/v1/deliveries?all=true", "/v1/topics", "/v1/taxonomy",
    "/v1/corrections",
)
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

# Whether a text stands there, beside what can be chosen.
TELLS = """(main, said) => {
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.data.includes(said) && !node.parentElement.closest("option, label, textarea")) return true;
    }
    return false;
}"""

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
    """Addresses that hold something hostile themselves: all of it at once, for one of it would do."""
    for text in ("".join(TEXTS[:4]), "".join(TEXTS[4:]), BIDI):
        told = quote(text)
        yield f"/feedback?q={told}"
        yield f"/feedback?meaning={told}"
        yield f"/feedback?product={told}&segment={told}"
        yield f"/feedback/{quote(text, safe='')}"
        yield f"/topics/{quote(text, safe='')}"
        yield f"/{told}"
        yield f"/login?next={quote('/' + text)}"
        yield f"/?weeks={told}"
        yield f"/cases?product={told}"
        yield f"/alerts?owner={told}"
        yield f"/digests/{quote(text, safe='')}"
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


def of_kind(kind):
    """What was sent here of a kind."""
    first, last = (moment(last_monday() - timedelta(days=days))[:10] for days in (2, 1))
    items = ask("GET", f"/v1/records?source={kind}&from={first}&to={last}&limit=500").json()["items"]
    return [item for item in items if item["origin"].startswith("web ")]


def shown_as_text(visitor):
    """What was said stands there as it was said, in the lists and on pages of its own."""
    page, shown = visitor.page, set()
    for kind in SENT:
        records = of_kind(kind)
        visitor.page.goto(f"/feedback?source={kind}&from={moment(last_monday() - timedelta(days=1))[:10]}&limit=100")
        harmless(visitor, f"the list of {kind}")
        for record in records:
            article = page.locator(f"#r-{record['record_id'][:8]}")
            if article.count():
                shown |= stands(article, record)
        for record in records[: len(TEXTS) + 1 if kind == "nps" else OPENED]:
            page.goto(f"/feedback/{record['record_id']}")
            harmless(visitor, f"a record of {kind}")
            shown |= stands(page.get_by_role("region", name="What was said"), record)
    for text in [*TEXTS, BIDI]:
        findings.check(plain(text) in shown, f"no record shows {text!r}")


def stands(where, record):
    """What of a record stands there."""
    shown = set()
    for part, place in (("text", ".words"), ("title", ".title"), ("question", ".question")):
        text = record.get(part)
        if text:
            seen = where.locator(place).first.evaluate("element => element.textContent")
            findings.check(plain(seen) == plain(text), f"the {part} {text!r} stands there as {seen!r}")
            shown.add(plain(text))
    return shown


def plain(text):
    """Without what is only between words."""
    return " ".join(text.split())


def nothing_is_turned_around(visitor, place):
    """Bidi controls reach no further than what somebody said; how many of those there are."""
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
    findings.add(place, [f"bidi controls reach beyond what was said: {element}" for element in seen["loose"]])
    return seen["count"]


def visit(visitor, address):
    """A page as it comes, with something of what was said beside what can be chosen; how many texts it has with bidi controls."""
    page = visitor.page
    page.goto(address)
    harmless(visitor, address)
    said = page.locator("main").evaluate(TELLS, SAID)
    findings.check(said or address in SILENT, f"{address} shows nothing hostile")
    return nothing_is_turned_around(visitor, address)


def led_to(page, start, most):
    """The first of the pages that a list leads to."""
    page.goto(start)
    links = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    path = start.partition("?")[0]
    return list(dict.fromkeys(link for link in links if re.match(rf"{path}/[^?]*$", link or "")))[:most]


def what_came_of_it(visitor):
    """The lists, and of each some pages: of topics, records, cases, alerts and digests."""
    turned = 0
    for start, most in LISTS.items():
        turned += visit(visitor, start)
        links = led_to(visitor.page, start, most)
        findings.check(len(links) >= min(most, 1), f"{start} leads to nothing")
        turned += sum(visit(visitor, link) for link in links)
    findings.check(turned > 10, f"{turned} texts with bidi controls are shown")


def a_trial(visitor):
    """What a taxonomy without its first topic, and with another one, would change: with what customers say."""
    page = visitor.page
    page.goto("/taxonomy/edit")
    text = page.locator("textarea[name=text]").input_value()
    head, _, *others = text.split("[[topic]]")
    # As TOML, which takes the texts of JSON.
    named = {"id": "hostile", "name": TEXTS[1], "description": TEXTS[0], "examples": [TEXTS[5], "log in"]}
    topic = "".join(f"\n{field} = {json.dumps(value)}" for field, value in named.items())
    page.locator("textarea[name=text]").fill("[[topic]]".join([head, *others, f"{topic}\n"]))
    page.get_by_role("button", name="See what it changes").click()
    page.get_by_role("heading", name="What the edit changes").wait_for()
    harmless(visitor, "a trial")
    page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true; })")
    quotes = page.locator("main blockquote").all_inner_texts()
    findings.check(any(SAID in quote for quote in quotes), f"a trial quotes {quotes}")
    findings.check(plain(TEXTS[1]) in plain(page.inner_text("main table")), "a trial names the new topic")
    nothing_is_turned_around(visitor, "a trial")


def in_spreadsheets():
    """Nothing of it is run there."""
    for address in FILES:
        path, mark, query = address.partition("?")
        names, rows = sheets.read(eventually(lambda: counted(f"{path}.csv{mark}{query}"), address))
        armed = [cell for row in rows for cell in row if sheets.is_armed(cell)]
        findings.add(address, [f"a spreadsheet runs {cell!r}" for cell in armed[:3]])
        findings.check(any(SAID in cell for row in rows for cell in row), f"{address}: nothing hostile stands in {names}")


def counted(address):
    answer = ask("GET", address)
    return answer.body if answer.status == 200 else None


def main():
    before = ask("GET", "/v1/records").json()["total"]
    taken = [sound(event) for event in events()]
    print(f"{sum(taken)} of {len(taken)} events were taken")
    findings.check(sum(taken) > len(taken) // 2, "the hostile events are mostly taken")
    eventually(lambda: ask("GET", "/v1/records").json()["total"] >= before + sum(taken), "the records to be counted")
    noted()
    in_spreadsheets()
    with browser() as chromium:
        visitor = Visitor(chromium, bypass_csp=True)
        visitor.sign_in()
        for step in (what_came_of_it, shown_as_text, a_trial):
            print(step.__name__, flush=True)
            step(visitor)
        for address in searched():
            visitor.page.goto(address)
            harmless(visitor, address)
        heeding = Visitor(chromium, known_as=visitor)
        for address in LISTS:
            heeding.page.goto(address)
            harmless(heeding, f"{address} with its policy")
    findings.end()


main()
