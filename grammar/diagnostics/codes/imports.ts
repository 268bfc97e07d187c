import type { CodeRow } from './row.js';

/** L5xx: imports. */
export const IMPORT_CODES = {
  importNotFound: {
    code: 'L501',
    title: 'a file that cannot be imported',
    help: 'correct the path: `std/NAME` is a standard loss, `./FILE.loss` a file beside this one',
    see: 'imports',
  },
  importCycle: {
    code: 'L502',
    title: 'circular imports',
    help: 'move what both files need into a third one',
    see: 'imports',
  },
  importMissing: {
    code: 'L503',
    title: 'a name that the file does not have',
    help: 'correct its spelling, or import another file',
    see: 'imports',
  },
  importSketch: {
    code: 'L505',
    title: 'an import of a sketch',
    help: 'a sketch has no value until its holes are filled: import a loss',
    see: 'imports',
  },
  tooManyFiles: { code: 'L504', title: 'too many files', help: 'merge some of them', see: 'imports' },
  importDepth: {
    code: 'L506',
    title: 'imports that nest too deeply',
    help: 'import what is needed directly',
    see: 'imports',
  },
} as const satisfies Readonly<Record<string, CodeRow>>;
