import type { Rule } from './rule.js';

/**
 * Identities that keep digits in float32. They may cost more, so they run in one pass after differentiation and
 * never in simplification. No row's right side contains another row's left side, so one bottom-up pass is enough.
 */
export const STABILISING = [
  { name: 'log-of-one-plus', from: 'log(1 + x)', to: 'log1p(x)', holds: 'reals' },
  { name: 'log-of-one-minus', from: 'log(1 - x)', to: 'log1p(-x)', holds: 'reals' },
  { name: 'exp-minus-one', from: 'exp(x) - 1', to: 'expm1(x)', holds: 'reals' },
  // 2^t - 1 for a small t, and for one that is too large for float32, where the exponential ends and the power is infinite.
  {
    name: 'power-minus-one',
    from: 'x ^ y - 1',
    to: 'expm1(y * log(x))',
    holds: 'reals',
    needs: { x: 'positive', y: 'varying' },
  },
  // Near 1 each keeps its own digits, and far below it powers do: as x^z * expm1((y - z) * log(x)) an infinity would meet 0.
  {
    name: 'power-minus-power',
    from: 'x ^ y - x ^ z',
    to: 'if y * log(x) < -1 then exp(y * log(x)) - exp(z * log(x)) else expm1(y * log(x)) - expm1(z * log(x))',
    holds: 'reals',
    needs: { x: 'positive', y: 'varying', z: 'varying' },
  },
  {
    name: 'log-of-minus-expm1',
    from: 'log(-expm1(x))',
    to: 'log1mexp(x)',
    holds: 'reals',
    needs: { x: 'nonpositive' },
  },
  {
    name: 'log1p-of-minus-exp',
    from: 'log1p(-exp(x))',
    to: 'log1mexp(x)',
    holds: 'reals',
    needs: { x: 'nonpositive' },
  },
  { name: 'log-of-sigmoid', from: 'log(sigmoid(x))', to: '-softplus(-x)', holds: 'reals' },
  {
    name: 'reciprocal-sigmoid',
    from: 'sigmoid(x) ^ y',
    to: 'exp(-y * softplus(-x))',
    holds: 'reals',
    needs: { y: 'negative' },
  },
  // The slope of tanh: 1 - tanh(8)^2 is 4.5e-7, of which a difference from 1 keeps three digits.
  {
    name: 'one-minus-square-of-tanh',
    from: '1 - tanh(x)^2',
    to: '4 * sigmoid(2 * x) * sigmoid(-2 * x)',
    holds: 'reals',
  },
  { name: 'log-of-exp-plus-exp', from: 'log(exp(x) + exp(y))', to: 'x + softplus(y - x)', holds: 'reals' },
  // p^q - t * p^q near p = 1 for t = 1: the difference of exponents keeps the digits that the difference of powers loses.
  {
    name: 'power-minus-target-times-power',
    from: 'exp(x) - t * exp(y)',
    to: 't * exp(y) * expm1(x - y) + (1 - t) * exp(x)',
    holds: 'reals',
    needs: { x: 'nonpositive', t: 'target' },
  },
  // p - t near p = 1 for t = 1: expm1 of the log keeps the digits that the difference loses.
  {
    name: 'probability-minus-target',
    from: 'exp(x) - y',
    to: 'y * expm1(x) + (1 - y) * exp(x)',
    holds: 'reals',
    needs: { x: 'nonpositive', y: 'target' },
  },
  {
    name: 'sigmoid-minus-target',
    from: 'sigmoid(x) - y',
    to: '(1 - y) * sigmoid(x) - y * sigmoid(-x)',
    holds: 'reals',
    needs: { y: 'target' },
  },
] as const satisfies readonly Rule[];
