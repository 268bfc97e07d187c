import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from '../../grammar/parse.js';

const text = readFileSync(new URL('../corpus/corpus.loss', import.meta.url), 'utf8');
const corpus = suite('corpus');

corpus('every declaration of the corpus is read without a diagnostic', () => {
  const { file, diagnostics } = parse({ name: 'corpus.loss', text });
  assert.equal(diagnostics, []);
  const starts = text.match(/^(?:loss|fn|sketch|test|import) /gm)!;
  assert.is(file.declarations.length, starts.length);
});

corpus.run();
