"""What emitted PyTorch modules promise beside the right numbers. Each function here is one test; losses come by name."""
import importlib.util
import io
import json
import sys
import traceback

import torch

MODULES = json.load(open(sys.argv[1]))


def loss(name):
    """The emitted function of a loss."""
    return getattr(module(name), name)


def module(name):
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, MODULES[name])
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def refused(words, call):
    """Checks that a call ends with one clear sentence."""
    try:
        value = call()
    except ValueError as error:
        assert words in str(error), str(error)
    else:
        raise AssertionError(f'not refused: {value}')


def gradient(name, target, prediction, **options):
    leaf = torch.as_tensor(prediction).clone().requires_grad_(True)
    loss(name)(target, leaf, **options).sum().backward()
    return leaf.grad


def near(a, b, tolerance=1e-6):
    torch.testing.assert_close(torch.as_tensor(a, dtype=torch.float64), torch.as_tensor(b, dtype=torch.float64), rtol=tolerance, atol=tolerance)


LOGITS = torch.tensor([[2.0, -1.0, 0.5], [0.1, 0.2, 3.0], [1.0, 1.0, -2.0]])


# ---------------------------------------------------------------- types


def half_precision_labels_stay_whole():
    torch.manual_seed(0)
    logits, labels = torch.randn(64, 1000), torch.randint(0, 1000, (64,))
    for name in ('cross_entropy_logits', 'sparse_cross_entropy'):
        for kind in (torch.bfloat16, torch.float16):
            right = torch.nn.functional.cross_entropy(logits.to(kind).float(), labels)
            value = loss(name)(labels, logits.to(kind))
            assert value.dtype == kind
            near(value, right, 1e-2)
        with torch.autocast('cpu', dtype=torch.bfloat16):
            near(loss(name)(labels, logits), torch.nn.functional.cross_entropy(logits, labels))


def half_precision_is_finite_and_keeps_its_type():
    for kind in (torch.bfloat16, torch.float16):
        for reduction in ('mean', 'none'):
            target, prediction = torch.tensor([1.0, 0, 1]).to(kind), torch.tensor([0.0, 1, 0.5]).to(kind).requires_grad_(True)
            value = loss('bce')(target, prediction, reduction=reduction)
            value.sum().backward()
            assert value.dtype == kind and prediction.grad.dtype == kind
            assert torch.isfinite(value).all()
        cosine = loss('cosine_similarity')(torch.ones(2, 3).to(kind), torch.zeros(2, 3).to(kind))
        assert cosine.dtype == kind and torch.isfinite(cosine)


def matrix_products_keep_their_digits_under_autocast():
    torch.manual_seed(1)
    query, key = torch.randn(6, 8), torch.randn(6, 8)
    plain = loss('info_nce')(query, key)
    with torch.autocast('cpu', dtype=torch.bfloat16):
        near(loss('info_nce')(query, key), plain)


def double_stays_double():
    value = loss('focal')(torch.tensor([0]), torch.tensor([[0.5, 0.5]], dtype=torch.float64))
    assert value.dtype == torch.float64


def large_ids_are_told_apart():
    ids = torch.tensor([123456789, 123456790, 123456791, 123456789])
    embedding = torch.tensor([[1.0, 0], [0, 1], [1, 1], [1, 0.1]])
    near(loss('sup_con')(ids, embedding), loss('sup_con')(torch.tensor([0, 1, 2, 0]), embedding))
    near(loss('sup_con')(ids.to(torch.int32), embedding), loss('sup_con')(ids, embedding))


def small_integer_types_do_not_wrap():
    labels = torch.tensor([0, 2, 1])
    for kind in (torch.uint8, torch.int8, torch.int16, torch.int32):
        near(loss('cross_entropy_logits')(labels.to(kind), LOGITS), loss('cross_entropy_logits')(labels, LOGITS))
        near(loss('moved')(labels.to(kind), LOGITS), loss('moved')(labels, LOGITS))


# ---------------------------------------------------------------- calls


def swapped_inputs_are_refused():
    refused('are the inputs swapped', lambda: loss('cross_entropy_logits')(LOGITS, torch.tensor([0, 1, 2])))
    refused('are the inputs swapped', lambda: loss('mse')(LOGITS.clone().requires_grad_(True), torch.zeros(3, 3)))


def unknown_options_are_refused():
    refused('unknown reduction men', lambda: loss('mse')(LOGITS, LOGITS, reduction='men'))
    for call in (lambda: loss('focal')(torch.tensor([0]), LOGITS[:1], gama=1.0),):
        try:
            call()
        except TypeError:
            continue
        raise AssertionError('an unknown option is taken')


