"""The functions that emitted Python modules carry along, called as they are. Each function with a name that begins with an `is_` is a test.

Arguments: the folder of the library, and the framework whose file is read: pytorch, or jax and keras on stand-ins made of NumPy.
"""
import importlib
import json
import math
import os
import sys
import traceback

FOLDER, FRAMEWORK = sys.argv[1:]
sys.dont_write_bytecode = True
sys.path.insert(0, FOLDER)
if FRAMEWORK == 'pytorch':
    import torch

    tensor = lambda x, kind='float64': torch.tensor(x, dtype=getattr(torch, kind))
    numbers = lambda x: x.tolist() if torch.is_tensor(x) else x
    FLOAT = torch.float64
else:
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import numpy as np

    from numpy_frameworks import install

    install()
    np.seterr(all='ignore')
    tensor = lambda x, kind='float64': np.asarray(x, dtype=kind)
    numbers = lambda x: np.asarray(x).tolist()
    FLOAT = 'float64'

library = importlib.import_module(f'for_{FRAMEWORK}')
common = importlib.import_module('common')
if FRAMEWORK != 'pytorch':
    arrays = importlib.import_module('arrays')
    arrays.xp = library.jnp if FRAMEWORK == 'jax' else library.ops
    for name in set(vars(arrays)) - set(vars(library)):
        setattr(library, name, getattr(arrays, name))


def same(found, wanted):
    """Lists of numbers that are equal to ten digits; NaN is equal to NaN."""
    if isinstance(wanted, (list, tuple)):
        assert len(found) == len(wanted), f'{found}, expected {wanted}'
        for a, b in zip(found, wanted):
            same(a, b)
        return
    close = found == wanted or math.isnan(found) and math.isnan(wanted) or abs(found - wanted) < 1e-10
    assert close, f'{found}, expected {wanted}'


def refused(words, call):
    try:
        value = call()
    except ValueError as error:
        assert words in str(error), str(error)
    else:
        raise AssertionError(f'not refused: {value}')


def is_right_about_shapes():
    assert common._alike((2, None), (2, 5)) and not common._alike((2,), (2, 1))
    assert common._merged('x', (2, 3, 4, 5), 1, 1) == (2, 12, 5)
    assert common._agreed(('x', (4,)), ('y', (4, 1))) == (4,)
    refused('loss: x has dimensions [2, 3] where [any, 4] is needed', lambda: common._shape('x', (2, 3), (None, 4)))
    refused('items are [4] in x, [5] in y', lambda: common._agreed(('x', (4,)), ('y', (5,))))


def is_right_about_parameters():
    like = tensor([0.0])
    same(numbers(library._number('a', 2, 0, 3, 'up to 3', FLOAT, like)), 2)
    refused('loss: a = 5 is not up to 3', lambda: library._number('a', 5, 0, 3, 'up to 3', FLOAT, like))
    refused('is not whole', lambda: library._parameter('a', [1, 1.5], 0, 3, 'whole', FLOAT, like, whole=True))
    same(numbers(library._spread('a', tensor(2.0), (3,))), [2, 2, 2])
    refused('a has dimensions [2] where [3]', lambda: library._spread('a', tensor([1.0, 2.0]), (3,)))


def is_right_about_labels():
    labels = tensor([1, 0], 'int64')
    counts = library._counts('target', labels, 2, FLOAT, ignore_index=0)
    same(numbers(counts), [1, 1])
    same(numbers(library._counts('target', tensor([1, -1], 'int64'), 2, FLOAT, ignore_index=-1)), [1, 0])
    same(numbers(library._one_hot(labels, counts, 2, -1)), [[0, 1], [1, 0]])
    assert library._labels(tensor([[0.0, 1.0]]), 2, -1, 2) is None
    same(numbers(library._labels(tensor([[1.0]]), 2, -1, 2)), [1])
    if FRAMEWORK != 'keras':
        refused('target holds the label 7', lambda: library._counts('target', tensor([7], 'int64'), 2, FLOAT))


