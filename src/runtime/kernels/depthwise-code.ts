/** Gradients of depthwise convolutions on one image's unfolded columns `[positions, taps, channels]`. */
import { parametersOf, type WasmFunction, wasmFunction } from '../../../compiler/emit/wasm/assembler.js';
import {
  advance,
  type Code,
  f32Add,
  f32Load,
  f32Mul,
  f32Store,
  i32,
  i32Equal,
  type Local,
  loopSteps,
  set,
  vAdd,
  vLoad,
  vMul,
  vStore,
  when,
} from '../../../compiler/emit/wasm/instructions.js';

/** Addresses of numbers that belong together. */
interface Places {
  readonly columns: Local<'i32'>;
  readonly dyAt: Local<'i32'>;
  readonly filterAt: Local<'i32'>;
}

/** Runs over positions, taps, channels and the copies of each channel. */
const overAll = (name: string, four: (at: Places) => Code, one: (at: Places) => Code): WasmFunction =>
  wasmFunction(
    name,
    parametersOf('i32', 'columns', 'dy', 'filter', 'positions', 'taps', 'channels', 'multiplier'),
    ({ columns, dy, filter, positions, taps, channels, multiplier }, declare) => {
      const { position, tap, channel, copy, dyAt, filterAt } = declare(
        'i32',
        'position',
        'tap',
        'channel',
        'copy',
        'dyAt',
        'filterAt',
      );
      const at = { columns, dyAt, filterAt };
      const overChannels = (size: number, body: Code): Code =>
        loopSteps(channel, channels, size, [
          body,
          [columns, dyAt, filterAt].map((pointer) => advance(pointer, i32(4 * size))),
        ]);
      const withCopies = loopSteps(channel, channels, 1, [
        set(copy, i32(0)),
        loopSteps(copy, multiplier, 1, [one(at), advance(dyAt, i32(4)), advance(filterAt, i32(4))]),
        advance(columns, i32(4)),
      ]);
      return [
        set(dyAt, dy),
        loopSteps(position, positions, 1, [
          set(filterAt, filter),
          set(tap, i32(0)),
          loopSteps(tap, taps, 1, [
            set(dyAt, dy),
            set(channel, i32(0)),
            when(
              i32Equal(multiplier, i32(1)),
              [overChannels(4, four(at)), overChannels(1, one(at))],
              withCopies,
            ),
          ]),
          set(dy, dyAt),
        ]),
      ];
    },
  );

export const DEPTHWISE_FUNCTIONS: readonly WasmFunction[] = [
  /** `filter += columns * dy` */
  overAll(
    'depthwiseFilter',
    ({ columns, dyAt, filterAt }) =>
      vStore(filterAt, vAdd(vLoad(filterAt), vMul(vLoad(columns), vLoad(dyAt)))),
    ({ columns, dyAt, filterAt }) =>
      f32Store(filterAt, f32Add(f32Load(filterAt), f32Mul(f32Load(columns), f32Load(dyAt)))),
  ),
  /** `columns += filter * dy`, where columns hold zeros at first. */
  overAll(
    'depthwiseInput',
    ({ columns, dyAt, filterAt }) =>
      vStore(columns, vAdd(vLoad(columns), vMul(vLoad(filterAt), vLoad(dyAt)))),
    ({ columns, dyAt, filterAt }) =>
      f32Store(columns, f32Add(f32Load(columns), f32Mul(f32Load(filterAt), f32Load(dyAt)))),
  ),
];
