"""Reference values: generative models, reinforcement learning and preferences."""

import torch
import torch.nn.functional as F
from torch import distributions

from cases import case, reference

STANDARD = distributions.Normal(torch.tensor(0.0), torch.tensor(1.0))


@reference("vae_kl", source="torch")
def vae_kl(center, log_variance):
    return distributions.kl_divergence(distributions.Normal(center, torch.exp(log_variance / 2)), STANDARD).sum(-1)


case("vae_kl", "two latent numbers", center=[[0.5, -1.0], [0.0, 2.0]], log_variance=[[0.3, -2.0], [1.0, 0.0]])
case("vae_kl", "already standard", center=[[0.0, 0.0]], log_variance=[[0.0, 0.0]])


@reference("beta_vae")
def beta_vae(target, prediction, center, log_variance, *, beta=1.0):
    reconstruction = F.binary_cross_entropy(prediction, target, reduction="none").flatten(1).sum(-1)
    return reconstruction + beta * vae_kl(center, log_variance)


case("beta_vae", "a picture of 2 by 2", target=[[[1.0, 0.0], [0.5, 1.0]]], prediction=[[[0.9, 0.2], [0.5, 0.7]]], center=[[0.5, -1.0, 0.0]], log_variance=[[0.3, -2.0, 0.1]], beta=4.0)
case("beta_vae", "perfect and already standard costs nothing", gradient=["center", "log_variance"], target=[[1.0, 0.0]], prediction=[[1.0, 0.0]], center=[[0.0]], log_variance=[[0.0]])


@reference("gan_discriminator", source="torch")
def gan_discriminator(real_score, fake_score):
    ones, zeros = torch.ones_like(real_score), torch.zeros_like(fake_score)
    real = F.binary_cross_entropy_with_logits(real_score, ones, reduction="none")
    return real + F.binary_cross_entropy_with_logits(fake_score, zeros, reduction="none")


case("gan_discriminator", "two pairs", real_score=[2.0, -0.5], fake_score=[-1.0, 0.5])
case("gan_discriminator", "fooled completely", real_score=[-50.0], fake_score=[50.0])


@reference("gan_generator", source="torch")
def gan_generator(fake_score):
    return F.binary_cross_entropy_with_logits(fake_score, torch.ones_like(fake_score), reduction="none")


case("gan_generator", "two fakes", fake_score=[-1.0, 0.5])
case("gan_generator", "seen through completely: the slope stays", fake_score=[-80.0])


@reference("hinge_gan_discriminator")
def hinge_gan_discriminator(real_score, fake_score):
    return torch.clamp(1 - real_score, min=0) + torch.clamp(1 + fake_score, min=0)


case("hinge_gan_discriminator", "two pairs", real_score=[2.0, -0.5], fake_score=[-1.5, 0.5])
case("hinge_gan_discriminator", "scores of 0", real_score=[0.0], fake_score=[0.0])


@reference("hinge_gan_generator")
def hinge_gan_generator(fake_score):
    return 0 - fake_score


case("hinge_gan_generator", "two fakes", fake_score=[-1.0, 0.5])
case("hinge_gan_generator", "a score of 0", fake_score=[0.0])


@reference("wasserstein_critic")
def wasserstein_critic(real_score, fake_score):
    return fake_score - real_score


case("wasserstein_critic", "two pairs", real_score=[2.0, -0.5], fake_score=[-1.5, 0.5])
case("wasserstein_critic", "equal scores", real_score=[1.0], fake_score=[1.0])


@reference("wasserstein_generator")
def wasserstein_generator(fake_score):
    return 0 - fake_score


case("wasserstein_generator", "two fakes", fake_score=[-1.0, 0.5])
case("wasserstein_generator", "a score of 0", fake_score=[0.0])


@reference("lsgan_discriminator")
def lsgan_discriminator(real_score, fake_score):
    return (real_score - 1) ** 2 / 2 + fake_score**2 / 2


case("lsgan_discriminator", "two pairs", real_score=[2.0, -0.5], fake_score=[-1.5, 0.5])
case("lsgan_discriminator", "right about both", real_score=[1.0], fake_score=[0.0])