def parameters_outside_their_domain_are_refused():
    target, prediction = torch.tensor([0]), torch.tensor([[0.5, 0.5]])
    for gamma in (float('nan'), float('inf'), -1.0, torch.tensor(-1.0), torch.tensor(float('nan'), requires_grad=True)):
        refused('is not nonnegative', lambda: loss('focal')(target, prediction, gamma=gamma))
    for alpha in ([0.5, 2.0], torch.tensor([0.5, -1.0])):
        refused('is not unit', lambda: loss('focal')(target, prediction, alpha=alpha))
    refused('alpha has dimensions [3]', lambda: loss('focal')(target, prediction, alpha=[0.1, 0.2, 0.3]))
    refused('gamma has dimensions [2]', lambda: loss('focal')(target, prediction, gamma=[1.0, 2.0]))


def parameters_are_learnt():
    target, prediction = torch.tensor([1.0, 0, 1]), torch.tensor([1.0, -2, 3])
    scale, bias = torch.nn.Parameter(torch.tensor(1.0)), torch.nn.Parameter(torch.tensor([0.5]))
    value = loss('scaled')(target, prediction, scale=scale, bias=bias)
    value.backward()
    near(value, 0.14419235)
    assert scale.grad.shape == () and bias.grad.shape == (1,)
    step = 1e-3
    higher = loss('scaled')(target.double(), prediction.double(), scale=1 + step, bias=0.5)
    lower = loss('scaled')(target.double(), prediction.double(), scale=1 - step, bias=0.5)
    near(scale.grad, (higher - lower) / (2 * step), 1e-4)


def a_number_that_is_spread_is_one_number_to_learn():
    alpha = torch.tensor(0.25, requires_grad=True)
    alphas = torch.tensor([0.25, 0.25, 0.25], requires_grad=True)
    target, prediction = torch.tensor([0, 2, 1]), torch.softmax(LOGITS, 1)
    loss('focal')(target, prediction, alpha=alpha).backward()
    loss('focal')(target, prediction, alpha=alphas).backward()
    near(alpha.grad, alphas.grad.sum())


def over_an_empty_batch_the_sum_is_0_and_the_mean_not_a_number():
    for name in ('mse', 'cross_entropy_logits', 'focal'):
        target = torch.zeros(0, dtype=torch.int64) if name != 'mse' else torch.zeros(0, 3)
        for reduction in ('mean', 'sum'):
            prediction = torch.zeros(0, 3, requires_grad=True)
            value = loss(name)(target, prediction, reduction=reduction)
            value.backward()
            right = value.item() == 0 if reduction == 'sum' else value.isnan().item()
            assert right and prediction.grad.shape == (0, 3), (name, value)
    assert loss('triplet_hard')(torch.zeros(0, dtype=torch.int64), torch.zeros(0, 3)).isnan().item()
    loss('per_batch')(torch.zeros(0), torch.zeros(0, requires_grad=True)).backward()


# ---------------------------------------------------------------- labels and weights


def ignored_labels_do_not_count():
    labels = torch.tensor([0, -100, 1])
    right = torch.nn.functional.cross_entropy(LOGITS, labels)
    near(loss('cross_entropy_logits')(labels, LOGITS), right)
    found = gradient('cross_entropy_logits', labels, LOGITS)
    leaf = LOGITS.clone().requires_grad_(True)
    torch.nn.functional.cross_entropy(leaf, labels).backward()
    near(found, leaf.grad)
    near(loss('cross_entropy_logits')(torch.tensor([0, 7, 1]), LOGITS, ignore_index=7), right)
    weights = torch.tensor([1.0, 5.0, 3.0])
    each = torch.nn.functional.cross_entropy(LOGITS, labels, reduction='none')
    near(
        loss('cross_entropy_logits')(labels, LOGITS, sample_weight=weights, reduction='weightedMean'),
        (each[0] + 3 * each[2]) / 4,
    )


def labels_that_only_look_up_entries_may_be_ignored_too():
    labels = torch.tensor([0, -100, 1])
    near(loss('looked_up')(labels, LOGITS), torch.nn.functional.cross_entropy(LOGITS, labels))
    refused('target holds the label 9', lambda: loss('looked_up')(torch.tensor([0, 9, 1]), LOGITS))


