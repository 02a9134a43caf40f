"""The baseline that topics are held against: TF-IDF and logistic regression on the same few examples.

Usage: few_shot.py TASKS.json OUT.json
TASKS.json is what `cargo xtask few-shot` measured on: lists of tasks, each with texts to learn from (names, descriptions and
examples, a topic each), texts to sort, and texts on which the threshold is chosen where a text may have several topics.
"""
import json
import sys

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

FALSE_ACCEPTS = 0.05


def main(tasks, out):
    groups = json.load(open(tasks, encoding="utf-8"))
    json.dump([[measure(task) for task in group] for group in groups], open(out, "w", encoding="utf-8"))


def measure(task):
    tfidf = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode")
    features = tfidf.fit_transform([row["text"] for row in task["train"]])
    gold = [row["topics"][0] for row in task["train"]]
    texts = tfidf.transform([row["text"] for row in task["texts"]])
    result = {"texts": len(task["texts"])}
    if task["figure"] == "threshold":
        model = OneVsRestClassifier(LogisticRegression(C=10, max_iter=300, class_weight="balanced")).fit(features, gold)
        dev = model.predict_proba(tfidf.transform([row["text"] for row in task["dev"]]))
        bounds = [bound / 100 for bound in range(5, 100, 5)]
        best = max(bounds, key=lambda bound: micro_f1(dev >= bound, task["dev"]))
        result["micro_f1"] = micro_f1(model.predict_proba(texts) >= best, task["texts"])
        return result
    model = LogisticRegression(C=10, max_iter=300).fit(features, gold)
    probabilities = model.predict_proba(texts)
    confidence, said = probabilities.max(axis=1), model.classes_[probabilities.argmax(axis=1)]
    inside = np.array([bool(row["topics"]) for row in task["texts"]])
    right = np.array([topic in row["topics"] for topic, row in zip(said, task["texts"])])
    if task["figure"] == "calibration":
        result["ece"] = ece(confidence, right)
        return result
    result["accuracy"] = float(right[inside].mean())
    if not inside.all():
        outside = np.sort(confidence[~inside])[::-1]
        bound = outside[int(len(outside) * FALSE_ACCEPTS)]
        result["at_false_accepts"] = float((right & (confidence > bound))[inside].mean())
    return result


def micro_f1(said, rows):
    gold = np.zeros_like(said)
    for row, topics in zip(gold, rows):
        row[topics["topics"]] = True
    return 2 * float((said & gold).sum()) / max(1, int(said.sum() + gold.sum()))


def ece(confidence, right):
    bins = np.minimum((confidence * 15).astype(int), 14)
    return float(sum(abs(confidence[bins == at].sum() - right[bins == at].sum()) for at in range(15)) / len(right))


if __name__ == "__main__":
    main(*sys.argv[1:])
