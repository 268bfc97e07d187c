/** The gradient of maximum pooling: each output's gradient goes to the first of its largest inputs. */
import {
  advance,
  type Code,
  f32Add,
  f32Equal,
  f32Load,
  f32Store,
  get,
  i32,
  i32Add,
  i32And,
  i32Equal,
  i32LessThanUnsigned,
  i32Mul,
  i32Or,
  i32Sub,
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
  type WasmFunction,
  when,
} from './assembler.js';

const NAMES = [
  'input',
  'output',
  'outputGradient',
  'inputGradient',
  'height',
  'width',
  'channels',
  'filterHeight',
  'filterWidth',
  'strideHeight',
  'strideWidth',
  'padTop',
  'padLeft',
  'outHeight',
  'outWidth',
] as const;

const p = Object.fromEntries(NAMES.map((name, index) => [name, index])) as Readonly<
  Record<(typeof NAMES)[number], number>
>;
const local = (index: number): number => NAMES.length + index;
const [outRow, outColumn, channel, tapRow, tapColumn, row, column] = [0, 1, 2, 3, 4, 5, 6].map(local) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];
/** Offset in bytes of an input from the start of the image. */
const offset = local(7);
const singleTaken = local(8);
const singleHit = local(9);
const taken = local(10);
const hit = local(11);

const inputAt = i32Add(get(p.input), get(offset));
const gradientAt = i32Add(get(p.inputGradient), get(offset));

/** Over the window of one output: `body` runs for each input that lies within the image. */
const overTaps = (body: Code): Code => [
  set(tapRow, i32(0)),
  loopSteps(tapRow, get(p.filterHeight), 1, [
    set(row, i32Add(i32Sub(i32Mul(get(outRow), get(p.strideHeight)), get(p.padTop)), get(tapRow))),
    set(tapColumn, i32(0)),
    loopSteps(tapColumn, get(p.filterWidth), 1, [
      set(column, i32Add(i32Sub(i32Mul(get(outColumn), get(p.strideWidth)), get(p.padLeft)), get(tapColumn))),
      when(
        i32And(i32LessThanUnsigned(get(row), get(p.height)), i32LessThanUnsigned(get(column), get(p.width))),
        [
          set(
            offset,
            i32Mul(
              i32(4),
              i32Add(
                get(channel),
                i32Mul(get(p.channels), i32Add(i32Mul(get(row), get(p.width)), get(column))),
              ),
            ),
          ),
          body,
        ],
      ),
    ]),
  ]),
];

/** Four channels at once: `taken` has the channels that have found their largest input. */
const fourChannels: Code = [
  set(taken, vZero),
  overTaps([
    set(hit, vAndNot(vEqual(vLoad(inputAt), vLoad(get(p.output))), get(taken))),
    set(taken, vOr(get(taken), get(hit))),
    vStore(gradientAt, vAdd(vLoad(gradientAt), vAnd(vLoad(get(p.outputGradient)), get(hit)))),
  ]),
];

const oneChannel: Code = [
  set(singleTaken, i32(0)),
  overTaps([
    set(
      singleHit,
      i32And(f32Equal(f32Load(inputAt), f32Load(get(p.output))), i32Equal(get(singleTaken), i32(0))),
    ),
    set(singleTaken, i32Or(get(singleTaken), get(singleHit))),
    when(get(singleHit), f32Store(gradientAt, f32Add(f32Load(gradientAt), f32Load(get(p.outputGradient))))),
  ]),
];

const overChannels = (size: number, body: Code): Code =>
  loopSteps(channel, get(p.channels), size, [
    body,
    advance(p.output, i32(4 * size)),
    advance(p.outputGradient, i32(4 * size)),
  ]);

export const POOLING_FUNCTIONS: readonly WasmFunction[] = [
  {
    name: 'maxPoolGradient',
    parameters: NAMES.map(() => 'i32' as const),
    locals: [...new Array<'i32'>(10).fill('i32'), 'v128', 'v128'],
    body: loopSteps(outRow, get(p.outHeight), 1, [
      set(outColumn, i32(0)),
      loopSteps(outColumn, get(p.outWidth), 1, [
        set(channel, i32(0)),
        overChannels(4, fourChannels),
        overChannels(1, oneChannel),
      ]),
    ]),
  },
];
