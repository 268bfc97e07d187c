"""What emitted modules for PyTorch carry along."""
import torch

from common import (
    LARGEST_SLICE,
    LOSS,
    _alike,
    _bend_far,
    _bend_near,
    _bessel_far,
    _bessel_near,
    _gap_far,
    _gap_near,
    _scaled_erfc,
    _scaled_slope,
)


def _prediction(name, value):
    """A prediction, which has to be a tensor of floating-point numbers."""
    if not torch.is_tensor(value) or not value.is_floating_point():
        raise ValueError(f'{LOSS}: {name} is a prediction, so a tensor of floating-point numbers; are the inputs swapped?')
    return value


def _precision(*predictions):
    """The type in which the loss computes: float64 for float64, else float32, whatever the predictions are."""
    return torch.float64 if any(x.dtype == torch.float64 for x in predictions) else torch.float32


def _data(name, value, like):
    """Data, which gets no gradient. Whole numbers stay whole."""
    if torch.is_tensor(value) and value.requires_grad:
        raise ValueError(f'{LOSS}: {name} is data and gets no gradient, but requires one: detach it, or are the inputs swapped?')
    value = torch.as_tensor(value, device=like.device)
    return value if value.is_floating_point() else value.long()


def _parameter(name, value, low, high, domain, precision, like, whole=False):
    """A parameter as a tensor. Its numbers are checked where they can be looked at."""
    tensor = torch.as_tensor(value, dtype=precision, device=like.device)
    numbers = torch.tensor(value, dtype=torch.float64) if isinstance(value, (int, float)) else tensor.double()
    inside = torch.isfinite(numbers) & (numbers >= low) & (numbers <= high)
    wrong = _first(numbers, ~(inside & (numbers == numbers.round())) if whole else ~inside)
    if wrong is not None:
        raise ValueError(f'{LOSS}: {name} = {wrong:g} is not {domain}')
    return tensor


def _number(name, value, *rest, **more):
    """A parameter that is a single number."""
    return _spread(name, _parameter(name, value, *rest, **more), ())


def _first(numbers, condition):
    """The first number for which a condition holds, if it can be looked at."""
    found = numbers[condition] if _visible(condition) else ()
    return found[0].item() if len(found) > 0 else None


def _visible(x):
    """Whether the numbers of a tensor can be looked at without waiting for a device and without ending a trace."""
    if _traced() or x.device.type != 'cpu':
        return False
    try:
        x.reshape(-1)[:1].tolist()
    except RuntimeError:  # under vmap
        return False
    return True


def _traced():
    """Whether what is called now is being compiled or traced."""
    compiler = getattr(torch, 'compiler', None)
    return hasattr(compiler, 'is_compiling') and compiler.is_compiling() or torch.jit.is_tracing()


