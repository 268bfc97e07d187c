"""Random expressions: probabilities made of probabilities, under a logarithm, a power or a quotient.

Each part is made as a text and, in one go, as two functions on numbers: the probability, and its complement by the laws of complements.
So no function subtracts numbers that are nearly equal, while the text does it freely.
"""
import random
from dataclasses import dataclass
from typing import Callable

from dual import exp, expm1, largest, linear, log, logsumexp, mean, mix, ndtr, product, share, sigmoid, smallest, softmax, softplus, sqrt, total
from complement import any_of, but
from entry import Entry, NotEnough
from mixture import kept

DECLARED = {
    'target': 'target: binary', 'label': 'data label: integer', 'mask': 'data mask: binary[k]', 'weight': 'data weight: probability[k]',
    'a': 'a: real', 'b': 'b: real', 'c': 'c: real', 'x': 'x: real[k]', 'y': 'y: real[k]', 'p': 'p: unit', 'q': 'q: unit', 'u': 'u: positive',
}
# Longer ones are no better as tests.
LONGEST = 240


@dataclass(frozen=True)
class Part:
    """A probability: its text, itself and its complement as functions of what is given."""

    text: str
    p: Callable
    q: Callable


class Grammar:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lets, self.named = [], []

    def pick(self, choices):
        """One of some choices with weights."""
        return self.random.choices([choice for _, choice in choices], [weight for weight, _ in choices])[0]

    def name(self, *names):
        return self.random.choice(names)

    # Probabilities from inputs.

    def from_logit(self):
        z = self.name('a', 'b', 'c')
        texts = [f'sigmoid({z})', f'(1 / (1 + exp(-{z})))', f'exp(-softplus(-{z}))']
        return Part(self.random.choice(texts), lambda e: sigmoid(e[z]), lambda e: sigmoid(-e[z]))

    def from_tanh(self):
        z = self.name('a', 'b', 'c')
        return Part(f'((1 + tanh({z})) / 2)', lambda e: sigmoid(2 * e[z]), lambda e: sigmoid(-2 * e[z]))

    def from_erf(self):
        z = self.name('a', 'b', 'c')
        return Part(f'((1 + erf({z} / sqrt(2))) / 2)', lambda e: ndtr(e[z]), lambda e: ndtr(-e[z]))

    def from_exp(self):
        return Part('exp(-u)', lambda e: exp(-e['u']), lambda e: -expm1(-e['u']))

    def given(self):
        p = self.name('p', 'q')
        return Part(p, lambda e: e[p], lambda e: 1 - e[p])

    def labelled(self):
        x = self.name('x', 'y')
        return Part(f'at(softmax({x}, k), k, label)', lambda e: softmax(e[x])[e['label']], lambda e: total(but(softmax(e[x]), e['label'])))

    def masked(self):
        x = self.name('x', 'y')
        texts = [f'sum(softmax({x}, k), k where mask == 1)', f'sum(mask * softmax({x}, k), k)', f'(sum(mask * exp({x}), k) / sum(exp({x}), k))']
        return Part(self.random.choice(texts), lambda e: total(kept(e['mask'], softmax(e[x]))),
                    lambda e: total(kept([1 - m for m in e['mask']], softmax(e[x]))))

    def likeliest(self):
        x = self.name('x', 'y')
        return Part(f'max(softmax({x}, k), k)', lambda e: largest(softmax(e[x])),
                    lambda e: total(sorted(softmax(e[x]), key=lambda p: p.v)[:-1]))

    def two_exponentials(self):
        a, b = self.random.sample('abc', 2)
        return Part(f'(exp({a}) / (exp({a}) + exp({b})))', lambda e: softmax([e[a], e[b]])[0], lambda e: softmax([e[a], e[b]])[1])

    def along(self):
        x = self.name('x', 'y')

        def each(e):
            return [sigmoid(z) for z in e[x]]

        def others(e):
            return [sigmoid(-z) for z in e[x]]

        kind = self.random.randrange(4)
        if kind == 0:
            return Part(f'mean(sigmoid({x}), k)', lambda e: mean(each(e)), lambda e: mean(others(e)))
        if kind == 1:
            return Part(f'sum(weight * sigmoid({x}), k)', lambda e: linear(e['weight'], each(e)), lambda e: linear(e['weight'], others(e)))
        if kind == 2:
            return Part(f'prod(sigmoid({x}), k)', lambda e: product(each(e)), lambda e: any_of(others(e)))
        return Part(f'(1 - prod(1 - sigmoid({x}), k))', lambda e: any_of(each(e)), lambda e: product(others(e)))

    def atom(self):
        if self.named and self.random.random() < 0.5:
            return self.random.choice(self.named)
        return self.pick([
            (5, self.from_logit), (2, self.from_tanh), (1, self.from_erf), (1, self.from_exp), (2, self.given), (2, self.labelled),
            (2, self.masked), (1, self.likeliest), (1, self.two_exponentials), (3, self.along),
        ])()

    # Probabilities from probabilities.

    def probability(self, depth):
        if depth == 0:
            return self.atom()
        return self.pick([
            (4, self.negation), (4, self.both), (3, self.either), (4, self.mixture), (2, self.gated), (2, self.raised), (1, self.root),
            (2, self.extreme), (2, self.shared_out), (2, self.chosen),
        ])(depth - 1)

    def two(self, depth):
        return self.probability(depth), self.probability(self.random.randint(0, depth))

    def negation(self, depth):
        a = self.probability(depth)
        return Part(f'(1 - {a.text})', a.q, a.p)

    def both(self, depth):
        a, b = self.two(depth)
        return Part(f'{a.text} * {b.text}', lambda e: a.p(e) * b.p(e), lambda e: total([a.q(e), a.p(e) * b.q(e)]))

    def either(self, depth):
        a, b = self.two(depth)
        return Part(f'(1 - (1 - {a.text}) * (1 - {b.text}))', lambda e: total([a.p(e), a.q(e) * b.p(e)]), lambda e: a.q(e) * b.q(e))

    def mixture(self, depth):
        a, b = self.two(depth)
        w = self.random.choice((0.5, 0.3, 0.9, 0.02))
        text = f'(({a.text} + {b.text}) / 2)' if w == 0.5 else f'({w} * {a.text} + {round(1 - w, 2)} * {b.text})'
        return Part(text, lambda e: mix(w, a.p(e), b.p(e)), lambda e: mix(w, a.q(e), b.q(e)))

    def gated(self, depth):
        g = self.atom()
        a, b = self.two(depth)
        text = f'({g.text} * {a.text} + (1 - {g.text}) * {b.text})'
        return Part(text, lambda e: total([g.p(e) * a.p(e), g.q(e) * b.p(e)]), lambda e: total([g.p(e) * a.q(e), g.q(e) * b.q(e)]))

    def raised(self, depth):
        a = self.probability(depth)
        n = self.random.choice((2, 3))
        return Part(f'{wrapped(a.text)}^{n}', lambda e: a.p(e) ** n, lambda e: a.q(e) * total([1, *(a.p(e) ** i for i in range(1, n))]))

    def root(self, depth):
        a = self.probability(depth)
        return Part(f'sqrt({bare(a.text)})', lambda e: sqrt(a.p(e)), lambda e: a.q(e) / (1 + sqrt(a.p(e))))

    def extreme(self, depth):
        a, b = self.two(depth)
        if self.random.random() < 0.5:
            return Part(f'max({a.text}, {b.text})', lambda e: largest([a.p(e), b.p(e)]), lambda e: smallest([a.q(e), b.q(e)]))
        return Part(f'min({a.text}, {b.text})', lambda e: smallest([a.p(e), b.p(e)]), lambda e: largest([a.q(e), b.q(e)]))

    def shared_out(self, depth):
        a, b = self.two(depth)
        return Part(f'({a.text} / ({a.text} + {b.text}))', lambda e: share(a.p(e), b.p(e)), lambda e: share(b.p(e), a.p(e)))

    def chosen(self, depth):
        a, b = self.two(depth)
        text = f'(if target == 1 then {a.text} else {b.text})'
        return Part(text, lambda e: (a if e['target'] else b).p(e), lambda e: (a if e['target'] else b).q(e))

    # Losses from probabilities: a text and a function.

    def named_part(self, name):
        part = self.probability(self.random.choice((0, 1, 1, 2)))
        while part.text in words(part.text):
            part = self.probability(1)
        self.lets.append(f'let {name} = {bare(part.text)}')
        self.named.append(Part(name, part.p, part.q))

    def term(self):
        a = self.probability(self.random.choice((0, 1, 1, 2, 2)))
        t = a.text
        return self.pick([
            (5, self.of_log), (3, self.labelled_log), (2, self.focal), (1, self.entropy), (2, self.odds), (1, self.divergence),
            (2, self.exponentials), (2, self.ratio), (1, self.weighted_log), (1, self.soft), (1, self.odds_power), (1, self.share_of),
            (1, self.generalised), (1, self.smoothed),
        ])(a, t)

    def of_log(self, a, t):
        if self.random.random() < 0.5:
            return f'-log({bare(t)})', lambda e: -log(a.p(e))
        return f'-log(1 - {t})', lambda e: -log(a.q(e))

    def labelled_log(self, a, t):
        return f'-(target * log({bare(t)}) + (1 - target) * log(1 - {t}))', lambda e: -log((a.p if e['target'] else a.q)(e))

    def focal(self, a, t):
        g = self.random.choice((2, 0.5, 1.5))
        return f'-(1 - {t})^{g} * log({bare(t)})', lambda e: -(a.q(e) ** g) * log(a.p(e))

    def entropy(self, a, t):
        return f'-{wrapped(t)} * log({bare(t)}) - (1 - {t}) * log(1 - {t})', lambda e: -a.p(e) * log(a.p(e)) - a.q(e) * log(a.q(e))

    def odds(self, a, t):
        return f'log({t} / (1 - {t}))', lambda e: log(a.p(e)) - log(a.q(e))

    def divergence(self, a, t):
        b = self.atom()
        s = b.text
        return f'{t} * log({t} / {wrapped(s)}) + (1 - {t}) * log((1 - {t}) / (1 - {s}))', lambda e: (
            a.p(e) * (log(a.p(e)) - log(b.p(e))) + a.q(e) * (log(a.q(e)) - log(b.q(e))))

    def exponentials(self, a, t):
        b, z, y = self.atom(), self.name('a', 'b', 'c'), self.name('a', 'b', 'c')
        kind = self.random.randrange(4)
        if kind == 0:
            return f'log(exp({z}) * {t} + exp(-{y}) * {b.text})', lambda e: log(exp(e[z]) * a.p(e) + exp(-e[y]) * b.p(e))
        if kind == 1:
            return f'log(1 + exp({z}) * {t})', lambda e: log(total([1, exp(e[z]) * a.p(e)]))
        if kind == 2:
            return f'log((exp({z}) + exp(-{z})) / 2 * {t})', lambda e: logsumexp([e[z], -e[z]]) - log(2) + log(a.p(e))
        x = self.name('x', 'y')
        return f'log(sum(weight * exp({x}) * {t}, k))', lambda e: log(linear(e['weight'], [exp(v) * a.p(e) for v in e[x]]))

    def ratio(self, a, t):
        b = self.probability(1)
        return f'log({t} / {wrapped(b.text)})', lambda e: log(a.p(e)) - log(b.p(e))

    def weighted_log(self, a, t):
        b = self.atom()
        return f'-{b.text} * log({bare(t)})', lambda e: -b.p(e) * log(a.p(e))

    def soft(self, a, t):
        b = self.atom()
        return f'softplus(log({b.text}) - log({bare(t)}))', lambda e: softplus(log(b.p(e)) - log(a.p(e)))

    def odds_power(self, a, t):
        return f'({t} / (1 - {t}))^0.25', lambda e: exp((log(a.p(e)) - log(a.q(e))) / 4)

    def share_of(self, a, t):
        b = self.atom()
        return f'{t} * {b.text} / ({t} * {b.text} + (1 - {t}))', lambda e: share(a.p(e) * b.p(e), a.q(e))

    def generalised(self, a, t):
        return f'(1 - {wrapped(t)}^0.7) / 0.7', lambda e: -expm1(0.7 * log(a.p(e))) / 0.7

    def smoothed(self, a, t):
        return f'-(0.9 * log({bare(t)}) + 0.1 * log(1 - {t}))', lambda e: -(0.9 * log(a.p(e)) + 0.1 * log(a.q(e)))

    def loss(self):
        for name in ('s', 'r'):
            if self.random.random() < 0.6:
                self.named_part(name)
        terms = [self.term()]
        if self.random.random() < 0.2:
            terms.append(self.term())
        if self.random.random() < 0.5:
            beside = self.random.choice(self.named) if self.named else self.atom()
            terms.append((f'0.5 * {beside.text}', lambda e: 0.5 * beside.p(e)))
        texts = [text for text, _ in terms]
        lines = [joined(texts)]
        for line in reversed(self.lets):
            if any(line.split()[1] in words(later) for later in lines):
                lines.insert(0, line)
        body = '\n'.join(lines)
        return body, lambda e: total([function(e) for _, function in terms])

    def entry(self, name):
        body, function = self.loss()
        present = words(body)
        names = [name for name in DECLARED if name in present]
        signature = ', '.join(DECLARED[name] for name in names)
        logits = ('p' in names or 'q' in names) and self.random.random() < 0.5
        return Entry('random', name, signature, body, lambda *given: function(dict(zip(names, given))), logits=logits,
                     span=20 if 'erf' in present else 200)


