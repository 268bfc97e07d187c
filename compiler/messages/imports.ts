import type { Diagnostic } from '../../grammar/diagnostic.js';
import { didYouMean, message, type Place } from './message.js';

/** Diagnostics of imports: L5xx. */

export const importNotFound = (p: Place, from: string, reason: string): Diagnostic =>
  message('L501', p, `cannot import from "${from}": ${reason}`);
export const importCycle = (p: Place, chain: readonly string[]): Diagnostic =>
  message('L502', p, `imports may not go in circles: ${chain.join(' -> ')}`);
export const importMissing = (p: Place, name: string, from: string, close: readonly string[]): Diagnostic =>
  message('L503', p, `"${from}" has no fn or loss "${name}"`, didYouMean(close));
export const importDepth = (p: Place): Diagnostic =>
  message('L504', p, 'a program may have at most 1,000 files');
