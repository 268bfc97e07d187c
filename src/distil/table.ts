/** A table of numbers from a file, CSV or JSON. */
import { RunError } from '../errors.js';
import { parseTable, readTableFile } from '../runtime/data/table.js';

export interface Table {
  readonly path: string;
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly count: number;
}

/** Throws a RunError that names the file and the place of what is wrong. */
export function readSampleTable(path: string): Table {
  const text = readTableFile(path);
  return path.toLowerCase().endsWith('.json') || /^\s*[[{]/.test(text)
    ? ofJson(path, text)
    : ofCsv(path, text);
}

function ofCsv(path: string, text: string): Table {
  const { names, rows } = parseTable(path, text);
  const [other] = names.length === 1 ? (/[;\t]/.exec(names[0]!) ?? []) : [];
  if (other !== undefined)
    throw new RunError(
      `${path} has a ${other === ';' ? 'semicolon' : 'tab'} between its columns`,
      'write commas, and points in numbers',
    );
  const columns = names.map((name, k) => {
    const numbers = Float64Array.from(rows, ({ cells, line }) => {
      const cell = cells[k]!;
      const value = Number(cell);
      if (cell !== '' && Number.isFinite(value)) return value;
      const said = cell === '' ? 'the cell is empty' : `"${cell.slice(0, 40)}" is no number`;
      throw new RunError(
        `${path}, line ${line}, column "${name}": ${said}`,
        'correct it, or leave the row out',
      );
    });
    return [name, numbers] as const;
  });
  return { path, columns: new Map(columns), count: rows.length };
}

const FORMS =
  'write a list of rows, [{"target": 1, "prediction": 0.25, "gradient": -4}, …], or a list for each column';

function ofJson(path: string, text: string): Table {
  if (text.trim() === '') throw new RunError(`${path} is empty`, FORMS);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new RunError(`${path}, line ${lineOf(text, thrown)}: it is not JSON`, FORMS);
  }
  if (Array.isArray(value)) return ofRows(path, value);
  if (typeof value === 'object' && value !== null) return ofLists(path, Object.entries(value));
  throw new RunError(`${path} holds ${typeof value === 'object' ? 'null' : `a ${typeof value}`}`, FORMS);
}

/** Where the engine stopped reading; the last line where it does not say. */
function lineOf(text: string, thrown: unknown): number {
  const at = /position (\d+)/.exec(String(thrown))?.[1];
  return text.slice(0, at === undefined ? text.trimEnd().length : Number(at)).split('\n').length;
}

function ofRows(path: string, rows: readonly unknown[]): Table {
  const [first] = rows;
  const names =
    typeof first === 'object' && first !== null && !Array.isArray(first) ? Object.keys(first) : [];
  const columns = names.map((name) => {
    const numbers = Float64Array.from(rows, (row, i) => {
      const entry: unknown =
        typeof row === 'object' && row !== null ? (row as Record<string, unknown>)[name] : undefined;
      return numberIn(entry, `${path}, row ${i + 1}, "${name}"`);
    });
    return [name, numbers] as const;
  });
  if (rows.length === 0) throw new RunError(`${path} has no rows`, FORMS);
  if (columns.length === 0) throw new RunError(`${path}, row 1 has no names of columns`, FORMS);
  return { path, columns: new Map(columns), count: rows.length };
}

function ofLists(path: string, entries: readonly (readonly [string, unknown])[]): Table {
  if (entries.length === 0) throw new RunError(`${path} has no columns`, FORMS);
  let count: number | undefined;
  const columns = entries.map(([name, list]) => {
    if (!Array.isArray(list)) throw new RunError(`${path}: "${name}" is no list`, FORMS);
    count ??= list.length;
    if (list.length !== count)
      throw new RunError(
        `${path}: "${name}" has ${list.length} numbers, and "${entries[0]![0]}" has ${count}`,
        'give every column a number for each row',
      );
    const numbers = list.map((entry: unknown, i) => numberIn(entry, `${path}, "${name}", entry ${i + 1}`));
    return [name, Float64Array.from(numbers)] as const;
  });
  return { path, columns: new Map(columns), count: count ?? 0 };
}

function numberIn(entry: unknown, place: string): number {
  if (typeof entry === 'number' && Number.isFinite(entry)) return entry;
  if (entry === undefined) throw new RunError(`${place} is missing`, 'give every row the same columns');
  if (Array.isArray(entry))
    throw new RunError(`${place} is a list`, 'give every entry of a prediction a row of its own');
  if (typeof entry === 'object' && entry !== null) throw new RunError(`${place} is an object`, FORMS);
  throw new RunError(
    `${place}: ${JSON.stringify(entry).slice(0, 40)} is no number`,
    'correct it, or leave the row out',
  );
}
