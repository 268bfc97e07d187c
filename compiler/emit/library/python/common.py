"""What emitted Python modules carry along, whatever their framework. LOSS is the name of the loss."""
import math

LOSS = 'loss'
# Numbers of an operand that is made at once, see plan/tiles.ts.
LARGEST_SLICE = 2097152


def _alike(shape, expected):
    """Whether two shapes are the same, as far as they are known; None stands for any length."""
    both = [(a, b) for a, b in zip(shape, expected) if isinstance(a, int) and isinstance(b, int)]
    return len(shape) == len(expected) and all(a == b for a, b in both)


def _shape(name, shape, expected):
    """The lengths of an input's axes, checked; None stands for any length."""
    if not _alike(shape, expected):
        wanted = ', '.join('any' if size is None else str(size) for size in expected)
        raise ValueError(f'{LOSS}: {name} has dimensions {list(shape)} where [{wanted}] is needed')
    return shape


def _merged(name, shape, before, after):
    """A shape with its middle dimensions made one."""
    if len(shape) <= before + after:
        raise ValueError(f'{LOSS}: {name} has dimensions {list(shape)}, more than {before + after} are needed')
    end = len(shape) - after
    return shape[:before] + (math.prod(shape[before:end]),) + shape[end:]


def _agreed(*shapes):
    """The shape of the items that all inputs share. A last dimension of 1 that some have and others lack is dropped."""
    items = min((shape for _, shape in shapes), key=len)
    if not all(_alike(shape, items) or _alike(shape, items + (1,)) for _, shape in shapes):
        given = ', '.join(f'{list(shape)} in {name}' for name, shape in shapes)
        raise ValueError(f'{LOSS}: the inputs do not go together: items are {given}')
    return items


def _in_slices(parts, axis, join, reduce):
    """A reduction of an operand that may be too large to be held: from one slice of its parts after the other."""
    sizes = list(zip(*(part.shape for part in parts)))
    length = max(sizes[axis]) if all(isinstance(size, int) for each in sizes for size in each) else 1
    step = max(1, LARGEST_SLICE * length // max(1, math.prod(max(each) for each in sizes))) if length > 1 else 1
    if length <= step:
        return reduce(*parts)
    total = None
    for start in range(0, length, step):
        cut = (slice(None),) * axis + (slice(start, start + step),)
        part = reduce(*(x if x.shape[axis] == 1 else x[cut] for x in parts))
        total = part if total is None else join(total, part)
    return total


def _chebyshev(coefficients, t):
    """The sum of a Chebyshev series."""
    total, last = 0 * t, 0 * t
    for c in reversed(coefficients[1:]):
        total, last = 2 * t * total - last + c, total
    return t * total - last + coefficients[0]


def _scaled_erfc(x):
    """exp(x^2) * erfc(x) for x >= 0: a Chebyshev series in (x - 3) / (x + 3)."""
    series = (
        1.17756257419656, 0.005353904539615676, -0.09377550342284209, 0.05436652555744322,
        -0.018976596707845208, 0.004453426061462712, -0.0006335531710553147, 1.7661719523171593e-5,
        1.2841532864056671e-5, -2.0072285659059913e-6, -1.807522790414837e-7, 7.549828343825093e-8,
        1.885668523838603e-9, -2.699519049798364e-9, -1.460079119939105e-11, 1.0361607445969489e-10,
        1.475715976623473e-12, -4.277340064396911e-12, -2.07922492859799e-13, 1.8134502003176963e-13,
        1.973425574544739e-14, -7.287943737592673e-15, -1.5169878690228116e-15, 2.3514112258781403e-16,
        1.0006111691821667e-16,
    )
    return _chebyshev(series, 1 - 6 / (x + 3)) / (1 + 2 * x)


def _scaled_slope(x):
    """The derivative of exp(x^2) * erfc(x) for x >= 0, in the same way."""
    series = (
        2.200232774538129, 0.3923925876786969, -0.49251525885297887, 0.18456782022158594,
        -0.021957713708356103, -0.011176725563987367, 0.006688633816684982, -0.001628964165161042,
        0.00012928967973167008, 3.524340197409341e-5, -9.35343864327909e-6, -3.7210774387073354e-7,
        3.9425336829282767e-7, -6.470771520685845e-9, -1.6343728435430187e-8, 5.705368971003257e-10,
        7.327454731840939e-10, -1.694415974955691e-11, -3.535303909683819e-11, -5.535136252347178e-13,
        1.7481756873156016e-12, 1.3706968413312195e-13, -8.223566592063278e-14, -1.4184630648871465e-14,
        3.2258269721295812e-15, 1.124050031422965e-15, -6.173596904574128e-17,
    )
    return -_chebyshev(series, 1 - 6 / (x + 3)) / (1 + 2 * x) / (1 + 2 * x)
