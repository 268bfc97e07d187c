import type { IMPORT_CODES } from '../codes/imports.js';
import type { Explanation } from './explanation.js';

export const IMPORT_EXPLANATIONS: { readonly [K in keyof typeof IMPORT_CODES]: Explanation } = {
  importNotFound: {
    title: 'a file that cannot be imported',
    help: 'correct the path: `std/NAME` is a standard loss, `./FILE.loss` a file beside this one',
    see: 'imports',
  },
  importCycle: {
    title: 'circular imports',
    help: 'move what both files need into a third one',
    see: 'imports',
  },
  importMissing: {
    title: 'a name that the file does not have',
    help: 'correct its spelling, or import another file',
    see: 'imports',
  },
  importSketch: {
    title: 'an import of a sketch',
    help: 'a sketch has no value until its holes are filled: import a loss',
    see: 'imports',
  },
  tooManyFiles: { title: 'too many files', help: 'merge some of them', see: 'imports' },
  importDepth: {
    title: 'imports that nest too deeply',
    help: 'import what is needed directly',
    see: 'imports',
  },
};
