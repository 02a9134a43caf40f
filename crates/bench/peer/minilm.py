"""The transformer's public weights in PyTorch, the way a Python team would run them, on one thread.

Texts become tokens, are sorted by their number, padded in batches of 32, and read with a mask; the mean of the last
layer over a text's tokens is its vector. No head is put on top: that costs next to nothing.

Usage: minilm.py MODEL TEXTS   (the folder of the public weights, and JSONL with a text a line; prints one JSON
line: texts_per_second)
"""

import json
import sys
import time

import torch
from safetensors.torch import load_file
from torch.nn.utils.rnn import pad_sequence
from transformers import BertConfig, BertModel, BertTokenizerFast

BATCH = 32
LONGEST = 256
# [PAD] in the vocabulary.
PADDING = 0


def network(folder):
    config = BertConfig(
        hidden_size=384,
        intermediate_size=1536,
        num_attention_heads=12,
        num_hidden_layers=6,
        vocab_size=30522,
    )
    model = BertModel(config, add_pooling_layer=False).eval()
    left_out = ("pooler.", "embeddings.position_ids")
    weights = load_file(f"{folder}/model.safetensors")
    own = {name: value for name, value in weights.items() if not name.startswith(left_out)}
    missing, unexpected = model.load_state_dict(own, strict=False)
    assert not missing and not unexpected, (missing, unexpected)
    return model


def read(model, tokenizer, texts):
    rows = tokenizer(
        texts,
        truncation=True,
        max_length=LONGEST,
        return_token_type_ids=False,
        return_attention_mask=False,
    )["input_ids"]
    rows.sort(key=len)
    vectors = []
    for at in range(0, len(rows), BATCH):
        ids = pad_sequence(
            [torch.tensor(row) for row in rows[at : at + BATCH]], batch_first=True, padding_value=PADDING
        )
        mask = (ids != PADDING).long()
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        vectors.append((hidden * weights).sum(1) / weights.sum(1))
    return torch.cat(vectors)


def main():
    folder, file = sys.argv[1:3]
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    with open(file, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    model = network(folder)
    tokenizer = BertTokenizerFast(f"{folder}/vocab.txt", do_lower_case=True)
    with torch.inference_mode():
        # Once before, uncounted: the first calls prepare what later ones find.
        read(model, tokenizer, texts[:BATCH])
        started = time.perf_counter()
        vectors = read(model, tokenizer, texts)
        seconds = time.perf_counter() - started
    assert vectors.shape == (len(texts), 384), vectors.shape
    print(json.dumps({"texts_per_second": len(texts) / seconds}))


if __name__ == "__main__":
    main()
