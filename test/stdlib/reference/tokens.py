"""Reference values: policy gradients for language models, and fine-tuning by tokens."""

import math

import torch

from cases import case, own, reference

POLICY = ["advantage", "old_log_probability"]
TOKENS = ["advantage", "mask", "old_log_probability"]
MOVES = {"advantage": [2.0, -1.0, 1.0, -1.0], "old_log_probability": [-1.0, -1.0, -1.0, -1.5], "log_probability": [-0.9, -1.1, -0.25, -0.5]}
STILL = {"advantage": [1.5, -1.0], "old_log_probability": [-1.0, -0.5], "log_probability": [-1.0, -0.5]}


@reference("cispo", data=POLICY)
def cispo(advantage, old_log_probability, log_probability, *, cap=5.0):
    ratio = torch.exp(log_probability - old_log_probability)
    return -torch.clamp(ratio, max=float(cap)).detach() * advantage * log_probability


case("cispo", "two of four are cut off", gradient=["log_probability"], **MOVES, cap=1.5)
case("cispo", "a policy that has not moved", gradient=["log_probability"], **STILL)


@reference("sapo", data=POLICY)
def sapo(advantage, old_log_probability, log_probability, *, good=1.0, bad=1.05):
    ratio = torch.exp(log_probability - old_log_probability)
    t = torch.where(advantage > 0, torch.as_tensor(good), torch.as_tensor(bad))
    return -(4 / t) * torch.sigmoid(t * (ratio - 1)) * advantage


case("sapo", "good and bad actions, either way", **MOVES, good=1.5, bad=2.0)
case("sapo", "a policy that has not moved", **STILL)


ANSWERS = {
    "advantage": [1.5, -0.75],
    "mask": [[1, 1, 1], [1, 1, 0]],
    "old_log_probability": [[-1.0, -2.0, -0.5], [-0.75, -1.25, -3.0]],
    "log_probability": [[-0.75, -2.125, -0.5], [-1.0, -0.5, -1.0]],
}
UNMOVED = {"advantage": [2.0], "mask": [[1, 1]], "old_log_probability": [[-1.0, -0.5]], "log_probability": [[-1.0, -0.5]]}


@reference("vespo", data=TOKENS)
def vespo(advantage, mask, old_log_probability, log_probability, *, good_k=2.0, good_l=3.0, bad_k=3.0, bad_l=2.0):
    log_ratio = ((log_probability - old_log_probability) * mask).sum(-1).clamp(math.log(1e-8), 20)
    k = torch.where(advantage >= 0, torch.as_tensor(good_k), torch.as_tensor(bad_k))
    scale = torch.where(advantage >= 0, torch.as_tensor(good_l), torch.as_tensor(bad_l))
    weight = torch.exp(scale + k * log_ratio - scale * torch.exp(log_ratio)).detach()
    terms = -(weight * advantage)[:, None] * log_probability
    return (terms * mask).sum() / mask.sum()


case("vespo", "two answers", gradient=["log_probability"], **ANSWERS)
case("vespo", "a policy that has not moved has weight 1", gradient=["log_probability"], **UNMOVED)


def clipped(ratio, advantage, low, high):
    bounded = torch.minimum(torch.maximum(ratio, torch.as_tensor(1 - low)), torch.as_tensor(1 + high))
    return -torch.minimum(ratio * advantage, bounded * advantage)


@reference("gspo", data=TOKENS)
def gspo(advantage, mask, old_log_probability, log_probability, *, low=3e-4, high=4e-4):
    rows = []
    for a, m, old, new in zip(advantage, mask, old_log_probability, log_probability):
        kept = m == 1
        likelihoods = torch.exp(new[kept].sum()) / torch.exp(old[kept].sum())
        rows.append(clipped(likelihoods ** (1 / kept.sum()), a, low, high))
    return torch.stack(rows)


case("gspo", "two answers", **ANSWERS, low=0.2, high=0.25)
case("gspo", "beyond the band", gradient=["log_probability"], advantage=[1.0, -1.0], mask=[[1, 1], [1, 1]], old_log_probability=[[-1.0, -1.0], [-1.0, -1.0]], log_probability=[[-0.5, -0.75], [-0.5, -0.75]])
case("gspo", "a policy that has not moved", **UNMOVED)


@reference("luspo", data=TOKENS)
def luspo(advantage, mask, old_log_probability, log_probability, *, low=3e-4, high=4e-4):
    return gspo(advantage, mask, old_log_probability, log_probability, low=low, high=high) * mask.sum(-1)


case("luspo", "two answers", **ANSWERS, low=0.2, high=0.25)
case("luspo", "a policy that has not moved", **UNMOVED)


def token_terms(advantage, old_log_probability, log_probability, low, high):
    return clipped(torch.exp(log_probability - old_log_probability), advantage[:, None], low, high)


@reference("dapo", data=TOKENS)
def dapo(advantage, mask, old_log_probability, log_probability, *, low=0.2, high=0.28):
    return token_terms(advantage, old_log_probability, log_probability, low, high)[mask == 1].mean()


case("dapo", "five tokens of two answers", **ANSWERS)
case("dapo", "a narrow band", **ANSWERS, low=0.1, high=0.05)


@reference("dr_grpo", data=TOKENS)
def dr_grpo(advantage, mask, old_log_probability, log_probability, *, low=0.2, high=0.2, length=3000.0):
    return (token_terms(advantage, old_log_probability, log_probability, low, high) * mask).sum(-1) / length


case("dr_grpo", "two answers", **ANSWERS, low=0.1, high=0.3, length=4.0)
case("dr_grpo", "a policy that has not moved", **UNMOVED)


@reference("rloo", data=["reward"])
def rloo(reward, log_probability):
    rows = []
    for r, logp in zip(reward, log_probability):
        n = len(r)
        above = [r[i] - sum(r[j] for j in range(n) if j != i) / max(n - 1, 1) for i in range(n)]
        rows.append(-sum(a * x for a, x in zip(above, logp)) / n)
    return torch.stack(rows)


case("rloo", "four answers to each of two prompts", reward=[[1.0, 0.0, 0.0, 2.0], [0.5, 0.5, -1.0, 0.25]], log_probability=[[-3.0, -2.0, -5.0, -4.0], [-1.0, -1.5, -2.0, -0.5]])
case("rloo", "equal rewards teach nothing", reward=[[1.0, 1.0]], log_probability=[[-3.0, -2.0]])


@reference("dft")
def dft(target, prediction):
    p = own(target, prediction)
    return -p.detach() * p.log()


case("dft", "labels", target=[0, 2], prediction=[[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
case("dft", "certain and right costs nothing", target=[1], prediction=[[0.0, 1.0, 0.0]])


@reference("unlikelihood", data=["negative"])
def unlikelihood(target, negative, prediction, *, weight=1.0):
    return -torch.log(own(target, prediction)) - weight * (negative * torch.log(1 - prediction)).sum(-1)


case("unlikelihood", "two words that came before", target=[0, 2], negative=[[0, 1, 0], [1, 1, 0]], prediction=[[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
case("unlikelihood", "nothing came before", target=[1], negative=[[0, 0, 0]], prediction=[[0.5, 0.25, 0.25]], weight=0.5)
