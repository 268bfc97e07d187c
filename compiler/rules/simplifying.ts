import type { Rule } from './rule.js';

/**
 * Identities that make a loss cheaper and easier to read. Every row lowers the cost: that, with the normal forms of
 * sums and products, is why simplifying ends.
 */
export const SIMPLIFYING = [
  { name: 'log-of-exp', from: 'log(exp(x))', to: 'x', holds: 'reals' },
  { name: 'exp-of-log', from: 'exp(log(x))', to: 'x', holds: 'reals', needs: { x: 'nonnegative' } },
  { name: 'log1p-of-expm1', from: 'log1p(expm1(x))', to: 'x', holds: 'reals' },
  { name: 'expm1-of-log1p', from: 'expm1(log1p(x))', to: 'x', holds: 'reals', needs: { x: 'nonnegative' } },
  { name: 'exp-of-softplus', from: 'exp(softplus(x))', to: '1 + exp(x)', holds: 'reals' },
  { name: 'exp-of-minus-softplus', from: 'exp(-softplus(x))', to: 'sigmoid(-x)', holds: 'reals' },
  { name: 'log-of-power', from: 'log(x ^ y)', to: 'y * log(x)', holds: 'reals', needs: { x: 'positive' } },
  {
    name: 'log-of-positive-power',
    from: 'log(x ^ y)',
    to: 'y * log(x)',
    holds: 'reals',
    needs: { x: 'nonnegative', y: 'positive' },
  },
  // Not a rule: log(x^y) -> y * log(x) without the needs. Undefined for x = -1 and y = 2, and for x = 0 and y = 0.
  { name: 'log-of-softmax', from: 'log(softmax(x, a))', to: 'log_softmax(x, a)', holds: 'reals' },
  { name: 'log-of-sum-of-exp', from: 'log(sum(exp(x), a))', to: 'logsumexp(x, a)', holds: 'reals' },
  { name: 'minus-logsumexp', from: 'x - logsumexp(x, a)', to: 'log_softmax(x, a)', holds: 'reals' },
  { name: 'log-of-one-plus-exp', from: 'log(1 + exp(x))', to: 'softplus(x)', holds: 'reals' },
  { name: 'log1p-of-exp', from: 'log1p(exp(x))', to: 'softplus(x)', holds: 'reals' },
  { name: 'softplus-minus-softplus', from: 'softplus(x) - softplus(-x)', to: 'x', holds: 'reals' },
  { name: 'softplus-minus-itself', from: 'softplus(x) - x', to: 'softplus(-x)', holds: 'reals' },
  { name: 'softplus-of-minus-plus', from: 'softplus(-x) + x', to: 'softplus(x)', holds: 'reals' },
  { name: 'reciprocal-one-plus-exp', from: '1 / (1 + exp(x))', to: 'sigmoid(-x)', holds: 'reals' },
  { name: 'exp-times-sigmoid', from: 'exp(x) * sigmoid(-x)', to: 'sigmoid(x)', holds: 'reals' },
  { name: 'exp-minus-times-sigmoid', from: 'exp(-x) * sigmoid(x)', to: 'sigmoid(-x)', holds: 'reals' },
  { name: 'one-minus-sigmoid', from: '1 - sigmoid(x)', to: 'sigmoid(-x)', holds: 'reals' },
  // The derivative of binary cross-entropy from logits.
  {
    name: 'sigmoids-of-both-labels',
    from: '(1 - x) * sigmoid(y) - x * sigmoid(-y)',
    to: 'sigmoid(y) - x',
    holds: 'reals',
  },
  { name: 'sigmoid-plus-sigmoid', from: 'sigmoid(x) + sigmoid(-x)', to: '1', holds: 'reals' },
  { name: 'abs-of-nonnegative', from: 'abs(x)', to: 'x', holds: 'bits', needs: { x: 'nonnegative' } },
  { name: 'abs-of-minus', from: 'abs(-x)', to: 'abs(x)', holds: 'bits' },
  { name: 'abs-of-abs', from: 'abs(abs(x))', to: 'abs(x)', holds: 'bits' },
  { name: 'abs-times-sign', from: 'abs(x) * sign(x)', to: 'x', holds: 'bits' },
  { name: 'sign-times-sign-of-abs', from: 'sign(abs(x)) * sign(x)', to: 'sign(x)', holds: 'bits' },
  { name: 'sign-of-positive', from: 'sign(x)', to: '1', holds: 'reals', needs: { x: 'positive' } },
  { name: 'sign-of-negative', from: 'sign(x)', to: '-1', holds: 'reals', needs: { x: 'negative' } },
  { name: 'sign-of-sign', from: 'sign(sign(x))', to: 'sign(x)', holds: 'bits' },
  { name: 'relu-of-nonnegative', from: 'relu(x)', to: 'x', holds: 'bits', needs: { x: 'nonnegative' } },
  { name: 'relu-of-nonpositive', from: 'relu(x)', to: '0', holds: 'reals', needs: { x: 'nonpositive' } },
  { name: 'relu-minus-relu', from: 'relu(x) - relu(-x)', to: 'x', holds: 'reals' },
  { name: 'relu-plus-relu', from: 'relu(x) + relu(-x)', to: 'abs(x)', holds: 'reals' },
  { name: 'max-plus-min', from: 'max(x, y) + min(x, y)', to: 'x + y', holds: 'reals' },
  { name: 'sin-squared-plus-cos-squared', from: 'sin(x)^2 + cos(x)^2', to: '1', holds: 'reals' },
  { name: 'cos-of-minus', from: 'cos(-x)', to: 'cos(x)', holds: 'bits' },
  { name: 'sin-of-minus', from: 'sin(-x)', to: '-sin(x)', holds: 'bits' },
  { name: 'tanh-of-minus', from: 'tanh(-x)', to: '-tanh(x)', holds: 'bits' },
  { name: 'erf-of-minus', from: 'erf(-x)', to: '-erf(x)', holds: 'bits' },
  { name: 'cos-of-acos', from: 'cos(acos(x))', to: 'x', holds: 'reals' },
] as const satisfies readonly Rule[];
