"""What the scripts share: where the server is, how programs ask it, a browser that is watched, and what is told in the end.

A script prints what it did and what is wrong, and ends with 1 where something is.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

from playwright.sync_api import sync_playwright

URL = os.environ["VERBATIM_WEB_URL"]
TOKEN = os.environ["VERBATIM_WEB_TOKEN"]
SECRET = os.environ["VERBATIM_WEB_SECRET"]
SCREENSHOTS = Path(os.environ["VERBATIM_WEB_SCREENSHOTS"])
HERE = Path(__file__).parent
# Whose token it is.
NAME = "jane"

# Every address that a form of ours goes to, be there anything that it may be sent for or not.
FORMS = {
    "/logout", "/feedback/0/correct", "/cases/0/owner",
    "/taxonomy", "/taxonomy/preview", "/taxonomy/preview.csv", "/taxonomy/preview.jsonl",
    *(f"/cases/0/{step}" for step in ("acknowledge", "resolve", "reopen")),
    *(f"/alerts/0/{change}" for change in ("acknowledge", "silence", "unsilence", "useful", "not-useful")),
}

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
# Of a picture, in pixels.
LONGEST = 6000
# A4 between its margins, as browsers print it.
PAPER = {"width": 718, "height": 1040}

# Long enough for a busy machine; nothing is measured by it.
PATIENCE = 90.0


class Findings:
    """What is wrong, collected so that one run tells all of it."""

    def __init__(self):
        self.all = []
        self.checks = 0

    def check(self, holds, what):
        self.checks += 1
        if not holds:
            self.all.append(what)
            print(f"WRONG: {what}", flush=True)
        return holds

    def add(self, place, problems):
        for problem in problems:
            self.check(False, f"{place}: {problem}")

    def end(self):
        print(f"{self.checks} checks, {len(self.all)} wrong")
        sys.exit(1 if self.all else 0)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def ask(method, path, body=None, token=TOKEN, **headers):
    """One request of a program; header names with `_` for `-`. An empty token asks as nobody."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        headers["authorization"] = f"Bearer {token}"
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
        headers.setdefault("content-type", "application/json")
    data = body.encode() if isinstance(body, str) else body
    request = urllib.request.Request(URL + path, data=data, method=method, headers=headers)
    try:
        with _OPENER.open(request, timeout=PATIENCE) as answer:
            return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read().decode("utf-8", "replace"))


def post_events(events):
    """Events by NDJSON, all of which have to be taken."""
    lines = "\n".join(json.dumps(event) for event in events)
    answer = ask("POST", "/v1/events", lines, content_type="application/x-ndjson")
    assert answer.status == 202, (answer.status, answer.body)
    receipt = answer.json()
    assert receipt["accepted"] == len(events), [item for item in receipt["items"] if item["status"] != "accepted"]


def signed(payload):
    """A Typeform webhook's body and the header that it is signed by."""
    body = json.dumps(payload)
    mac = hmac.new(SECRET.encode(), body.encode(), hashlib.sha256).digest()
    return body, "sha256=" + base64.b64encode(mac).decode()


def eventually(look, what):
    """Looks again and again until there is something to see, and returns it."""
    until = time.monotonic() + PATIENCE
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > until:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.2)


def last_monday():
    """The beginning of the week that is not over yet: the ones before it are complete."""
    today = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday())


def moment(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@contextlib.contextmanager
def browser():
    """The system's browser; its sandbox needs what a container's root has not."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ["VERBATIM_WEB_BROWSER"], args=arguments)
        try:
            yield chromium
        finally:
            chromium.close()


class Visitor:
    """A browser's window of its own, of which everything that must not happen is noted."""

    def __init__(self, chromium, size="desktop", scheme="light", known_as=None, **more):
        """`known_as`: somebody who has signed in, whose session this one shares."""
        width, height = SIZES[size]
        self.size, self.scheme = size, scheme
        self.context = chromium.new_context(
            base_url=URL,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
            is_mobile=size == "phone",
            has_touch=size == "phone",
            storage_state=known_as.context.storage_state() if known_as else None,
            **more,
        )
        self.noted = []
        self.page = self.tab()

    def tab(self):
        """Another page of the same window."""
        page = self.context.new_page()
        page.on("console", lambda message: self._console(page, message))
        page.on("pageerror", lambda error: self.noted.append(f"a script failed: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", self._request)
        return page

    def _console(self, page, message):
        # A page that is an error on purpose is told there as well.
        is_the_page = message.location.get("url") == page.url and "Failed to load resource" in message.text
        if message.type in ("error", "warning") and not is_the_page:
            self.noted.append(f"the console says: {message.text}")

    def _dialog(self, dialog):
        self.noted.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()

    def _request(self, request):
        if not request.url.startswith((URL + "/", "data:")):
            self.noted.append(f"something elsewhere was asked for: {request.url}")

    def sign_in(self, token=TOKEN):
        self.page.goto("/login")
        self.page.get_by_label("Token", exact=True).fill(token)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_load_state()

    def resize(self, size):
        width, height = SIZES[size]
        self.size = size
        self.page.set_viewport_size({"width": width, "height": height})

    def recolour(self, scheme):
        """The same page as whoever likes it so has it: nothing but colours follows from that."""
        self.scheme = scheme
        self.page.emulate_media(color_scheme=scheme)

    def noted_here(self):
        """What was noted since it was asked last."""
        noted, self.noted = self.noted, []
        return noted

    def picture(self, name):
        """target/screenshots/<name>-<size>-<scheme>.png: the page, as far as somebody would look at it at once."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        width, height = self.page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, LONGEST), "scale": 1}
        # As Playwright takes them, without its minute compression.
        session = self.context.new_cdp_session(self.page)
        taken = session.send("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True, "optimizeForSpeed": True})
        session.detach()
        path = SCREENSHOTS / f"{name}-{self.size}-{self.scheme}.png"
        path.write_bytes(base64.b64decode(taken["data"]))
