import type { CodeRow } from './row.js';

/** L5xx: imports. */
export const IMPORT_CODES = {
  importNotFound: { code: 'L501' },
  importCycle: { code: 'L502' },
  importMissing: { code: 'L503' },
  importSketch: { code: 'L505' },
  tooManyFiles: { code: 'L504' },
  importDepth: { code: 'L506' },
} as const satisfies Readonly<Record<string, CodeRow>>;
