"""Whether a page's pictures of figures can be read and say what is so: by their axes, to the pointer, and in the table behind."""

import re

from support import HERE, ask

CHARTS = (HERE / "charts.js").read_text()
# Of a drawing, in its own units: coordinates have two digits.
FINE = 0.02


def wrong(page, known=()):
    """What does not agree, and how many pictures there are. `known`: of each row with a history, its values by the API."""
    seen, known = page.evaluate(CHARTS), dict(known)
    problems = [problem for chart in seen["charts"] for problem in chart_is_wrong(chart)]
    problems += [problem for spark in seen["sparks"] for problem in spark_is_wrong(spark, known)]
    problems += [problem for meter in seen["meters"] for problem in meter_is_wrong(meter)]
    return problems, {kind: len(found) for kind, found in seen.items()}


def chart_is_wrong(chart):
    title, rows = chart["title"], chart["rows"]
    if not chart["isDrawn"]:
        return [f"{title}: nothing is drawn"]
    problems = []
    if chart["told"] != [said(row) for row in rows]:
        problems.append(f"{title}: the pointer is told {chart['told']}, and the table has {rows}")
    if not chart["axis"] or chart["head"][1] != chart["axis"]:
        problems.append(f"{title}: the axis is of {chart['axis']!r}, and the table's column of {chart['head']}")
    if bool(chart["bands"]) != any(row[2] for row in rows if len(row) > 2):
        problems.append(f"{title}: {chart['bands']} bands are drawn of the intervals {[row[2:] for row in rows]}")
    values = [row[1] for row in rows if number(row[1]) is not None]
    ticks = [tick for tick in chart["ticks"] if tick["says"]]
    if len(ticks) < 2 or len({unit(says) for says in values + [tick["says"] for tick in ticks]}) != 1:
        return [*problems, f"{title}: the steps {[tick['says'] for tick in ticks]} are not in the unit of {values}"]
    if len(chart["drawn"]) != len(values):
        return [*problems, f"{title}: {len(chart['drawn'])} values are drawn, and {len(values)} stand in the table"]
    low, high = ticks[0], ticks[-1]
    step = (number(high["says"]) - number(low["says"])) / (high["y"] - low["y"])
    for value, y in zip(values, chart["drawn"], strict=True):
        drawn = number(low["says"]) + (y - low["y"]) * step
        if abs(drawn - number(value)) > rounding(value) + rounding(low["says"]) + rounding(high["says"]) + FINE * abs(step):
            problems.append(f"{title}: {value} is drawn as {drawn:.3f}")
    return problems


def said(row):
    """What the pointer has to be told of a row: days, value, and where it has one its interval with what it is counted from."""
    days, value, *rest = row
    days = re.sub(" not over yet$", ", not over yet", days)
    interval, count = rest or ("", "")
    if value == "too few":
        return f"{days}: too few (n = {count})"
    return f"{days}: {value}" + (f" ({interval}), n = {count}" if interval else "")


def spark_is_wrong(spark, known):
    name = f"{spark['card']}, {spark['row']}"
    if spark["told"] != spark["label"]:
        return [f"{name}: the pointer is told {spark['told']!r}, and who listens {spark['label']!r}"]
    values = [value for value in known.get((spark["card"], spark["row"]), []) if value is not None]
    ends = re.fullmatch(r".+: from (\S+) to (\S+)", spark["told"])
    if not values or not ends or len(spark["line"]) != len(values):
        return [f"{name}: {spark['told']!r} is drawn by {len(spark['line'])} points of {values}"]
    problems = []
    for told, value in zip(ends.groups(), (values[0], values[-1]), strict=True):
        if abs(number(told) - value * (100 if "%" in told else 1)) > rounding(told) + 1e-9:
            problems.append(f"{name}: {told} is told of {value}")
    # From the floor of the line of text to its top.
    low, high = min(0, *values), max(values)
    heights = [21 - 18 * (value - low) / ((high - low) or 1) for value in values]
    if any(abs(drawn - height) > FINE for drawn, height in zip(spark["line"], heights, strict=True)):
        problems.append(f"{name}: {values} are drawn at {spark['line']}")
    return problems


def meter_is_wrong(meter):
    told = re.fullmatch(r"([\d,]+) negative, ([\d,]+) neutral, ([\d,]+) positive", meter["told"])
    if not told or meter["told"] != meter["label"]:
        return [f"a bar tells the pointer {meter['told']!r}, and who listens {meter['label']!r}"]
    counts = [number(count) for count in told.groups()]
    shares = [count * 100 / sum(counts) for count in counts]
    if any(abs(part - share) > FINE for part, share in zip(meter["parts"], shares, strict=True)):
        return [f"{meter['told']!r} is drawn as {meter['parts']}"]
    beside = re.match(r"[\d.]+%", meter["beside"])
    if beside and abs(number(beside[0]) - shares[0]) > rounding(beside[0]) + 1e-9:
        return [f"{meter['told']!r} stands beside {meter['beside']!r}"]
    return []


def number(text):
    """Of a figure as people read it; None where there is none."""
    plain = text.replace(",", "").replace("\u2212", "-").removesuffix("%")
    return float(plain) if re.fullmatch(r"[-+]?\d+(\.\d+)?", plain) else None


def rounding(text):
    digits = re.search(r"\.(\d+)", text)
    return 0.5 * 10 ** -(len(digits[1]) if digits else 0)


def unit(text):
    return "%" if text.endswith("%") else ""


def weeks_of_topics():
    """Of each row of the topics' table: the mentions week by week."""
    for topic in ask("GET", "/v1/topics").json()["items"]:
        yield ("", topic["name"]), [week["value"] for week in topic["weeks"]]


def weeks_of_sources():
    """Of each row of the overview that is of one source: its records week by week, and its scores."""
    report = ask("GET", "/v1/insights").json()
    for source in report["sources"]:
        yield ("Sentiment by source", source["source"]), [week["value"] for week in source["weeks"]]
    for score in report["scores"]:
        kind = {"nps": "NPS", "csat": "CSAT", "ces": "CES", "stars": "Stars"}[score["kind"]]
        source = f"({score['source']})" if score["source"] else "(all sources)"
        scale = f"{score['min']:g}\u2013{score['max']:g}"
        asked = score["question"] or ("all questions" if score["all_questions"] else "")
        yield ("Scores", f"{kind} {source} {scale} {asked}".strip()), [week["value"] for week in score["weeks"]]
