/** A table of one's own: `--dataset table.csv`, with a line of column names, commas, and quotes as in RFC 4180. */
import { readFileSync } from 'node:fs';
import { RunError, readProblem } from '../../errors.js';
import { createRandom } from '../../random.js';
import { classification, type Learning, outputsOfDistribution, type TaskKind } from '../tasks/learning.js';
import type { Dataset } from './dataset.js';
import { type ExampleSet, select } from './examples.js';
import { columnNormalisation } from './normalise.js';

export interface TableOptions {
  /** Columns to learn; the last one by default. */
  readonly predict?: readonly string[] | undefined;
  /** What is learnt; follows from the columns by default. */
  readonly learn?: TaskKind | undefined;
}

export const isTable = (path: string): boolean => path.toLowerCase().endsWith('.csv');

/** Share of the rows that are kept for the test, drawn by a seed of their own. */
const TEST_SHARE = 0.2;
/** Fewer rows leave nothing to validate and test with. */
const LEAST_ROWS = 10;

/** Throws a RunError that names the file and the line of what is wrong. */
export function readTable(path: string, { predict, learn }: TableOptions = {}): Dataset {
  const { names, rows } = parseTable(path, readTableFile(path));
  const targets = (predict ?? [names.at(-1)!]).map((name) => columnCalled(path, names, name));
  const inputs = names.flatMap((_, k) => (targets.includes(k) ? [] : [k]));
  if (inputs.length === 0) throw new RunError(`${path} has no column other than those to learn`);
  if (rows.length < LEAST_ROWS)
    throw new RunError(`${path} has ${rows.length} rows, and ${LEAST_ROWS} are needed`);
  const { learning, labels } =
    learn === 'classification' || (learn === undefined && areWords(rows, targets))
      ? asClasses(path, names, rows, targets)
      : asNumbers(path, names, rows, targets, learn);
  const all: ExampleSet = {
    count: rows.length,
    pixels: Float32Array.from(rows.flatMap((row) => inputs.map((k) => numberAt(path, names, row, k)))),
    labels,
  };
  const order = createRandom('table/test').shuffled([...rows.keys()]);
  const tested = Math.round(TEST_SHARE * rows.length);
  const train = select(all, order.slice(tested));
  return {
    name: path,
    ...learning,
    inputShape: [inputs.length],
    train,
    test: select(all, order.slice(0, tested)),
    normalisation: columnNormalisation(train, inputs.length),
    validationExamples: Math.max(1, Math.round(train.count / 4)),
  };
}

/** A row of a table, and where it begins. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

export function readTableFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (thrown) {
    throw new RunError(`cannot read ${path}: ${readProblem(thrown)}`);
  }
}

/** A cell in quotes, in which two quotes are one, or one without; and what ends it. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/** Names and cells of a text with commas. Throws a RunError that names the line of what is wrong. */
export function parseTable(
  path: string,
  text: string,
): { readonly names: readonly string[]; readonly rows: readonly Row[] } {
  const rows: Row[] = [];
  let [line, start] = [1, 1];
  let cells: string[] = [];
  CELL.lastIndex = 0;
  while (CELL.lastIndex < text.length) {
    const found = CELL.exec(text);
    if (found === null)
      throw new RunError(
        `${path}, line ${line}: a quote is not closed, or is inside a cell`,
        'write "" for a quote in quotes',
      );
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2]!.trim());
    line += found[0].split('\n').length - 1;
    if (found[3] === ',' && CELL.lastIndex < text.length) continue;
    if (found[3] === ',') cells.push('');
    // An empty line is none.
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: start, cells });
    [cells, start] = [[], line];
  }
  const [head, ...body] = rows;
  if (head === undefined)
    throw new RunError(`${path} is empty`, 'its first line has the names of the columns');
  const names = head.cells;
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined)
    throw new RunError(`${path} has two columns "${twice}"`, 'rename one of them, or leave it out');
  if (names.every((name) => name !== '' && Number.isFinite(Number(name))))
    throw new RunError(`${path} begins with numbers`, 'write a first line with the names of the columns');
  const uneven = body.find(({ cells: found }) => found.length !== names.length);
  if (uneven !== undefined)
    throw new RunError(
      `${path}, line ${uneven.line}: it has ${uneven.cells.length} cells, and the first line has ${names.length}`,
      'give every line a cell for each column, and write a cell with a comma in quotes',
    );
  return { names, rows: body };
}

function columnCalled(path: string, names: readonly string[], name: string): number {
  const found = names.indexOf(name);
  if (found < 0) throw new RunError(`${path} has no column "${name}"`, `it has ${names.join(', ')}`);
  return found;
}

function numberAt(path: string, names: readonly string[], { line, cells }: Row, k: number): number {
  const text = cells[k]!;
  const value = Number(text);
  if (text !== '' && Number.isFinite(value)) return value;
  throw new RunError(
    `${path}, line ${line}: "${text}" in the column "${names[k]}" is not a number`,
    'leave the column out, or replace words and missing values with numbers',
  );
}

const areWords = (rows: readonly Row[], targets: readonly number[]): boolean =>
  rows.some(({ cells }) => targets.some((k) => cells[k] === '' || !Number.isFinite(Number(cells[k]))));

interface Learnt {
  readonly learning: Learning;
  readonly labels: ExampleSet['labels'];
}

/** Classes are the values of one column, in the order of their names or numbers. */
function asClasses(
  path: string,
  names: readonly string[],
  rows: readonly Row[],
  targets: readonly number[],
): Learnt {
  const [column, ...more] = targets;
  if (more.length > 0)
    throw new RunError(
      `${path}: a class is one column, and ${targets.map((k) => `"${names[k]}"`).join(', ')} are several`,
      'use --learn multi-label for columns of 0 and 1',
    );
  const cells = rows.map((row) => row.cells[column!]!);
  const empty = cells.indexOf('');
  if (empty >= 0)
    throw new RunError(`${path}, line ${rows[empty]!.line}: the column "${names[column!]}" is empty`);
  const areNumbers = cells.every((cell) => Number.isFinite(Number(cell)));
  const classes = [...new Set(cells)].sort((a, b) => (areNumbers ? Number(a) - Number(b) : a < b ? -1 : 1));
  if (classes.length < 2) throw new RunError(`${path}: the column "${names[column!]}" has only one value`);
  const numbers = new Map(classes.map((name, i) => [name, i]));
  return {
    learning: classification(classes.length),
    labels: Int32Array.from(cells, (cell) => numbers.get(cell)!),
  };
}

/** Several columns of 0 and 1 are labels; other numbers are targets. */
function asNumbers(
  path: string,
  names: readonly string[],
  rows: readonly Row[],
  targets: readonly number[],
  learn: TaskKind | undefined,
): Learnt {
  const labels = Float32Array.from(rows.flatMap((row) => targets.map((k) => numberAt(path, names, row, k))));
  const other = labels.findIndex((value) => value !== 0 && value !== 1);
  const task = learn ?? (targets.length > 1 && other < 0 ? 'multi-label' : 'regression');
  if (task === 'multi-label' && other >= 0) {
    const { line } = rows[Math.floor(other / targets.length)]!;
    throw new RunError(`${path}, line ${line}: the label ${labels[other]} is neither 0 nor 1`);
  }
  const ofDistribution = outputsOfDistribution(task);
  if (ofDistribution !== undefined && targets.length > 1)
    throw new RunError(
      `${path}: --learn ${task} takes one column, and ${targets.map((k) => `"${names[k]}"`).join(', ')} are several`,
      'name one with --predict',
    );
  return { learning: { task, outputs: ofDistribution ?? targets.length }, labels };
}
