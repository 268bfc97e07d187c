/**
 * Between an image and its columns: `unfold` lists, for each output position of a convolution, the inputs under the
 * filter ("im2col"); `fold` adds such columns back to the image ("col2im"). Both handle strides, dilations and padding.
 */
import { parametersOf, type WasmFunction, wasmFunction } from '../../../compiler/emit/wasm/assembler.js';
import {
  advance,
  type Code,
  f32,
  f32Add,
  f32Load,
  f32Store,
  i32,
  i32Add,
  i32And,
  i32Equal,
  i32GreaterOrEqual,
  i32Mul,
  i32Or,
  type Local,
  loopSteps,
  set,
  type Value,
  vAdd,
  vLoad,
  vStore,
  vZero,
  when,
} from '../../../compiler/emit/wasm/instructions.js';
import {
  firstColumn,
  firstRow,
  isWithin,
  overEach,
  overOutputs,
  pixelIndex,
  WINDOW_PLACES,
  WINDOW_SIZES,
} from './window-code.js';

/** `run` numbers that lie side by side in the image, at `pixel`, and in the columns. `done` counts those that are handled. */
interface Run {
  readonly columns: Local<'i32'>;
  readonly pixel: Local<'i32'>;
  readonly done: Local<'i32'>;
  readonly run: Local<'i32'>;
}

/**
 * Runs over all places of the filter at all output positions. `inside` handles a run that lies within the image, `beyond` one that
 * lies outside. Both move `columns` on by it. A whole row of the filter is one run where it lies within the image, else each tap is
 * one.
 */
const overPlaces = (name: string, inside: (run: Run) => Code, beyond: (run: Run) => Code): WasmFunction =>
  wasmFunction(
    name,
    {
      ...parametersOf('i32', 'image', 'columns'),
      ...WINDOW_SIZES,
      ...parametersOf('i32', 'dilationHeight', 'dilationWidth'),
      ...WINDOW_PLACES,
    },
    (p, declare) => {
      const { outRow, outColumn, filterRow, filterColumn } = declare(
        'i32',
        'outRow',
        'outColumn',
        'filterRow',
        'filterColumn',
      );
      const { row, column, pixel, done, run, rowInside } = declare(
        'i32',
        'row',
        'column',
        'pixel',
        'done',
        'run',
        'rowInside',
      );
      const pixelAt = (x: Value<'i32'>): Value<'i32'> =>
        i32Add(p.image, i32Mul(i32Mul(pixelIndex(p, row, x), p.channels), i32(4)));
      const handle = (body: (run: Run) => Code): Code => [
        set(done, i32(0)),
        body({ columns: p.columns, pixel, done, run }),
      ];
      const first = firstColumn(p, outColumn);
      const wholeRow: Code = [
        set(run, i32Mul(p.filterWidth, p.channels)),
        when(rowInside, [set(pixel, pixelAt(first)), handle(inside)], handle(beyond)),
      ];
      const tapByTap: Code = [
        set(run, p.channels),
        overEach(filterColumn, p.filterWidth, [
          set(column, i32Add(first, i32Mul(filterColumn, p.dilationWidth))),
          when(
            i32And(rowInside, isWithin(column, p.width)),
            [set(pixel, pixelAt(column)), handle(inside)],
            handle(beyond),
          ),
        ]),
      ];
      const isOneRun = i32Or(
        i32Equal(rowInside, i32(0)),
        i32And(
          i32Equal(p.dilationWidth, i32(1)),
          i32And(i32GreaterOrEqual(first, i32(0)), i32GreaterOrEqual(p.width, i32Add(first, p.filterWidth))),
        ),
      );
      return overOutputs(
        p,
        outRow,
        outColumn,
        overEach(filterRow, p.filterHeight, [
          set(row, i32Add(firstRow(p, outRow), i32Mul(filterRow, p.dilationHeight))),
          set(rowInside, isWithin(row, p.height)),
          when(isOneRun, wholeRow, tapByTap),
        ]),
      );
    },
  );

/** Over one run, four numbers at a time and then one by one. */
function overRun({ columns, pixel, done, run }: Run, vector: Code, single: Code, movesPixel: boolean): Code {
  const step = (size: number, body: Code): Code =>
    loopSteps(done, run, size, [
      body,
      advance(columns, i32(4 * size)),
      movesPixel ? advance(pixel, i32(4 * size)) : [],
    ]);
  return [step(4, vector), step(1, single)];
}

export const CONVOLUTION_FUNCTIONS: readonly WasmFunction[] = [
  overPlaces(
    'unfold',
    (run) =>
      overRun(run, vStore(run.columns, vLoad(run.pixel)), f32Store(run.columns, f32Load(run.pixel)), true),
    (run) => overRun(run, vStore(run.columns, vZero), f32Store(run.columns, f32(0)), false),
  ),
  overPlaces(
    'fold',
    (run) =>
      overRun(
        run,
        vStore(run.pixel, vAdd(vLoad(run.pixel), vLoad(run.columns))),
        f32Store(run.pixel, f32Add(f32Load(run.pixel), f32Load(run.columns))),
        true,
      ),
    ({ columns, run }) => advance(columns, i32Mul(run, i32(4))),
  ),
];