@reference("lsgan_generator")
def lsgan_generator(fake_score):
    return (fake_score - 1) ** 2 / 2


case("lsgan_generator", "two fakes", fake_score=[-1.0, 0.5])
case("lsgan_generator", "taken for real", fake_score=[1.0])


@reference("relativistic_gan")
def relativistic_gan(real_score, fake_score):
    return -F.logsigmoid(real_score - fake_score)


case("relativistic_gan", "two pairs", real_score=[2.0, -0.5], fake_score=[-1.5, 0.5])
case("relativistic_gan", "equal scores cost log(2)", real_score=[1.0], fake_score=[1.0])


@reference("gradient_penalty")
def gradient_penalty(gradient_norm, *, weight=10.0):
    return weight * (gradient_norm - 1) ** 2


case("gradient_penalty", "too flat and too steep", gradient_norm=[0.5, 3.0], weight=5.0)
case("gradient_penalty", "a slope of 1 costs nothing", gradient_norm=[1.0])


@reference("vq_commitment")
def vq_commitment(encoded, code, *, beta=0.25):
    return ((encoded.detach() - code) ** 2).mean(-1) + beta * ((encoded - code.detach()) ** 2).mean(-1)


case("vq_commitment", "two vectors", encoded=[[1.0, 0.5], [-0.5, 2.0]], code=[[0.5, 0.5], [0.0, 1.0]], beta=0.5)
case("vq_commitment", "on the code", encoded=[[1.0, 0.5]], code=[[1.0, 0.5]])


@reference("policy_gradient", data=["advantage"])
def policy_gradient(advantage, log_probability, entropy, *, entropy_weight=0.0):
    return -(advantage * log_probability + entropy_weight * entropy)


case("policy_gradient", "good and bad actions", advantage=[2.0, -1.0], log_probability=[-0.5, -1.5], entropy=[0.7, 0.3], entropy_weight=0.1)
case("policy_gradient", "as good as expected", advantage=[0.0], log_probability=[-0.5], entropy=[0.7])


@reference("ppo", data=["advantage", "old_log_probability"])
def ppo(advantage, old_log_probability, log_probability, *, epsilon=0.2):
    ratio = torch.exp(log_probability - old_log_probability)
    return -torch.minimum(ratio * advantage, torch.clamp(ratio, 1 - epsilon, 1 + epsilon) * advantage)


case("ppo", "within the band, and beyond it on each side", gradient=["log_probability"], advantage=[2.0, -1.0, 1.0, -1.0], old_log_probability=[-1.0, -1.0, -1.0, -1.0], log_probability=[-0.9, -1.1, -0.5, -1.75], epsilon=0.25)
case("ppo", "the band binds only where it would help", gradient=["log_probability"], advantage=[1.0, -1.0], old_log_probability=[-1.0, -1.0], log_probability=[-2.0, -0.25])


@reference("grpo", data=["advantage", "old_log_probability", "reference"])
def grpo(advantage, old_log_probability, reference, log_probability, *, epsilon=0.2, beta=0.04):
    d = reference - log_probability
    return ppo(advantage, old_log_probability, log_probability, epsilon=epsilon) + beta * (torch.exp(d) - d - 1)


case("grpo", "two tokens", gradient=["log_probability", "beta"], advantage=[2.0, -1.0], old_log_probability=[-1.0, -1.0], reference=[-1.2, -0.4], log_probability=[-0.9, -1.1], beta=0.5)
case("grpo", "at the reference there is no penalty", gradient=["log_probability"], advantage=[1.5], old_log_probability=[-1.1], reference=[-1.0], log_probability=[-1.0])


@reference("q_learning", source="torch", data=["action", "reward", "done", "next"])
def q_learning(action, reward, done, next, value, *, discount=0.99):
    goal = reward + discount * (1 - done) * next.max(-1).values
    return F.huber_loss(value.gather(1, action[:, None])[:, 0], goal, reduction="none")


case("q_learning", "going on, and done", action=[1, 0], reward=[1.0, -1.0], done=[0, 1], next=[[0.5, 2.0], [9.0, 1.0]], value=[[0.0, 2.5], [1.5, -1.0]], discount=0.9)
case("q_learning", "as expected", action=[0], reward=[2.0], done=[1], next=[[1.0, 1.0]], value=[[2.0, 0.0]])


