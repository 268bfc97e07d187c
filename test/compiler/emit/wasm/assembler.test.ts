import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, parametersOf, wasmFunction } from '../../../../compiler/emit/wasm/assembler.js';
import {
  f32,
  f32Load,
  f32Mul,
  f32Store,
  i32,
  i32Add,
  i32Mul,
  loopSteps,
  select,
  set,
  splat,
  vLoad,
  vMul,
  vStore,
  when,
} from '../../../../compiler/emit/wasm/instructions.js';
import { instantiate } from '../../../../src/runtime/kernels/webassembly.js';

const assembler = suite('the assembler of kernels');

declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
};

const SCALE = wasmFunction(
  'scale',
  { ...parametersOf('i32', 'at', 'count'), ...parametersOf('f32', 'factor') },
  ({ at, count, factor }, declare) => {
    const { done } = declare('i32', 'done');
    const { four } = declare('v128', 'four');
    const place = i32Add(at, i32Mul(done, i32(4)));
    return [
      set(four, splat(factor)),
      loopSteps(done, count, 4, vStore(place, vMul(vLoad(place), four))),
      loopSteps(done, count, 1, f32Store(place, f32Mul(f32Load(place), factor))),
    ];
  },
);

assembler('makes functions that run: parameters first, then locals, by their order', () => {
  assert.equal(SCALE.parameters, ['i32', 'i32', 'f32']);
  assert.equal(SCALE.locals, ['i32', 'v128']);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const numbers = new Float32Array(memory.buffer, 16, 8);
  numbers.set([1, 2, 3, 4, 5, 6, 7, 8]);
  instantiate(assemble([SCALE], false), memory)['scale']!(16, 7, 2);
  assert.equal([...numbers], [2, 4, 6, 8, 10, 12, 14, 8]);
});

assembler('takes no value of another type', () => {
  const wrong = f32(1) as never;
  assert.throws(() => i32Add(wrong, i32(1)), /f32 where i32 is needed/);
  assert.throws(() => f32Load(wrong), /f32 where i32 is needed/);
  assert.throws(() => when(wrong, []), /f32 where i32 is needed/);
  assert.throws(() => select(i32(1), wrong, i32(1)), /f32 where i32 is needed/);
  assert.throws(() => vStore(i32(0), wrong), /f32 where v128 is needed/);
  assert.throws(
    () => wasmFunction('f', parametersOf('i32', 'a'), ({ a }) => set(a, wrong)),
    /f32 where i32 is needed/,
  );
});

assembler('gives a name once', () => {
  assert.throws(
    () =>
      wasmFunction('f', parametersOf('i32', 'a'), (_, declare) => {
        declare('f32', 'a');
        return [];
      }),
    /f has two locals a/,
  );
});

assembler.run();
