"""Runs emitted PyTorch losses on given inputs: value, and gradients of predictions and parameters by autograd."""
import functools
import importlib.util
import json
import math
import sys

import torch


def plain(tensor):
    return [x if math.isfinite(x) else str(x) for x in tensor.detach().flatten().tolist()]


@functools.lru_cache(maxsize=None)
def load(path):
    spec = importlib.util.spec_from_file_location('emitted', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(job):
    kind = getattr(torch, job['type'])
    torch.set_default_dtype(kind if kind in (torch.float32, torch.float64) else torch.float32)
    module = load(job['path'])
    inputs = []
    for entry in job['inputs']:
        whole = entry.get('whole', False)
        tensor = torch.tensor([float(x) for x in entry['data']], dtype=torch.float64).to(dtype=torch.int64 if whole else kind).reshape(entry['shape'])
        inputs.append(tensor if entry['isData'] else tensor.requires_grad_(True))
    parameters = dict(job['parameters'])
    learnt = {name: torch.tensor(parameters[name], dtype=torch.float64, requires_grad=True) for name in job.get('learnt', [])}
    options = dict(job.get('options', {}))
    if 'sample_weight' in options:
        options['sample_weight'] = torch.tensor(options['sample_weight'], dtype=torch.float64)
    value = getattr(module, job['function'])(*inputs, **{**parameters, **learnt}, **options)
    value.sum().backward()
    gradients = {
        name: plain(torch.zeros_like(x) if x.grad is None else x.grad)
        for name, x in [
            *((entry['name'], x) for x, entry in zip(inputs, job['inputs']) if not entry['isData']),
            *learnt.items(),
        ]
    }
    return {'value': plain(value), 'gradients': gradients, 'type': str(value.dtype)}


results = []
for job in json.load(open(sys.argv[1])):
    try:
        results.append(run(job))
    except Exception as error:
        results.append({'error': f'{type(error).__name__}: {error}'})
json.dump(results, sys.stdout)
