/** What float64 cannot tell is not refuted, however many digits are lost; what is refuted is false at the witness, by a formula of its own. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding, Property } from '../../../compiler/explain/explanation.js';
import { explained, written } from './helpers.js';

const SIGNATURES = {
  error: 'target: real, prediction: real',
  margin: 'target: sign, prediction: real',
  classes: 'target: onehot[class], prediction: probability[class]',
  logits: 'target: onehot[class], prediction: logits[class]',
} as const;
type Kind = keyof typeof SIGNATURES;

const LETS: Readonly<Record<Kind, string>> = {
  error: 'let e = prediction - target\n  ',
  margin: 'let m = target * prediction\n  ',
  classes: '',
  logits: '',
};

function findings(kind: Kind, body: string): readonly Finding[] {
  const used = /\b[em]\b/.test(body) ? LETS[kind] : '';
  return explained(written(`loss f(${SIGNATURES[kind]}; big: positive = 1e8) =\n  ${used}${body}`)).findings;
}

const BOWL: readonly Property[] = ['convex', 'even', 'distance-based', 'minimum'];
const SURE: readonly Property[] = ['monotone', 'null epoch', 'calibrated'];

/** Losses, and properties that they have: by mathematics, not by what float64 makes of them. */
const TRUE: readonly (readonly [Kind, string, readonly Property[]])[] = [
  ['error', 'log(exp(e)) - e + e^2', BOWL],
  ['error', '((e + 1e8) - 1e8)^2', BOWL],
  ['error', '((e + big) - big)^2', BOWL],
  ['error', '(sqrt((e + big)^2) - big)^2', ['minimum']],
  ['error', 'log(1 + exp(e)) + log(1 + exp(-e))', [...BOWL, 'bounded gradient']],
  ['error', 'sqrt(e^2 + 1e16) - 1e8', [...BOWL, 'bounded gradient']],
  ['error', 'sqrt(e^2 + big^2) - big', [...BOWL, 'bounded gradient']],
  ['error', '(exp(e) + exp(-e)) / 2 - 1', BOWL],
  ['error', 'log((exp(e) + exp(-e)) / 2)', [...BOWL, 'bounded gradient']],
  ['error', 'log((exp(e)^3 + exp(-e)^3) / 2)', [...BOWL, 'bounded gradient']],
  ['error', 'lgamma(e^2 + big + 1) - lgamma(e^2 + big)', ['even', 'distance-based', 'minimum']],
  ['error', 'lgamma(abs(e) + 1e10) - lgamma(abs(e) + 1e10 - 1)', ['even', 'distance-based', 'minimum']],
  ['error', '((1 + e^2)^150)^(1/300)', [...BOWL, 'bounded gradient']],
  ['error', '((1 + e^2)^-150)^(-1/300)', [...BOWL, 'bounded gradient']],
  ['error', 'prediction^2 - 2 * prediction * target + target^2', BOWL],
  ['error', '((e + 1e12 * target) - 1e12 * target)^2', BOWL],
  ['error', '(e + (target * big)^3 - (target * big)^3)^2', BOWL],
  [
    'error',
    'exp(prediction) * exp(-target) - prediction + target - 1',
    ['convex', 'distance-based', 'minimum'],
  ],
  ['error', '(prediction + 1e6)^3 - (prediction + 1e6)^2 * (prediction + 1e6) + e^2', BOWL],
  ['error', '1 - 1 / (1 + e^2 * 1e-14)', ['bounded', 'even', 'distance-based', 'minimum']],
  ['error', '1 - cos(e)', ['bounded', 'even', 'distance-based', 'minimum', 'bounded gradient']],
  ['error', 'log(1e300 * (1 + e^2)) - log(1e300)', ['even', 'distance-based', 'minimum', 'bounded gradient']],
  ['error', '(1e200 * e)^2 / 1e200 / 1e200', BOWL],
  ['error', '(exp(e / 2) - exp(-e / 2))^2', BOWL],
  ['error', 'exp(-big) * (exp(e) - e - 1) + e^2', ['convex', 'distance-based', 'minimum']],
  ['margin', 'log(exp(m) + 1) - m', [...SURE, 'bounded gradient', 'smooth']],
  ['margin', 'softplus(-1e9 * m) / 1e9', [...SURE, 'smooth']],
  ['margin', 'exp(-1e6 * m)', ['calibrated', 'convex', 'null epoch']],
  ['margin', 'max(0, 1e-9 - m)', ['calibrated', 'convex', 'monotone']],
  ['margin', '(big - m) - big', ['monotone', 'convex']],
  ['margin', 'sqrt(m^2 + big^2) - m', [...SURE, 'convex', 'smooth']],
  ['margin', 'sqrt((m - 1)^2 + 1e16) - 1e8 - m / 1e7', ['convex', 'null epoch']],
  ['margin', 'log(1 + exp(big - m)) - big', ['monotone', 'convex', 'null epoch']],
  ['classes', 'sum(target * ((big + 1 - prediction) - big), class)', ['symmetric', 'monotone', 'bounded']],
  ['classes', '(big - sum(target * log(prediction), class)) - big', ['proper', 'monotone', 'null epoch']],
  [
    'classes',
    'sum((target - prediction)^2 + big, class) - sum(big + 0 * target, class)',
    ['proper', 'bounded'],
  ],
  [
    'logits',
    'log(sum(exp(prediction), class)) - sum(target * prediction, class)',
    ['shift-invariant', 'monotone'],
  ],
  [
    'logits',
    'logsumexp(prediction + big, class) - sum(target * (prediction + big), class)',
    ['shift-invariant', 'monotone', 'convex in the logits'],
  ],
];

