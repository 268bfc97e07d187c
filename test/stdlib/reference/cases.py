"""The harness of the reference values: losses written once more in Python, from their papers or with PyTorch's own functions.

A reference returns one number per item, or a 0-d tensor where the loss reduces the batch itself. Inputs come by position,
parameters are keyword-only. Values are float64; gradients come from autograd, of the mean over the items.
"""

import inspect

import torch

torch.set_default_dtype(torch.float64)

REFERENCES = {}
CASES = []


class Reference:
    def __init__(self, name, function, source, data):
        signature = inspect.signature(function).parameters.values()
        self.name = name
        self.function = function
        self.source = source
        self.data = ("target",) + tuple(data)
        self.inputs = [p.name for p in signature if p.kind is p.POSITIONAL_OR_KEYWORD]


def reference(name, source="formula", data=()):
    """Registers a loss. source is 'torch' where PyTorch's own loss or distribution computes it, else 'formula'."""

    def register(function):
        REFERENCES[name] = Reference(name, function, source, data)
        return function

    return register


def case(loss, note, *, gradient=True, block=True, **values):
    """One point of a loss. `gradient` is False at a kink, or names the inputs whose gradient is compared.

    Whole numbers stay integers (labels, ignored labels), floats become tensors that get a gradient unless they are data.
    `block` is False for points that are too bulky for the test blocks of the .loss file.
    """
    CASES.append({"loss": loss, "note": note, "gradient": gradient, "block": block, "values": values})


def is_integer(value):
    if isinstance(value, (list, tuple)):
        return all(is_integer(v) for v in value)
    return isinstance(value, int)


def evaluate(entry):
    """The case with its expected numbers, ready for JSON."""
    known = REFERENCES[entry["loss"]]
    positional, keywords, tracked = [], {}, {}
    for name, value in entry["values"].items():
        if name not in known.inputs:
            if known.source == "torch" or is_integer(value):
                keywords[name] = value
                continue
            tensor = torch.tensor(value, requires_grad=True)
            keywords[name] = tensor
            tracked[name] = tensor
    for name in known.inputs:
        value = entry["values"][name]
        if name in known.data:
            positional.append(torch.tensor(value) if is_integer(value) else torch.tensor(value, dtype=torch.float64))
        else:
            tensor = torch.tensor(value, dtype=torch.float64, requires_grad=True)
            positional.append(tensor)
            tracked[name] = tensor
    items = known.function(*positional, **keywords)
    mean = items.mean()
    wanted = entry["gradient"]
    names = [] if wanted is False else list(tracked) if wanted is True else list(wanted)
    gradients = {}
    if names and not mean.requires_grad:
        gradients = {name: torch.zeros_like(tracked[name]).tolist() for name in names}
    elif names:
        found = torch.autograd.grad(mean, [tracked[name] for name in names], allow_unused=True)
        for name, value in zip(names, found):
            gradients[name] = (torch.zeros_like(tracked[name]) if value is None else value).tolist()
    inputs = {name: entry["values"][name] for name in known.inputs}
    parameters = {name: value for name, value in entry["values"].items() if name not in known.inputs}
    return {
        "loss": entry["loss"],
        "note": entry["note"],
        "source": known.source,
        "inputs": inputs,
        "parameters": parameters,
        "perItem": items.tolist() if items.dim() > 0 else None,
        "value": mean.item(),
        "gradients": gradients,
        "block": entry["block"],
    }


def one_hot(target, classes):
    """Labels as one-hot rows; rows that are one-hot or soft already stay as they are."""
    if target.is_floating_point():
        return target
    if target.dim() > 1 and target.shape[-1] == classes and bool((target.sum(-1) == 1).all()):
        return target.to(torch.float64)
    return torch.nn.functional.one_hot(target, classes).to(torch.float64)


def own(target, values):
    """The entry of each row that belongs to its label."""
    return (one_hot(target, values.shape[-1]) * values).sum(-1)


def times_log(weight, probability):
    """weight * log(probability), 0 where the weight is 0."""
    none = weight == 0
    safe = torch.where(none, torch.ones_like(probability), probability)
    return torch.where(none, torch.zeros_like(safe), weight * safe.log())
