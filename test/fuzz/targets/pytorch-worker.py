"""Runs emitted PyTorch losses in float64: a line of JSON with jobs comes in, a line with answers goes out."""
import json
import math
import sys

import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def plain(tensor):
    """Numbers in a list; those that JSON lacks are words."""
    return [x if math.isfinite(x) else str(x) for x in tensor.detach().flatten().tolist()]


def answer(job):
    names = {}
    exec(compile(job['text'], 'emitted', 'exec'), names)
    inputs = [
        torch.tensor(entry['data'], dtype=torch.int64 if entry['isLabels'] else torch.float64).reshape(entry['shape'])
        for entry in job['inputs']
    ]
    parameters = {name: torch.tensor(x, dtype=torch.float64) for name, x in job['parameters'].items()}
    wanted = [(entry['name'], x) for entry, x in zip(job['inputs'], inputs) if not entry['isData']]
    wanted.extend(parameters.items())
    for _, x in wanted:
        x.requires_grad_(True)
    options = job['options']
    if 'weights' in job:
        options['sample_weight'] = torch.tensor(job['weights'], dtype=torch.float64)
    value = names[job['function']](*inputs, **parameters, **options)
    if value.requires_grad:
        value.sum().backward()
    gradients = {name: plain(torch.zeros_like(x) if x.grad is None else x.grad) for name, x in wanted}
    return {'value': plain(value), 'gradients': gradients}


for line in sys.stdin:
    answers = []
    for job in json.loads(line):
        try:
            answers.append(answer(job))
        except Exception as error:
            answers.append({'error': f'{type(error).__name__}: {error}'})
    sys.stdout.write(json.dumps(answers) + '\n')
    sys.stdout.flush()
