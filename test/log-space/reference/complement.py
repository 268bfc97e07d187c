"""Logarithms of complements, 1 - p, and of products of probabilities and their complements."""
from dual import largest, linear, log, mean, product, sigmoid, softmax, softplus, sqrt, total
from entry import Entry


def one(name, signature, body, function, **options):
    return Entry('complement', name, signature, body, function, **options)


def but(numbers, i):
    """All but one."""
    return [x for j, x in enumerate(numbers) if j != i]


COMPLEMENT = [
    one('one_minus', 'z: real', '-log(1 - sigmoid(z))', softplus),
    one('one_minus_beside', 'z: real', 'let p = sigmoid(z)\n-log(1 - p) + p', lambda z: softplus(z) + sigmoid(z)),
    one('one_minus_twice', 'z: real',
        'let q = 1 - sigmoid(z)\n-log(q) - 0.5 * log(1 - q)',
        lambda z: softplus(z) + 0.5 * softplus(-z)),
    one('joint', 'object: unit, kind: unit', '-log(1 - object * kind)', lambda p, q: -log(1 - p * q), logits=True),
    one('joint_beside', 'a: real, b: real', 'let p = sigmoid(a)\nlet r = p * sigmoid(b)\n-log(1 - r) + 0.5 * p * r',
        lambda a, b: -log(1 - sigmoid(a) * sigmoid(b)) + 0.5 * sigmoid(a) ** 2 * sigmoid(b)),
    one('early_learning', 'data ema: probability[k], prediction: probability[k]', 'log(1 - sum(ema * prediction, k))',
        lambda e, p: log(linear([1 - x for x in e], p)), logits=True),
    one('survive', 'target: integer, prediction: probability[k]', '-log(1 - sum(prediction, k where index(k) <= target))',
        lambda t, p: -log(total(p[t + 1:])), logits=True, valid=lambda t, p: t < 2),
    one('unlikelihood_beside', 'target: integer, x: real[k]',
        'let p = at(softmax(x, k), k, target)\n-log(1 - p) - 0.25 * log(p) + p',
        lambda t, x: -log(total(but(softmax(x), t))) - 0.25 * log(softmax(x)[t]) + softmax(x)[t]),
    one('product_of_probabilities', 'p: unit, q: unit', '-log(1 - p * q)', lambda p, q: -log(1 - p * q)),
    one('not_the_likeliest', 'prediction: probability[k]', '-log(1 - max(prediction, k))',
        lambda p: -log(total([x for x in p if x is not largest(p)])), logits=True),
    one('every_class', 'target: onehot[k], x: real[k]',
        'let p = softmax(x, k)\n-sum(target * log(p) + (1 - target) * log(1 - p), k)',
        lambda t, x: -total([log(p) if t[i] else log(total(but(softmax(x), i))) for i, p in enumerate(softmax(x))])),
    one('one_minus_mean', 'x: real[k]', '-log(1 - mean(sigmoid(x), k))', lambda x: -log(mean([sigmoid(-z) for z in x]))),
    one('distance', 'target: binary, prediction: unit', 'let agreed = 1 - abs(target - prediction)\n-log(agreed) + 1 - agreed',
        lambda t, p: -log(p if t else 1 - p) + (1 - p if t else p), logits=True),
    one('nested', 'a: real, b: real', 'let p = sigmoid(a)\n-log(1 - (1 - p) * (1 - sigmoid(b) * p))',
        lambda a, b: -log(sigmoid(a) * total([1, sigmoid(b) * sigmoid(-a)]))),
    one('one_minus_square_root', 'z: real', '-log(1 - sqrt(sigmoid(z)))',
        lambda z: -log(sigmoid(-z) / (1 + sqrt(sigmoid(z))))),
]


def joint(name, signature, body, function, **options):
    return Entry('product', name, signature, body, function, **options)


def negated(numbers):
    return [sigmoid(-z) for z in numbers]


def any_of(numbers):
    """1 - the product of the complements, telescoped: no term is negative."""
    rest, parts = 1, []
    for p in numbers:
        parts.append(p * rest)
        rest = (1 - p) * rest
    return total(parts)


PRODUCT = [
    joint('noisy_or', 'prediction: unit[k]', '-log(1 - prod(1 - prediction, k))', lambda p: -log(any_of(p)), logits=True),
    joint('noisy_or_beside', 'x: real[k]', 'let p = sigmoid(x)\n-log(1 - prod(1 - p, k)) + mean(p, k)',
        lambda x: -log(any_of([sigmoid(z) for z in x])) + mean([sigmoid(z) for z in x])),
    joint('noisy_or_labelled', 'target: binary, prediction: unit[k]',
        'let p = 1 - prod(1 - prediction, k)\n-(target * log(p) + (1 - target) * log(1 - p))',
        lambda t, p: -log(any_of(p)) if t else -total([log(1 - x) for x in p]), logits=True),
    joint('noisy_or_masked', 'data mask: binary[k], x: real[k]', '-log(1 - prod(1 - sigmoid(x), k where mask == 1))',
        lambda m, x: -log(any_of([sigmoid(z) for z, kept in zip(x, m) if kept]))),
    joint('noisy_or_of_probabilities', 'p: unit, q: unit', '-log(1 - (1 - p) * (1 - q))', lambda p, q: -log(any_of([p, q]))),
    joint('all_of', 'x: real[k]', 'let p = prod(sigmoid(x), k)\n-log(p) + 0.5 * p',
        lambda x: total([softplus(-z) for z in x]) + 0.5 * product([sigmoid(z) for z in x])),
    joint('not_all', 'x: real[k]', '-log(1 - prod(sigmoid(x), k))', lambda x: -log(any_of(negated(x)))),
    joint('two_levels', 'a: real, b: real, c: real', '-log(1 - (1 - sigmoid(a) * sigmoid(b)) * (1 - sigmoid(c)))',
        lambda a, b, c: -log(any_of([sigmoid(a) * sigmoid(b), sigmoid(c)]))),
    joint('exclusive_or', 'p: unit, q: unit',
        '-log(p * (1 - q) + q * (1 - p))',
        lambda p, q: -log(p * (1 - q) + q * (1 - p)),
        logits=True),
    joint('some_not_all', 'x: real[k]', 'let p = sigmoid(x)\n-log(1 - prod(p, k) - prod(1 - p, k))',
        lambda x: -log(total([
            product([sigmoid(z) if (n >> i) & 1 else sigmoid(-z) for i, z in enumerate(x)]) for n in range(1, 2 ** len(x) - 1)
        ]))),
    joint('picked_and_present', 'target: integer, x: real[k], z: real', '-log(at(softmax(x, k), k, target) * sigmoid(z))',
        lambda t, x, z: -log(softmax(x)[t]) + softplus(-z)),
    joint('picked_or_absent', 'target: integer, x: real[k], z: real', '-log(1 - sigmoid(z) * (1 - at(softmax(x, k), k, target)))',
        lambda t, x, z: -log(total([sigmoid(-z), sigmoid(z) * softmax(x)[t]]))),
]
