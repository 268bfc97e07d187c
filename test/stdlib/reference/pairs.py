"""Reference values: embeddings compared in pairs, triplets and batches."""

import torch
import torch.nn.functional as F

from cases import case, one_hot, reference

A = [[1.0, 0.5, -0.5], [-0.5, 2.0, 1.0]]
B = [[0.75, 0.0, -1.0], [1.0, 1.5, 0.5]]
C = [[-1.0, 0.25, 0.5], [-0.25, 1.75, 1.5]]
LABEL = [0, 1, 0, 1, 0]
POINTS = [[1.0, 0.2], [-0.4, 0.9], [0.8, 0.7], [-1.0, 0.3], [0.1, -0.6]]
LEFT = [[1.0, 0.5], [-0.5, 2.0], [0.25, -1.0], [0.5, 0.75]]
RIGHT = [[0.75, 0.0], [-1.0, 1.5], [1.25, -0.5], [0.25, 1.5]]


def length(x):
    return torch.linalg.vector_norm(x, dim=-1)


def cosines(a, b):
    return F.normalize(a, dim=-1) @ F.normalize(b, dim=-1).T


@reference("triplet", source="torch")
def triplet(anchor, positive, negative, *, margin=1.0):
    return F.triplet_margin_with_distance_loss(
        anchor, positive, negative, distance_function=lambda x, y: length(x - y), margin=margin, reduction="none"
    )


case("triplet", "two triplets", anchor=A, positive=B, negative=C, margin=0.5)
case("triplet", "far enough already; anchor and positive equal", anchor=[[1.0, 0.0]], positive=[[1.0, 0.0]], negative=[[-3.0, 0.0]])


@reference("triplet_hard", data=["label"])
def triplet_hard(label, embedding, *, margin=1.0):
    rows = []
    for i in range(len(label)):
        distance = [length(embedding[i] - embedding[j]) if i != j else torch.tensor(0.0) for j in range(len(label))]
        farthest = max(d for d, other in zip(distance, label) if other == label[i])
        nearest = min(d for d, other in zip(distance, label) if other != label[i])
        rows.append(torch.clamp(farthest - nearest + margin, min=0))
    return torch.stack(rows)


case("triplet_hard", "five points of two kinds", label=LABEL, embedding=POINTS, margin=0.5)
case("triplet_hard", "two points of one kind in one place", gradient=False, label=[0, 0, 1], embedding=[[1.0, 0.0], [1.0, 0.0], [1.0, 0.5]])


@reference("contrastive")
def contrastive(target, left, right, *, margin=1.0):
    distance = length(left - right)
    return torch.where(target == 1, distance**2, torch.clamp(margin - distance, min=0) ** 2)


case("contrastive", "alike and not", target=[1, 0], left=A, right=[[0.75, 0.0, -1.0], [-0.25, 1.75, 1.5]], margin=2.0)
case("contrastive", "the same point, alike; far apart, not", target=[1, 0], left=[[1.0, 0.5], [0.0, 0.0]], right=[[1.0, 0.5], [3.0, 4.0]])


@reference("cosine_embedding", source="torch")
def cosine_embedding(target, left, right, *, margin=0.0):
    return F.cosine_embedding_loss(left, right, target, margin=margin, reduction="none")


case("cosine_embedding", "alike and not", target=[1, -1], left=A, right=B, margin=0.1)
case("cosine_embedding", "not alike, and far enough", target=[-1, 1], left=A, right=C)


@reference("info_nce")
def info_nce(query, key, *, temperature=0.1):
    return F.cross_entropy(cosines(query, key) / temperature, torch.arange(len(query)), reduction="none")


case("info_nce", "four pairs", query=LEFT, key=RIGHT, temperature=0.5)
case("info_nce", "one pair has no one to be confused with", gradient=["query", "key"], query=[[1.0, 2.0]], key=[[3.0, -1.0]])


@reference("clip_loss")
def clip_loss(image, text, *, temperature=0.07):
    both = info_nce(image, text, temperature=temperature) + info_nce(text, image, temperature=temperature)
    return both / 2


case("clip_loss", "four pairs", image=LEFT, text=RIGHT, temperature=0.5)
case("clip_loss", "one pair", gradient=["image", "text"], image=[[1.0, 2.0]], text=[[3.0, -1.0]])


