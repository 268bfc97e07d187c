/** The TypeScript that the page shows, printed without ts-morph, is what `lossc compile` writes. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import * as morph from '../../compiler/emit/tfjs/typescript.js';
import * as page from '../../src/playground/instead/typescript.js';
import { CORPUS, compiledCorpus, compiledText } from '../helpers/corpus.js';
import { compiledStandard, LOSSES } from '../stdlib/library.js';

const typescript = suite('playground: TypeScript');

function same(compiled: CompiledLoss, header = 'Generated'): void {
  const module = emitModule(compiled);
  assert.is(page.typescriptModule(module, header), morph.typescriptModule(module, header), compiled.name);
}

typescript('every loss of the corpus and of the standard library reads the same', () => {
  for (const name of CORPUS) same(compiledCorpus(name));
  for (const name of LOSSES) same(compiledStandard(name));
});

typescript('what is in a comment cannot change what is code', () => {
  for (const doc of ['*/ throw 1; /*', 'a\\', '`x`', 'word '.repeat(60), '  indented', '@param x'])
    same(
      compiledText(
        `/// ${doc}\n/// ${doc}\nloss l(target: real, prediction: real) = (target - prediction)^2`,
      ),
      `from ${doc}\n\n  and more */`,
    );
});

typescript.run();
