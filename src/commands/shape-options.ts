/** Options that only some losses have a use for, and the checks of that, once the loss is known. */
import type { CompiledLoss } from '../../compiler/compile.js';
import { UsageError } from '../errors.js';
import { wholeNumber } from './command.js';

export const LOGITS_ROW = {
  fromLogits: {
    flags: '--from-logits',
    says: 'treat predictions as logits, values before softmax or sigmoid',
  },
} as const;

export const CLASSES_ROW = {
  classes: { flags: '--classes <n>', says: 'number of classes', read: wholeNumber(2), byDefault: 10 },
} as const;

/** Throws a UsageError where none of the losses has a prediction that could come as logits. */
export function requireLogits(
  losses: readonly Pick<CompiledLoss, 'name' | 'logits'>[],
  fromLogits: boolean | undefined,
): void {
  if (fromLogits !== true || losses.some(({ logits }) => logits.length > 0)) return;
  const names = losses.map(({ name }) => name).join(', ');
  throw new UsageError(
    `--from-logits has no effect: ${names} has no prediction with the domain probability or unit`,
    'leave --from-logits out',
  );
}

/** Throws a UsageError where a number of classes was asked for and no loss has an axis of that many. */
export function requireClasses(names: string, asked: number, found: readonly (number | undefined)[]): void {
  if (found.includes(asked)) return;
  const fixed = [...new Set(found.filter((classes) => classes !== undefined))];
  const reason = fixed.length === 0 ? 'has no class axis' : `has ${fixed.join(' or ')} classes`;
  throw new UsageError(`--classes ${asked} does not apply: ${names} ${reason}`, 'leave --classes out');
}
