import { type Callee, calleeOf } from '../../compiler/resolve/callee.js';
import type { OpenDocument } from './documents.js';
import type { Frame, Outline } from './outline.js';

/** What a call in a document calls: where its declaration cannot be read now, as it was read before. */
export const calleeIn = ({ reading, earlier }: OpenDocument, name: string): Callee | undefined =>
  calleeOf(name, reading.module) ?? (earlier && calleeOf(name, earlier.module));

/** The call around the offset of an outline, whose arguments are being written. */
export function callAround({ frames, isBody }: Outline): Frame | undefined {
  const frame = frames.at(-1);
  return isBody && frame?.callee !== undefined ? frame : undefined;
}

/** The name that the argument at the offset is given by. */
export const namedArgument = ({ argument: [name, equals] }: Frame): string | undefined =>
  equals?.image === '=' ? name?.image : undefined;
