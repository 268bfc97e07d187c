/** Four rows at a time: from tensors into records of four numbers side by side, one record for each class, and back. */
import {
  advance,
  type Code,
  i32,
  i32Add,
  i32LessOrEqualUnsigned,
  type Local,
  loopWhile,
  set,
  shuffle,
  type Value,
  vLoad,
  vLoadLane,
  vStore,
  vStoreLane,
  vZero,
} from '../wasm/instructions.js';
import type { Vector } from './writer.js';

/** Bytes of four float32. */
export const VECTOR = 16;
const FLOAT = 4;

/** Variables for going along four rows. */
export interface RowVariables {
  /** An address in each row. */
  readonly at: readonly Local<'i32'>[];
  readonly record: Local<'i32'>;
  readonly vectors: readonly Local<'v128'>[];
}

export interface Rows {
  /** Where each of the four rows begins. The last rows of a batch may be the same one several times. */
  readonly starts: readonly Value<'i32'>[];
  /** Where the records begin and end. */
  readonly records: Value<'i32'>;
  readonly end: Value<'i32'>;
  /** Vectors in a record, and which of them is meant. */
  readonly length: number;
  readonly slot: number;
}

/** Copies rows to their slot of the records. Nothing beyond the rows is read. */
export function rowsToRecords(rows: Rows, variables: RowVariables): Code {
  const { at, vectors, record } = variables;
  return alongRows(
    rows,
    variables,
    [
      at.map((address, i) => set(vectors[i]!, vLoad(address))),
      transposed(vectors).map((column, i) => vStore(record, column, slotOf(rows, i))),
    ],
    vStore(
      record,
      at.reduce<Vector>((vector, address, lane) => vLoadLane(vector, address, lane), vZero),
      slotOf(rows, 0),
    ),
  );
}

/** Copies a slot of the records to rows. */
export function recordsToRows(rows: Rows, variables: RowVariables): Code {
  const { at, vectors, record } = variables;
  return alongRows(
    rows,
    variables,
    [
      vectors.map((vector, i) => set(vector, vLoad(record, slotOf(rows, i)))),
      transposed(vectors).map((row, i) => vStore(at[i]!, row)),
    ],
    at.map((address, lane) => vStoreLane(address, vLoad(record, slotOf(rows, 0)), lane)),
  );
}

const slotOf = ({ length, slot }: Rows, column: number): number => VECTOR * (length * column + slot);

/** Four columns at a time, then one at a time. */
function alongRows(
  { starts, records, end, length }: Rows,
  { at, record }: RowVariables,
  four: Code,
  one: Code,
): Code {
  const pass = (columns: number, body: Code): Code => {
    const bytes = i32(VECTOR * length * columns);
    return loopWhile(i32LessOrEqualUnsigned(i32Add(record, bytes), end), [
      body,
      at.map((address) => advance(address, i32(FLOAT * columns))),
      advance(record, bytes),
    ]);
  };
  return [
    at.map((address, i) => set(address, starts[i]!)),
    set(record, records),
    pass(4, four),
    pass(1, one),
  ];
}

/** Rows and columns of four vectors exchanged. */
function transposed(vectors: readonly Vector[]): readonly Vector[] {
  const [a, b, c, d] = vectors as [Vector, Vector, Vector, Vector];
  const halves = (lanes: readonly [number, number, number, number]): Vector[] => [
    shuffle(a, b, lanes),
    shuffle(c, d, lanes),
  ];
  const [low, high] = [halves([0, 4, 1, 5]), halves([2, 6, 3, 7])] as [Vector[], Vector[]];
  return [low, high].flatMap(([left, right]) => [
    shuffle(left!, right!, [0, 1, 4, 5]),
    shuffle(left!, right!, [2, 3, 6, 7]),
  ]);
}