def joined(texts):
    """A sum; a term with a minus in front is subtracted."""
    result = texts[0]
    for text in texts[1:]:
        if text.startswith(('-(', '-log')):
            result += f' - {text[1:]}'
        else:
            result += f' + ({text})' if text.startswith('-') else f' + {text}'
    return result


def bare(text):
    """Without the parentheses around the whole."""
    depth = 0
    for i, letter in enumerate(text):
        depth += {'(': 1, ')': -1}.get(letter, 0)
        if depth == 0 and i < len(text) - 1:
            return text
    return text[1:-1] if text.startswith('(') else text


def wrapped(text):
    """In parentheses, unless it is a name, a call or has some."""
    inner = bare(text)
    name, _, rest = text.partition('(')
    is_call = name.isidentifier() and bare(f'({rest}') != f'({rest}'
    return text if inner != text or text.isidentifier() or is_call else f'({text})'


def words(text):
    return set(''.join(letter if letter.isalnum() or letter == '_' else ' ' for letter in text).split())


def predicts(entry):
    return any(not given.data for given in entry.inputs)


def drawn(count):
    """So many expressions, each another one; a seed that gives none with enough points is passed over."""
    entries, texts, seed = [], set(), 0
    while len(entries) < count:
        seed += 1
        entry = Grammar(f'expression {seed}').entry(f'random_{seed}')
        body = entry.text.split(' =', 1)[1]
        if len(body) > LONGEST or len(body) < 30 or body in texts or not predicts(entry):
            continue
        try:
            entry.stored
        except NotEnough:
            continue
        texts.add(body)
        entries.append(entry)
    return entries
