import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { differentiate } from '../../compiler/differentiate/differentiate.js';
import { cost } from '../../compiler/graph/cost.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import type { LoweredLoss } from '../../compiler/lower/lowered.js';
import { forReading, normalise, simplify, simplifyingAlgebra } from '../../compiler/passes/simplify.js';
import { raise } from '../../compiler/raise/raise.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { printExpr } from '../../grammar/print/print.js';

/** One line, one case: what is written, and what is printed of it. `t` is one-hot, `p` a probability, `b` 0 or 1, `u` positive. */
const SIGNATURE =
  'loss f(data t: onehot[class], p: probability[class], x: real, y: real, data b: binary, u: positive; c: real = 1)';

function lower(body: string): LoweredLoss {
  const program = loadProgram({ name: 'case.loss', text: `${SIGNATURE} = ${body}` });
  const { loss, diagnostics } = lowerLoss(program, lossesOf(program)[0]!);
  assert.ok(loss, diagnostics.map(({ message }) => message).join());
  return loss;
}

function simplified(body: string): string {
  const loss = lower(body);
  return printExpr(raise(loss.graph, normalise(loss.graph, [loss.value]).roots[0]!).result);
}

function gradient(body: string, of: string): string {
  const loss = lower(body);
  const algebra = simplifyingAlgebra(loss.graph);
  const value = normalise(loss.graph, [loss.value]).roots[0]!;
  const leaf = [...loss.inputs, ...loss.parameters].find(({ name }) => name === of)!;
  const [node] = differentiate(algebra, value, [leaf.node], algebra.constant(1));
  return printExpr(raise(loss.graph, node!).result);
}

const simplifying = suite('simplified forms');

const FORMS: readonly (readonly [string, string])[] = [
  // Constants are exact.
  ['x * (0.1 + 0.2)', '0.3 * x'],
  ['x / 3 + x / 3 + x / 3', 'x'],
  ['x * 2.7279 * 0.2', '0.54558 * x'],
  ['0.1 * x + 0.2 * x', '0.3 * x'],
  ['x * (1 / 3 - 1 / 6)', 'x / 6'],
  ['x + 9007199254740993 - 9007199254740992', 'x'],
  ['x * 2 * pi', '2 * pi * x'],
  ['x / (2 * pi)', 'x / (2 * pi)'],
  ['log(2 * pi) / 2 + x', 'x + log(2 * pi) / 2'],
  // Like terms, factors and powers.
  ['x + y - x', 'y'],
  ['2 * x + 3 * x', '5 * x'],
  ['x * x * x', 'x^3'],
  ['x * y + x * c', 'x * (c + y)'],
  ['x^2 / x', 'x'],
  ['u^0.5 * u^0.5', 'u'],
  ['sqrt(x^2)', 'abs(x)'],
  ['-(x - y)', 'y - x'],
  ['2 * (x - y) / 2', 'x - y'],
  ['b^2 * x', 'x * b'],
  ['x * (1 - y) - x', '-(x * y)'],
  ['y * (1 - x) / u - x * y / u', 'y * (1 - 2 * x) / u'],
  ['c - c * (1 - x) - exp(y)', 'c * x - exp(y)'],
  // Logarithms and exponentials.
  ['log(exp(x))', 'x'],
  ['exp(x) * exp(y)', 'exp(x + y)'],
  ['exp(x) / exp(y)', 'exp(x - y)'],
  ['log(u^2)', '2 * log(u)'],
  ['log(1 + exp(x))', 'softplus(x)'],
  ['1 / (1 + exp(-x))', 'sigmoid(x)'],
  ['1 - sigmoid(x)', 'sigmoid(-x)'],
  ['b * sigmoid(x) + (1 - b) * sigmoid(-x)', 'sigmoid((2 * b - 1) * x)'],
  ['log(if x < 0 then exp(x) else exp(y))', 'if x < 0 then x else y'],
  // Sums and means.
  ['-mean(t * log(p), class)', '-mean(t * log(p), class)'],
  ['sum(2 * p, class)', '2 * sum(p, class)'],
  ['sum(t, class) + x', '1 + x'],
  ['sum(t * exp(p), class)', 'exp(sum(t * p, class))'],
  ['mean(x * p, class)', 'mean(p, class) * x'],
  ['logsumexp(p, class) - logsumexp(p, class) + x', 'x'],
  ['sum(exp(p - logsumexp(p, class)), class)', '1'],
  ['sum(p * exp(p + t - logsumexp(p + t, class)), class)', 'sum(p * softmax(t + p, class), class)'],
  ['at(p, class, 1) * 0 + x', 'x'],
  // Conditions.
  ['if u > -1 then x else y', 'x'],
  ['if x < 0 then x else x', 'x'],
  ['if not x < y then x else y', 'if x < y then y else x'],
];

