"""The API, asked all that its own document allows, and what it does not: no answer is a defect, and each is as the document
says. The tables are full and are thrown away afterwards, so that what changes something is asked as well."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from support import TOKEN, URL, ask

# Random cases of an operation, at most. Those that a schema's own bounds make (each value at its ends, left out, of another
# type) come beside them, about eighty an operation: with 12 random ones there are 4,800 cases in all, with 40 6,500, which
# take half as long again and have found nothing that fewer had not.
EXAMPLES = 20
CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method", "allow_header_conformance", "missing_required_header",
    "use_after_free", "ensure_resource_availability",
]
# Not among them:
# - positive_data_acceptance wants whatever a schema allows to be taken. A schema says that a cursor, an id or a topic is a
#   text; that this one was never given, or is of nothing that there is, is answered with 400.
# - negative_data_rejection wants whatever it does not allow to be refused. `to=` is no date, and taken as no `to`: forms
#   send what is left empty. What is refused, and how it is told, the tests beside the code say.
# - ignored_auth tries each operation with wrong tokens, of which the server hears ten a minute; closed.py walks all of them
#   as nobody, and with a wrong one.
# - object_level_authorization looks for things of one user that another one sees: here nothing is anybody's own.
# Where the ids of things stand that there are.
LISTS = {
    "/v1/records?limit=5": "record_id",
    "/v1/cases": "id",
    "/v1/alerts": "id",
    "/v1/digests": "week",
}


def known():
    """Ids of what there is: with invented ones alone little more than 404 is asked for."""
    for path, name in LISTS.items():
        answer = ask("GET", path)
        assert answer.status == 200, (path, answer.status, answer.body)
        for item in answer.json()["items"][:5]:
            assert name in item, (path, sorted(item))
            yield str(item[name])


def correct_one(record):
    """So that there is a correction, too."""
    answer = ask("POST", "/v1/corrections", {"record": record, "field": "sentiment", "value": "neutral"})
    assert answer.status < 300, (answer.status, answer.body)


def configuration(ids):
    """As TOML, which takes the texts of JSON."""
    return "\n".join([
        f"headers = {{ authorization = {json.dumps('Bearer ' + TOKEN)} }}",
        'request-timeout = 30',
        'warnings = false',
        "continue-on-failure = true",
        "[generation]",
        f"max-examples = {EXAMPLES}",
        "deterministic = true",
        'database = "none"',
        # Each list is asked for by the same fields as JSON, as CSV and as JSON lines: the ends of each are tried with two.
        "[[operations]]",
        r"include-path-regex = '\.jsonl$'",
        "phases.coverage.enabled = false",
        "[dictionaries.known]",
        f"values = {json.dumps(ids)}",
        "[dictionaries.vendors]",
        'values = ["app-store", "google-play", "x", "reddit", "zendesk"]',
        "[dictionaries.connections]",
        'values = ["typeform", "freshdesk"]',
        "[parameters]",
        '"path.id" = { dictionary = "known", probability = 0.6 }',
        '"path.week" = { dictionary = "known", probability = 0.6 }',
        '"path.vendor" = { dictionary = "vendors", probability = 0.8 }',
        '"path.connection" = { dictionary = "connections", probability = 0.8 }',
    ])


def main():
    ids = list(known())
    correct_one(ids[0])
    print(f"{len(ids)} ids are known")
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "schemathesis.toml"
        settings.touch(mode=0o600)
        settings.write_text(configuration(ids))
        program = Path(sys.executable).with_name("schemathesis")
        # It leaves files where it runs.
        ran = subprocess.run(
            [
                program, "--config-file", settings, "run", f"{URL}/v1/openapi.json",
                "--checks", ",".join(CHECKS), "--suppress-health-check", "all", "--workers", "2", "--no-color",
            ],
            cwd=folder, stdin=subprocess.DEVNULL, check=False,
        )
    alive = ask("GET", "/healthz").status == 200
    print("the server answers" if alive else "WRONG: the server does not answer any more")
    sys.exit(ran.returncode or not alive)


main()
