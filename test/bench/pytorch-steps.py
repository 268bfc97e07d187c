"""Training steps in PyTorch on one thread, for training.bench.ts: reads "NETWORK TIMES" lines, answers milliseconds a step."""
import os
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(1)
BATCH = 100


def perceptron():
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)), torch.rand(BATCH, 784), 0.1


def glo_mnist():
    layers = [
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 1024), nn.ReLU(), nn.Dropout(0.4), nn.Linear(1024, 10),
    ]
    return nn.Sequential(*layers), torch.rand(BATCH, 1, 28, 28), 0.01


def steps(network):
    model, data, rate = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    labels = torch.arange(BATCH) % 10

    def step():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(data), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def products():
    """The library that makes matrix products, where the system tells: a build with the reference BLAS is many times slower."""
    try:
        with open('/proc/self/maps') as maps:
            found = {os.path.basename(line.split()[-1]) for line in maps if 'blas' in line}
    except OSError:
        found = set()
    return ', '.join(sorted(found)) or 'its own BLAS'


NETWORKS = {'mlp': perceptron, 'glo-mnist': glo_mnist}
known = {}
print(f'{torch.__version__} with {products()}', flush=True)
for line in sys.stdin:
    name, times = line.split()
    step = known.setdefault(name, steps(NETWORKS[name]) if name not in known else None)
    step()
    start = time.perf_counter()
    for _ in range(int(times)):
        step()
    print(1000 * (time.perf_counter() - start) / int(times), flush=True)