@reference("siglip")
def siglip(left, right, *, scale=10.0, bias=-10.0):
    logit = scale * cosines(left, right) + bias
    return F.binary_cross_entropy_with_logits(logit, torch.eye(len(left)), reduction="none").sum(-1)


case("siglip", "four pairs", left=LEFT, right=RIGHT, scale=3.0, bias=-1.0)
case("siglip", "one pair in one direction", left=[[1.0, 2.0]], right=[[2.0, 4.0]])


@reference("n_pair")
def n_pair(anchor, positive):
    return F.cross_entropy(anchor @ positive.T, torch.arange(len(anchor)), reduction="none")


case("n_pair", "four pairs", anchor=LEFT, positive=RIGHT)
case("n_pair", "one pair costs nothing", anchor=[[1.0, 2.0]], positive=[[3.0, -1.0]])


@reference("sup_con", data=["label"])
def sup_con(label, embedding, *, temperature=0.1):
    similarity = cosines(embedding, embedding) / temperature
    rows = []
    for i in range(len(label)):
        others = [j for j in range(len(label)) if j != i]
        friends = [j for j in others if label[j] == label[i]]
        whole = torch.logsumexp(similarity[i, others], 0)
        rows.append(sum(whole - similarity[i, j] for j in friends) / len(friends) if friends else 0 * whole)
    return torch.stack(rows)


case("sup_con", "five points of two kinds", label=LABEL, embedding=POINTS, temperature=0.5)
case("sup_con", "one is alone with its label", label=[0, 0, 1], embedding=[[1.0, 0.2], [0.8, 0.7], [-1.0, 0.3]])


@reference("soft_nearest_neighbor", data=["label"])
def soft_nearest_neighbor(label, embedding, *, temperature=1.0):
    rows = []
    for i in range(len(label)):
        near = [torch.exp(-((embedding[i] - x) ** 2).sum() / temperature) for x in embedding]
        others = [j for j in range(len(label)) if j != i]
        rows.append(-torch.log(sum(near[j] for j in others if label[j] == label[i]) / sum(near[j] for j in others)))
    return torch.stack(rows)


case("soft_nearest_neighbor", "five points of two kinds", label=LABEL, embedding=POINTS, temperature=0.5)
case("soft_nearest_neighbor", "all of one kind cost nothing", label=[3, 3], embedding=[[1.0, 0.0], [0.0, 2.0]])


@reference("circle", data=["label"])
def circle(label, embedding, *, gamma=80.0, margin=0.4):
    s = cosines(embedding, embedding)
    rows = []
    for i in range(len(label)):
        near = [-gamma * torch.clamp(1 + margin - s[i, j], min=0).detach() * (s[i, j] - (1 - margin)) for j in range(len(label)) if j != i and label[j] == label[i]]
        far = [gamma * torch.clamp(s[i, j] + margin, min=0).detach() * (s[i, j] - margin) for j in range(len(label)) if label[j] != label[i]]
        rows.append(torch.log(1 + sum(n.exp() for n in near) * sum(f.exp() for f in far)))
    return torch.stack(rows)


case("circle", "five points of two kinds", gradient=["embedding"], label=LABEL, embedding=POINTS, gamma=4.0, margin=0.25)
case("circle", "the default scale, points well apart", gradient=["embedding"], label=[0, 0, 1], embedding=[[1.0, 0.1], [1.0, -0.1], [-1.0, 0.0]])


@reference("multi_similarity", data=["label"])
def multi_similarity(label, embedding, *, alpha=2.0, beta=50.0, base=0.5):
    s = cosines(embedding, embedding)
    rows = []
    for i in range(len(label)):
        near = sum(torch.exp(-alpha * (s[i, j] - base)) for j in range(len(label)) if j != i and label[j] == label[i])
        far = sum(torch.exp(beta * (s[i, j] - base)) for j in range(len(label)) if label[j] != label[i])
        rows.append(torch.log(1 + torch.as_tensor(near)) / alpha + torch.log(1 + torch.as_tensor(far)) / beta)
    return torch.stack(rows)


