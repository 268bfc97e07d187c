"""Inputs at which an expression is evaluated: everyday ones, and ones where trouble lives. All are float32 numbers."""
import struct

# Logits where exponentials, sigmoids and their complements leave float32.
LEVELS = (20, 60, 100, 200)
# Logits beside a level; binary fractions, so that sums of them are exact.
BESIDE = (0, 0.5, -0.5, 1.25, -1.5, 2, -2.75)
# Probabilities near 0, and the neighbours of 1 in float32.
EXTREME = (1e-7, 1e-12, 1e-20, 1e-30, 1 - 2**-24, 1 - 2**-23, 1 - 2**-20, 0.001, 0.999)
SIZES = (1e-20, 1e-6, 0.001, 25, 60, 100)


def float32(x):
    return struct.unpack('f', struct.pack('f', x))[0]


def shortest(x):
    """The shortest decimal that is read as this float32."""
    for digits in range(1, 10):
        text = f'{x:.{digits}g}'
        if float32(float(text)) == x:
            return text
    raise ValueError(x)


def single(x):
    return x if isinstance(x, int) else float32(x)


class Draw:
    """Draws the inputs of one point. `span` is how far logits go."""

    def __init__(self, random, span):
        self.random = random
        self.levels = [level for level in LEVELS if level <= span] or [span]

    def real(self, everyday, base=None):
        random = self.random
        if everyday:
            return round(random.gauss(0, 2), 3) or 0.125
        if base is not None:
            return base + random.randrange(-24, 25) / 8
        if random.random() < 0.2:
            return random.randrange(-24, 25) / 8
        return float(random.choice((-1, 1)) * random.choice(self.levels) + random.choice(BESIDE))

    def unit(self, everyday):
        is_plain = everyday or self.random.random() < 0.15
        return round(self.random.uniform(0.03, 0.97), 3) if is_plain else self.random.choice(EXTREME)

    def positive(self, everyday):
        random = self.random
        return round(random.uniform(0.1, 3), 3) if everyday or random.random() < 0.3 else float(random.choice(SIZES))

    def number(self, domain, everyday, base):
        if domain in ('real', 'logits'):
            return self.real(everyday, base)
        if domain == 'unit':
            return self.unit(everyday)
        if domain == 'positive':
            return self.positive(everyday)
        if domain == 'binary':
            return self.random.randrange(2)
        if domain == 'sign':
            return self.random.choice((-1, 1))
        if domain == 'integer':
            return self.random.randrange(3)
        raise ValueError(domain)

    def point(self, inputs, everyday):
        """Numbers, and lists of numbers along an axis, by the names of the inputs."""
        # Some points have all logits around one level, so that none of them is negligible.
        has_base = not everyday and self.random.random() < 0.35
        base = self.random.choice((-1, 1)) * self.random.choice(self.levels) if has_base else None
        return {entry.name: self.entry(entry, everyday, base) for entry in inputs}

    def entry(self, entry, everyday, base):
        if entry.size == 0:
            return single(self.number(entry.drawn, everyday, base))
        if entry.drawn == 'onehot':
            label = self.random.randrange(entry.size)
            return [int(i == label) for i in range(entry.size)]
        if entry.drawn == 'weights':
            # Binary fractions that add up to 1.
            return list(self.random.choice(((0.5, 0.375, 0.125), (0.25, 0.25, 0.5), (0.875, 0.0625, 0.0625))))
        row = [single(self.number(entry.drawn, everyday, base)) for _ in range(entry.size)]
        if entry.drawn == 'binary' and len(set(row)) == 1:
            # A mask keeps something and leaves something out.
            row[self.random.randrange(entry.size)] = 1 - row[0]
        return row
