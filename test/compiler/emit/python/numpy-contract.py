"""What emitted JAX and Keras modules promise beside the right numbers, on stand-ins made of NumPy. Each function is one test."""
import importlib.util
import json
import math
import os
import sys
import traceback

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy_frameworks
from numpy_frameworks import install, recorder

install()
np.seterr(all='ignore')
MODULES, TARGET = json.load(open(sys.argv[1])), sys.argv[2]


def module(name):
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, MODULES[name])
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def loss(name):
    return getattr(module(name), name)


def refused(words, call):
    try:
        value = call()
    except ValueError as error:
        assert words in str(error), str(error)
    else:
        raise AssertionError(f'not refused: {value}')


def near(a, b, tolerance=1e-6):
    np.testing.assert_allclose(np.asarray(a, dtype=float), np.asarray(b, dtype=float), rtol=tolerance, atol=tolerance)


LOGITS = np.array([[2.0, -1.0, 0.5], [0.1, 0.2, 3.0], [1.0, 1.0, -2.0]])
LABELS = np.array([0, 2, 1])
CROSS_ENTROPY = -np.log(np.exp(LOGITS) / np.exp(LOGITS).sum(1, keepdims=True))[range(3), LABELS]


# ---------------------------------------------------------------- the stand-ins themselves


def stand_ins_have_the_known_values():
    f = numpy_frameworks
    near(f.softmax(np.array([0.0, math.log(3)]), axis=0), [0.25, 0.75])
    near(f.log_softmax(np.array([1000.0, 0.0]), axis=0), [0, -1000])
    near(f.sigmoid(np.array([0.0, 800, -800])), [0.5, 1, 0])
    near(f.softplus(np.array([0.0, 800, -800])), [math.log(2), 800, 0])
    near(f.polygamma(0, np.array([1.0, 0.5])), [-0.5772156649, -1.9635100260])
    near(f.polygamma(1, np.array([1.0, 2.0])), [math.pi**2 / 6, math.pi**2 / 6 - 1])
    near(f.polygamma(2, np.array([1.0])), [-2.4041138063])
    near(f.each(math.erf)(np.array([0.5])), [0.5204998778])


def stand_ins_hand_on_values_and_seeds():
    square = numpy_frameworks.custom_vjp(lambda x: x**2)
    square.defvjp(lambda x: (x**2, x), lambda x, seed: (2 * x * seed,))
    assert square(np.array(3.0)) == 9 and recorder.gradients(np.array(5.0)) == (30.0,)

    @numpy_frameworks.custom_gradient
    def cube(x):
        def gradient(*args, upstream=None):
            return 3 * x**2 * (args[0] if upstream is None else upstream)

        return x**3, gradient

    assert cube(np.array(2.0)) == 8 and recorder.gradients(np.array(5.0)) == (60.0,)


# ---------------------------------------------------------------- both


def swapped_inputs_are_refused():
    refused('are the inputs swapped', lambda: loss('cross_entropy_logits')(LOGITS, LABELS))


def options_are_checked():
    refused('unknown reduction men', lambda: loss('mse')(LOGITS, LOGITS, reduction='men'))
    refused('gamma = -1 is not nonnegative', lambda: loss('focal')(LABELS, LOGITS, gamma=-1.0))
    refused('gamma = nan is not', lambda: loss('focal')(LABELS, LOGITS, gamma=float('nan')))
    refused('alpha = 2 is not unit', lambda: loss('focal')(LABELS, LOGITS, alpha=[0.5, 2.0, 0.1]))
    refused('alpha has dimensions [2]', lambda: loss('focal')(LABELS, LOGITS, alpha=[0.5, 0.1]))
    refused('sample_weight has dimensions [2]', lambda: loss('mse')(LOGITS, LOGITS, sample_weight=np.ones(2)))


def half_precision_is_finite_and_keeps_its_type():
    for reduction in ('mean', 'none'):
        value = loss('bce')(np.array([1.0, 0, 1]), np.array([0.0, 1, 0.5], dtype='float16'), reduction=reduction)
        assert value.dtype == np.float16 and np.isfinite(value).all()
        assert recorder.value.dtype == np.float32


def labels_of_half_precision_predictions_are_those_of_the_classes():
    logits, labels = np.tile(np.arange(4096.0) / 1000, (2, 1)).astype('float16'), np.array([2049, 4095])
    each = loss('cross_entropy_logits')(labels, logits, reduction='none')
    single = loss('cross_entropy_logits')(labels, logits.astype('float32'), reduction='none')
    near(each, single, 1e-2)


