import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../../compiler/compile.js';
import { emitTarget, TARGETS } from '../../../compiler/emit/targets.js';
import { sayBound } from '../../../compiler/guard/bounds.js';
import { compiledStandard } from '../../stdlib/library.js';

const guards = suite('guards in emitted code');

const ORIGIN = { version: '0', file: 'test.loss' };
/** Losses that between them have every kind of guard. */
const GUARDED = ['cross_entropy', 'focal', 'cosine_similarity', 'giou', 'gce'];
const FAST = TARGETS.filter((target) => target !== 'ts' && target !== 'onnx');

const texts = async (compiled: CompiledLoss): Promise<readonly string[]> => {
  const files = await Promise.all(FAST.map((target) => emitTarget(target, compiled, ORIGIN)));
  return files.flat().map(({ text }) => text);
};

/** A text without the comments, docstrings and paragraphs in which guards are told. */
const codeOf = (text: string): string =>
  text
    .replaceAll(/\/\*\*[\s\S]*?\*\/|^ *"""[\s\S]*?"""$/gm, '')
    .replaceAll(/^\\noindent[\s\S]*?\n$/gm, '')
    .trim();

for (const name of GUARDED) {
  guards(`${name}: no target reads how its guards are told`, async () => {
    const compiled = compiledStandard(name);
    assert.ok(compiled.guards.length > 0);
    const untold = {
      ...compiled,
      guardNotes: { all: [], gradients: [], unknown: 0 },
      get guards(): never {
        throw new Error('an emitter reads the guards');
      },
    };
    const [silent, told] = [await texts(untold), await texts(compiled)];
    assert.equal(silent.map(codeOf), told.map(codeOf));
    assert.not.equal(silent, told);
  });
}

guards('are told in the comment of every target', async () => {
  for (const text of await texts(compiledStandard('cross_entropy')))
    assert.match(
      text.replaceAll(/\s+(\* )?/g, ' '),
      /In log and as a divisor, .{1,40} is taken as at least 1e-36; this decides/,
    );
  for (const text of await texts(compiledStandard('mse'))) assert.not.match(text, /this decides/);
});

guards('are data from which one sentence is made', () => {
  const [guard] = compiledStandard('cross_entropy').guards;
  assert.is(sayBound({ ...guard!, bound: 'least', distance: 2 }), 'at least 2');
  assert.is(sayBound({ ...guard!, bound: 'most', distance: 2 }), 'at most 2');
  assert.is(sayBound({ ...guard!, bound: 'away', distance: 2 }), 'at least 2 away from 0, with its sign');
  assert.is(sayBound({ ...guard!, bound: 'size', distance: 2 }), 'its size, at least 2');
  assert.is(sayBound({ ...guard!, bound: 'within', distance: 2 }), 'at most 2 in size');
});

guards.run();
