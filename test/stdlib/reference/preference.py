"""Reference values: preference learning of language models beyond dpo."""

import math

import torch
import torch.nn.functional as F

from cases import case, reference
from searched import GIVEN, LIKE_THE_REFERENCE, PAIRS, log_ratio


def rewards(beta, reference_chosen, reference_rejected, chosen, rejected):
    return beta * (chosen - reference_chosen), beta * (rejected - reference_rejected)


@reference("robust_dpo", data=GIVEN)
def robust_dpo(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.1, smoothing=0.1):
    u = beta * log_ratio(reference_chosen, reference_rejected, chosen, rejected)
    return (-(1 - smoothing) * F.logsigmoid(u) + smoothing * F.logsigmoid(-u)) / (1 - 2 * smoothing)


case("robust_dpo", "right and wrong preferences", **PAIRS, beta=0.25, smoothing=0.2)
case("robust_dpo", "as much as the reference costs log(2)", **LIKE_THE_REFERENCE)


@reference("exo_pair", data=GIVEN)
def exo_pair(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.1, smoothing=0.001):
    q = torch.sigmoid(beta * log_ratio(reference_chosen, reference_rejected, chosen, rejected))
    smooth = torch.as_tensor(smoothing)
    return q * torch.log(q / (1 - smooth)) + (1 - q) * torch.log((1 - q) / smooth)


case("exo_pair", "right and wrong preferences", **PAIRS, beta=0.25, smoothing=0.05)
case("exo_pair", "as much as the reference", **LIKE_THE_REFERENCE)


@reference("nca_pair", data=GIVEN)
def nca_pair(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.01):
    c, j = rewards(beta, reference_chosen, reference_rejected, chosen, rejected)
    return -F.logsigmoid(c) - 0.5 * F.logsigmoid(-c) - 0.5 * F.logsigmoid(-j)


case("nca_pair", "right and wrong preferences", **PAIRS, beta=0.25)
case("nca_pair", "both as likely as in the reference: 2 log(2)", reference_chosen=[-9.0], reference_rejected=[-10.0], chosen=[-9.0], rejected=[-10.0])


@reference("bco_pair", data=GIVEN)
def bco_pair(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.01, shift=0.0):
    c, j = rewards(beta, reference_chosen, reference_rejected, chosen, rejected)
    return -F.logsigmoid(c - shift) - F.logsigmoid(-(j - shift))


case("bco_pair", "right and wrong preferences", **PAIRS, beta=0.25, shift=0.5)
case("bco_pair", "both as likely as in the reference: 2 log(2)", reference_chosen=[-9.0], reference_rejected=[-10.0], chosen=[-9.0], rejected=[-10.0])


@reference("sppo_hard", data=GIVEN)
def sppo_hard(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.1):
    up, down = rewards(1, reference_chosen, reference_rejected, chosen, rejected)
    return (up - 0.5 / beta) ** 2 + (down + 0.5 / beta) ** 2


case("sppo_hard", "right and wrong preferences", **PAIRS, beta=0.25)
case("sppo_hard", "where they should be", reference_chosen=[-9.0], reference_rejected=[-10.0], chosen=[-7.0], rejected=[-12.0], beta=0.25)


@reference("apo_zero", data=GIVEN)
def apo_zero(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.1):
    c, j = rewards(beta, reference_chosen, reference_rejected, chosen, rejected)
    return (1 - torch.sigmoid(c)) + torch.sigmoid(j)


case("apo_zero", "right and wrong preferences", **PAIRS, beta=0.25)
case("apo_zero", "both as likely as in the reference cost 1", reference_chosen=[-9.0], reference_rejected=[-10.0], chosen=[-9.0], rejected=[-10.0])


@reference("apo_down", data=GIVEN)
def apo_down(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.1):
    c, j = rewards(beta, reference_chosen, reference_rejected, chosen, rejected)
    return torch.sigmoid(c) + (1 - torch.sigmoid(c - j))


case("apo_down", "right and wrong preferences", **PAIRS, beta=0.25)
case("apo_down", "both as likely as in the reference cost 1", reference_chosen=[-9.0], reference_rejected=[-10.0], chosen=[-9.0], rejected=[-10.0])


@reference("orpo")
def orpo(chosen_nll, rejected_nll, *, beta=0.1):
    p, q = torch.exp(-chosen_nll), torch.exp(-rejected_nll)
    odds = (p / (1 - p)) / (q / (1 - q))
    return chosen_nll - beta * torch.log(odds / (1 + odds))


