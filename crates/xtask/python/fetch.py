"""Fetches one wheel to a file: resumes where a download broke off, shows progress, verifies the checksum.

usage: fetch.py REQUIREMENT SHA256 DESTINATION [PLATFORM PYTHON ABI]
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

CHUNK = 1 << 20
ATTEMPTS = 5


def address(requirement, target):
    """Where the package index has the wheel: pip knows the index, a mirror or a proxy included."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet"]
        command += ["--disable-pip-version-check", "--only-binary=:all:", "--report", "-"]
        if target:
            platform, python, abi = target
            command += ["--platform", platform, "--python-version", python, "--abi", abi]
            command += ["--implementation", "cp", "--target", folder]
        report = subprocess.run(command + [requirement], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(report)["install"][0]["download_info"]["url"]


def download(url, partial):
    """Appends what is missing to `partial`."""
    have = os.path.getsize(partial) if os.path.exists(partial) else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        reply = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # nothing is missing
            return
        raise
    with reply:
        resumed = reply.status == 206
        have = have if resumed else 0
        size = have + int(reply.headers.get("Content-Length", 0))
        with open(partial, "ab" if resumed else "wb") as out:
            for chunk in iter(lambda: reply.read(CHUNK), b""):
                out.write(chunk)
                have += len(chunk)
                show(have, size)
    if have < size:
        raise OSError(f"the connection ended after {have} of {size} bytes")


def show(have, size):
    if sys.stderr.isatty():
        end = "\n" if have >= size else ""
        print(f"\r{have >> 20} of {size >> 20} MiB", end=end, file=sys.stderr, flush=True)


def checksum(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()


def main():
    requirement, expected, destination, *target = sys.argv[1:]
    partial = destination + ".partial"
    url = address(requirement, target)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            download(url, partial)
            break
        except (OSError, urllib.error.URLError) as error:
            if attempt == ATTEMPTS:
                sys.exit(f"{requirement} could not be fetched: {error}; run it again to go on where it broke off")
            print(f"{error}; going on in {attempt} s", file=sys.stderr)
            time.sleep(attempt)
    found = checksum(partial)
    if found != expected:
        os.remove(partial)
        sys.exit(f"{requirement} has the checksum {found}, not {expected}: what was fetched is thrown away")
    os.replace(partial, destination)


main()
