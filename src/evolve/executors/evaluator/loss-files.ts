/** What a script is given of a loss: its text in the language, and a module for each target. */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileLoss } from '../../../../compiler/compile.js';
import { emitTarget } from '../../../../compiler/emit/targets.js';
import { programOf } from '../../../../compiler/resolve/program.js';
import { printDecl } from '../../../../grammar/print/print.js';
import type { LossDecl } from '../../../../grammar/tree/ast.js';
import { binary, num } from '../../../../grammar/tree/build.js';
import { packageVersion } from '../../../version.js';
import { calledBy } from '../../losses/called-by.js';
import type { Candidate } from '../../model/candidate.js';
import type { Evaluate, ScriptHello } from '../../model/evaluator-messages.js';
import { matchingScale } from '../../screening/matching-scale.js';

export type LossOnDisk = Evaluate['loss'];

/** The name of the function in every module, so that a script need not look for it. */
const FUNCTION = 'candidate';
/** Losses whose files are kept for the next training of the same one; those in use are among the latest. */
const KEPT = 256;

/**
 * Files of losses below a folder, made once for each text. `matched`: with the factor that gives a classifier's loss the gradient
 * of cross-entropy at equal logits.
 */
export function createLossFiles(
  folder: string,
  { targets, inputs, classes }: Pick<ScriptHello, 'targets' | 'inputs' | 'classes'>,
  matched: boolean,
): (candidate: Candidate) => Promise<LossOnDisk> {
  const kept = new Map<string, Promise<LossOnDisk>>();
  const version = packageVersion();
  const make = async (given: Candidate, path: string): Promise<LossOnDisk> => {
    const scale = matched && classes !== undefined ? matchingScale(given, classes) : 1;
    const loss = scaled(given.loss, scale);
    const compiled = compileLoss(
      programOf([{ ...loss, name: { name: FUNCTION } }], given.library),
      { ...loss, name: { name: FUNCTION } },
      { fromLogits: inputs === 'logits' },
    );
    mkdirSync(path, { recursive: true });
    const files: Record<string, string> = {};
    for (const target of targets) {
      const emitted = await emitTarget(target, compiled, { version, file: `${loss.name.name}.loss` });
      for (const file of emitted)
        writeFileSync(join(path, file.fileName), 'text' in file ? file.text : file.bytes);
      files[target] = join(path, emitted[0]!.fileName);
    }
    return { name: loss.name.name, text: textOf({ ...given, loss }), scale, function: FUNCTION, files };
  };
  return (candidate) => {
    const key = createHash('sha256').update(textOf(candidate)).digest('hex').slice(0, 16);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const path = join(folder, key);
    const made = make(candidate, path);
    kept.set(key, made);
    // What could not be made is tried again by the next training, and told of by this one.
    made.catch(() => kept.delete(key));
    if (kept.size > KEPT) {
      const oldest = kept.keys().next().value!;
      kept.delete(oldest);
      rmSync(join(folder, oldest), { recursive: true, force: true });
    }
    return made;
  };
}

/** The loss with everything that it calls, as a `.loss` text. */
const textOf = ({ loss, library }: Candidate): string =>
  `${[...calledBy(loss, library), loss].map(printDecl).join('\n\n')}\n`;

function scaled(loss: LossDecl, factor: number): LossDecl {
  if (factor === 1) return loss;
  const { lets, result } = loss.body;
  return { ...loss, body: { lets, result: binary('*', num(factor), result) } };
}
