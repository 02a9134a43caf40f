"""The same job as the worker's, the way a Python team would write it: one process of a consumer group.

Reads feedback events from Kafka, takes the sentiment of each text by VADER, appends rows to a Delta
table, commits the offsets after the table. Ends when every partition it was given is read to its end.

Usage: pair.py BOOTSTRAP GROUP TABLE   (prints one JSON line: records, cpu_seconds, peak_mib)
"""

import json
import resource
import sys

import pyarrow as pa
from confluent_kafka import Consumer, KafkaError, TopicPartition
from deltalake import write_deltalake
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

TOPICS = ["feedback.survey", "feedback.ticket", "feedback.nps", "feedback.social"]
BATCH = 20_000


def words(data):
    """The customer's words, whichever source they came from."""
    if "messages" in data:
        return "\n\n".join(m["text"] for m in data["messages"] if m.get("role") == "customer")
    if "answers" in data:
        return "\n\n".join(a["text"] for a in data["answers"] if a.get("text"))
    return data.get("text") or ""


def label(compound):
    return "positive" if compound >= 0.05 else "negative" if compound <= -0.05 else "neutral"


def rows(messages, analyzer):
    columns = {name: [] for name in ("source", "id", "occurred_at", "body", "sentiment", "compound", "day")}
    for message in messages:
        event = json.loads(message.value())
        data = event["data"]
        body = words(data)
        compound = analyzer.polarity_scores(body)["compound"]
        columns["source"].append(event["source"])
        columns["id"].append(str(data["id"]))
        columns["occurred_at"].append(event["time"])
        columns["body"].append(body)
        columns["sentiment"].append(label(compound))
        columns["compound"].append(compound)
        columns["day"].append(event["time"][:10])
    return pa.table(columns)


class Ends:
    """Which of the assigned partitions are read to their end."""

    def __init__(self):
        self.open = None

    def assigned(self, _consumer, partitions):
        self.open = {(p.topic, p.partition) for p in partitions}

    def reached(self, error, message):
        if error.code() == KafkaError._PARTITION_EOF:
            self.open.discard((message.topic(), message.partition()))

    def all(self):
        return self.open is not None and not self.open


def main():
    bootstrap, group, table = sys.argv[1:4]
    analyzer, ends, total = SentimentIntensityAnalyzer(), Ends(), 0
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
        }
    )
    consumer.subscribe(TOPICS, on_assign=ends.assigned)
    while not ends.all():
        batch, next_offsets = [], {}
        for message in consumer.consume(BATCH, timeout=1.0):
            if message.error():
                ends.reached(message.error(), message)
            else:
                batch.append(message)
                next_offsets[message.topic(), message.partition()] = message.offset() + 1
        if batch:
            write_deltalake(table, rows(batch, analyzer), mode="append", partition_by=["day"])
            consumer.commit(
                offsets=[TopicPartition(t, p, o) for (t, p), o in next_offsets.items()], asynchronous=False
            )
            total += len(batch)
    used = resource.getrusage(resource.RUSAGE_SELF)
    # Both stay in the group until both have read: a rebalance in between would read a part twice.
    figures = {
        "records": total,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_mib": used.ru_maxrss / 1024,
    }
    print(json.dumps(figures), flush=True)
    sys.stdin.read()
    consumer.close()


if __name__ == "__main__":
    main()