/** Written in another order, with other brackets, it is the same. */
const ORDERS: readonly (readonly [string, string])[] = [
  ['sqrt(x) / x * x', 'x * (sqrt(x) / x)'],
  ['sqrt(x) * x / x', '(1 / x) * sqrt(x) * x'],
  ['x^1.5 / x^2 * x', 'x * x^1.5 / x^2'],
];

for (const [one, other] of ORDERS)
  simplifying(`${one} is ${other}`, () => assert.is(simplified(one), simplified(other)));

for (const [from, to] of FORMS) simplifying(`${from} is ${to}`, () => assert.is(simplified(from), to));

const GRADIENTS: readonly (readonly [string, string, string])[] = [
  ['(x - y)^2', 'x', '2 * (x - y)'],
  ['-sum(t * log(p), class)', 'p', '-t / p'],
  ['abs(x - y)', 'x', 'sign(x - y)'],
  ['softplus(x)', 'x', 'sigmoid(x)'],
  ['log(u)', 'u', '1 / u'],
  ['x^c', 'c', 'sum(xlogy(x^c, x), batch)'],
  ['stop_gradient(x) * x', 'x', 'stop_gradient(x)'],
  ['sum(p^2, class)', 'p', '2 * p'],
  ['if x < y then x else y', 'x', 'if x < y then 1 else 0'],
  // The value costs more in normal form, the derivative comes from the normal form all the same.
  ['(y - x / 2) * 4 * (x - y)', 'x', '6 * y - 4 * x'],
  // Numbers of several sums are one number in front.
  ['(x - 0.3)^2 * (y - 0.3) / 2', 'x', '(0.3 - x) * (0.3 - y)'],
  ['x * (3 - 6 * y) * (1 / 2 - c)', 'x', '1.5 * (1 - 2 * c) * (1 - 2 * y)'],
  ['log(1 + ((x - y) / c)^2 / 2)', 'x', '(x - y) / (c^2 * (1 + (x - y)^2 / (2 * c^2)))'],
];

for (const [from, of, to] of GRADIENTS)
  simplifying(`the derivative of ${from} with respect to ${of} is ${to}`, () =>
    assert.is(gradient(from, of), to),
  );

/** What is computed, and what is shown. */
const POWERS: readonly (readonly [string, string, string])[] = [
  ['square(square(square(x)))', 'x^8', 'x^8'],
  ['square(square(square(square(square(x)))))', 'x^32', 'x^32'],
  ['(x^3)^5', 'x^15', 'x^15'],
  ['(x^8)^16', '(x^8)^16', 'x^128'],
  // The squares are shared: merging would compute them twice, but reads better.
  ['x^2 + square(square(square(x)))', 'x^2 + ((x^2)^2)^2', 'x^2 + x^8'],
];

for (const [from, computed, shown] of POWERS)
  simplifying(`${from} is computed as ${computed} and shown as ${shown}`, () => {
    const { graph, value } = lower(from);
    const simple = simplify(graph, [value]).roots[0]!;
    assert.is(printExpr(raise(graph, simple).result), computed);
    assert.is(printExpr(raise(graph, forReading(graph, simple)).result), shown);
  });

simplifying('working out a division by a negative number does not raise the cost', () => {
  const { graph, value } = lower('(x * (c / -2))^2 + y');
  assert.ok(cost(simplify(graph, [value]).roots) <= cost([value]));
});

simplifying('signs meet in a loss that is otherwise best left as it is', () => {
  const { graph, value } = lower('-mean(-square(log(t + 2) / (2.5 + p)), class)');
  assert.is(
    printExpr(raise(graph, simplify(graph, [value]).roots[0]!).result),
    'mean((log(2 + t) / (2.5 + p))^2, class)',
  );
});

simplifying('what a cancellation lets in is recorded', () => {
  const loss = lower('x / x + log(x) - log(x)');
  const { widenings } = normalise(loss.graph, [loss.value]);
  assert.equal(widenings.map(({ reason }) => reason).sort(), ['cancelled', 'divided by']);
});

simplifying.run();
