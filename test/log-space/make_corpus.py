"""Makes corpus.jsonl and needed.jsonl: losses in text, with points, values and gradients by mpmath.

    /usr/bin/python3 test/log-space/make_corpus.py            # writes both files beside this one
    /usr/bin/python3 test/log-space/make_corpus.py --check    # says whether they are what it would write

It needs Python 3.11 and mpmath, and knows nothing of lossc: each expression is a text in the language and, written again, a function on
numbers of any precision with derivatives (`reference/`). Half of the expressions are written by hand, half are drawn from a grammar
(`reference/grammar.py`). The seeds are the names, so an expression does not depend on the others.

A line is one expression, in JSON:

    name, kind    of the expression; `random` where it was drawn
    needs         functions that the language does not have yet (needed.jsonl)
    logits        true where the loss is compiled to take logits
    loss          its text
    inputs        the numbers of every point, by input, the everyday points first; each is the float32 nearest to the decimal
    value         of each point, rounded to 17 digits from at least 30 that two precisions agree on
    gradient      by prediction, for each point

A number in quotes is one that float32 does not hold: too large, or below its smallest normal number. Points are such that
arithmetic on logarithms in float32 can reach 5e-6 (`reference/dual.py`, `rounded`), and that the gradient exists.
"""
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / 'reference'))
sys.dont_write_bytecode = True

from complement import COMPLEMENT, PRODUCT
from cumulative import CUMULATIVE, DIFFERENCE
from grammar import drawn
from likelihoods import ENTROPY, FOCAL, ODDS, SMOOTHING
from mixture import MIXTURE
from needed import NEEDED
from partition import PARTITION
from powers import HYPERBOLIC, POWER

BY_HAND = [
    *CUMULATIVE, *DIFFERENCE, *COMPLEMENT, *PRODUCT, *MIXTURE, *HYPERBOLIC, *POWER, *ODDS, *FOCAL, *ENTROPY, *SMOOTHING, *PARTITION,
]
EXPRESSIONS = 300
assert len(BY_HAND) == EXPRESSIONS / 2


def text(entries):
    names = [entry.name for entry in entries]
    assert len(set(names)) == len(names), [name for name in names if names.count(name) > 1]
    return ''.join(f'{entry.stored}\n' for entry in entries)


def main():
    is_check = '--check' in sys.argv[1:]
    files = {
        'corpus.jsonl': [*BY_HAND, *drawn(EXPRESSIONS - len(BY_HAND))],
        'needed.jsonl': NEEDED,
    }
    for name, entries in files.items():
        made = text(entries)
        path = HERE / name
        if not is_check:
            path.write_text(made)
        elif path.read_text() != made:
            raise SystemExit(f'{name} is not what this program makes')
        print(f'{name}: {len(entries)} expressions')


if __name__ == '__main__':
    main()
