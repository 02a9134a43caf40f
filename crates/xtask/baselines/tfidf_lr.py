"""The baseline the built-in model is held against: TF-IDF and logistic regression on the same texts.

Usage: tfidf_lr.py MIX.jsonl OUT.json
MIX.jsonl is what `cargo xtask train` trained, tuned and measured on: text, question, label, set, split, weight.
Its settings are chosen as the model's are: on dev, by the mean of TweetEval's macro-recall and nhs-fft's macro-F1.
"""
import itertools
import json
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, recall_score


def main(mix, out):
    rows = [json.loads(line) for line in open(mix, encoding="utf-8")]
    splits = {name: [row for row in rows if row["split"] == name] for name in ("train", "dev", "test")}
    best = None
    for with_question, balanced in itertools.product((False, True), (None, "balanced")):
        model = fit(splits["train"], with_question, balanced)
        scores = evaluate(model, splits["dev"], with_question)
        criterion = (scores["tweeteval-sentiment"]["macro_recall"] + scores["nhs-fft"]["macro_f1"]) / 2
        if best is None or criterion > best[0]:
            best = (criterion, model, with_question, balanced)
    _, model, with_question, balanced = best
    result = {
        "settings": f"words 1-2, question {'prepended' if with_question else 'left out'}, "
        f"class weights {balanced or 'none'}, C 1",
        "test": evaluate(model, splits["test"], with_question),
    }
    json.dump(result, open(out, "w", encoding="utf-8"))


def texts(rows, with_question):
    return [f"{row['question']} {row['text']}" if with_question and row.get("question") else row["text"] for row in rows]


def fit(rows, with_question, balanced):
    tfidf = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, strip_accents="unicode")
    features = tfidf.fit_transform(texts(rows, with_question))
    classifier = LogisticRegression(max_iter=200, tol=1e-3, class_weight=balanced)
    classifier.fit(features, [row["label"] for row in rows], sample_weight=[row["weight"] for row in rows])
    return tfidf, classifier


def evaluate(model, rows, with_question):
    tfidf, classifier = model
    scores = {}
    for name in sorted({row["set"] for row in rows}):
        chosen = [row for row in rows if row["set"] == name]
        gold = [row["label"] for row in chosen]
        said = classifier.predict(tfidf.transform(texts(chosen, with_question)))
        scores[name] = {
            "n": len(chosen),
            "accuracy": accuracy_score(gold, said),
            "macro_f1": f1_score(gold, said, average="macro"),
            "macro_recall": recall_score(gold, said, average="macro"),
        }
    return scores


if __name__ == "__main__":
    main(*sys.argv[1:])
