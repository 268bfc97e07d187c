"""Log-odds, focal terms, entropies and divergences, label smoothing."""
from dual import exp, largest, linear, log, log_softmax, mean, plain, sigmoid, softmax, softplus, sqrt, total
from complement import any_of, but
from entry import Entry


def odds(name, signature, body, function, **options):
    return Entry('log-odds', name, signature, body, function, **options)


ODDS = [
    odds('of_sigmoid', 'z: real', 'let p = sigmoid(z)\nlog(p / (1 - p)) + p', lambda z: z + sigmoid(z)),
    odds('of_probability', 'p: unit', 'log(p / (1 - p))', lambda p: log(p) - log(1 - p)),
    odds('of_product', 'a: real, b: real', 'let p = sigmoid(a) * sigmoid(b)\nlog(p) - log(1 - p)',
        lambda a, b: log(sigmoid(a) * sigmoid(b)) - log(1 - sigmoid(a) * sigmoid(b))),
    odds('of_mixture', 'a: real, b: real', 'let p = (sigmoid(a) + sigmoid(b)) / 2\nlog(p / (1 - p))',
        lambda a, b: log(mean([sigmoid(a), sigmoid(b)])) - log(mean([sigmoid(-a), sigmoid(-b)]))),
    odds('one_against_rest', 'target: integer, prediction: probability[k]',
        'let p = at(prediction, k, target)\n-log(p / (1 - p))',
        lambda t, p: log(total(but(p, t))) - log(p[t]),
        logits=True),
    odds('of_noisy_or', 'p: unit[k]', 'let q = 1 - prod(1 - p, k)\nlog(q / (1 - q))',
        lambda p: log(any_of(p)) - total([log(1 - x) for x in p]), logits=True),
    odds('of_power', 'z: real', 'let p = sigmoid(z)^3\nlog(p / (1 - p))',
        lambda z: -3 * softplus(-z) - log(sigmoid(-z) * total([1, sigmoid(z), sigmoid(z) ** 2]))),
    odds('preference', 'u: positive, v: positive',
        'let p = exp(-u)\nlet q = exp(-v)\n-log(sigmoid(log(p / (1 - p)) - log(q / (1 - q))))',
        lambda u, v: softplus(u + log(1 - exp(-u)) - v - log(1 - exp(-v)))),
]


def focal(name, signature, body, function, **options):
    return Entry('focal', name, signature, body, function, **options)


def focal_term(p, rest, gamma):
    return -(rest**gamma) * log(p)


FOCAL = [
    focal('focal', 'target: binary, z: real',
        'let p = sigmoid(z)\nif target == 1 then -(1 - p)^2 * log(p) else -p^2 * log(1 - p)',
        lambda t, z: focal_term(sigmoid(z if t else -z), sigmoid(-z if t else z), 2)),
    focal('focal_root', 'target: binary, z: real',
        'let p = sigmoid(z)\nif target == 1 then -(1 - p)^0.5 * log(p) else -p^0.5 * log(1 - p)',
        lambda t, z: focal_term(sigmoid(z if t else -z), sigmoid(-z if t else z), 0.5)),
    focal('focal_classes', 'target: integer, x: real[k]', 'let p = at(softmax(x, k), k, target)\n-(1 - p)^2 * log(p)',
        lambda t, x: focal_term(softmax(x)[t], total(but(softmax(x), t)), 2)),
    focal('focal_rows', 'target: onehot[k], prediction: probability[k]',
        '-sum(target * (1 - prediction)^1.5 * log(prediction), k)',
        lambda t, p: focal_term(p[t.index(1)], total(but(p, t.index(1))), 1.5),
        logits=True),
    focal('focal_of_probability', 'p: unit', '-0.25 * (1 - p)^2 * log(p) - 0.75 * p^2 * log(1 - p)',
        lambda p: -0.25 * (1 - p) ** 2 * log(p) - 0.75 * p**2 * log(1 - p)),
    focal('poly', 'target: integer, prediction: probability[k]', 'let p = at(prediction, k, target)\n-log(p) + 2 * (1 - p)',
        lambda t, p: -log(p[t]) + 2 * total(but(p, t)), logits=True),
    focal('focal_noisy_or', 'p: unit[k]', 'let q = 1 - prod(1 - p, k)\n-(1 - q)^2 * log(q)',
        lambda p: focal_term(any_of(p), 1 - any_of(p), 2), logits=True),
    focal('focal_mixture', 'a: real, b: real', 'let p = 0.5 * sigmoid(a) + 0.5 * sigmoid(b)\n-(1 - p)^2 * log(p)',
        lambda a, b: focal_term(mean([sigmoid(a), sigmoid(b)]), mean([sigmoid(-a), sigmoid(-b)]), 2)),
]