def classes_may_stand_on_any_axis():
    torch.manual_seed(3)
    logits, labels = torch.randn(2, 3, 4, 5), torch.randint(0, 3, (2, 4, 5))
    near(loss('channels')(labels, logits), torch.nn.functional.cross_entropy(logits, labels))
    rows = torch.nn.functional.one_hot(labels, 3).permute(0, 3, 1, 2)
    near(loss('channels')(rows, logits), torch.nn.functional.cross_entropy(logits, labels))
    near(loss('channels')(labels[:, None], logits), torch.nn.functional.cross_entropy(logits, labels))


def nothing_is_learnt_from_an_item_that_does_not_count():
    logits = LOGITS.clone()
    logits[1] = float('nan')
    found = gradient('cross_entropy_logits', torch.tensor([0, -100, 1]), logits)
    assert torch.isfinite(found).all() and (found[1] == 0).all(), found


def all_ignored_is_0():
    for reduction in ('mean', 'sum', 'weightedMean'):
        leaf = LOGITS.clone().requires_grad_(True)
        value = loss('cross_entropy_logits')(torch.tensor([-100, -100, -100]), leaf, reduction=reduction)
        value.backward()
        assert value.item() == 0 and (leaf.grad == 0).all()


def labels_outside_the_classes_are_refused():
    for label in (-1, 3, -100):
        call = lambda: loss('cross_entropy_logits')(torch.tensor([0, label, 1]), LOGITS, ignore_index=None)
        refused(f'target holds the label {label}, and a label goes from 0 to 2', call)
    refused('target holds the label 0.5', lambda: loss('cross_entropy_logits')(torch.tensor([0, 0.5, 1]), LOGITS))
    refused('target holds the label 5', lambda: loss('multiclass_dice')(torch.tensor([[0, 5]]), torch.full((1, 2, 3), 1 / 3)))


def labels_may_stand_in_a_column():
    labels = torch.tensor([0, 2, 1])
    near(loss('cross_entropy_logits')(labels[:, None], LOGITS), loss('cross_entropy_logits')(labels, LOGITS))
    near(loss('focal')(labels[:, None], torch.softmax(LOGITS, 1)), loss('focal')(labels, torch.softmax(LOGITS, 1)))
    near(loss('sparse_cross_entropy')(labels[:, None], LOGITS), loss('sparse_cross_entropy')(labels, LOGITS))


def weights_of_0_give_0():
    for reduction in ('mean', 'sum', 'weightedMean'):
        leaf = LOGITS.clone().requires_grad_(True)
        value = loss('mse')(torch.zeros(3, 3), leaf, sample_weight=torch.zeros(3), reduction=reduction)
        value.backward()
        assert value.item() == 0 and (leaf.grad == 0).all()


def weights_that_do_not_fit_are_refused():
    refused('sample_weight has dimensions [2]', lambda: loss('mse')(LOGITS, LOGITS, sample_weight=torch.ones(2)))
    refused('so sample_weight has no meaning', lambda: loss('batch_dice')(torch.ones(2, 3), torch.ones(2, 3), sample_weight=torch.ones(2)))


# ---------------------------------------------------------------- gradients


def a_branch_that_is_not_taken_does_not_count():
    target, mask = torch.tensor([[1.0, float('nan'), 3.0]]), torch.tensor([[1.0, 0, 1]])
    leaf = torch.tensor([[0.5, 5.0, 2.0]], requires_grad=True)
    loss('masked')(target, mask, leaf).backward()
    near(leaf.grad, [[-0.5, 0, -1]])
    assert torch.isfinite(gradient('tukey', torch.zeros(2), torch.tensor([0.5, 1e12]))).all()


def slopes_at_kinks_are_those_of_the_reference():
    x, y = torch.tensor([1.0], requires_grad=True), torch.tensor([1.0], requires_grad=True)
    loss('two')(x, y).backward()
    assert (x.grad.item(), y.grad.item()) == (1, 0)
    k = torch.tensor([[1.0, 3, 3]], requires_grad=True)
    loss('along')(k).backward()
    assert k.grad.tolist() == [[0, 1, 1]]
    clipped = torch.tensor([-1.0, 0, 1], requires_grad=True)
    loss('clipped')(clipped).sum().backward()
    assert (clipped.grad * 3).tolist() == [-1, 0, 1], clipped.grad


def nan_does_not_vanish():
    found = torch.tensor([[float('nan'), 1.0]], requires_grad=True)
    value = loss('hellinger')(torch.tensor([0]), found)
    value.backward()
    assert torch.isnan(value) and torch.isnan(found.grad[0, 0])


