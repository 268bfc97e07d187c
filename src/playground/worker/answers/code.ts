import { compileLoss } from '../../../../compiler/compile.js';
import { emitTarget, TARGETS } from '../../../../compiler/emit/targets.js';
import type { Asks, CodeFile } from '../../messages.js';
import { lossOf } from '../losses.js';
import { TEXT_NAME } from '../text.js';

/** The files of a target. */
export async function code(
  { loss, target }: Asks['code']['ask'],
  version: string,
): Promise<readonly CodeFile[]> {
  const known = TARGETS.find((one) => one === target);
  if (known === undefined) throw new Error(`there is no target "${target}"`);
  const { program, decl } = lossOf(loss);
  const files = await emitTarget(known, compileLoss(program, decl), { version, file: TEXT_NAME });
  return files.map((file) => ({
    name: file.fileName,
    content: 'text' in file ? file.text : new Uint8Array(file.bytes),
  }));
}