def entropy(name, signature, body, function, **options):
    return Entry('entropy', name, signature, body, function, **options)


def binary_entropy(p):
    return -p * log(p) - (1 - p) * log(1 - p)


def kl(p, q):
    """Of two Bernoulli distributions."""
    return p * (log(p) - log(q)) + (1 - p) * (log(1 - p) - log(1 - q))


def renyi(p, n):
    return log(total([x**n for x in p]))


ENTROPY = [
    entropy('of_a_logit', 'z: real', 'let p = sigmoid(z)\n-p * log(p) - (1 - p) * log(1 - p)',
        lambda z: sigmoid(z) * softplus(-z) + sigmoid(-z) * softplus(z)),
    entropy('of_a_probability', 'p: unit', '-p * log(p) - (1 - p) * log(1 - p)', binary_entropy),
    entropy('of_classes', 'prediction: probability[k]',
        '-sum(prediction * log(prediction), k)',
        lambda p: -total([x * log(x) for x in p]),
        logits=True),
    entropy('divergence', 'p: unit, q: unit', 'p * log(p / q) + (1 - p) * log((1 - p) / (1 - q))', kl, logits=True),
    entropy('divergence_of_classes', 'x: real[k], y: real[k]',
        'let p = softmax(x, k)\nlet q = softmax(y, k)\nsum(p * log(p / q), k)',
        lambda x, y: total([p * (log(p) - log(q)) for p, q in zip(softmax(x), softmax(y))])),
    entropy('jensen_shannon', 'a: real, b: real',
        'let p = sigmoid(a)\nlet q = sigmoid(b)\nlet m = (p + q) / 2\np * log(p / m) + (1 - p) * log((1 - p) / (1 - m)) + q * log(q / m) + (1 - q) * log((1 - q) / (1 - m))',
        lambda a, b: kl(sigmoid(a), mean([sigmoid(a), sigmoid(b)])) + kl(sigmoid(b), mean([sigmoid(a), sigmoid(b)])),
        valid=lambda a, b: a * b < 0),
    entropy('of_order_one_half', 'prediction: probability[k]',
        '2 * log(sum(sqrt(prediction), k))',
        lambda p: 2 * renyi(p, 0.5),
        logits=True, valid=lambda p: max(p) - sorted(p)[1] < 24),
    entropy('least', 'prediction: probability[k]', '-log(max(prediction, k)) + min(prediction, k)',
        lambda p: -log(largest(p)) + min(p, key=lambda x: x.v), logits=True),
    entropy('of_order_q', 'prediction: probability[k]', '(1 - sum(prediction^1.5, k)) / 0.5',
        lambda p: 2 * total([x * (1 - sqrt(x)) for x in p]), logits=True),
]


def smoothing(name, signature, body, function, **options):
    return Entry('smoothing', name, signature, body, function, **options)


def rows(t, kept, spread):
    """The weights kept * target + spread."""
    return [kept * a + spread for a in t]


def smooth(t, kept, spread):
    return rows(t, plain(kept), plain(spread))


SMOOTHING = [
    smoothing('rows_of_probabilities', 'target: onehot[k], prediction: probability[k]',
        '-sum((0.75 * target + 0.25 / size(k)) * log(prediction), k)',
        lambda t, p: -linear(rows(t, plain(0.75), plain(0.25) / 3), [log(x) for x in p]),
        logits=True),
    smoothing('of_the_output', 'target: integer, x: real[k]',
        '-log(0.9 * at(softmax(x, k), k, target) + 0.1 * mean(softmax(x, k), k))',
        lambda t, x: -log(linear([0.9, plain(0.1) / 3], [softmax(x)[t], 1]))),
    smoothing('smoothed_preference', 'm: real; e: unit = 0.1', '-((1 - e) * log(sigmoid(m)) + e * log(1 - sigmoid(m)))',
        lambda m: 0.9 * softplus(-m) + 0.1 * softplus(m)),
    smoothing('complements', 'target: onehot[k], x: real[k]',
        'let p = softmax(x, k)\n-sum((0.9 * target + 0.05) * log(p) + (0.95 - 0.9 * target) * log(1 - p), k)',
        lambda t, x: -linear(smooth(t, 0.9, 0.05), log_softmax(x))
        - linear(smooth(t, -0.9, 0.95), [log(total(but(softmax(x), i))) for i in range(len(x))])),
    smoothing('confidence', 'target: onehot[k], prediction: probability[k]',
        '-sum(target * log(prediction), k) + 0.1 * sum(prediction * log(prediction), k)',
        lambda t, p: -log(p[t.index(1)]) + 0.1 * total([x * log(x) for x in p]),
        logits=True),
]