def second_derivatives_agree_with_differences():
    torch.manual_seed(2)
    logits = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    key = torch.randn(3, 4, dtype=torch.float64)
    labels = torch.tensor([0, 3, 1])
    scale = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
    for call in (
        lambda z: loss('cross_entropy_logits')(labels, z),
        lambda z: loss('mse')(torch.zeros(3, 4), z, reduction='none'),
        lambda z: loss('focal')(labels, torch.softmax(z, 1)),
        lambda z: loss('info_nce')(z, key),
        lambda z: loss('scaled')(torch.ones(3, 4), z, scale=scale),
    ):
        assert torch.autograd.gradcheck(call, (logits,))
        assert torch.autograd.gradgradcheck(call, (logits,))


def a_large_batch_gives_the_same_numbers_in_blocks_as_at_once():
    """Of more numbers than a slice of 2^21 holds. Parameters that are learnt, second derivatives and batches of batches too."""
    torch.manual_seed(3)
    logits = torch.randn(700, 4000)
    labels = torch.randint(0, 4000, (700,))
    labels[5] = -100
    gamma = torch.tensor(1.5)

    def numbers(name, options=None, learnt=()):
        leaves = [logits.clone().requires_grad_(True), *(x.clone().requires_grad_(True) for x in learnt)]
        value = loss(name)(labels, leaves[0], *leaves[1:], reduction='none', **(options or {}))
        value.nansum().backward()
        return [value.detach(), *(leaf.grad for leaf in leaves)]

    def batches(name):
        per_batch = lambda x: loss(name)(labels, x, reduction='sum')
        return torch.func.vmap(torch.func.grad(per_batch))(torch.stack([logits, -logits]))

    assert logits.numel() > 2**21
    for name, learnt in (('cross_entropy_logits', ()), ('focal', ()), ('focal', (gamma,))):
        jobs = [lambda: numbers(name, learnt=learnt)]
        if hasattr(torch, 'func') and not learnt:
            jobs.append(lambda: [batches(name)])
        for job in jobs:
            in_blocks = job()
            kept, calls = module(name)._in_blocks, []
            module(name)._in_blocks = lambda function, items, whole=False: calls.append(1) or function(*items)
            at_once = job()
            module(name)._in_blocks = kept
            assert len(calls) > 0
            for a, b in zip(in_blocks, at_once):
                assert torch.equal(a.nan_to_num(7), b.nan_to_num(7))


def a_traced_loss_has_the_same_gradient():
    labels = torch.tensor([0, 2, 1])
    traced = torch.jit.trace(lambda z: loss('focal')(labels, torch.softmax(z, 1)), (LOGITS,))
    leaves = [LOGITS.clone().requires_grad_(True) for _ in range(2)]
    traced(leaves[0]).backward()
    loss('focal')(labels, torch.softmax(leaves[1], 1)).backward()
    near(leaves[0].grad, leaves[1].grad)


# ---------------------------------------------------------------- the module


def the_module_is_the_function():
    made = module('focal').Focal(gamma=1.0, reduction='sum')
    target, prediction = torch.tensor([0, 2, 1]), torch.softmax(LOGITS, 1)
    near(made(target, prediction), loss('focal')(target, prediction, gamma=1.0, reduction='sum'))
    assert list(made.parameters()) == []


def the_module_learns_what_it_is_told():
    made = module('focal').Focal(alpha=[0.2, 0.3, 0.5], learnable=('gamma', 'alpha'))
    assert sorted(name for name, _ in made.named_parameters()) == ['alpha', 'gamma']
    made(torch.tensor([0, 2, 1]), torch.softmax(LOGITS, 1)).backward()
    assert made.gamma.grad.shape == () and made.alpha.grad.shape == (3,)
    refused('there is no parameter beta to learn', lambda: module('focal').Focal(learnable=('beta',)))


def the_module_moves_and_is_saved_with_its_tensors():
    made = module('focal').Focal(alpha=torch.tensor([0.2, 0.3, 0.5]))
    file = io.BytesIO()
    torch.save(made.state_dict(), file)
    file.seek(0)
    other = module('focal').Focal(alpha=torch.zeros(3))
    other.load_state_dict(torch.load(file))
    near(other.alpha, made.alpha)
    assert made.double().alpha.dtype == torch.float64


results = {}
for name, test in [(name, entry) for name, entry in globals().items() if callable(entry) and getattr(entry, '__module__', '') == '__main__']:
    if name in ('loss', 'module', 'refused', 'gradient', 'near'):
        continue
    try:
        test()
        results[name] = None
    except Exception:
        results[name] = traceback.format_exc(limit=-3)
json.dump(results, sys.stdout)
