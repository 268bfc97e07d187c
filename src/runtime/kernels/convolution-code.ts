/**
 * Between an image and its columns: `unfold` lists, for each output position of a convolution, the inputs under the
 * filter ("im2col"); `fold` adds such columns back to the image ("col2im"). Both handle strides, dilations and padding.
 */
import {
  advance,
  type Code,
  f32,
  f32Add,
  f32Load,
  f32Store,
  get,
  i32,
  i32Add,
  i32And,
  i32Equal,
  i32GreaterOrEqual,
  i32LessThanUnsigned,
  i32Mul,
  i32Or,
  i32Sub,
  loopSteps,
  set,
  vAdd,
  vLoad,
  vStore,
  vZero,
  type WasmFunction,
  when,
} from './assembler.js';

/** Parameters of both functions, in order. Sizes are numbers of elements. */
const FOLD_PARAMETERS = [
  'image',
  'columns',
  'height',
  'width',
  'channels',
  'filterHeight',
  'filterWidth',
  'strideHeight',
  'strideWidth',
  'dilationHeight',
  'dilationWidth',
  'padTop',
  'padLeft',
  'outHeight',
  'outWidth',
] as const;

const p = Object.fromEntries(FOLD_PARAMETERS.map((name, index) => [name, index])) as Readonly<
  Record<(typeof FOLD_PARAMETERS)[number], number>
>;
const [outRow, outColumn, filterRow, filterColumn, row, column, pixel, done, run, rowInside] = Array.from(
  { length: 10 },
  (_, index) => FOLD_PARAMETERS.length + index,
) as [number, number, number, number, number, number, number, number, number, number];

/**
 * Runs over all places of the filter at all output positions. `inside` handles `run` numbers that lie side by side both
 * in the image, at `pixel`, and in the columns; `beyond` handles `run` numbers outside the image. Both move `columns`
 * on by `run`. A whole row of the filter is one run where it lies within the image, else each tap is one.
 */
function overPlaces(name: string, inside: Code, beyond: Code): WasmFunction {
  const position = (out: number, stride: number, pad: number): Code =>
    i32Sub(i32Mul(get(out), get(stride)), get(pad));
  const pixelAt = (x: Code): Code =>
    i32Add(get(p.image), i32Mul(i32Mul(i32Add(i32Mul(get(row), get(p.width)), x), get(p.channels)), i32(4)));
  const handle = (body: Code): Code => [set(done, i32(0)), body];
  const firstColumn = position(outColumn, p.strideWidth, p.padLeft);
  const wholeRow: Code = [
    set(run, i32Mul(get(p.filterWidth), get(p.channels))),
    when(get(rowInside), [set(pixel, pixelAt(firstColumn)), handle(inside)], handle(beyond)),
  ];
  const tapByTap: Code = [
    set(run, get(p.channels)),
    set(filterColumn, i32(0)),
    loopSteps(filterColumn, get(p.filterWidth), 1, [
      set(column, i32Add(firstColumn, i32Mul(get(filterColumn), get(p.dilationWidth)))),
      // Below zero counts as very large, so one comparison is enough for both sides.
      when(
        i32And(get(rowInside), i32LessThanUnsigned(get(column), get(p.width))),
        [set(pixel, pixelAt(get(column))), handle(inside)],
        handle(beyond),
      ),
    ]),
  ];
  const isOneRun = i32Or(
    i32Equal(get(rowInside), i32(0)),
    i32And(
      i32Equal(get(p.dilationWidth), i32(1)),
      i32And(
        i32GreaterOrEqual(firstColumn, i32(0)),
        i32GreaterOrEqual(get(p.width), i32Add(firstColumn, get(p.filterWidth))),
      ),
    ),
  );
  return {
    name,
    parameters: FOLD_PARAMETERS.map(() => 'i32' as const),
    locals: new Array<'i32'>(10).fill('i32'),
    body: loopSteps(outRow, get(p.outHeight), 1, [
      set(outColumn, i32(0)),
      loopSteps(outColumn, get(p.outWidth), 1, [
        set(filterRow, i32(0)),
        loopSteps(filterRow, get(p.filterHeight), 1, [
          set(
            row,
            i32Add(position(outRow, p.strideHeight, p.padTop), i32Mul(get(filterRow), get(p.dilationHeight))),
          ),
          set(rowInside, i32LessThanUnsigned(get(row), get(p.height))),
          when(isOneRun, wholeRow, tapByTap),
        ]),
      ]),
    ]),
  };
}

/** Over one run, four numbers at a time and then one by one. */
function overRun(vector: Code, single: Code, movesPixel: boolean): Code {
  const step = (size: number, body: Code): Code =>
    loopSteps(done, get(run), size, [
      body,
      advance(p.columns, i32(4 * size)),
      movesPixel ? advance(pixel, i32(4 * size)) : [],
    ]);
  return [step(4, vector), step(1, single)];
}

export const CONVOLUTION_FUNCTIONS: readonly WasmFunction[] = [
  overPlaces(
    'unfold',
    overRun(vStore(get(p.columns), vLoad(get(pixel))), f32Store(get(p.columns), f32Load(get(pixel))), true),
    overRun(vStore(get(p.columns), vZero), f32Store(get(p.columns), f32(0)), false),
  ),
  overPlaces(
    'fold',
    overRun(
      vStore(get(pixel), vAdd(vLoad(get(pixel)), vLoad(get(p.columns)))),
      f32Store(get(pixel), f32Add(f32Load(get(pixel)), f32Load(get(p.columns)))),
      true,
    ),
    advance(p.columns, i32Mul(get(run), i32(4))),
  ),
];
