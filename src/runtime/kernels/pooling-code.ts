/** The gradient of maximum pooling: each output's gradient goes to the first of its largest inputs. */
import { parametersOf, type WasmFunction, wasmFunction } from '../../../compiler/emit/wasm/assembler.js';
import {
  advance,
  type Code,
  f32Add,
  f32Equal,
  f32Load,
  f32Store,
  i32,
  i32Add,
  i32And,
  i32Equal,
  i32Mul,
  i32Or,
  loopSteps,
  set,
  vAdd,
  vAnd,
  vAndNot,
  vEqual,
  vLoad,
  vOr,
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

const MAX_POOL_GRADIENT = wasmFunction(
  'maxPoolGradient',
  {
    ...parametersOf('i32', 'input', 'output', 'outputGradient', 'inputGradient'),
    ...WINDOW_SIZES,
    ...WINDOW_PLACES,
  },
  (p, declare) => {
    const { outRow, outColumn, channel } = declare('i32', 'outRow', 'outColumn', 'channel');
    const { tapRow, tapColumn, row, column } = declare('i32', 'tapRow', 'tapColumn', 'row', 'column');
    /** Offset in bytes of an input from the start of the image. */
    const { offset } = declare('i32', 'offset');
    const { singleTaken, singleHit } = declare('i32', 'singleTaken', 'singleHit');
    const { taken, hit } = declare('v128', 'taken', 'hit');
    const inputAt = i32Add(p.input, offset);
    const gradientAt = i32Add(p.inputGradient, offset);

    /** Over the window of one output: `body` runs for each input that lies within the image. */
    const overTaps = (body: Code): Code =>
      overEach(tapRow, p.filterHeight, [
        set(row, i32Add(firstRow(p, outRow), tapRow)),
        overEach(tapColumn, p.filterWidth, [
          set(column, i32Add(firstColumn(p, outColumn), tapColumn)),
          when(i32And(isWithin(row, p.height), isWithin(column, p.width)), [
            set(offset, i32Mul(i32(4), i32Add(channel, i32Mul(p.channels, pixelIndex(p, row, column))))),
            body,
          ]),
        ]),
      ]);

    /** Four channels at once: `taken` has the channels that have found their largest input. */
    const fourChannels: Code = [
      set(taken, vZero),
      overTaps([
        set(hit, vAndNot(vEqual(vLoad(inputAt), vLoad(p.output)), taken)),
        set(taken, vOr(taken, hit)),
        vStore(gradientAt, vAdd(vLoad(gradientAt), vAnd(vLoad(p.outputGradient), hit))),
      ]),
    ];
    const oneChannel: Code = [
      set(singleTaken, i32(0)),
      overTaps([
        set(singleHit, i32And(f32Equal(f32Load(inputAt), f32Load(p.output)), i32Equal(singleTaken, i32(0)))),
        set(singleTaken, i32Or(singleTaken, singleHit)),
        when(singleHit, f32Store(gradientAt, f32Add(f32Load(gradientAt), f32Load(p.outputGradient)))),
      ]),
    ];
    const overChannels = (size: number, body: Code): Code =>
      loopSteps(channel, p.channels, size, [
        body,
        advance(p.output, i32(4 * size)),
        advance(p.outputGradient, i32(4 * size)),
      ]);
    return overOutputs(p, outRow, outColumn, [
      set(channel, i32(0)),
      overChannels(4, fourChannels),
      overChannels(1, oneChannel),
    ]);
  },
);

export const POOLING_FUNCTIONS: readonly WasmFunction[] = [MAX_POOL_GRADIENT];
