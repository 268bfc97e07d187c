/** The corpus of losses of the field, compiled for tests. */
import { readFileSync } from 'node:fs';
import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import { loadProgram, lossesOf, type Program } from '../../compiler/resolve/program.js';

const text = readFileSync(new URL('../corpus/corpus.loss', import.meta.url), 'utf8');

export const corpus: Program = loadProgram({ name: 'corpus.loss', text });
export const CORPUS: readonly string[] = lossesOf(corpus).map((decl) => decl.name.name);

/** A loss of the corpus by name. */
export function compiledCorpus(name: string, options: Parameters<typeof compileLoss>[2] = {}): CompiledLoss {
  return compileLoss(corpus, lossesOf(corpus).find((decl) => decl.name.name === name)!, options);
}

/** A loss written in a test. */
export function compiledText(source: string, options: Parameters<typeof compileLoss>[2] = {}): CompiledLoss {
  const program = loadProgram({ name: 'test.loss', text: source });
  return compileLoss(program, lossesOf(program).at(-1)!, options);
}
