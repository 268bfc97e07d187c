import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { checkProgram } from '../../compiler/check/check.js';
import { loadProgram } from '../../compiler/resolve/program.js';
import { formatSource } from '../../grammar/format/format.js';
import { UsageError } from '../errors.js';
import { writeFileSafely } from '../files.js';
import { print } from '../terminal.js';
import type { Define } from './command.js';
import { addOptions, type Rows } from './option-table.js';

const TASKS = ['classification', 'binary', 'regression'] as const;
type Task = (typeof TASKS)[number];

interface NewOptions {
  readonly task: Task;
}

const ROWS: Rows<NewOptions> = {
  task: {
    flags: '--task <name>',
    says: 'what is predicted: one of several classes, yes or no, or a number',
    choices: TASKS,
    byDefault: 'classification',
  },
};

/** A loss to begin with and its tests: cross-entropy, the same of two classes, and the squared error. */
const TEXTS: { readonly [K in Task]: (name: string) => string } = {
  classification: (name) => `/// Cross-entropy, as a starting point.
loss ${name}(target: onehot[class], prediction: probability[class]) =
  -sum(target * log(prediction), class)

test ${name} {
  target = [[1, 0, 0], [0, 1, 0]]
  prediction = [[1, 0, 0], [0.25, 0.5, 0.25]]
  value ~ [0, 0.6931471805599453]
  gradient prediction ~ [[-0.5, 0, 0], [0, -1, 0]]
}
`,
  binary: (name) => `/// Binary cross-entropy, as a starting point.
loss ${name}(target: binary, prediction: unit) =
  -target * log(prediction) - (1 - target) * log(1 - prediction)

test ${name} {
  target = [1, 0]
  prediction = [0.5, 0.75]
  value ~ [0.6931471805599453, 1.3862943611198906]
  gradient prediction ~ [-1, 2]
}
`,
  regression: (name) => `/// Squared error, as a starting point.
loss ${name}(target: real, prediction: real) = (prediction - target)^2

test ${name} {
  target = [0, 1]
  prediction = [2, 1]
  value ~ [4, 0]
  gradient prediction ~ [2, 0]
}
`,
};

/** `lossc new NAME`: a file with a loss and a test of it. Nothing is overwritten. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<name>', 'name of the loss, or path to its file')
    .action((given: string, { task }: NewOptions) => {
      if (/^$|[\\/]$/.test(given))
        throw new UsageError(`"${given}" does not name a file`, `write a name, such as ${given}my_loss`);
      const path = given.endsWith('.loss') ? given : `${given}.loss`;
      const name = basename(path, '.loss');
      const { text } = formatSource({ name: path, text: TEXTS[task](name) });
      if (!/^[A-Za-z_]\w*$/.test(name) || hasMistakes(text))
        throw new UsageError(
          `"${name}" cannot be the name of a loss`,
          `a name has letters, digits and _, such as ${nameFrom(name)}`,
        );
      if (existsSync(path)) throw new UsageError(`${path} already exists`, 'choose another name');
      writeFileSafely(path, text);
      print(`wrote ${path}`);
      print(
        `Next: write your formula there, then lossc check ${path}, lossc test ${path}, lossc explain ${path}`,
      );
    });
};

/** What is a word of the language is no name. */
const hasMistakes = (text: string): boolean =>
  checkProgram(loadProgram({ name: 'new.loss', text })).some(({ severity }) => severity === 'error');

const nameFrom = (text: string): string => {
  const name = text.replaceAll(/\W+/g, '_').replace(/^(?=\d)/, '_');
  return /[A-Za-z]/.test(name) && name !== text ? name : `my_${name}`;
};
