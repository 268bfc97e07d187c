"""Runs emitted PyTorch losses on given inputs: value and gradients by autograd."""
import importlib.util
import json
import math
import sys

import torch


def plain(numbers):
    return [x if math.isfinite(x) else str(x) for x in numbers]


results = []
for job in json.load(open(sys.argv[1])):
    try:
        torch.set_default_dtype(getattr(torch, job['type']))
        spec = importlib.util.spec_from_file_location('emitted', job['path'])
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        inputs = [torch.tensor(entry['data'], dtype=torch.get_default_dtype()).reshape(entry['shape']) for entry in job['inputs']]
        for tensor, entry in zip(inputs, job['inputs']):
            if not entry['isData']:
                tensor.requires_grad_(True)
        value = getattr(module, job['function'])(*inputs, **job['parameters'])
        value.backward()
        gradients = {
            entry['name']: plain((torch.zeros_like(x) if x.grad is None else x.grad).flatten().tolist())
            for x, entry in zip(inputs, job['inputs'])
            if not entry['isData']
        }
        results.append({'value': plain([value.item()])[0], 'gradients': gradients})
    except Exception as error:
        results.append({'error': f'{type(error).__name__}: {error}'})
json.dump(results, sys.stdout)
