"""Digits to train with: MNIST where its files are in $LOSSC_DATA/mnist, else ten signs that are drawn here."""
import gzip
import os

import torch

TRAIN, VALIDATION, TEST = 5000, 2000, 2000
# Which strokes of a digit are lit, and where they are: top, bottom, left, right.
SEGMENTS = ['1110111', '0010010', '1011101', '1011011', '0111010', '1101011', '1101111', '1010010', '1111111', '1111011']
STROKES = [(4, 5, 9, 18), (4, 14, 9, 10), (4, 14, 17, 18), (13, 14, 9, 18), (13, 23, 9, 10), (13, 23, 17, 18), (22, 23, 9, 18)]


def load(wrong=0.4):
    """Images and labels for training, validation and testing; a share of the labels for training is wrong."""
    folder = os.path.join(os.environ.get('LOSSC_DATA', ''), 'mnist')
    images, labels = mnist(folder) if os.path.isdir(folder) else drawn()
    random = torch.Generator().manual_seed(0)
    order = torch.randperm(len(labels), generator=random)[: TRAIN + VALIDATION + TEST]
    images, labels = images[order].float() / 255, labels[order].long()
    noisy = labels.clone()
    changed = torch.rand(TRAIN, generator=random) < wrong
    other = (labels[:TRAIN] + torch.randint(1, 10, (TRAIN,), generator=random)) % 10
    noisy[:TRAIN] = torch.where(changed, other, labels[:TRAIN])
    parts = zip(images.split([TRAIN, VALIDATION, TEST]), noisy.split([TRAIN, VALIDATION, TEST]))
    return dict(zip(['train', 'validation', 'test'], parts))


def mnist(folder):
    return idx(folder, 'train-images-idx3-ubyte', 16).reshape(-1, 784), idx(folder, 'train-labels-idx1-ubyte', 8)


def idx(folder, name, header):
    path = os.path.join(folder, name)
    opened = open(path, 'rb') if os.path.exists(path) else gzip.open(path + '.gz', 'rb')
    with opened as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=header)


def drawn():
    """Digits of seven strokes, moved and with noise on them."""
    random = torch.Generator().manual_seed(0)
    count = TRAIN + VALIDATION + TEST
    labels = torch.randint(0, 10, (count,), generator=random)
    signs = torch.zeros(10, 28, 28)
    for digit, lit in enumerate(SEGMENTS):
        for lit_up, (top, bottom, left, right) in zip(lit, STROKES):
            if lit_up == '1':
                signs[digit, top : bottom + 1, left : right + 1] = 1
    moves = torch.randint(-2, 3, (count, 2), generator=random).tolist()
    moved = [torch.roll(signs[label], move, (0, 1)) for label, move in zip(labels.tolist(), moves)]
    noise = torch.rand(count, 784, generator=random)
    return ((torch.stack(moved).reshape(count, 784) * 0.6 + noise * 0.4) * 255).byte(), labels
