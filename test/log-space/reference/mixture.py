"""Logarithms of mixtures: sums with weights, masks, means and conditions."""
from mpmath import mp

from dual import exp, largest, lift, linear, log, logsumexp, mean, mix, sigmoid, softmax, softplus, total
from entry import Entry


def one(name, signature, body, function, **options):
    return Entry('mixture', name, signature, body, function, **options)


def kept(mask, numbers):
    return [x for x, m in zip(numbers, mask) if m]


def shifted(weights, numbers):
    """The logarithm of a sum of weights times exponentials."""
    return log(linear(weights, [exp(x) for x in numbers]))


def some(mask, *_):
    return any(mask)


def gaussians(target, weights, mu, log_s):
    return -log(linear(weights, [exp(-((target - m) ** 2) * exp(-2 * s) / 2 - s) for m, s in zip(mu, log_s)]))


MIXTURE = [
    one('two_exponentials', 'a: real, b: real; w: unit = 0.3', '-log(w * exp(a) + (1 - w) * exp(b))',
        lambda a, b: -log(mix(0.3, exp(a), exp(b)))),
    one('plain_sum', 'a: real, b: real', 'log(exp(a) + exp(b))', lambda a, b: logsumexp([a, b])),
    one('weights', 'data weight: probability[k], x: real[k]', 'log(sum(weight * exp(x), k))', shifted),
    one('mask', 'data mask: binary[k], x: real[k]',
        'log(sum(exp(x), k where mask == 1))',
        lambda m, x: logsumexp(kept(m, x)),
        valid=some),
    one('average', 'x: real[k]', 'log(mean(exp(x), k))', lambda x: log(mean([exp(z) for z in x]))),
    one('average_of_kept', 'data mask: binary[k], x: real[k]', 'log(mean(exp(x), k where mask == 1))',
        lambda m, x: log(mean([exp(z) for z in kept(m, x)])), valid=some),
    one('one_and_exponentials', 'x: real[k]', 'log(1 + sum(exp(x), k))', lambda x: logsumexp([lift(0), *x])),
    one('gaussians', 'target: real, data weight: probability[k], mu: real[k], log_s: real[k]',
        '-log(sum(weight * exp(-(target - mu)^2 / (2 * exp(2 * log_s))) / exp(log_s), k))', gaussians,
        span=2, points=[
            {'target': 20.0, 'weight': [0.875, 0.0625, 0.0625], 'mu': [-5.0, 0.0, 3.5], 'log_s': [0.0, 0.5, -0.25]},
            {'target': -12.5, 'weight': [0.25, 0.25, 0.5], 'mu': [8.0, 2.5, 0.75], 'log_s': [0.125, -0.5, 0.25]},
            {'target': 60.0, 'weight': [0.5, 0.375, 0.125], 'mu': [45.0, 50.0, 75.0], 'log_s': [0.0, 0.5, 0.25]},
        ]),
    one('two_sigmoids_labelled', 'target: binary, a: real, b: real',
        'let p = 0.3 * sigmoid(a) + 0.7 * sigmoid(b)\n-(target * log(p) + (1 - target) * log(1 - p))',
        lambda t, a, b: -log(mix(0.3, sigmoid(a), sigmoid(b)) if t else mix(0.3, sigmoid(-a), sigmoid(-b)))),
    one('gate', 'a: real, b: real, c: real', 'let g = sigmoid(c)\n-log(g * sigmoid(a) + (1 - g) * sigmoid(b))',
        lambda a, b, c: -log(sigmoid(c) * sigmoid(a) + sigmoid(-c) * sigmoid(b))),
    one('gate_of_exponentials', 'a: real, b: real, c: real',
        'let g = sigmoid(c)\nlog(g * exp(a) + (1 - g) * exp(b)) + g * (1 - g)',
        lambda a, b, c: log(sigmoid(c) * exp(a) + sigmoid(-c) * exp(b)) + sigmoid(c) * sigmoid(-c)),
    one('label', 'target: integer, prediction: probability[k]',
        '-log(at(prediction, k, target))',
        lambda t, p: -log(p[t]),
        logits=True),
    one('set_of_labels', 'data group: binary[k], prediction: probability[k]', '-log(sum(prediction, k where group == 1))',
        lambda g, p: -log(total(kept(g, p))), logits=True, valid=some),
    one('set_of_labels_beside', 'data group: binary[k], x: real[k]',
        'let p = softmax(x, k)\n-log(sum(group * p, k)) + sum(p^2, k)',
        lambda g, x: -log(total(kept(g, softmax(x)))) + total([p**2 for p in softmax(x)]),
        valid=some),
    one('best', 'target: onehot[k], prediction: probability[k]',
        '-log(max(target * prediction, k))',
        lambda t, p: -log(p[t.index(1)]),
        logits=True),
    one('ensemble', 'target: integer, x: real[k], y: real[k]',
        '-log((at(softmax(x, k), k, target) + at(softmax(y, k), k, target)) / 2)',
        lambda t, x, y: -log(mean([softmax(x)[t], softmax(y)[t]]))),
    one('contaminated', 'target: integer, prediction: probability[k]', '-log(0.99 * at(prediction, k, target) + 0.01 / size(k))',
        lambda t, p: -log(linear([0.99, mp.mpf('0.01') / 3], [p[t], 1])), logits=True),
    one('noisy_label', 'target: binary, p: unit', 'let q = 0.9 * p + 0.2 * (1 - p)\n-log(if target == 1 then q else 1 - q)',
        lambda t, p: -log(linear([0.9, 0.2] if t else [0.1, 0.8], [p, 1 - p])), logits=True),
    one('larger', 'a: real, b: real', 'log(max(exp(a), exp(b)))', lambda a, b: largest([a, b])),
    one('larger_sigmoid', 'a: real, b: real', '-log(1 - max(sigmoid(a), sigmoid(b))) + min(sigmoid(a), 0.5)',
        lambda a, b: softplus(largest([a, b])) + (sigmoid(a) if a.v < 0 else 0.5)),
    one('zero_inflated', 'data zero: binary, g: real, z: real',
        'let p = sigmoid(g)\nif zero == 1 then -log(p + (1 - p) * exp(-exp(z))) else -log(1 - p) + exp(z)',
        lambda zero, g, z: -log(sigmoid(g) + sigmoid(-g) * exp(-exp(z))) if zero else softplus(g) + exp(z),
        span=60, valid=lambda zero, g, z: z < 8 or not zero),
    one('margins', 'target: integer, x: real[k]', 'log(1 + sum(exp(x - at(x, k, target) + 0.5), k where index(k) != target))',
        lambda t, x: logsumexp([lift(0), *(z - x[t] + 0.5 for i, z in enumerate(x) if i != t)])),
    one('circle', 'target: onehot[k], x: real[k]', 'log(1 + sum((1 - target) * exp(x), k) * sum(target * exp(-x), k))',
        lambda t, x: logsumexp([lift(0), *(z - x[t.index(1)] for i, z in enumerate(x) if not t[i])])),
    one('squares', 'data weight: probability[k], x: real[k]', 'log(sum(weight * exp(x)^2, k)) - 2 * log(sum(weight * exp(x), k))',
        lambda w, x: log(linear(w, [exp(2 * z) for z in x])) - 2 * log(linear(w, [exp(z) for z in x]))),
]
