"""What a Python user would write for `cargo bench --bench evaluation`: every figure with an interval over persons.

    python tests/benchmark/evaluation.py [--cases 20000] [--samples 20]

Simulates cases of persons with four each, computes the figures with scikit-learn and NumPy, and bootstraps whole persons.
2,000 samples would take long: a few are timed and scaled to 2,000. Prints seconds. Needs scikit-learn.
"""

import argparse
import time

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    f1_score,
    matthews_corrcoef,
    precision_score,
    recall_score,
    roc_auc_score,
)


def figures(label, logit):
    score = 1 / (1 + np.exp(-logit))
    called = score >= 0.5
    line = LogisticRegression(C=np.inf).fit(logit[:, None], label)
    bins = np.minimum((score * 10).astype(int), 9)
    gaps = [abs((label[bins == b] - score[bins == b]).sum()) for b in range(10)]
    return [
        accuracy_score(label, called),
        balanced_accuracy_score(label, called),
        recall_score(label, called),
        recall_score(label, called, pos_label=0),
        precision_score(label, called),
        precision_score(label, called, pos_label=0),
        f1_score(label, called),
        matthews_corrcoef(label, called),
        roc_auc_score(label, logit),
        average_precision_score(label, logit),
        brier_score_loss(label, score),
        line.intercept_[0],
        line.coef_[0, 0],
        sum(gaps) / len(label),
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--samples", type=int, default=20)
    given = parser.parse_args()
    random = np.random.default_rng(7)
    persons = given.cases // 4
    of_person = random.integers(0, 2, persons)
    effect = 1.5 * random.normal(size=persons)
    label = np.repeat(of_person, 4)
    logit = label * 3.0 - 1.5 + np.repeat(effect, 4) + random.normal(size=4 * persons)
    cases_of = np.arange(4 * persons).reshape(persons, 4)
    figures(label, logit)
    start = time.perf_counter()
    found = []
    for _ in range(given.samples):
        drawn = cases_of[random.integers(0, persons, persons)].ravel()
        found.append(figures(label[drawn], logit[drawn]))
    took = time.perf_counter() - start
    np.percentile(found, [2.5, 97.5], axis=0)
    whole = took / given.samples * 2000
    print(f"{4 * persons} cases, every figure, 2,000 samples: {whole:.0f} s ({given.samples} samples took {took:.1f} s)")


main()
