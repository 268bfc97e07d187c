import type { Framework } from './framework.js';
import type { PythonHelpers } from './operator-helpers.js';

const isTorch = (f: Framework): boolean => f.name === 'PyTorch';
const isJax = (f: Framework): boolean => f.name === 'JAX';
const choose = (f: Framework, torch: string, jax: string, keras: string): string =>
  isTorch(f) ? torch : isJax(f) ? jax : keras;
/** `ops.where` and the like, or jnp's. */
const numpy = (f: Framework): string => choose(f, 'torch', 'jnp', 'ops');

/** What reads and reduces: shapes, types, parameters, labels, weights. `LOSS` stands for the name of the loss. */
export const RUNTIME_HELPERS: PythonHelpers = {
  _prediction: (f) => `def _prediction(name, value):
    """A prediction, which has to be a tensor of floating-point numbers."""
    ${choose(
      f,
      'if not torch.is_tensor(value) or not value.is_floating_point():',
      `value = jnp.asarray(value)
    if not jnp.issubdtype(value.dtype, jnp.floating):`,
      `value = ops.convert_to_tensor(value)
    if 'float' not in keras.backend.standardize_dtype(value.dtype):`,
    )}
        raise ValueError(f'LOSS: {name} is a prediction, so a tensor of floating-point numbers; are the inputs swapped?')
    return value`,
  _precision: (f) => `def _precision(*predictions):
    """The type in which the loss computes: float64 for float64, else float32, whatever the predictions are."""
    ${choose(
      f,
      'return torch.float64 if any(x.dtype == torch.float64 for x in predictions) else torch.float32',
      'return jnp.float64 if any(x.dtype == jnp.float64 for x in predictions) else jnp.float32',
      `types = [keras.backend.standardize_dtype(x.dtype) for x in predictions]
    return 'float64' if 'float64' in types else 'float32'`,
    )}`,
  _data: (f) => `def _data(name, value, like):
    """Data, which gets no gradient. Whole numbers stay whole."""
    ${choose(
      f,
      `if torch.is_tensor(value) and value.requires_grad:
        raise ValueError(f'LOSS: {name} is data and gets no gradient, but requires one: detach it, or are the inputs swapped?')
    value = torch.as_tensor(value, device=like.device)
    return value if value.is_floating_point() else value.long()`,
      `value = jax.lax.stop_gradient(jnp.asarray(value))
    return value if jnp.issubdtype(value.dtype, jnp.floating) else value.astype(int)`,
      `value = ops.stop_gradient(ops.convert_to_tensor(value))
    kind = keras.backend.standardize_dtype(value.dtype)
    return value if 'float' in kind or kind in ('int32', 'int64') else ops.cast(value, 'int32')`,
    )}`,
  _parameter: (f) => `def _parameter(name, value, low, high, domain, precision, like, whole=False):
    """A parameter as a tensor. Its numbers are checked where they can be looked at."""
    ${choose(
      f,
      `tensor = torch.as_tensor(value, dtype=precision, device=like.device)
    numbers = torch.tensor(value, dtype=torch.float64) if isinstance(value, (int, float)) else tensor.double()
    inside = torch.isfinite(numbers) & (numbers >= low) & (numbers <= high)
    wrong = _first(numbers, ~(inside & (numbers == numbers.round())) if whole else ~inside)`,
      `tensor = jnp.asarray(value, dtype=precision)
    numbers = np.zeros(0) if isinstance(value, jax.core.Tracer) else np.asarray(value, dtype=float)
    inside = np.isfinite(numbers) & (numbers >= low) & (numbers <= high)
    wrong = _first(numbers, ~(inside & (numbers == numbers.round())) if whole else ~inside)`,
      `tensor = ops.convert_to_tensor(value, dtype=precision)
    known = isinstance(value, (int, float, list, tuple, np.generic, np.ndarray))
    numbers = np.asarray(value, dtype=float) if known else np.zeros(0)
    inside = np.isfinite(numbers) & (numbers >= low) & (numbers <= high)
    wrong = _first(numbers, ~(inside & (numbers == numbers.round())) if whole else ~inside)`,
    )}
    if wrong is not None:
        raise ValueError(f'LOSS: {name} = {wrong:g} is not {domain}')
    return tensor`,
  _number: () => `def _number(name, value, *rest, **more):
    """A parameter that is a single number."""
    return _spread(name, _parameter(name, value, *rest, **more), ())`,
  _first: (f) => `def _first(numbers, condition):
    """The first number for which a condition holds, if it can be looked at."""
    ${choose(
      f,
      `found = numbers[condition] if _visible(condition) else ()
    return found[0].item() if len(found) > 0 else None`,
      `if isinstance(condition, jax.core.Tracer):
        return None
    found = np.asarray(numbers)[np.asarray(condition)]
    return found.flat[0] if found.size > 0 else None`,
      `found = numbers[condition]
    return found.flat[0] if found.size > 0 else None`,
    )}`,
  _visible: () => `def _visible(x):
    """Whether the numbers of a tensor can be looked at without waiting for a device and without ending a trace."""
    compiler = getattr(torch, 'compiler', None)
    compiling = hasattr(compiler, 'is_compiling') and compiler.is_compiling()
    if compiling or torch.jit.is_tracing() or x.device.type != 'cpu':
        return False
    try:
        x.reshape(-1)[:1].tolist()
    except RuntimeError:  # under vmap
        return False
    return True`,
  _spread: (f) => `def _spread(name, tensor, shape):
    """A parameter in its shape; one number is repeated."""
    given = ${f.shape('tensor')}
    if _alike(given, shape):
        return tensor
    if _alike(given, ()) or _alike(given, (1,)):
        return ${choose(
          f,
          'tensor.reshape(()).expand(shape)',
          'jnp.broadcast_to(tensor.reshape(()), shape)',
          'ops.broadcast_to(ops.reshape(tensor, ()), shape)',
        )}
    raise ValueError(f'LOSS: {name} has dimensions {list(given)} where {list(shape)} or one number is needed')`,
  _told: (f) => `def _told(*places):
    """The length of an axis by the first tensor that tells it: pairs of tensor and dimension."""
    for x, axis in places:
        if len(x.shape) > 0:
            return ${f.shape('x')}[axis]
    return 1`,
  _alike: () => `def _alike(shape, expected):
    """Whether two shapes are the same, as far as they are known; None stands for any length."""
    both = [(a, b) for a, b in zip(shape, expected) if isinstance(a, int) and isinstance(b, int)]
    return len(shape) == len(expected) and all(a == b for a, b in both)`,
  _shape: () => `def _shape(name, shape, expected):
    """The lengths of an input's axes, checked; None stands for any length."""
    if not _alike(shape, expected):
        wanted = ', '.join('any' if size is None else str(size) for size in expected)
        raise ValueError(f'LOSS: {name} has dimensions {list(shape)} where [{wanted}] is needed')
    return shape`,
  _merged: () => `def _merged(name, shape, before, after):
    """A shape with its middle dimensions made one."""
    if len(shape) <= before + after:
        raise ValueError(f'LOSS: {name} has dimensions {list(shape)}, more than {before + after} are needed')
    end = len(shape) - after
    return shape[:before] + (math.prod(shape[before:end]),) + shape[end:]`,
  _agreed: () => `def _agreed(*shapes):
    """The shape of the items that all inputs share. A last dimension of 1 that some have and others lack is dropped."""
    items = min((shape for _, shape in shapes), key=len)
    if not all(_alike(shape, items) or _alike(shape, items + (1,)) for _, shape in shapes):
        given = ', '.join(f'{list(shape)} in {name}' for name, shape in shapes)
        raise ValueError(f'LOSS: the inputs do not go together: items are {given}')
    return items`,
  _labels: (f) => `def _labels(x, rank, place, classes):
    """The labels, if rows of so many dimensions are given by labels: without the axis of the classes, or with 1 there."""
    if len(x.shape) == rank - 1:
        return x
    if len(x.shape) == rank and x.shape[place] == 1 and classes != 1:
        return ${choose(f, 'x.squeeze(place)', 'x.squeeze(place)', 'ops.squeeze(x, place)')}
    return None`,
  _counts: (f) => `def _counts(name, labels, classes, precision, ignore_index=None):
    """What each label counts: 1, or 0 if it is to be ignored, or NaN if there is no such class."""
    ${choose(
      f,
      `known = (labels >= 0) & (labels < classes) & (labels % 1 == 0)
    ignored = labels == ignore_index if ignore_index is not None else torch.zeros_like(known)
    wrong = _first(labels, ~(known | ignored))`,
      `known = (labels >= 0) & (labels < classes) & (labels % 1 == 0)
    ignored = labels == ignore_index if ignore_index is not None else jnp.zeros_like(known)
    wrong = _first(labels, ~(known | ignored))`,
      `last = ops.cast(classes, labels.dtype) - 1
    inside = ops.logical_and(ops.greater_equal(labels, 0), ops.less_equal(labels, last))
    known = ops.logical_and(inside, ops.equal(labels % 1, 0))
    ignored = ops.equal(labels, ops.cast(-1 if ignore_index is None else ignore_index, labels.dtype))
    ignored = ops.logical_and(ignored, ignore_index is not None)`,
    )}${
      f.name === 'Keras 3'
        ? ''
        : `
    if wrong is not None:
        out = '' if ignore_index is None else f', or is {ignore_index} to leave its item out'
        raise ValueError(f'LOSS: {name} holds the label {wrong:g}, and a label goes from 0 to {classes - 1}{out}')`
    }
    ${choose(
      f,
      "return known.to(precision).masked_fill(~(known | ignored), float('nan'))",
      'return jnp.where(known | ignored, known, jnp.nan).astype(precision)',
      "return ops.where(ops.logical_or(known, ignored), ops.cast(known, precision), float('nan'))",
    )}`,
  _one_hot: (f) => `def _one_hot(labels, counts, classes, place):
    """Labels as rows with a single 1 along a dimension; NaN where there is no such class."""
    ${choose(
      f,
      `rows = labels.unsqueeze(-1) == torch.arange(classes, device=labels.device)
    counts = counts.unsqueeze(-1)
    return torch.movedim(torch.where(rows, counts, counts * 0), -1, place)`,
      `rows = labels[..., None] == jnp.arange(classes)
    return jnp.moveaxis(rows * counts[..., None], -1, place)`,
      `rows = ops.equal(ops.expand_dims(labels, -1), ops.cast(ops.arange(classes), labels.dtype))
    return ops.moveaxis(ops.cast(rows, counts.dtype) * ops.expand_dims(counts, -1), -1, place)`,
    )}`,
  _counted: (f) => `def _counted(x, counts):
    """A prediction without the items that do not count: what is not finite there has no gradient."""
    if counts is None${choose(f, ' or (_visible(counts) and (counts != 0).all())', '', '')}:
        return x
    ignored = ${f.reshape(f.conditions === undefined ? 'counts == 0' : 'ops.equal(counts, 0)', '(-1,) + (1,) * (len(x.shape) - 1)')}
    return ${f.where('ignored', '0.5', 'x')}`,
  _reduced: (f) => `def _reduced(values, items, counts, reduction, weights):
    """Items to one number: mean is sum(w * l) / N, weightedMean is sum(w * l) / sum(w); none keeps them."""
    if reduction not in ('mean', 'sum', 'none', 'weightedMean'):
        raise ValueError(f'LOSS: unknown reduction {reduction}: use mean, sum, none or weightedMean')
    if counts is not None:
        counts = ${f.reshape('counts', '(-1,)')}
        values = ${f.where(f.conditions === undefined ? 'counts == 0' : 'ops.equal(counts, 0)', '0.0', 'values * counts')}
    if weights is not None:
        weights = _weights(weights, items, values)
        values = ${f.where(f.conditions === undefined ? 'weights == 0' : 'ops.equal(weights, 0)', '0.0', 'values * weights')}
    if reduction == 'none':
        return ${f.reshape('values', 'items')}
    total = ${f.total('values')}
    if reduction == 'sum':
        return total
    if values.shape[0] == 0:
        return total * float('nan')
${choose(
  f,
  `    if counts is None and weights is None:
        return total / values.numel()
`,
  `    if counts is None and weights is None:
        return total / values.size
`,
  '',
)}    shares = ${numpy(f)}.ones_like(values) if counts is None else ${f.cast(f.conditions === undefined ? '(counts != 0)' : 'ops.not_equal(counts, 0)', 'values.dtype')}
    if reduction == 'weightedMean' and weights is not None:
        shares = shares * weights
    # What has no share in the mean adds nothing to it.
    some = ${f.conditions === undefined ? '(shares != 0).any()' : 'ops.any(ops.not_equal(shares, 0))'}
    return total / ${f.where('some', f.total('shares'), '1.0')}`,
  _weights: (f) => `def _weights(weights, items, values):
    """Sample weights, one per item, from the items' shape or that of its first axes."""
    weights = ${choose(
      f,
      'torch.as_tensor(weights, dtype=values.dtype, device=values.device)',
      'jnp.asarray(weights, dtype=values.dtype)',
      'ops.convert_to_tensor(weights, dtype=values.dtype)',
    )}
    shape = ${f.shape('weights')}
    if not _alike(shape, items[: len(shape)]):
        raise ValueError(f'LOSS: sample_weight has dimensions {list(shape)}, the items have {list(items)}')
    column = ${f.reshape('weights', 'shape + (1,) * (len(items) - len(shape))')}
    return ${f.reshape(choose(f, 'column.expand(items)', 'jnp.broadcast_to(column, items)', 'ops.broadcast_to(column, items)'), '(-1,)')}`,
  _hold: () => `def _hold(module, learnable, *parameters):
    """Keeps parameters in a module: numbers as they are, tensors so that they move with it, learnable ones to be trained."""
    unknown = set(learnable) - {name for name, _, _ in parameters}
    if unknown:
        raise ValueError(f'LOSS: there is no parameter {sorted(unknown)[0]} to learn')
    for name, attribute, value in parameters:
        if name in learnable and not isinstance(value, torch.nn.Parameter):
            value = torch.nn.Parameter(torch.as_tensor(value, dtype=torch.get_default_dtype()).detach().clone())
        if isinstance(value, (int, float, torch.nn.Parameter)):
            setattr(module, attribute, value)
        else:
            module.register_buffer(attribute, torch.as_tensor(value))`,
  _share: () => `def _share(labels, ignore_index, losses):
    """The share of the items that count, by which their mean is larger than the mean that Keras takes over all."""
    if ignore_index is None:
        return 1.0
    counts = ops.not_equal(labels, ops.cast(ignore_index, labels.dtype))
    share = ops.mean(ops.cast(counts, losses.dtype))
    return ops.where(ops.equal(share, 0), ops.ones_like(share), share)`,
  _plain: () => `def _plain(x):
    """A parameter as a number or a list, for the configuration of a saved model."""
    return x if x is None or isinstance(x, (int, float)) else ops.convert_to_numpy(x).tolist()`,
};
