"""An expression: a loss in text, the same as a function on `Number`s, and its stored form."""
import decimal
import json
import random
import re
from dataclasses import dataclass
from functools import cached_property

from mpmath import mp, mpf

from dual import Number, Tie, carried, lift, sigmoid, softmax
from points import Draw, shortest

# Working precisions in decimal digits. Two in a row have to agree.
PRECISIONS = (80, 160, 320, 640, 1280)
# So many decimal digits, of which 17 are stored.
AGREED = 30
LARGEST = mpf(2) ** 128 - mpf(2) ** 104
SMALLEST = mpf(2) ** -126
# Half of the limit of the test: a point is kept where log-space arithmetic in float32 reaches that.
REACHED = 5e-6
EVERYDAY, TROUBLE = 3, 5
# Axes have this length.
SIZE = 3


class NotEnough(Exception):
    """There are too few points that float32 can be asked for."""


@dataclass(frozen=True)
class Input:
    name: str
    domain: str
    data: bool
    size: int
    # What its numbers are drawn from.
    drawn: str


LABELS = ('binary', 'onehot', 'integer', 'sign')


def inputs_of(signature, logits):
    """The inputs of a signature, as `data weight: unit[k], z: real`; parameters behind `;` are left to their defaults."""
    inputs = []
    for part in signature.split(';')[0].split(','):
        marked, name, domain, axis = re.fullmatch(r'\s*(data )?(\w+): (\w+)(\[\w+\])?\s*', part).groups()
        data = marked is not None or domain in LABELS or name == 'target'
        drawn = domain
        if domain == 'probability' or (domain == 'unit' and logits):
            drawn = 'weights' if data else 'real'
        inputs.append(Input(name, domain, data, SIZE if axis else 0, drawn))
    return inputs


