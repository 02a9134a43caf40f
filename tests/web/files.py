"""Every list of the API as files: each says what the list says, whole, and nothing in it is run by a spreadsheet."""

import csv
import io
import json
from urllib.parse import quote

from support import Findings, ask, eventually

# Each list, where its items stand in the answer, and a column that no row leaves empty.
LISTS = {
    "/v1/records": ("items", "record_id"),
    "/v1/trends?by=week": ("items", "from"),
    "/v1/topics?weeks=12&sort=name": ("items", "topic"),
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
# These are there on the demo's tables.
FULL = ("/v1/records", "/v1/trends", "/v1/topics", "/v1/cases", "/v1/corrections", "/v1/targets", "/v1/taxonomy")
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")

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


def rows(address):
    answer = file(address, "csv", "text/csv; charset=utf-8")
    read = list(csv.reader(io.StringIO(answer.body, newline="")))
    return read[0], read[1:]


def is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


def table(address, items, always):
    names, cells = rows(address)
    findings.check(len(set(names)) == len(names) and always in names, f"{address}: the columns are {names}")
    findings.check(len(cells) == len(items), f"{address}: {len(cells)} rows of {len(items)} items")
    at = names.index(always)
    for row in cells:
        findings.check(len(row) == len(names) and row[at] != "", f"{address}: a row is {row}")
        for cell in row:
            armed = cell.startswith(SIGNS) and not all(is_number(part) for part in cell.split("; ") if part)
            findings.check(not armed, f"{address}: a cell is {cell!r}")


def one_list(address, place, always):
    # What is counted beside may be told anew meanwhile.
    def same():
        items = whole(address, place)
        return (items,) if lines(address) == items else None

    (items,) = eventually(same, f"{address} and its JSON lines to say the same")
    table(address, items, always)
    is_full = address.split("?")[0] in FULL
    findings.check(items or not is_full, f"{address}: the list is empty")
    print(f"{address}: {len(items)}")


def the_report():
    for name, always in REPORT.items():
        def same(name=name):
            told = answered("/v1/insights").json()[name]
            return (told,) if lines(f"/v1/insights?list={name}") == told else None

        (told,) = eventually(same, f"the report's {name} and their JSON lines to say the same")
        table(f"/v1/insights?list={name}", told, always)
    answer = ask("GET", "/v1/insights.csv?list=everything")
    findings.check(answer.status == 400, f"a list that there is not: {answer.status}")


def correct_one():
    """So that there is a correction, too, with a note that would be a formula."""
    record = answered("/v1/records?limit=1").json()["items"][0]["record_id"]
    wrong = {"record": record, "field": "sentiment", "value": "neutral", "note": "=1+1; =2"}
    answer = ask("POST", "/v1/corrections", wrong)
    assert answer.status == 201, (answer.status, answer.body)


def main():
    correct_one()
    for address, (place, always) in LISTS.items():
        one_list(address, place, always)
    the_report()
    wrong = ask("GET", "/v1/cases.csv?state=lost")
    findings.check(wrong.status == 400, f"a state that there is not: {wrong.status}")
    findings.end()


main()
