"""Inputs that span the float range, for every loss by the domains of its inputs. All numbers are exact in float32."""

import struct

SIZES = {
    "class": 3, "label": 3, "pixel": 4, "time": 2, "feature": 3, "item": 3, "latent": 2, "component": 2, "quantile": 3, "part": 2,
    "box": 4, "bin": 4, "period": 3, "rank": 3, "choice": 3, "height": 2, "width": 3, "sample": 2,
}  # fmt: skip
ITEMS = 4
# Logits for three classes: saturated either way, near the ends of exp, one certain, nearly equal, moderate.
ROWS = [
    [1000, 0, 0], [-1000, 0, 0], [0.5, -0.25, 1], [30, -30, 10], [100, 0, -100], [88, 87, -5], [15, 0, 0], [-15, 0, 2],
    [2**-13, -(2**-13), 0], [1e4, -1e4, 3e4], [1e30, 0, -1e30],
]  # fmt: skip
# Logits of yes/no predictions.
UNITS = [0, 0.5, -2, 2**-13, 15, -15, 30, -30, 88, -88, 100, -100, 1000, -1000]
SCALES = [1 / 1024, 1.0, 8.0, 64.0, 1024.0, float(2**20)]
SATURATED = [0.5, 8.0, 64.0, 1024.0]
# Probabilities of one class, the others sharing the rest one to three.
CERTAINTIES = [0.5, 2**-20, 1 - 2**-20, 0.9375]
GIVEN = {
    "count": [1000.0, 100.0, 10.0], "prior": [0.625, 0.25, 0.125],
    "center": [[0.5, -1.0, 0.25], [1.0, 2.0, -0.5], [0.0, 0.75, 1.5]], "proxy": [[0.5, -1.0, 0.25], [1.0, 2.0, -0.5], [0.0, 0.75, 1.5]],
    "prototype": [[[0.5, -1.0, 0.25], [0.25, -0.5, 0.5]], [[1.0, 2.0, -0.5], [0.5, 1.0, 0.25]], [[0.0, 0.75, 1.5], [-0.5, 0.25, 1.0]]],
}  # fmt: skip


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


class Pattern:
    """Repeatable numbers between -1 and 1, multiples of 1/64, never 0."""

    def __init__(self, seed):
        self.state = seed * 2654435761 % 2**32

    def __call__(self):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        k = (self.state >> 16) % 128 - 64
        return (k if k != 0 else 1) / 64


def fill(shape, draw):
    return [fill(shape[1:], draw) for _ in range(shape[0])] if shape else draw()


def axes_of(part):
    return [axis["name"]["name"] for axis in part.get("domain", {}).get("axes", []) if axis["kind"] == "axis"]


def domain_of(part):
    return part["domain"]["name"]["name"] if "domain" in part else "real"


def is_data(part):
    return part["data"] or part["name"]["name"] == "target"


def one_hot(shape, items):
    """Rows of classes, the label going round."""
    count = [0]

    def row():
        count[0] += 1
        return [1.0 if k == (count[0] - 1) % shape[-1] else 0.0 for k in range(shape[-1])]

    return fill([items] + shape[:-1], row)


def cycle(values):
    position = [0]

    def draw():
        position[0] += 1
        return values[(position[0] - 1) % len(values)]

    return draw


def data_values(part, items, scale, pattern):
    domain, shape = domain_of(part), [SIZES[a] for a in axes_of(part)]
    if domain in ("onehot", "probability"):
        return one_hot(shape, items)
    draws = {
        "binary": cycle([1.0, 0.0, 0.0, 1.0, 1.0]),
        "unit": cycle([1.0, 0.0, 0.25]),
        "sign": cycle([1.0, -1.0]),
        "integer": cycle([0.0, 1.0]),
        "nonnegative": cycle([0.0, 3.0, 1.0, 2.0]),
        "positive": cycle([0.5, 2.0, 3.0]),
        "logits": lambda: 2 * pattern(),
    }
    if axes_of(part)[-1:] == ["box"]:
        return boxes([items] + shape[:-1], scale, pattern)
    return fill([items] + shape, draws.get(domain, lambda: single(scale * pattern())))


def boxes(shape, scale, pattern):
    def box():
        x, y = scale * pattern(), scale * pattern()
        return [single(v) for v in (x, y, x + scale * (1 + abs(pattern())), y + scale * (1 + abs(pattern())))]

    return fill(shape, box)


def prediction_values(part, items, scale, pattern):
    domain, shape = domain_of(part), [SIZES[a] for a in axes_of(part)]
    if axes_of(part)[-1:] == ["box"]:
        return boxes([items] + shape[:-1], scale, pattern)
    if domain in ("positive", "nonnegative"):
        return fill([items] + shape, lambda: single(scale * abs(pattern())))
    if domain == "between":
        return fill([items] + shape, pattern)
    return fill([items] + shape, lambda: single(scale * pattern()))


def certain(part, items, p):
    """Probabilities as such: rows whose first class has probability p, or yes/no numbers around p."""
    shape = [SIZES[a] for a in axes_of(part)]
    if domain_of(part) == "unit":
        return fill([items] + shape, cycle([p, 0.25, single(1 - p)]))
    rest = (1 - p) / (2 ** (shape[-1] - 1) - 1) if shape[-1] < 3 else (1 - p) / 4
    row = [p, rest, 3 * rest] if shape[-1] == 3 else [p, rest] if shape[-1] == 2 else [p, rest, rest, 2 * rest]
    return fill([items] + shape[:-1], lambda: [single(v) for v in row])


def points(loss):
    """(form, note, inputs) for a loss: form 'logits' gives logits for its probabilities, 'plain' the numbers themselves."""
    parts = loss["inputs"]
    predictions = [p for p in parts if not is_data(p)]
    from_logits = [p for p in predictions if domain_of(p) in ("probability", "unit")]

    def build(items, scale, seed, special):
        pattern = Pattern(seed)
        values = {}
        for part in parts:
            name = part["name"]["name"]
            chosen = special(part, items)
            if chosen is not None:
                values[name] = chosen
            elif is_data(part):
                values[name] = data_values(part, items, scale, pattern)
            else:
                values[name] = prediction_values(part, items, scale, pattern)
        return values

    nothing = lambda part, items: None
    if not from_logits:
        for k, scale in enumerate(SCALES):
            yield "plain", f"numbers around {scale:g}", build(ITEMS, scale, k + 1, nothing)
        return
    simple = len(from_logits) == 1 and axes_of(from_logits[0]) in (["class"], [])
    if simple and domain_of(from_logits[0]) == "probability":
        for row in ROWS:
            special = lambda part, items: [list(map(float, row))] * items if part is from_logits[0] else None
            yield "logits", f"the logits {row}, every class", build(3, 1.0, 1, special)
    elif simple:
        for sign in (0, 1):
            # The alternation of the targets meets each logit with both answers.
            special = lambda part, items: [single(v) for v in UNITS[sign:] + UNITS[:sign]] if part is from_logits[0] else None
            yield "logits", f"yes/no logits, shifted by {sign}", build(len(UNITS), 1.0, 1, special)
    for k, scale in enumerate(SATURATED):
        yield "logits", f"logits around {scale:g}", build(ITEMS, scale, k + 1, nothing)
    for k, p in enumerate(CERTAINTIES):
        special = lambda part, items: certain(part, items, p) if part in from_logits else None
        yield "plain", f"a probability of {p:g}", build(ITEMS, 1.0, k + 1, special)
