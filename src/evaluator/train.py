"""A starting point for a training script with which lossc evaluates losses: points in the plane, ten classes, a small network.

Replace the data, the model, the optimizer and the metric with yours. lossc gives each evaluation its loss, its seed and the
number of steps; see the evaluator protocol for details.
"""
import math

import lossc
import torch
from torch import nn

CLASSES = 10
BATCH = 50


def spirals(count, seed, wrong=0.0):
    """Points on ten spiral arms, each arm a class; a fraction of the labels is wrong. Put your data here."""
    random = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, CLASSES, (count,), generator=random)
    along = torch.rand(count, generator=random)
    angle = 2 * math.pi * labels / CLASSES + 2 * along + 0.1 * torch.randn(count, generator=random)
    points = torch.stack([angle.cos(), angle.sin()], 1) * (0.2 + along)[:, None]
    other = torch.randint(0, CLASSES, (count,), generator=random)
    return points, torch.where(torch.rand(count, generator=random) < wrong, other, labels)


def accuracy(model, points, labels):
    with torch.no_grad():
        return (model(points).argmax(1) == labels).float().mean().item()


def main():
    torch.set_num_threads(1)
    # lossc never sees the data; 'test' is requested only in comparisons.
    points, labels = spirals(2000, seed=1, wrong=0.3)
    splits = {'validation': spirals(1000, seed=2), 'test': spirals(1000, seed=3)}
    # metric and goal: the number passed to job.result; 'higher' is between 0 and 1, 'lower' at least 0.
    # classes: leave it out if this is not a classifier.
    for job in lossc.jobs(metric='accuracy', goal='higher', classes=CLASSES):
        loss = job.loss()
        torch.manual_seed(job.seed)
        model = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, CLASSES))
        optimizer = torch.optim.Adam(model.parameters(), lr=job.learning_rate or 0.01)
        for step in range(1, job.steps + 1):
            batch = torch.randint(0, len(labels), (BATCH,))
            optimizer.zero_grad()
            loss(target=labels[batch], prediction=model(points[batch])).backward()
            optimizer.step()
            # Most losses are not promising and are stopped here.
            if step in job.report_at and not job.report(step, accuracy(model, *splits['validation'])):
                break
        job.result(accuracy(model, *splits[job.split]))


if __name__ == '__main__':
    main()
