import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { meantAt, message, type Place } from './message.js';

/** Diagnostics of imports: L5xx. */

export const importNotFound = (
  p: Place,
  from: string,
  reason: string,
  similar: readonly string[],
): Diagnostic =>
  message(
    'importNotFound',
    p,
    `cannot import from "${from}": ${reason}`,
    meantAt(p, similar, (path) => `"${path}"`),
  );
export const importCycle = (p: Place, chain: readonly string[]): Diagnostic =>
  message('importCycle', p, `circular imports: ${chain.join(' -> ')}`);
export const importSketch = (p: Place, name: string, from: string): Diagnostic =>
  message(
    'importSketch',
    p,
    `"${name}" in "${from}" is a sketch, and only functions and losses can be imported`,
    'a sketch has no value until its holes are filled',
  );
export const importMissing = (p: Place, name: string, from: string, close: readonly string[]): Diagnostic =>
  message('importMissing', p, `"${from}" has no function or loss "${name}"`, meantAt(p, close));
export const tooManyFiles = (p: Place): Diagnostic =>
  message('tooManyFiles', p, 'a program may have at most 1,000 files, and this would be one more');
export const importDepth = (p: Place): Diagnostic =>
  message('importDepth', p, 'imports may be nested at most 100 levels deep, and this would be deeper');
