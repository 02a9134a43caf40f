"""Lists of the API as a spreadsheet reads them."""

import csv
import io
import re

# What begins a formula, by itself or behind what a spreadsheet passes over.
ARMED = re.compile(r"""[\s"\ufeff\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]""")
# Where some spreadsheets begin another cell.
PARTS = re.compile(r"[;\t\r\n]")


def read(text):
    """The names of the columns, and the rows."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return rows[0], rows[1:]


def is_armed(cell):
    """Whether a spreadsheet would take some of it for a formula; a number is a number."""
    if cell.startswith(("\t", "\r", "\n")):
        return True
    parts = [part for part in PARTS.split(cell) if part]
    return not all(is_number(part) for part in parts) and any(ARMED.match(part) for part in parts)


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True
