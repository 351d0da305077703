"""What a fastText user writes to train a classifier, to test it, and to label texts."""

from __future__ import annotations

import argparse
import itertools
import json
import time

import fasttext

_AT_ONCE = 10_000  # lines

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("action", choices=["train", "predict"])
parser.add_argument("model")
parser.add_argument("text")
parser.add_argument("test", nargs="?")
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--word-ngrams", type=int, default=1)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()

if options.action == "train":
    started, used = time.perf_counter(), time.process_time()
    model = fasttext.train_supervised(
        options.text,
        lr=0.5,
        dim=100,
        epoch=options.epochs,
        wordNgrams=options.word_ngrams,
        thread=options.threads,
        seed=options.seed,
        verbose=0,
    )
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - used
    model.save_model(options.model)
    accuracy = model.test(options.test)[1]
    print(json.dumps({"training_seconds": seconds, "training_cpu_seconds": cpu_seconds, "accuracy": accuracy}))
else:
    model = fasttext.load_model(options.model)
    with open(options.text, encoding="utf-8") as lines:  # noqa: PTH123
        while part := [line.rstrip("\n") for line in itertools.islice(lines, _AT_ONCE)]:  # one by one is slower
            print("\n".join(labels[0].removeprefix("__label__") for labels in model.predict(part)[0]))
