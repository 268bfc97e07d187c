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
