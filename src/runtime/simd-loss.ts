/** Value and gradient of a loss as one WebAssembly function, on any memory. */
import type { CompiledLoss } from '../../compiler/compile.js';
import type { LoopPlan } from '../../compiler/emit/fused/loops.js';
import { KERNEL_NAME, simdKernel } from '../../compiler/emit/simd/kernel.js';
import { isSingle, numberOf } from '../../compiler/emit/simd/numbers.js';
import { assemble } from '../../compiler/emit/wasm/assembler.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { instantiate, isShared, type WasmMemory } from './kernels/webassembly.js';
import { fixedNumbers, parameterNumbers } from './parameter-numbers.js';

/** Addresses of float32 in the memory, in bytes. */
interface LossAddresses {
  readonly target: number;
  readonly output: number;
  readonly gradient: number;
  /** Where the mean goes. */
  readonly value: number;
  /** Where `scratchBytes` are free, from a multiple of 16 on. */
  readonly scratch: number;
}

/** A kernel for one count of items and classes. */
interface SizedLoss {
  readonly scratchBytes: number;
  readonly run: (addresses: LossAddresses) => void;
}

/** A kernel on one memory. Undefined where a number that it takes, such as 1 / batch, is none of float32. */
export type SimdLoss = (batch: number, classes: number, changing?: number) => SizedLoss | undefined;

const FLOAT = 4;

/**
 * A kernel of the loss with these parameters, of which the one called `changing` has another number each time, as a function of the memory that it is to work on; undefined if the loss has an operator
 * without a form for four numbers. What it gives holds the code: nothing else does, so that what is dropped is freed.
 */
export function simdLoss(
  plan: LoopPlan,
  compiled: CompiledLoss,
  given: Readonly<Record<string, ParameterValue>>,
  changing?: string,
): ((memory: WasmMemory) => SimdLoss) | undefined {
  const fixed = compiled.parameters.map((parameter) =>
    parameter.name === changing ? undefined : fixedNumbers(parameter, given),
  );
  const kernel = simdKernel(plan, { parameter: (position) => fixed[position], size: () => undefined });
  if (kernel === undefined) return undefined;
  const { code, recordBytes, lists, numbers } = kernel;
  const parametersOf = parameterNumbers(compiled, given, changing);

  /** What depends on the sizes, and on the number that changes; undefined if float32 lacks a number of it. */
  function prepare(batch: number, classes: number, number: number | undefined): Prepared | undefined {
    const parameters = parametersOf(classes, number);
    const source = {
      parameter: (position: number) => parameters[position],
      size: (axis: 'items' | 'classes') => (axis === 'items' ? batch : classes),
    };
    const sideBySide = Array.from({ length: lists.length * classes }, (_, i) => {
      const list = parameters[lists[i % lists.length]!] as readonly number[];
      return list[Math.floor(i / lists.length)] ?? Number.NaN;
    });
    const last = numbers.map((node) => numberOf(node, source)!);
    return [...last, ...sideBySide].every(isSingle)
      ? { numbers: last, lists: Float32Array.from(sideBySide) }
      : undefined;
  }

  return (memory) => {
    const kernelOnMemory = instantiate(assemble([code], isShared(memory)), memory)[KERNEL_NAME]!;
    let last: Sized = { batch: 0, classes: 0, number: undefined, sized: undefined };
    const sized = (batch: number, classes: number, number?: number): SizedLoss | undefined => {
      const prepared = prepare(batch, classes, number);
      if (prepared === undefined) return undefined;
      return {
        scratchBytes: (recordBytes + FLOAT * lists.length) * classes,
        run: ({ target, output, gradient, value, scratch }) => {
          const listsAt = scratch + recordBytes * classes;
          if (lists.length > 0)
            new Float32Array(memory.buffer, listsAt, lists.length * classes).set(prepared.lists);
          kernelOnMemory(
            ...[target, output, gradient, batch, classes, scratch, listsAt, value],
            ...prepared.numbers,
          );
        },
      };
    };
    return (batch, classes, number) => {
      if (last.batch !== batch || last.classes !== classes || last.number !== number)
        last = { batch, classes, number, sized: sized(batch, classes, number) };
      return last.sized;
    };
  };
}

interface Sized {
  readonly batch: number;
  readonly classes: number;
  readonly number: number | undefined;
  readonly sized: SizedLoss | undefined;
}

interface Prepared {
  readonly numbers: readonly number[];
  readonly lists: Float32Array;
}
