"""Runs emitted JAX and Keras losses on stand-ins made of NumPy: values, and the gradients that the modules carry.

The stand-ins do not differentiate. What surrounds the function with the gradient only moves entries (from inputs to its
arguments) and is linear (from its values to the result), so both are found by calling the loss again: with unit vectors in place
of its values, and with numbered entries in place of an input.
"""
import functools
import importlib.util
import json
import math
import os
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from numpy_frameworks import install, recorder

install()
np.seterr(all='ignore')


def plain(array):
    return [x if math.isfinite(x) else str(x) for x in np.asarray(array, dtype=float).ravel().tolist()]


def seeds(call, count, shape):
    """How much the sum of the result grows with each of the values."""
    found = np.zeros(count)
    recorder.replacement = np.zeros(shape)
    zero = np.sum(call())
    for i in range(count):
        unit = np.zeros(count)
        unit[i] = 1
        recorder.replacement = unit.reshape(shape)
        found[i] = np.sum(call()) - zero
    recorder.replacement = None
    return found.reshape(shape)


@functools.lru_cache(maxsize=None)
def load(path):
    spec = importlib.util.spec_from_file_location('emitted', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(job):
    module = load(job['path'])
    loss = getattr(module, job['function'])
    inputs = {}
    for entry in job['inputs']:
        kind = 'int64' if entry.get('whole', False) else job['type']
        inputs[entry['name']] = np.array([float(x) for x in entry['data']]).astype(kind).reshape(entry['shape'])
    parameters = {name: np.asarray(x) if name in job['learnt'] else x for name, x in job['parameters'].items()}
    call = lambda **changed: loss(**{**inputs, **parameters, **job['options'], **changed})
    value = call()
    args, items, gradients = recorder.args, np.asarray(recorder.value), recorder.gradients
    found = gradients(seeds(call, items.size, items.shape).astype(items.dtype))
    # JAX has a gradient, or None, for every argument; Keras only for those that get one.
    wanted = [entry['name'] for entry in job['inputs'] if not entry['isData']]
    names = [*(entry['name'] for entry in job['inputs']), *job['order']] if len(found) > len(wanted) + len(job['order']) else [*wanted, *job['order']]
    result = {}
    first, module._first = getattr(module, '_first', None), lambda *_: None  # numbered entries are in no domain
    for name, argument, gradient in zip(names, args, found):
        if name not in wanted and name not in job['learnt']:
            continue
        assert gradient.shape == argument.shape, f'{name}: {gradient.shape} for {argument.shape}'
        assert gradient.dtype == argument.dtype, f'{name}: {gradient.dtype} for {argument.dtype}'
        whole = {**inputs, **parameters}[name]
        call(**{name: np.arange(1.0, whole.size + 1).astype(job['type']).reshape(whole.shape)})
        places = np.asarray(recorder.args[names.index(name)]).ravel()
        total = np.zeros(whole.size + 1)
        taken = places == np.round(places)
        np.add.at(total, places[taken].astype(int) - 1, gradient.ravel()[taken])
        result[name] = plain(total[:-1])
    module._first = first
    return {'value': plain(value), 'gradients': result, 'type': str(np.asarray(value).dtype)}


results = []
for job in json.load(open(sys.argv[1])):
    try:
        results.append(run(job))
    except Exception as error:
        results.append({'error': f'{type(error).__name__}: {error}'})
json.dump(results, sys.stdout)