case("orpo", "right and wrong preferences", chosen_nll=[0.5, 2.0, 0.125], rejected_nll=[1.5, 1.0, 0.25], beta=0.25)
case("orpo", "equally likely answers", chosen_nll=[math.log(2)], rejected_nll=[math.log(2)])


@reference("cpo", data=["chosen_length"])
def cpo(chosen_length, chosen, rejected, *, beta=0.1, alpha=1.0):
    return -F.logsigmoid(beta * (chosen - rejected)) + alpha * (-chosen / chosen_length)


case("cpo", "right and wrong preferences", chosen_length=[10.0, 20.0], chosen=[-8.0, -30.0], rejected=[-12.0, -5.0], beta=0.25, alpha=0.5)
case("cpo", "equally likely answers", chosen_length=[4.0], chosen=[-10.0], rejected=[-10.0])


@reference("alpha_po")
def alpha_po(chosen, rejected, *, beta=2.5, margin=0.1, alpha=0.25):
    reward = lambda logp: (1 - torch.exp(logp) ** (-alpha)) / alpha  # noqa: E731
    return -F.logsigmoid(beta * (reward(chosen) - reward(rejected)) - margin)


case("alpha_po", "right and wrong preferences", chosen=[-0.75, -2.0, -1.5], rejected=[-2.0, -0.5, -1.0], beta=2.0, margin=0.5, alpha=0.5)
case("alpha_po", "equal per token, no margin, costs log(2)", chosen=[-1.0], rejected=[-1.0], margin=0.0)


@reference("kto", data=["desirable", "reference", "kl"])
def kto(desirable, reference, kl, log_probability, *, beta=0.1, good_weight=1.0, bad_weight=1.0):
    ratio = log_probability - reference
    good = good_weight * (1 - torch.sigmoid(beta * (ratio - kl)))
    bad = bad_weight * (1 - torch.sigmoid(beta * (kl - ratio)))
    return torch.where(desirable == 1, good, bad)


case("kto", "good and bad answers", desirable=[1, 0, 1], reference=[-10.0, -9.0, -8.0], kl=[0.5, 0.5, 0.5], log_probability=[-8.0, -11.0, -10.0], beta=0.25, good_weight=1.5, bad_weight=0.75)
case("kto", "at the reference, no divergence: a half", desirable=[1, 0], reference=[-10.0, -9.0], kl=[0.0, 0.0], log_probability=[-10.0, -9.0])


def through(score, beta, reference_chosen, reference_rejected, chosen, rejected):
    up, down = rewards(1, reference_chosen, reference_rejected, chosen, rejected)
    return -F.logsigmoid(beta * (score(up) - score(down)))


@reference("f_dpo_forward_kl", data=GIVEN)
def f_dpo_forward_kl(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.1):
    return through(lambda x: -torch.exp(-x), beta, reference_chosen, reference_rejected, chosen, rejected)


@reference("f_dpo_js", data=GIVEN)
def f_dpo_js(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.1):
    return through(F.logsigmoid, beta, reference_chosen, reference_rejected, chosen, rejected)


@reference("f_dpo_alpha", data=GIVEN)
def f_dpo_alpha(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.1, alpha=0.5):
    score = lambda x: torch.exp((alpha - 1) * x) / (alpha - 1)  # noqa: E731
    return through(score, beta, reference_chosen, reference_rejected, chosen, rejected)


for name in ("f_dpo_forward_kl", "f_dpo_js", "f_dpo_alpha"):
    own = {"alpha": 0.25} if name == "f_dpo_alpha" else {}
    case(name, "right and wrong preferences", **PAIRS, beta=0.25, **own)
    case(name, "both as likely as in the reference cost log(2)", reference_chosen=[-9.0], reference_rejected=[-10.0], chosen=[-9.0], rejected=[-10.0])


LENGTHS = ["chosen_length", "rejected_length"]


@reference("length_normalized_dpo", data=GIVEN + LENGTHS)
def length_normalized_dpo(reference_chosen, reference_rejected, chosen_length, rejected_length, chosen, rejected, *, beta=5.0):
    return -F.logsigmoid(beta * (chosen / chosen_length - rejected / rejected_length - reference_chosen / chosen_length + reference_rejected / rejected_length))


case("length_normalized_dpo", "right and wrong preferences", **PAIRS, chosen_length=[10.0, 20.0, 15.0], rejected_length=[15.0, 8.0, 20.0], beta=2.5)
case("length_normalized_dpo", "as much as the reference per token costs log(2)", **LIKE_THE_REFERENCE, chosen_length=[10.0], rejected_length=[10.0])