def _in_blocks(function, items, whole=False):
    """Calls a function of items that do not depend on each other: of a large batch with one block after the other, to save memory."""
    size = max(x.numel() for x in items)
    if whole or size <= LARGEST_SLICE or torch.is_grad_enabled() or _traced():
        return function(*items)
    count = len(items[0])
    step = max(1, LARGEST_SLICE * count // size)
    results = None
    for start in range(0, count, step):
        block = slice(start, start + step)
        parts = function(*(x[block] for x in items))
        if results is None:
            results = [None if part is None else part.new_empty((count,) + part.shape[1:]) for part in parts]
        for result, part in zip(results, parts):
            if result is not None:
                result[block] = part
    return tuple(results)


def _spread(name, tensor, shape):
    """A parameter in its shape; one number is repeated."""
    given = tensor.shape
    if _alike(given, shape):
        return tensor
    if _alike(given, ()) or _alike(given, (1,)):
        return tensor.reshape(()).expand(shape)
    raise ValueError(f'{LOSS}: {name} has dimensions {list(given)} where {list(shape)} or one number is needed')


def _told(*places):
    """The length of an axis by the first tensor that tells it: pairs of tensor and dimension."""
    for x, axis in places:
        if len(x.shape) > 0:
            return x.shape[axis]
    return 1


def _labels(x, rank, place, classes):
    """The labels, if rows of so many dimensions are given by labels: without the axis of the classes, or with 1 there."""
    if len(x.shape) == rank - 1:
        return x
    if len(x.shape) == rank and x.shape[place] == 1 and classes != 1:
        return x.squeeze(place)
    return None


def _counts(name, labels, classes, precision, ignore_index=None):
    """What each label counts: 1, or 0 if it is to be ignored, or NaN if there is no such class."""
    known = (labels >= 0) & (labels < classes) & (labels % 1 == 0)
    ignored = labels == ignore_index if ignore_index is not None else torch.zeros_like(known)
    wrong = _first(labels, ~(known | ignored))
    if wrong is not None:
        out = '' if ignore_index is None else f', or is {ignore_index} to leave its item out'
        raise ValueError(f'{LOSS}: {name} holds the label {wrong:g}, and a label goes from 0 to {classes - 1}{out}')
    return known.to(precision).masked_fill(~(known | ignored), float('nan'))


def _one_hot(labels, counts, classes, place):
    """Labels as rows with a single 1 along a dimension; NaN where there is no such class."""
    rows = labels.unsqueeze(-1) == torch.arange(classes, device=labels.device)
    counts = counts.unsqueeze(-1)
    return torch.movedim(torch.where(rows, counts, counts * 0), -1, place)


def _counted(x, counts):
    """A prediction without the items that do not count: what is not finite there has no gradient."""
    if counts is None or (_visible(counts) and (counts != 0).all()):
        return x
    ignored = torch.reshape(counts == 0, (-1,) + (1,) * (len(x.shape) - 1))
    return torch.where(ignored, 0.5, x)


def _reduced(values, items, counts, reduction, weights):
    """Items to one number: mean is sum(w * l) / N, weightedMean is sum(w * l) / sum(w); none keeps them."""
    if reduction not in ('mean', 'sum', 'none', 'weightedMean'):
        raise ValueError(f'{LOSS}: unknown reduction {reduction}: use mean, sum, none or weightedMean')
    if counts is not None:
        counts = torch.reshape(counts, (-1,))
        values = torch.where(counts == 0, 0.0, values * counts)
    if weights is not None:
        weights = _weights(weights, items, values)
        values = torch.where(weights == 0, 0.0, values * weights)
    if reduction == 'none':
        return torch.reshape(values, items)
    total = torch.sum(values)
    if reduction == 'sum':
        return total
    if values.shape[0] == 0:
        return total * float('nan')
    if counts is None and weights is None:
        return total / values.numel()
    shares = torch.ones_like(values) if counts is None else (counts != 0).to(values.dtype)
    if reduction == 'weightedMean' and weights is not None:
        shares = shares * weights
    # What has no share in the mean adds nothing to it.
    some = (shares != 0).any()
    return total / torch.where(some, torch.sum(shares), 1.0)


def _weights(weights, items, values):
    """Sample weights, one per item, from the items' shape or that of its first axes."""
    weights = torch.as_tensor(weights, dtype=values.dtype, device=values.device)
    shape = weights.shape
    if not _alike(shape, items[: len(shape)]):
        raise ValueError(f'{LOSS}: sample_weight has dimensions {list(shape)}, the items have {list(items)}')
    column = torch.reshape(weights, shape + (1,) * (len(items) - len(shape)))
    return torch.reshape(column.expand(items), (-1,))


def _hold(module, learnable, *parameters):
    """Keeps parameters in a module: numbers as they are, tensors so that they move with it, learnable ones to be trained."""
    unknown = set(learnable) - {name for name, _, _ in parameters}
    if unknown:
        raise ValueError(f'{LOSS}: there is no parameter {sorted(unknown)[0]} to learn')
    for name, attribute, value in parameters:
        if name in learnable and not isinstance(value, torch.nn.Parameter):
            value = torch.nn.Parameter(torch.as_tensor(value, dtype=torch.get_default_dtype()).detach().clone())
        if isinstance(value, (int, float, torch.nn.Parameter)):
            setattr(module, attribute, value)
        else:
            module.register_buffer(attribute, torch.as_tensor(value))


def _xlogy(x, y):
    """x * log(y), and 0 where x is 0."""
    return torch.where(x == 0, 0.0, x * torch.log(y))


def _power(x, y):
    """x to the power of y, and NaN where y is: by IEEE 754 1 to any power is 1."""
    power = x ** y
    return torch.where(y == y, power, y)


def _sign(x):
    """-1, 0 or 1, and NaN of NaN, where PyTorch has 0."""
    return torch.where(x == x, torch.sign(x), x)


# Not torch.logaddexp(x, 0), which adds 1 before the logarithm: 0.1 % off at -30 in float64. softplus of PyTorch is x from 20 on.
def _softplus(x):
    """log(1 + exp(x)), accurate at both ends."""
    return 0 - torch.nn.functional.logsigmoid(-x)


def _log1mexp(x):
    """log(1 - exp(x)) for x < 0: by expm1 near 0, by log1p further away (Maechler 2012)."""
    by_expm1 = torch.log(-torch.expm1(x))
    return torch.where(x > -0.6931471805599453, by_expm1, torch.log1p(-torch.exp(x)))


def _log_softmax(x, dim):
    """log(softmax(x)). The largest entry is left out of the sum of exponentials, so that log1p keeps the digits of a confident prediction."""
    if x.shape[dim] == 0:
        return x
    top = torch.argmax(x, dim=dim, keepdim=True)
    shifted = x - torch.gather(x, dim, top)
    others = torch.sum(shifted.scatter(dim, top, -float('inf')).exp_(), dim=dim, keepdim=True)
    return shifted.sub_(torch.log1p(others))


def _max(x, dim):
    """The largest entry; minus infinity over nothing."""
    if x.numel() > 0:
        return torch.amax(x, dim=dim, keepdim=True)
    return torch.sum(x, dim=dim, keepdim=True) - float('inf')


def _min(x, dim):
    """The smallest entry; infinity over nothing."""
    if x.numel() > 0:
        return torch.amin(x, dim=dim, keepdim=True)
    return torch.sum(x, dim=dim, keepdim=True) + float('inf')


def _running_sum(x, axis, exclusive=False, reverse=False):
    """The sum of the entries up to each position, or from it on; exclusive leaves its own out."""
    if reverse:
        x = torch.flip(x, (axis,))
    if exclusive:
        before = (slice(None),) * axis
        first, rest = x[before + (slice(0, 1),)], x[before + (slice(0, -1),)]
        x = torch.cat([torch.zeros_like(first), rest], axis)
    x = torch.cumsum(x, axis)
    return torch.flip(x, (axis,)) if reverse else x


def _einsum(formula, a, b):
    """A sum of products, in the precision of its arguments under autocast too."""
    if a.device.type not in ('cpu', 'cuda'):
        return torch.einsum(formula, a, b)
    with torch.autocast(a.device.type, enabled=False):
        return torch.einsum(formula, a, b)


def _polygamma(order, x):
    """The order-th derivative of digamma for x > 0. PyTorch's series for order 1 is off by 1e-9 near 0, so it begins at 8."""
    if order != 1:
        return torch.polygamma(order, x)
    return torch.polygamma(1, x + 8) + sum((x + i) ** -2 for i in range(8))


def _at(x, axis, position):
    """The entries of x at whole positions along an axis, which stays with length 1; 0 where a position is outside."""
    inside = (position >= 0) & (position < x.shape[axis])
    index = position.long().clamp(0, max(x.shape[axis] - 1, 0))
    return torch.where(inside, torch.take_along_dim(x, index, axis), 0.0)


def _entry(x, axis, i):
    """The entry of x at position i of an axis, which stays with length 1; 0 outside."""
    if 0 <= i < x.shape[axis]:
        return x.narrow(axis, i, 1)
    return torch.zeros_like(torch.sum(x, dim=axis, keepdim=True))


def _positions(x, axis, to=None):
    """0, 1, 2, ... along an axis of x, laid along that axis or another."""
    shape = [1] * len(x.shape)
    shape[axis if to is None else to] = -1
    return torch.arange(x.shape[axis], device=x.device).reshape(shape)


def _length(x, axis, like):
    """How long an axis is, as a tensor: a number of Python's ends where it is divided by and is 0."""
    return torch.full((), x.shape[axis], dtype=like.dtype, device=like.device)


def _exp_of_square(sign, x):
    """exp(sign * x^2) for x >= 0, with what the square loses to rounding put back."""
    near = torch.clamp(x, max=40.0)
    head = torch.floor(near * 16) / 16
    return torch.exp(sign * head * head) * torch.exp(sign * (near - head) * (near + head))


def _erfcx(order, x):
    """The order-th derivative of exp(x^2) * erfc(x), from value and slope for x >= 0; they are reflected below."""
    a = torch.abs(x)
    below = x < 0
    growth = 2 * _exp_of_square(1, torch.clamp(-x, min=0.0))
    value = torch.where(below, growth - _scaled_erfc(a), _scaled_erfc(a))
    if order == 0:
        return value
    slope = torch.where(below, 2 * x * growth + _scaled_slope(a), _scaled_slope(a))
    for n in range(2, order + 1):
        value, slope = slope, 2 * torch.clamp(torch.clamp(x, min=-1e30), max=1e30) * slope + 2 * (n - 1) * value
    return slope


def _log_erfc(x):
    """log(erfc(x)), with all digits where that is nearly 0, and where erfc(x) is none."""
    above = torch.clamp(x, min=0.5)
    far = torch.log(torch.special.erfcx(above)) - above * above
    return torch.where(x < 0.5, torch.log1p(-torch.erf(torch.clamp(x, max=0.5))), far)


def _log_i0(order, x):
    """The order-th derivative of log(I0(x)): order 0 is the logarithm itself, and order 1 is I1(x) / I0(x)."""
    a = torch.abs(x)
    near, far = torch.clamp(a, max=5.0), torch.clamp(a, min=5.0)
    zeroth, first = _bessel_near(near * near / 4)
    if order == 0:
        return torch.where(a < 5, torch.log1p(zeroth), a + torch.log(_bessel_far(torch.clamp(far, max=3e38))))
    if order == 1:
        return _sign(x) * torch.where(a < 5, near / 2 * first / (1 + zeroth), 1 - _gap_far(far))
    bend = torch.where(a < 5, _bend_near(order, near), _bend_far(order, far))
    return bend if order % 2 == 0 else _sign(x) * bend


def _log_i0e(order, x):
    """The order-th derivative of log(I0(x)) - |x|, which keeps its digits where the logarithm is nearly |x|."""
    if order > 1:
        return _log_i0(order, x)
    a = torch.abs(x)
    near, far = torch.clamp(a, max=5.0), torch.clamp(a, min=5.0)
    if order == 1:
        return -_sign(x) * torch.where(a < 5, _gap_near(near), _gap_far(far))
    zeroth = _bessel_near(near * near / 4)[0]
    scaled = torch.where(a < 5, torch.exp(-near) * (1 + zeroth), _bessel_far(far))
    return torch.where(a < 2, torch.log1p(zeroth) - a, torch.log(scaled))