const kept = suite('what is true, and needs more digits than float64 has');
for (const [kind, body, properties] of TRUE) {
  kept(`${kind}: ${body}`, () => {
    const wrong = findings(kind, body).filter(
      ({ property, status, holds }) =>
        properties.includes(property) && (status === 'refuted' || holds === false),
    );
    assert.equal(wrong, []);
  });
}
kept.run();

type Formula = (target: number, prediction: number) => number;
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Losses, what they do not have, and the formula once more. */
const FALSE: readonly (readonly [Kind, string, Property, Formula])[] = [
  ['error', 'log(1 + e^2)', 'convex', (t, p) => Math.log1p((p - t) ** 2)],
  ['error', '1 - exp(-e^2)', 'convex', (t, p) => -Math.expm1(-((p - t) ** 2))],
  ['error', 'tanh(e)^2', 'convex', (t, p) => Math.tanh(p - t) ** 2],
  ['error', 'sqrt(abs(e))', 'convex', (t, p) => Math.sqrt(Math.abs(p - t))],
  ['error', 'e^2 + 3 * sin(e)', 'convex', (t, p) => (p - t) ** 2 + 3 * Math.sin(p - t)],
  [
    'error',
    'lgamma(1 + e^2) + 3 * cos(e)',
    'minimum',
    (t, p) => lgammaOf(1 + (p - t) ** 2) + 3 * Math.cos(p - t),
  ],
  ['error', 'exp(e) - e - 1', 'even', (t, p) => Math.expm1(p - t) - (p - t)],
  ['error', 'e^2 + e^3 / 1000', 'even', (t, p) => (p - t) ** 2 + (p - t) ** 3 / 1000],
  ['error', 'if e > 0 then e else -e / 2', 'even', (t, p) => (p > t ? p - t : (t - p) / 2)],
  ['error', 'e^2 / (1 + target^2)', 'distance-based', (t, p) => (p - t) ** 2 / (1 + t * t)],
  ['error', '(prediction^2 - target^2)^2', 'distance-based', (t, p) => (p * p - t * t) ** 2],
  ['error', '(e - 0.1)^2', 'minimum', (t, p) => (p - t - 0.1) ** 2],
  ['error', 'e^2 - e / 1000', 'minimum', (t, p) => (p - t) ** 2 - (p - t) / 1000],
  ['error', 'abs(e - 1e-3)', 'minimum', (t, p) => Math.abs(p - t - 1e-3)],
  ['error', 'e^2', 'bounded', (t, p) => (p - t) ** 2],
  ['error', 'log(1 + e^2)', 'bounded', (t, p) => Math.log1p((p - t) ** 2)],
  ['error', 'sqrt(1 + e^2)', 'bounded', (t, p) => Math.hypot(1, p - t)],
  ['error', 'e^2', 'bounded gradient', (t, p) => 2 * (p - t)],
  ['error', 'abs(e)^1.5', 'bounded gradient', (t, p) => 1.5 * Math.sign(p - t) * Math.sqrt(Math.abs(p - t))],
  ['margin', '(1 - m)^2', 'monotone', (_, m) => 2 * (m - 1)],
  ['margin', 'softplus(-m) + m^2 / 100', 'monotone', (_, m) => -1 / (1 + Math.exp(m)) + m / 50],
  ['margin', 'log(1 + exp(m))', 'null epoch', (_, m) => 1 / (1 + Math.exp(-m))],
  ['margin', 'max(-m, -2 * m)', 'calibrated', (_, m) => Math.max(-m, -2 * m)],
  ['margin', 'softplus(m)', 'calibrated', (_, m) => softplus(m)],
  ['margin', 'max(0, 1 - m)', 'smooth', (_, m) => (m < 1 ? -1 : 0)],
  ['margin', 'max(0, 1 - m)', 'bounded', (_, m) => Math.max(0, 1 - m)],
];