case("multi_similarity", "five points of two kinds", label=LABEL, embedding=POINTS, alpha=1.5, beta=10.0, base=0.25)
case("multi_similarity", "one is alone with its label", label=[0, 0, 1], embedding=[[1.0, 0.2], [0.8, 0.7], [-1.0, 0.3]])


@reference("proxy_nca")
def proxy_nca(target, prediction, *, proxy):
    squared = ((prediction[:, None, :] - proxy[None]) ** 2).sum(-1)
    return F.cross_entropy(-squared, target, reduction="none")


case("proxy_nca", "two classes", target=[0, 1, 0], prediction=[[1.0, 2.0], [0.5, -1.0], [0.0, 0.0]], proxy=[[0.0, 1.0], [1.0, -1.0]])
case("proxy_nca", "halfway between two proxies costs log(2)", target=[0], prediction=[[0.5, 0.0]], proxy=[[0.0, 0.0], [1.0, 0.0]])


@reference("alignment_uniformity")
def alignment_uniformity(left, right, *, weight=1.0, sharpness=2.0):
    x, y = F.normalize(left, dim=-1), F.normalize(right, dim=-1)
    spread = lambda points: torch.pdist(points).pow(2).mul(-sharpness).exp().mean().log()
    return ((x - y) ** 2).sum(-1).mean() + weight * (spread(x) + spread(y)) / 2


case("alignment_uniformity", "four pairs", left=LEFT, right=RIGHT, weight=0.5, sharpness=1.5)
case("alignment_uniformity", "two opposite points, perfectly aligned", left=[[1.0, 0.0], [-2.0, 0.0]], right=[[3.0, 0.0], [-1.0, 0.0]])


@reference("barlow_twins")
def barlow_twins(left, right, *, off_diagonal=0.005, epsilon=1e-9):
    unit = lambda x: (x - x.mean(0)) / torch.sqrt(x.var(0, unbiased=False) + epsilon)
    correlation = unit(left).T @ unit(right) / len(left)
    diagonal = torch.diagonal(correlation)
    return ((diagonal - 1) ** 2).sum() + off_diagonal * ((correlation**2).sum() - (diagonal**2).sum())


case("barlow_twins", "four pairs", left=LEFT, right=RIGHT, off_diagonal=0.1, epsilon=0.01)
case("barlow_twins", "two features that say nothing of each other", gradient=False, left=[[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]], right=[[2.0, 3.0], [2.0, -3.0], [-2.0, 3.0], [-2.0, -3.0]])


@reference("vicreg")
def vicreg(left, right, *, invariance=25.0, variance=25.0, covariance=1.0, epsilon=1e-4):
    vary = lambda x: F.relu(1 - torch.sqrt(x.var(0) + epsilon)).mean()

    def differ(x):
        c = torch.cov(x.T)
        return (c - torch.diag(torch.diagonal(c))).pow(2).sum() / x.shape[1]

    agree = F.mse_loss(left, right)
    return invariance * agree + variance * (vary(left) + vary(right)) / 2 + covariance * (differ(left) + differ(right))


case("vicreg", "four pairs", left=LEFT, right=RIGHT, invariance=2.0, variance=3.0, covariance=0.5, epsilon=0.01)
case("vicreg", "equal views that vary and do not correlate cost nothing", gradient=["left", "right"], left=[[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]], right=[[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])


@reference("simsiam")
def simsiam(p1, p2, z1, z2):
    return -(F.cosine_similarity(p1, z2.detach(), dim=-1) + F.cosine_similarity(p2, z1.detach(), dim=-1)) / 2


case("simsiam", "two items; the projections have no slope", p1=A, p2=B, z1=C, z2=[[0.5, 0.5, 0.0], [1.0, -1.0, 1.0]])
case("simsiam", "perfect agreement", p1=[[1.0, 0.0]], p2=[[0.0, 2.0]], z1=[[0.0, 1.0]], z2=[[3.0, 0.0]])


@reference("byol", data=["projection"])
def byol(projection, prediction):
    return ((F.normalize(prediction, dim=-1) - F.normalize(projection, dim=-1)) ** 2).sum(-1)


case("byol", "two items", projection=A, prediction=B)
case("byol", "perfect agreement", projection=[[3.0, 0.0]], prediction=[[1.0, 0.0]])
