"""VADER over a file of texts, one after another.

Usage: vader.py TEXTS   (JSONL with a text a line; prints one JSON line: texts_per_second)
"""

import json
import sys
import time

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    analyzer = SentimentIntensityAnalyzer()
    started = time.perf_counter()
    for text in texts:
        analyzer.polarity_scores(text)
    seconds = time.perf_counter() - started
    print(json.dumps({"texts_per_second": len(texts) / seconds}))


if __name__ == "__main__":
    main()
