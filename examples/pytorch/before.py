"""Trains a small network on digits of which four in ten have a wrong label."""
import argparse

import torch
from torch import nn

from digits import load

BATCH = 100


def evaluate(model, images, labels):
    """Share of the images that the model names rightly."""
    model.eval()
    with torch.no_grad():
        right = (model(images).argmax(1) == labels).float().mean().item()
    model.train()
    return right


def create_model():
    return nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))


def train(data, criterion, seed, steps, lr):
    torch.manual_seed(seed)
    images, labels = data['train']
    model = create_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    order = torch.randperm(len(labels))
    for step in range(1, steps + 1):
        at = (step - 1) * BATCH % len(labels)
        if at == 0:
            order = torch.randperm(len(labels))
        batch = order[at : at + BATCH]
        optimizer.zero_grad()
        loss = criterion(model(images[batch]), labels[batch])
        loss.backward()
        optimizer.step()
        if step % 50 == 0:
            print(f'step {step}  loss {loss.item():.4f}  validation {evaluate(model, *data["validation"]):.4f}')
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--steps', type=int, default=300)
    parser.add_argument('--lr', type=float, default=0.1)
    options = parser.parse_args()

    torch.set_num_threads(1)
    data = load()
    criterion = nn.CrossEntropyLoss()
    model = train(data, criterion, options.seed, options.steps, options.lr)
    print(f'test {evaluate(model, *data["test"]):.4f}')


if __name__ == '__main__':
    main()