class Entry:
    """`function` takes the inputs in their order: numbers, and lists of them along an axis. With `logits` the loss is compiled to
    take logits, and the function gets the probabilities. `span` is how far logits go, `valid` says which points are meaningful."""

    def __init__(self, kind, name, signature, body, function, *, logits=False, span=200, valid=None, needs=(), points=()):
        self.kind, self.name, self.function, self.logits = kind, name, function, logits
        self.span, self.valid, self.needs, self.given = span, valid, needs, points
        lines = body.split('\n')
        between = '\n  ' if len(lines) > 1 else ' '
        self.text = between.join([f'loss {name}({signature}) =', *lines])
        self.inputs = inputs_of(signature, logits)

    def evaluate(self, point):
        """The value at a point and its derivatives by the numbers of the predictions, in the working precision."""
        arguments, keys = [], []
        for entry in self.inputs:
            numbers = point[entry.name] if entry.size else [point[entry.name]]
            own = []
            for i, x in enumerate(numbers):
                if entry.data:
                    own.append(x if isinstance(x, int) else mpf(x))
                else:
                    keys.append((entry.name, i))
                    own.append(Number(mpf(x), {(entry.name, i): mpf(1)}))
            if self.logits and not entry.data and entry.domain in ('unit', 'probability'):
                own = softmax(own) if entry.domain == 'probability' else [sigmoid(x) for x in own]
            arguments.append(own if entry.size else own[0])
        result = lift(self.function(*arguments))
        return [result.v, *(result.d.get(key, 0) for key in keys)]

    def exact(self, point):
        """Value and derivatives to at least AGREED digits, or None where the expression has none."""
        last = None
        for digits in PRECISIONS:
            mp.dps = digits
            try:
                now = self.evaluate(point)
            except Tie:
                return None
            except (ArithmeticError, ValueError):
                now = None
            if now is not None and last is not None and all(map(agree, last, now)):
                return now
            last = now
        # What is below the rounding errors of the last precision is 0.
        return last and [mpf(0) if abs(x) < mpf(10) ** (-PRECISIONS[-1] // 2) else x for x in last]

    def reached(self, point, exact):
        """Whether arithmetic in log-space reaches each number that float32 holds, with float32 for what it carries."""
        mp.dps = PRECISIONS[2]
        try:
            with carried():
                found = self.evaluate(point)
        except (ArithmeticError, ValueError, Tie):
            return False
        return all(near(a, b) for a, b in zip(found, exact))

    @cached_property
    def stored(self):
        """One line of JSON, as the head of `make_corpus.py` says. Raises `NotEnough`."""
        draw = Draw(random.Random(self.name), self.span)
        kept, results = [], []
        for everyday, count in ((True, EVERYDAY), (False, TROUBLE)):
            found = 0
            for _ in range(12 * count):
                point = draw.point(self.inputs, everyday)
                if point in kept or (self.valid and not self.valid(*point.values())):
                    continue
                exact = self.exact(point)
                if exact is None or exact[0] == 0 or not representable(exact[0]) or not self.reached(point, exact):
                    continue
                kept.append(point)
                results.append(exact)
                found += 1
                if found == count:
                    break
            if found < min(count, 3) and not self.given:
                raise NotEnough(f'{self.name}: only {found} {"everyday" if everyday else "troublesome"} points')
        return self.line([*kept, *self.given], [*results, *map(self.exact, self.given)])

    def line(self, points, results):
        def row(x):
            return '[' + ','.join(map(row, x)) + ']' if isinstance(x, list) else str(x) if isinstance(x, int) else shortest(x)

        inputs = [f'"{entry.name}":{row([point[entry.name] for point in points])}' for entry in self.inputs]
        columns = iter(zip(*(map(digits, result) for result in results)))
        value = ','.join(next(columns))
        gradients = []
        for entry in self.inputs:
            if entry.data:
                continue
            parts = [next(columns) for _ in range(entry.size or 1)]
            rows = (f'[{",".join(numbers)}]' for numbers in zip(*parts)) if entry.size else parts[0]
            gradients.append(f'"{entry.name}":[{",".join(rows)}]')
        fields = [
            f'"name":"{self.name}","kind":"{self.kind}"',
            *([f'"needs":{json.dumps(self.needs)}'] if self.needs else []),
            *(['"logits":true'] if self.logits else []),
            f'"loss":{json.dumps(self.text)}',
            f'"inputs":{{{",".join(inputs)}}}',
            f'"value":[{value}]',
            f'"gradient":{{{",".join(gradients)}}}',
        ]
        return '{' + ','.join(fields) + '}'


def agree(a, b):
    if isinstance(b, int):
        # No derivative at all.
        return True
    return b != 0 and abs(a - b) <= abs(b) * mpf(10) ** -AGREED


def representable(x):
    return x == 0 or SMALLEST <= abs(x) <= LARGEST


def near(found, exact):
    if not representable(exact):
        return True
    return found == 0 if exact == 0 else abs(found - exact) <= REACHED * abs(exact)


def digits(x):
    """A number rounded to 17 digits; in quotes where float32 does not hold it."""
    if x == 0:
        return '0'
    sign, whole, exponent, _ = x._mpf_
    context = decimal.Context(prec=17, rounding=decimal.ROUND_HALF_EVEN, Emin=-decimal.MAX_EMAX, Emax=decimal.MAX_EMAX)
    numerator = decimal.Decimal(int(whole) << max(exponent, 0))
    rounded = context.divide(numerator, decimal.Decimal(1 << max(-exponent, 0)))
    text = ('-' if sign else '') + plain_text(rounded)
    return text if representable(x) else f'"{text}"'


def plain_text(x):
    """The shortest way to write a decimal: 0.25, 1e-30, 12000."""
    _, numbers, exponent = x.as_tuple()
    figures = ''.join(map(str, numbers)).rstrip('0')
    exponent += len(numbers) - len(figures)
    point = len(figures) + exponent
    if -4 <= point <= 0:
        return '0.' + '0' * -point + figures
    if 0 < point <= 21:
        return figures + '0' * exponent if exponent >= 0 else f'{figures[:point]}.{figures[point:]}'
    return f'{figures[0]}{"." if len(figures) > 1 else ""}{figures[1:]}e{point - 1}'
