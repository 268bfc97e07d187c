import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lowerLoss } from '../../compiler/lower/lower.js';
import { normalise } from '../../compiler/passes/simplify.js';
import { formulaOf } from '../../compiler/raise/formula.js';
import { raise } from '../../compiler/raise/raise.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { printExpr } from '../../grammar/print/print.js';

const raised = suite('text of a graph');

/** A loss, what is known of its simplified value, and the text of that. */
function text(loss: string): string {
  const program = loadProgram({ name: 'case.loss', text: loss });
  const lowered = lowerLoss(program, lossesOf(program)[0]!).loss;
  assert.ok(lowered);
  const value = normalise(lowered.graph, [lowered.value]).roots[0]!;
  return printExpr(raise(lowered.graph, value).result);
}

const CASES = [
  ['loss l(t: real, p: real) = (t - p) * 6.283185307179586', '2 * pi * (t - p)'],
  // A name of the user's hides the constant.
  ['loss l(t: real, pi: real) = (t - pi) * 6.283185307179586', '6.283185307179586 * (t - pi)'],
  ['loss l(t: real, pi: real) = t * pi / 3.141592653589793', '0.3183098861837907 * t * pi'],
  [
    'loss l(t: real[pi], p: real[pi]) = 6.283185307179586 * sum(t * p, pi)',
    '6.283185307179586 * sum(t * p, pi)',
  ],
  ['loss l(t: real, p: real) = min(infinity, t * p)', 'min(infinity, t * p)'],
  [
    'fn most(x) = max(x, infinity)\nloss l(t: real, infinity: real) = infinity * max(t, 0 - most(t))',
    'infinity * max(t, -max(t, 2^1024))',
  ],
] as const;

for (const [loss, expected] of CASES) raised(loss, () => assert.is(text(loss), expected));

raised('a name that a deep part gets is none that an input has', () => {
  const nested = (inner: string): string => `${'tanh('.repeat(80)}${inner}${')'.repeat(80)}`;
  const program = loadProgram({
    name: 'case.loss',
    text: `loss l(data v1: real, data v2: real, p: real) =
      let half = ${nested('v1 + v2 * p')}
      ${nested('half')}`,
  });
  const { loss } = lowerLoss(program, lossesOf(program)[0]!);
  assert.ok(loss);
  const names = formulaOf(loss.graph, loss.value).lets.map((definition) => definition.name.name);
  assert.ok(names.length > 0);
  assert.not(names.includes('v1'));
  assert.not(names.includes('v2'));
});

raised('a long chain of choices is one if, and made once', () => {
  const LENGTH = 300;
  const branches = Array.from({ length: LENGTH }, (_, i) => `if p < ${i} then ${i} * t else`).join(' ');
  const program = loadProgram({ name: 'case.loss', text: `loss l(t: real, p: real) = ${branches} p` });
  const { loss } = lowerLoss(program, lossesOf(program)[0]!);
  assert.ok(loss);
  const { result } = raise(loss.graph, loss.value);
  assert.is(result.kind === 'if' && result.conditions.length, LENGTH);
});

raised.run();