def is_right_about_reductions():
    values, items = tensor([1.0, 2.0, 6.0]), (3,)
    same(numbers(library._reduced(values, items, None, 'mean', None)), 3)
    same(numbers(library._reduced(values, items, None, 'sum', None)), 9)
    weights = tensor([0.0, 1.0, 1.0])
    same(numbers(library._reduced(values, items, None, 'mean', weights)), 8 / 3)
    same(numbers(library._reduced(values, items, None, 'weightedMean', weights)), 4)
    bad = tensor([math.nan, 2.0, 6.0])
    same(numbers(library._reduced(bad, items, weights, 'mean', None)), 4)
    same(numbers(library._reduced(bad, items, weights, 'none', None)), [0, 2, 6])
    refused('unknown reduction most', lambda: library._reduced(values, items, None, 'most', None))
    refused('sample_weight has dimensions [2]', lambda: library._weights(tensor([1.0, 2.0]), items, values))


def is_right_about_functions():
    same(numbers(library._xlogy(tensor([0.0, 2.0]), tensor([0.0, 1.0]))), [0, 0])
    same(numbers(library._power(tensor([1.0, 2.0]), tensor([math.nan, 3.0]))), [math.nan, 8])
    same(numbers(library._log1mexp(tensor([-1e-12, -40.0]))), [math.log(1e-12), -math.exp(-40)])
    x = tensor([[1.0, 2.0, 3.0]])
    same(numbers(library._running_sum(x, 1)), [[1, 3, 6]])
    same(numbers(library._running_sum(x, 1, True, True)), [[5, 3, 0]])
    same(numbers(library._entry(x, 1, 1)), [[2]])
    same(numbers(library._entry(x, 1, 7)), [[0]])
    same(numbers(library._at(x, 1, tensor([[2]], 'int64'))), [[3]])
    same(numbers(library._at(x, 1, tensor([[5]], 'int64'))), [[0]])
    same(numbers(library._positions(x, 1)), [[0, 1, 2]])
    add = lambda a, b: a + b
    same(numbers(common._in_slices((x,), 1, add, lambda part: part.sum())), 6)
    if hasattr(library, '_sign'):
        same(numbers(library._sign(tensor([-3.0, 0.0, math.nan]))), [-1, 0, math.nan])
    if hasattr(library, '_softplus'):
        same(numbers(library._softplus(tensor([-30.0, 800.0]))), [math.log1p(math.exp(-30)), 800])
    if hasattr(library, '_lgamma'):
        same(numbers(library._lgamma(tensor([0.5, 10.5]))), [math.lgamma(0.5), math.lgamma(10.5)])
        same(numbers(library._polygamma(0, tensor([1.0]))), [-0.5772156649015329])
    if hasattr(library, '_logsumexp'):
        same(numbers(library._logsumexp(tensor([[0.0, -math.inf]]), (1,))), [[0]])


def is_right_about_confident_predictions():
    e = math.exp(-40)
    logs = numbers(library._log_softmax(tensor([[1.0, 41.0], [7.0, 7.0], [-math.inf, 0.0]]), 1))
    same(logs, [[-40, -e], [-math.log(2), -math.log(2)], [-math.inf, 0]])
    assert abs(logs[0][1] / -e - 1) < 1e-12, logs
    assert numbers(library._log_softmax(tensor([[3.0], [41.0]]), 0))[1][0] < 0
    assert math.isnan(numbers(library._log_softmax(tensor([math.nan, 0.0]), 0))[1])
    assert library._log_softmax(tensor([[], []]), 1).shape == (2, 0)


def is_right_about_blocks():
    if FRAMEWORK != 'pytorch':
        return
    sizes, whole = [], library.LARGEST_SLICE

    def function(x, y):
        sizes.append(len(x))
        return x.sum(1), None, x * y

    x, y = tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), tensor([[1.0], [2.0], [3.0]])
    library.LARGEST_SLICE = 4
    with torch.no_grad():
        sums, nothing, products = library._in_blocks(function, (x, y))
        library._in_blocks(function, (x, y), whole=True)
    library._in_blocks(function, (x, y))
    library.LARGEST_SLICE = whole
    same(numbers(sums), [3, 7, 11])
    same(numbers(products), [[1, 2], [6, 8], [15, 18]])
    assert nothing is None
    assert sizes == [2, 1, 3, 3], sizes


def outcome(test):
    try:
        test()
    except Exception:
        return traceback.format_exc(limit=3)
    return None


print(json.dumps({name: outcome(test) for name, test in list(globals().items()) if name.startswith('is_')}))
