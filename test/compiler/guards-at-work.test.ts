import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLoss } from '../../compiler/compile.js';
import { arrayOf, signatureOf } from '../../compiler/evaluate/bind.js';
import { Binding } from '../../compiler/evaluate/binding.js';
import { evaluate } from '../../compiler/evaluate/evaluate.js';
import { inSingle } from '../../compiler/evaluate/single.js';
import type { Node } from '../../compiler/graph/graph.js';
import { guardsAtWork, unguarded } from '../../compiler/guard/unguarded.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';

const work = suite('guards at work');

function read(text: string, inputs: Readonly<Record<string, number[]>>, single: boolean) {
  const program = loadProgram({ name: 'f.loss', text });
  const compiled = compileLoss(program, lossesOf(program)[0]!);
  const { graph } = compiled.lowered;
  const given = new Map(Object.entries(inputs).map(([name, value]) => [name, arrayOf(value)]));
  const bound = new Binding(signatureOf(compiled), given, new Map());
  const plain = unguarded(graph, compiled.guards)(compiled.value);
  const roots = [compiled.value, plain];
  const bindings = { sizes: bound.sizes, leaf: (node: Node) => bound.leaf(node, bound.counts) };
  const results = evaluate(graph, roots, single ? inSingle(roots, bindings) : bindings);
  return {
    guarded: results.get(compiled.value)!.data[0]!,
    plain: results.get(plain)!.data[0]!,
    at: guardsAtWork(compiled.guards, results),
  };
}

const QUOTIENT = 'loss f(target: real, prediction: real) = (target + 1) / (prediction - target)\n';

work('a guard is at work where its argument is outside, and not elsewhere', () => {
  const apart = read(QUOTIENT, { target: [1], prediction: [3] }, false);
  assert.is(apart.guarded, 1);
  assert.equal(apart.at, []);
  const tied = read(QUOTIENT, { target: [1], prediction: [1] }, false);
  assert.is(Math.abs(tied.plain), Number.POSITIVE_INFINITY);
  assert.ok(Number.isFinite(tied.guarded));
  assert.ok(tied.at.length > 0);
});

work('in float32 a guard is at work where float64 needs none', () => {
  const text = 'loss f(target: real, prediction: real) = 1 / (exp(-prediction) * exp(-target))^2\n';
  const inputs = { target: [60], prediction: [60] };
  assert.equal(read(text, { target: [1], prediction: [2] }, true).at, []);
  const single = read(text, inputs, true);
  const double = read(text, inputs, false);
  assert.ok(Math.abs(double.plain / Math.exp(240) - 1) < 1e-9);
  assert.ok(single.guarded <= 3.5e38);
});

work.run();
