import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLoss } from '../../compiler/compile.js';
import { Graph } from '../../compiler/graph/graph.js';
import { verify } from '../../compiler/graph/verify.js';
import { PASS_NAMES, type PassName } from '../../compiler/passes/passes.js';
import { type ImportResolver, loadProgram, lossesOf } from '../../compiler/resolve/program.js';

const folder = new URL('../../stdlib/', import.meta.url);
const resolve: ImportResolver = (specifier) => ({
  name: specifier,
  text: readFileSync(new URL(`${specifier.replace('std/', '')}.loss`, folder), 'utf8'),
});
const standard = readdirSync(folder).filter((file) => file.endsWith('.loss'));

const passes = suite('passes');

passes('every standard loss goes through all passes in order, and its graph is sound after each', () => {
  for (const file of standard) {
    const program = loadProgram({ name: file, text: readFileSync(new URL(file, folder), 'utf8') }, resolve);
    for (const decl of lossesOf(program)) {
      for (const fromLogits of [false, true]) {
        const seen: PassName[] = [];
        const compiled = compileLoss(program, decl, { fromLogits, onPass: (pass) => seen.push(pass) });
        assert.equal(seen, PASS_NAMES, file);
        assert.is(compiled.stopped, 'normal', file);
        const { formula, value, gradients, lowered } = compiled;
        const roots = [
          lowered.value,
          formula.value,
          ...formula.gradients.values(),
          value,
          ...gradients.values(),
        ];
        verify(lowered.graph, roots);
      }
    }
  }
});

passes('verify sees what is not sound', () => {
  const graph = new Graph();
  const x = graph.make('input', [], {
    axes: 1,
    leaf: { kind: 'given', name: 'x', position: 0, data: false },
  });
  const wrong = graph.make('exp', [x], { axes: 0 });
  assert.throws(() => verify(graph, [wrong]), /axes are not those of the arguments/);
  const impossible = graph.make('log', [x], {
    range: { lo: 1, hi: 0, integer: false, nonzero: true, total: true },
  });
  assert.throws(() => verify(graph, [impossible]), /range from 1 to 0/);
});

passes.run();