def reductions_and_weights():
    weights = np.array([1.0, 0, 3])
    call = lambda **options: loss('cross_entropy_logits')(LABELS, LOGITS, **options)
    near(call(reduction='none'), CROSS_ENTROPY)
    near(call(reduction='mean', sample_weight=weights), (weights * CROSS_ENTROPY).sum() / 3)
    near(call(reduction='sum', sample_weight=weights), (weights * CROSS_ENTROPY).sum())
    near(call(reduction='weightedMean', sample_weight=weights), (weights * CROSS_ENTROPY).sum() / 4)
    assert call(reduction='weightedMean', sample_weight=np.zeros(3)) == 0


def labels_that_do_not_count():
    labels = np.array([0, -100, 1])
    near(loss('cross_entropy_logits')(labels, LOGITS, reduction='mean'), CROSS_ENTROPY[[0, 2]].mean())
    assert loss('cross_entropy_logits')(np.full(3, -100), LOGITS, reduction='mean') == 0
    spoilt = LOGITS.copy()
    spoilt[1] = np.nan
    near(loss('cross_entropy_logits')(labels, spoilt, reduction='mean'), CROSS_ENTROPY[[0, 2]].mean())


def labels_outside_the_classes():
    call = lambda: loss('cross_entropy_logits')(np.array([0, 3, 1]), LOGITS, reduction='none')
    if TARGET == 'jax':
        refused('target holds the label 3, and a label goes from 0 to 2', call)
    else:  # its tensors cannot be looked at on every backend
        assert np.isnan(call()).tolist() == [False, True, False]


def labels_may_stand_in_a_column():
    near(loss('cross_entropy_logits')(LABELS[:, None], LOGITS, reduction='none'), CROSS_ENTROPY)


def large_ids_are_told_apart():
    ids, embedding = np.array([123456789, 123456790, 123456789]), np.array([[1.0, 0], [0, 1], [1, 0.1]])
    near(loss('sup_con')(ids, embedding), loss('sup_con')(np.array([0, 1, 0]), embedding))


def a_branch_that_is_not_taken_does_not_count():
    target, mask = np.array([[1.0, np.nan, 3.0]]), np.array([[1.0, 0, 1]])
    loss('masked')(target, mask, np.array([[0.5, 5.0, 2.0]]))
    gradient = [x for x in recorder.gradients(np.ones(1)) if x is not None][-1]
    near(gradient, [[-0.5, 0, -1]])


def over_an_empty_batch_the_sum_is_0_and_the_mean_not_a_number():
    for name, target in (('mse', np.zeros((0, 3))), ('cross_entropy_logits', np.zeros(0, dtype=int))):
        assert loss(name)(target, np.zeros((0, 3)), reduction='sum') == 0
        assert np.isnan(loss(name)(target, np.zeros((0, 3)), reduction='mean'))


# ---------------------------------------------------------------- Keras


def keras_loss_objects_reduce_as_keras_does():
    if TARGET != 'keras':
        return
    made = module('cross_entropy_logits').CrossEntropyLogits()
    near(made(LABELS[:, None], LOGITS), CROSS_ENTROPY.mean())
    near(made(LABELS, LOGITS, np.array([1.0, 0, 3])), (CROSS_ENTROPY * [1, 0, 3]).mean())
    near(made(np.array([0, -100, 1]), LOGITS), CROSS_ENTROPY[[0, 2]].mean())


def keras_loss_objects_are_saved():
    if TARGET != 'keras':
        return
    focal = module('focal')
    made = focal.Focal(gamma=1.5, alpha=np.array([0.1, 0.2, 0.3]), reduction='sum')
    config = json.loads(json.dumps(made.get_config()))
    again = focal.Focal.from_config(config)
    target, prediction = LABELS, numpy_frameworks.softmax(LOGITS, axis=1)
    near(again(target, prediction), made(target, prediction))
    assert focal.Focal.registered_as == 'lossc>Focal' and focal.focal.registered_as == 'lossc>focal'


def keras_averages_no_weights_of_a_loss_that_reduces_the_batch():
    if TARGET != 'keras':
        return
    sparse = module('sparse_cross_entropy')
    near(sparse.SparseCrossEntropy()(LABELS, LOGITS), CROSS_ENTROPY.mean())
    refused('so sample_weight has no meaning', lambda: sparse.SparseCrossEntropy()(LABELS, LOGITS, np.ones(3)))
    refused('for model.compile there is SparseCrossEntropy()', lambda: sparse.sparse_cross_entropy(LABELS, LOGITS))


HELPERS = (module, loss, refused, near, install)
results = {}
for name, test in list(globals().items()):
    if not callable(test) or test in HELPERS or getattr(test, '__module__', '') != '__main__':
        continue
    try:
        test()
        results[name] = None
    except Exception:
        results[name] = traceback.format_exc(limit=-3)
json.dump(results, sys.stdout)
