/** Gradients of depthwise convolutions on one image's unfolded columns `[positions, taps, channels]`. */
import {
  advance,
  type Code,
  f32Add,
  f32Load,
  f32Mul,
  f32Store,
  get,
  i32,
  i32Equal,
  loopSteps,
  set,
  vAdd,
  vLoad,
  vMul,
  vStore,
  type WasmFunction,
  when,
} from './assembler.js';

const [columns, dy, filter, positions, taps, channels, multiplier] = [0, 1, 2, 3, 4, 5, 6] as const;
const [position, tap, channel, copy, dyAt, filterAt] = [7, 8, 9, 10, 11, 12] as const;

/**
 * Runs over positions, taps, channels and the copies of each channel, with `columns`, `dyAt` and `filterAt` at the
 * numbers that belong together. Parameters: columns, dy, filter, positions, taps, channels, multiplier.
 */
function overAll(name: string, four: Code, one: Code): WasmFunction {
  const overChannels = (size: number, body: Code): Code =>
    loopSteps(channel, get(channels), size, [
      body,
      [columns, dyAt, filterAt].map((pointer) => advance(pointer, i32(4 * size))),
    ]);
  const withCopies = loopSteps(channel, get(channels), 1, [
    set(copy, i32(0)),
    loopSteps(copy, get(multiplier), 1, [one, advance(dyAt, i32(4)), advance(filterAt, i32(4))]),
    advance(columns, i32(4)),
  ]);
  return {
    name,
    parameters: new Array<'i32'>(7).fill('i32'),
    locals: new Array<'i32'>(6).fill('i32'),
    body: [
      set(dyAt, get(dy)),
      loopSteps(position, get(positions), 1, [
        set(filterAt, get(filter)),
        set(tap, i32(0)),
        loopSteps(tap, get(taps), 1, [
          set(dyAt, get(dy)),
          set(channel, i32(0)),
          when(i32Equal(get(multiplier), i32(1)), [overChannels(4, four), overChannels(1, one)], withCopies),
        ]),
        set(dy, get(dyAt)),
      ]),
    ],
  };
}

export const DEPTHWISE_FUNCTIONS: readonly WasmFunction[] = [
  /** `filter += columns * dy` */
  overAll(
    'depthwiseFilter',
    vStore(get(filterAt), vAdd(vLoad(get(filterAt)), vMul(vLoad(get(columns)), vLoad(get(dyAt))))),
    f32Store(
      get(filterAt),
      f32Add(f32Load(get(filterAt)), f32Mul(f32Load(get(columns)), f32Load(get(dyAt)))),
    ),
  ),
  /** `columns += filter * dy`, where columns hold zeros at first. */
  overAll(
    'depthwiseInput',
    vStore(get(columns), vAdd(vLoad(get(columns)), vMul(vLoad(get(filterAt)), vLoad(get(dyAt))))),
    f32Store(get(columns), f32Add(f32Load(get(columns)), f32Mul(f32Load(get(filterAt)), f32Load(get(dyAt))))),
  ),
];
