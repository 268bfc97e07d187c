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
  i32LessThanUnsigned,
  i32Mul,
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
export const FOLD_PARAMETERS = [
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

const parameter = Object.fromEntries(FOLD_PARAMETERS.map((name, index) => [name, index])) as Readonly<
  Record<(typeof FOLD_PARAMETERS)[number], number>
>;
const firstLocal = FOLD_PARAMETERS.length;
const [outRow, outColumn, filterRow, filterColumn, row, column, pixel, channel, rowInside] = Array.from(
  { length: 9 },
  (_, index) => firstLocal + index,
) as [number, number, number, number, number, number, number, number, number];

/** Runs over all places of the filter at all output positions; each body moves `columns` on by the channels. */
function overPlaces(name: string, inside: Code, beyond: Code): WasmFunction {
  const p = parameter;
  const position = (out: number, stride: number, pad: number, filter: number, dilation: number): Code =>
    i32Add(i32Sub(i32Mul(get(out), get(stride)), get(pad)), i32Mul(get(filter), get(dilation)));
  const place: Code = [
    set(column, position(outColumn, p.strideWidth, p.padLeft, filterColumn, p.dilationWidth)),
    set(channel, i32(0)),
    when(
      // Below zero counts as very large, so one comparison a side is enough.
      i32Mul(get(rowInside), i32LessThanUnsigned(get(column), get(p.width))),
      [
        set(
          pixel,
          i32Add(
            get(p.image),
            i32Mul(i32Mul(i32Add(i32Mul(get(row), get(p.width)), get(column)), get(p.channels)), i32(4)),
          ),
        ),
        inside,
      ],
      beyond,
    ),
  ];
  const filterRows: Code = [
    set(row, position(outRow, p.strideHeight, p.padTop, filterRow, p.dilationHeight)),
    set(rowInside, i32LessThanUnsigned(get(row), get(p.height))),
    set(filterColumn, i32(0)),
    loopSteps(filterColumn, get(p.filterWidth), 1, place),
  ];
  return {
    name,
    parameters: FOLD_PARAMETERS.map(() => 'i32' as const),
    locals: new Array<'i32'>(9).fill('i32'),
    body: loopSteps(outRow, get(p.outHeight), 1, [
      set(outColumn, i32(0)),
      loopSteps(outColumn, get(p.outWidth), 1, [
        set(filterRow, i32(0)),
        loopSteps(filterRow, get(p.filterHeight), 1, filterRows),
      ]),
    ]),
  };
}

const { columns, channels } = parameter;

/** Over the channels of one place, four at a time and then one by one. */
function overChannels(vector: Code, single: Code, movesPixel: boolean): Code {
  const step = (size: number, body: Code): Code =>
    loopSteps(channel, get(channels), size, [
      body,
      advance(columns, i32(4 * size)),
      movesPixel ? advance(pixel, i32(4 * size)) : [],
    ]);
  return [step(4, vector), step(1, single)];
}

export const CONVOLUTION_FUNCTIONS: readonly WasmFunction[] = [
  overPlaces(
    'unfold',
    overChannels(vStore(get(columns), vLoad(get(pixel))), f32Store(get(columns), f32Load(get(pixel))), true),
    overChannels(vStore(get(columns), vZero), f32Store(get(columns), f32(0)), false),
  ),
  overPlaces(
    'fold',
    overChannels(
      vStore(get(pixel), vAdd(vLoad(get(pixel)), vLoad(get(columns)))),
      f32Store(get(pixel), f32Add(f32Load(get(pixel)), f32Load(get(columns)))),
      true,
    ),
    advance(columns, i32Mul(get(channels), i32(4))),
  ),
];