/** Stirling's series, for arguments of 1 and more. */
function lgammaOf(x: number): number {
  if (x < 10) return lgammaOf(x + 1) - Math.log(x);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + 1 / (12 * x) - 1 / (360 * x ** 3);
}

/** Figures of a witness, all of them numbers where a property asks for them. */
interface Figures {
  readonly [name: string]: number & readonly number[];
}

/** Whether a witness, whose figures are not believed, shows that the property fails. */
const SHOWS: {
  readonly [P in Property]?: (f: Formula, witness: Figures) => boolean;
} = {
  convex: (f, { target, from, to }) => {
    const [a, b] = [from![0]!, to![0]!];
    return f(target!, (a + b) / 2) > (f(target!, a) + f(target!, b)) / 2;
  },
  even: (f, { target, error }) => {
    const [above, below] = [f(target!, target! + error!), f(target!, target! - error!)];
    return Math.abs(above - below) > 1e-9 * Math.abs(above);
  },
  'distance-based': (f, { error, targets }) => {
    const [a, b] = [targets![0]!, targets![1]!];
    return Math.abs(f(a, a + error!) - f(b, b + error!)) > 1e-9;
  },
  minimum: (f, { target, prediction }) => f(target!, prediction!) < f(target!, target!),
  bounded: (f, { target, prediction, gap }) =>
    gap === undefined ? f(target!, prediction!) > 4 : f(target!, -Math.abs(gap)) > 4,
  'bounded gradient': (f, { target, prediction }) => Math.abs(f(target!, prediction!)) > 4,
  monotone: (f, { margin }) => f(1, margin!) > 0,
  'null epoch': (f, { gap }) => f(1, gap!) >= 0,
  calibrated: (f) => {
    const [left, right] = [(f(1, 0) - f(1, -1e-6)) / 1e-6, (f(1, 1e-6) - f(1, 0)) / 1e-6];
    return Math.abs(left - right) > 0.1 || right >= 0;
  },
  smooth: (f, { gap }) => Math.abs(f(1, gap! + 1e-9) - f(1, gap! - 1e-9)) > 0.1,
};

const refuted = suite('what is false is refuted, with a witness that is one');
for (const [kind, body, property, formula] of FALSE) {
  refuted(`${kind}: ${body} is not ${property}`, () => {
    const found = findings(kind, body).filter((one) => one.property === property && one.status === 'refuted');
    assert.ok(found.length > 0, 'not refuted');
    for (const { witness } of found)
      assert.ok(SHOWS[property]!(formula, witness as never), JSON.stringify(witness));
  });
}
refuted.run();