@reference("quantile_huber")
def quantile_huber(target, prediction, *, delta=1.0):
    rows = []
    for t, p in zip(target, prediction):
        total = 0
        for i in range(len(p)):
            tau = (2 * i + 1) / (2 * len(p))
            for j in range(len(t)):
                u = t[j] - p[i]
                rounded = u**2 / 2 if abs(u) <= delta else delta * (abs(u) - delta / 2)
                total = total + abs(tau - (1.0 if u < 0 else 0.0)) * rounded / delta / len(t)
        rows.append(total)
    return torch.stack(rows)


case("quantile_huber", "three quantiles, two samples", target=[[0.5, 2.0], [-1.0, 0.0]], prediction=[[0.0, 1.0, 1.5], [-3.0, -0.5, 0.25]], delta=0.5)
case("quantile_huber", "one of each is half a Huber loss", target=[[1.0]], prediction=[[0.5]])


@reference("cql", data=["action"])
def cql(action, value):
    return F.cross_entropy(value, action, reduction="none")


case("cql", "two states", action=[1, 0], value=[[0.0, 2.5, 1.0], [1.5, -1.0, 0.5]])
case("cql", "one action costs nothing", action=[0], value=[[3.0]])

RATIOS = dict(reference_chosen=[-10.0, -12.0], reference_rejected=[-11.0, -9.0], chosen=[-8.0, -13.0], rejected=[-12.0, -7.0])
EQUAL = dict(reference_chosen=[-10.0], reference_rejected=[-11.0], chosen=[-9.0], rejected=[-10.0])


def preference(name):
    def register(function):
        def loss(reference_chosen, reference_rejected, chosen, rejected, **options):
            return function((chosen - rejected) - (reference_chosen - reference_rejected), **options)

        def signed(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.1, tau=None):
            options = {} if tau is None else {"tau": tau}
            return loss(reference_chosen, reference_rejected, chosen, rejected, beta=beta, **options)

        reference(name, data=["reference_chosen", "reference_rejected"])(signed)
        return function

    return register


@preference("dpo")
def dpo(difference, beta):
    return -F.logsigmoid(beta * difference)


case("dpo", "a right and a wrong preference", **RATIOS, beta=0.25)
case("dpo", "as much as the reference costs log(2)", **EQUAL)


@preference("ipo")
def ipo(difference, beta):
    return (difference - 1 / (2 * beta)) ** 2


case("ipo", "a right and a wrong preference", **RATIOS, beta=0.25)
case("ipo", "as much as the reference", **EQUAL)


@preference("slic")
def slic(difference, beta):
    return torch.clamp(1 - beta * difference, min=0)


case("slic", "a right and a wrong preference", **RATIOS, beta=0.25)
case("slic", "beyond the margin", reference_chosen=[0.0], reference_rejected=[0.0], chosen=[20.0], rejected=[-1.0])


@preference("discopop")
def discopop(difference, beta, tau=0.05):
    u = beta * difference
    gate = torch.sigmoid(u / tau)
    return -F.logsigmoid(u) * (1 - gate) + torch.exp(-u) * gate


case("discopop", "a right and a wrong preference", **RATIOS, beta=0.05, tau=0.1)
case("discopop", "as much as the reference: (1 + log(2)) / 2", **EQUAL, beta=0.05, tau=0.05)


@reference("simpo", data=["chosen_length", "rejected_length"])
def simpo(chosen_length, rejected_length, chosen, rejected, *, beta=2.0, margin=1.0):
    return -F.logsigmoid(beta * (chosen / chosen_length) - beta * (rejected / rejected_length) - margin)


case("simpo", "a right and a wrong preference", chosen_length=[10.0, 20.0], rejected_length=[15.0, 8.0], chosen=[-8.0, -30.0], rejected=[-30.0, -5.0], beta=2.5, margin=0.5)
case("simpo", "equal per token, no margin, costs log(2)", gradient=["chosen", "rejected"], chosen_length=[10.0], rejected_length=[5.0], chosen=[-10.0], rejected=[-5.0], margin=0.0)
