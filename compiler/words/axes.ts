import { type Row, say, standard, write } from './advice.js';

const NO_SORTING = say(
  'there is no sorting: a rank is a count over pairs, sum(1, other where rename(x, axis, other) < x)',
);
const NO_RESHAPING = say(
  'axes have names and are matched by name, so nothing is reshaped; rename(x, axis, other) moves a value to a second axis',
);
const NO_CONVOLUTION = say(
  'there is no convolution: at(x, axis, index(axis) - 1) is the neighbour along an axis, 0 outside',
);
const NO_LINEAR_ALGEBRA = say('the only linear algebra is sum(a * b, axis): pass anything else as an input');
const NO_RANDOMNESS = say(
  'a loss is not random: draw the numbers outside, and pass them as an input marked `data`',
);
const NO_CONVERSION = say(
  'leave it out: all numbers have the same type, and a compiled loss takes and returns tensors',
);
const DERIVED = say(
  'gradients are derived from the loss: compiled code returns them, and `lossc grad` shows them',
);
const PRODUCT = 'sum(a * b, axis)';

/** Functions that take away, add or walk along axes. */
export const AXES: readonly Row[] = [
  // Reductions
  ['reducesum total sumall', write('sum(x, axis)')],
  ['reducemean average avg', write('mean(x, axis)')],
  ['reducemax amax largest', write('max(x, axis)')],
  ['reducemin amin smallest', write('min(x, axis)')],
  ['reduceprod product', write('prod(x, axis)')],
  ['reducelogsumexp lse logsum', write('logsumexp(x, axis)')],
  ['logmeanexp', write('logsumexp(x, axis) - log(size(axis))')],
  ['var variance reducevariance', write('mean((x - mean(x, axis))^2, axis)')],
  ['std stddev sd stdev standarddeviation reducestd', write('sqrt(mean((x - mean(x, axis))^2, axis))')],
  ['cov covariance', write('mean((x - mean(x, axis)) * (y - mean(y, axis)), axis)')],
  [
    'corr corrcoef correlation cor pearsonr',
    say('std/pearson is 1 - the correlation over the batch: `import { pearson } from "std/pearson"`'),
  ],
  ['skew skewness kurtosis moment', write('mean((x - mean(x, axis))^3, axis)')],
  ['sumsq sumofsquares ssq l2square dotself', write('sum(x^2, axis)')],
  ['ptp peaktopeak', write('max(x, axis) - min(x, axis)')],
  ['countnonzero count bincount', write('sum(1, axis where x != 0)')],
  ['all alltrue', write('if min(x, axis) > 0 then a else b')],
  ['any anytrue', write('if max(x, axis) > 0 then a else b')],
  ['entropy shannonentropy', write('-sum(xlogy(x, x), axis)')],
  ['median mode quantile percentile nanmedian mad iqr', NO_SORTING],
  [
    'sort sorted argsort sortperm order rank topk topkvalues kthvalue nthelement unique searchsorted',
    NO_SORTING,
  ],
  [
    'argmax whichmax findmax',
    write('if x >= max(x, axis) then 1 else 0', 'a one-hot row: a position has no gradient'),
  ],
  [
    'argmin whichmin findmin',
    write('if x <= min(x, axis) then 1 else 0', 'a one-hot row: a position has no gradient'),
  ],
  // Running along an axis
  [
    'cumsum cumulativesum runningsum prefixsum',
    write('sum(rename(x, axis, other), other where index(other) <= index(axis))'),
  ],
  [
    'cumprod cumulativeproduct',
    write('prod(rename(x, axis, other), other where index(other) <= index(axis))'),
  ],
  ['cummax', write('max(rename(x, axis, other), other where index(other) <= index(axis))')],
  ['cummin', write('min(rename(x, axis, other), other where index(other) <= index(axis))')],
  ['logcumsumexp', write('logsumexp(rename(x, axis, other), other where index(other) <= index(axis))')],
  ['diff differences', write('x - at(x, axis, index(axis) - 1)')],
  ['roll shift lag circshift', write('at(x, axis, index(axis) - 1)', 'it is 0 outside the axis')],
  ['flip reverse fliplr flipud rev', write('at(x, axis, size(axis) - 1 - index(axis))')],
  // Looking up, positions
  [
    'gather take takealongaxis indexselect gathernd pick nth getindex getitem lookup',
    write('at(x, axis, i)'),
  ],
  ['onehot tocategorical onehotencode', write('if index(axis) == i then 1 else 0')],
  ['arange range linspace iota seq colon', write('index(axis)')],
  ['length len numel nrow ncol shape ndims nels dim ndim sizeof', write('size(axis)')],
  ['eye identitymatrix kroneckerdelta', write('if index(axis) == index(other) then 1 else 0')],
  ['tril', write('if index(axis) >= index(other) then x else 0')],
  ['triu', write('if index(axis) <= index(other) then x else 0')],
  ['diag diagonal', write('sum(x, other where index(other) == index(axis))')],
  ['trace tr', write('sum(x, axis, other where index(axis) == index(other))')],
  [
    'scatter scatteradd scatternd indexadd indexput segmentsum',
    write('sum(if i == index(other) then x else 0, axis)'),
  ],
  // Products and distances
  ['dot inner vdot innerproduct', standard('dot', 'math')],
  [
    'matmul mm bmm mv matvec mtimes tensordot einsum linear dense',
    write(PRODUCT, 'the sum runs over the axis that both have'),
  ],
  ['outer outerproduct ger kron cross', write('x * rename(y, axis, other)')],
  ['norm vectornorm l2norm linalgnorm norm2', standard('norm', 'math')],
  ['l1norm norm1', write('sum(abs(x), axis)')],
  ['normalize normalise l2normalize unitnorm normc', write('x / sqrt(sum(x^2, axis))')],
  ['pairwisedistance euclideandistance euclidean', write('sqrt(sum((x - y)^2, axis))')],
  ['cdist pdist dist distancematrix', write('sqrt(sum((x - rename(y, batch, other))^2, axis))')],
  ['squareddistance sqeuclidean', standard('squared_distance', 'math')],
  ['cosine cossim cosinesim', standard('cosine', 'math')],
  [
    'cosinesimilarity cosinedistance',
    say(
      '`import { cosine } from "std/math"` is the similarity, cosine(a, b, axis); std/cosine_similarity is the loss, its negative',
    ),
  ],
  // Softmax and the like
  ['softmin', write('softmax(-x, axis)')],
  ['hardmax', write('if x >= max(x, axis) then 1 else 0')],
  ['sparsemax entmax', NO_SORTING],
  [
    'layernorm batchnorm standardize standardise zscore',
    write('(x - mean(x, axis)) / sqrt(mean((x - mean(x, axis))^2, axis))'),
  ],
  // What there is not
  ['reshape view flatten ravel squeeze unsqueeze expanddims newaxis expand expandas', NO_RESHAPING],
  [
    'permute transpose swapaxes moveaxis broadcast broadcastto repeat repeatinterleave tile repmat',
    NO_RESHAPING,
  ],
  [
    'stack cat concat concatenate hstack vstack cbind rbind vcat hcat split chunk unbind unstack pad',
    NO_RESHAPING,
  ],
  [
    'conv conv1d conv2d conv3d avgpool maxpool maxpool2d pool interpolate resize upsample unfold fft rfft ifft stft dct',
    NO_CONVOLUTION,
  ],
  ['sobel imagegradients spatialgradient laplacian gaussianblur', NO_CONVOLUTION],
  [
    'det logdet slogdet inv pinv svd eig eigh eigvals cholesky qr lu solve lstsq matrixpower expm logm sqrtm',
    NO_LINEAR_ALGEBRA,
  ],
  [
    'rand randn randlike randnlike random randint uniform normal gaussian bernoulli sample multinomial categorical',
    NO_RANDOMNESS,
  ],
  ['dropout gumbelsoftmax rsample noise randperm shuffle randomnormal', NO_RANDOMNESS],
  ['zeros zeroslike', write('0', 'a number matches any axes')],
  ['ones oneslike full fulllike fill', write('1', 'a number matches any axes')],
  ['tensor astensor converttotensor array asarray constant variable parameter scalar', NO_CONVERSION],
  ['float double half int long bool cast type astype tofloat float32 float64 int32 int64', NO_CONVERSION],
  ['cuda cpu device numpy item tolist clone copy contiguous requiresgrad identity eval', NO_CONVERSION],
  ['detach stopgrad nograd lockgradient nondifferentiable zerograd freeze', write('stop_gradient(x)')],
  ['grad gradient gradients autograd backward jacobian hessian derivative deriv jvp vjp', DERIVED],
  ['integrate integral trapz trapezoid quad simpson', say('there is no integration: use a sum over an axis')],
  [
    'map vmap pmap reduce fold scan apply filter zip enumerate foreach jit sapply lapply arrayfun',
    say('functions work element by element, and reductions such as sum(x, axis) along axes'),
  ],
  [
    'print printf assert raise throw display disp println',
    say('`lossc eval` prints values and gradients, a `test` compares them'),
  ],
  ['return', say('there is no `return`: the last line of a body is its value')],
];
