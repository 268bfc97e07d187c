import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printDecl, printFile } from '../../grammar/print/print.js';
import { parse } from '../../grammar/read/parse.js';
import { equalTrees } from '../../grammar/tree/walk.js';

const text = readFileSync(new URL('../corpus/corpus.loss', import.meta.url), 'utf8');
const { file, diagnostics } = parse({ name: 'corpus.loss', text });
const corpus = suite('corpus');

corpus('every declaration of the corpus is read without a diagnostic', () => {
  assert.equal(diagnostics, []);
  const starts = text.match(/^(?:loss|fn|sketch|test|import) /gm)!;
  assert.is(file.declarations.length, starts.length);
});

for (const decl of file.declarations) {
  corpus(`${decl.kind} ${decl.kind === 'import' ? decl.from : decl.name.name}: printed and read back`, () => {
    const printed = printDecl(decl);
    const again = parse({ name: 'printed.loss', text: printed });
    assert.equal(again.diagnostics, []);
    assert.is(again.file.declarations.length, 1);
    assert.ok(equalTrees(again.file.declarations[0]!, decl), printed);
  });
}

corpus('the file printed as a whole reads back as the same tree', () => {
  assert.ok(equalTrees(parse({ name: 'printed.loss', text: printFile(file) }).file, file));
});

corpus.run();
