"""Ratios of partition functions: sums of exponentials over sums of exponentials, and what is made of them."""
from dual import linear, log, logsumexp, lift, log_softmax, mean, softmax, softplus, total
from entry import Entry
from mixture import kept, some


def one(name, signature, body, function, **options):
    return Entry('partition', name, signature, body, function, **options)


def pairs(x, y):
    return [a + b for a in x for b in y]


PARTITION = [
    one('ratio', 'x: real[k], y: real[k]', 'log(sum(exp(x), k) / sum(exp(y), k))', lambda x, y: logsumexp(x) - logsumexp(y)),
    one('ratio_beside', 'x: real[k], y: real[k]', 'let z = sum(exp(x), k)\nlog(z / sum(exp(y), k)) + sum(exp(x) / z * y, k)',
        lambda x, y: logsumexp(x) - logsumexp(y) + total([p * b for p, b in zip(softmax(x), y)]), span=60),
    one('part', 'data mask: binary[k], x: real[k]', '-log(sum(exp(x), k where mask == 1) / sum(exp(x), k))',
        lambda m, x: -log(total(kept(m, softmax(x)))), valid=some),
    one('part_against_rest', 'data mask: binary[k], x: real[k]', 'log(sum(mask * exp(x), k) / sum((1 - mask) * exp(x), k))',
        lambda m, x: logsumexp(kept(m, x)) - logsumexp(kept([1 - a for a in m], x)), valid=lambda m, x: 0 < sum(m) < 3),
    one('weighted_part', 'data weight: probability[k], x: real[k]',
        'sum(weight * exp(x), k) / sum(exp(x), k)',
        lambda w, x: linear(w, softmax(x))),
    one('softmax_written_out', 'target: onehot[k], x: real[k]', '-sum(target * log(exp(x) / sum(exp(x), k)), k)',
        lambda t, x: -log_softmax(x)[t.index(1)]),
    one('effective_size', 'x: real[k]',
        'log(sum(exp(x), k)^2 / sum(exp(x)^2, k))',
        lambda x: log(1 / total([p**2 for p in softmax(x)])),
        valid=lambda x: max(x) - sorted(x)[1] < 12),
    one('chain', 'x: real[k], y: real[k]', 'log(sum(exp(x) * rename(exp(y), k, j), k, j)) - mean(x + y, k)',
        lambda x, y: logsumexp(pairs(x, y)) - mean([a + b for a, b in zip(x, y)])),
    one('contrast_beside', 'target: integer, x: real[k], y: real[k]',
        'let s = exp(at(x, k, target))\nlet r = sum(exp(y), k)\n-log(s / (s + r)) + r / (s + r)',
        lambda t, x, y: logsumexp([x[t], *y]) - x[t] + total(softmax([x[t], *y])[1:])),
    one('divergence_of_ratios', 'x: real[k], y: real[k]',
        'let p = exp(x) / sum(exp(x), k)\nlet q = exp(y) / sum(exp(y), k)\nsum(p * (log(p) - log(q)), k)',
        lambda x, y: total([p * (log(p) - log(q)) for p, q in zip(softmax(x), softmax(y))])),
    one('free_energy', 'x: real[k]; heat: positive = 0.25',
        '-heat * log(sum(exp(-x / heat), k)) + sum(softmax(-x / heat, k) * x, k)',
        lambda x: -logsumexp([-4 * z for z in x]) / 4 + total([p * z for p, z in zip(softmax([-4 * z for z in x]), x)]),
        span=100),
    one('joint_partition', 'a: real, x: real[k]', '-log(exp(a) * sum(exp(x), k) / ((1 + exp(a)) * (1 + sum(exp(x), k))))',
        lambda a, x: softplus(-a) + log(1 / total(softmax([lift(0), *x])[1:]))),
]
