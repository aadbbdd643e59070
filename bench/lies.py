"""The verifier's own score: how many lies it catches and how many truths it keeps, over every change that
`tests.verify.mutate` makes of every figure that an evaluation written from scratch can follow too; and the
corpus of claims as public pages write them."""

from __future__ import annotations

import time

from bench.setting import Bench
from bench.table import Goal, Line, Section, seconds

SPARSE = 7  # of the changes one in so many, where there is little time


def lies(bench: Bench) -> Section:
    from tests.verify.mutate import judged, measure

    section = Section("Lies caught and truths kept")
    survivors: list[str] = []
    for name, figure in judged().items():
        begun = time.perf_counter()
        score = measure({name: figure}, every=SPARSE if bench.quick else 1)
        through, refused = len(score.through), len(score.refused)
        survivors += [f"lie that held: {one}" for one in score.through]
        survivors += [f"truth refused: {one}" for one in score.refused]
        took = seconds(time.perf_counter() - begun)
        caught = f"{score.lies - through:,} of {score.lies:,} lies, {score.truths - refused:,} of"
        amount = f"{caught} {score.truths:,} truths, {score.unjudged:,} not judged, {took}"
        goals = (Goal("no survivor", float(through + refused), 0.0),)
        values = (score.lies, score.truths, score.unjudged)
        section.lines.append(Line(name, amount, goals=goals, values=values))
    section.lines.append(_corpus(survivors))
    section.notes += survivors if survivors else ["No survivor."]
    return section


def _corpus(survivors: list[str]) -> Line:
    from lorafig.verify import decide_claim
    from tests.verify.public_claims import CORPUS

    wrong = [
        f"claim with another verdict than '{verdict}': {text}"
        for text, given, verdict in CORPUS
        if decide_claim(text, **given).verdict != verdict
    ]
    survivors += wrong
    amount = f"{len(CORPUS) - len(wrong):,} of {len(CORPUS):,} verdicts"
    goals = (Goal("every verdict", float(len(wrong)), 0.0),)
    return Line("claims of public pages", amount, goals=goals, values=(len(CORPUS), len(wrong)))
