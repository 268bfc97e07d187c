import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { message, type Place } from './message.js';

/** Diagnostics of sketches: L41x. */

export const sketchWithoutHole = (p: Place, name: string): Diagnostic =>
  message(
    'sketchWithoutHole',
    p,
    `the sketch "${name}" has no hole`,
    'write ? where an expression is to be searched for',
  );
export const sketchOperator = (p: Place, name: string, hint: string | undefined): Diagnostic =>
  message(
    'sketchOperator',
    p,
    `"${name}" cannot be an operator of a sketch`,
    hint ?? 'use + - * / ^, an element-by-element function or an fn',
  );
export const sketchLeaf = (p: Place, name: string): Diagnostic =>
  message(
    'sketchLeaf',
    p,
    `"${name}" cannot be a leaf: it is not an input, a parameter, a let before the hole, or a domain of constants`,
  );
export const leafBounds = (p: Place, name: string, wants: boolean): Diagnostic =>
  message(
    'leafBounds',
    p,
    wants ? `"${name}" needs bounds` : `"${name}" takes no bounds`,
    wants ? `write ${name}(-1, 1)` : 'write between(a, b)',
  );
