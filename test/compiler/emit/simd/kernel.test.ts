import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompiledLoss, compileLoss } from '../../../../compiler/compile.js';
import { planLoops } from '../../../../compiler/emit/fused/loops.js';
import { evaluateLoss } from '../../../../compiler/evaluate/bind.js';
import { programOf } from '../../../../compiler/resolve/program.js';
import { parse } from '../../../../grammar/read/parse.js';
import type { LossDecl } from '../../../../grammar/tree/ast.js';
import { createRandom, type Random } from '../../../../src/random.js';
import { cornerInputs, type LegalInputs, legalInputs } from '../../../helpers/legal-inputs.js';
import { kinks } from '../../../helpers/python-cases.js';
import { byKernel, byLoops, type Last, type LossResult } from '../../../helpers/simd.js';
import { FORMS } from '../../../stdlib/forms.js';
import { plainStandard } from '../../../stdlib/library.js';

const kernels = suite('losses as kernels of WebAssembly');

/** Of the largest number, as what emitted modules may be off on wasm (`test/stdlib/wasm.test.ts`). */
const SINGLE = 3e-5;
/** What is larger stands for what float32 does not hold. */
const BEYOND = 1e30;

/** Standard losses that can be fused and have an operator without a form for four numbers. */
const WITHOUT = ['arcface', 'ciou', 'evidential', 'hl_gauss', 'ngl'];

/** What is smaller is compared with this; dino divides the rounding errors of probabilities by its temperature of 0.1. */
const leastOf = (name: string): number => (name === 'dino' ? 1e-2 : 1e-3);

/** Where numbers are not right, in words. */
function problems(what: string, found: ArrayLike<number>, right: ArrayLike<number>, least: number): string[] {
  const size = Array.from(right, Math.abs).reduce(
    (most, x) => (x < BEYOND ? Math.max(most, x) : most),
    least,
  );
  return Array.from(right).flatMap((b, i) => {
    const a = found[i]!;
    const fits = Number.isNaN(b)
      ? Number.isNaN(a)
      : Math.abs(b) < BEYOND
        ? Math.abs(a - b) <= SINGLE * size
        : Math.sign(a) === Math.sign(b) && Math.abs(a) > BEYOND;
    return fits ? [] : [`${what} ${i} is ${a}, and ${b} is right`];
  });
}

const compared = (
  what: string,
  found: LossResult,
  right: { value: number; gradient: ArrayLike<number> },
  least = leastOf(''),
) => [
  ...problems(`${what}, value`, [found.value], [right.value], least),
  ...problems(`${what}, gradient`, found.gradient, right.gradient, least),
];

const KINDS: Readonly<Record<string, (compiled: CompiledLoss, random: Random) => LegalInputs>> = {
  everyday: (compiled, random) => legalInputs(compiled, random, 7),
  'at the corners of the domains': cornerInputs,
  'at kinks': (compiled, random) => kinks('', compiled, random),
};

function arraysOf(compiled: CompiledLoss, { inputs }: LegalInputs) {
  const given = compiled.inputs.map(({ name }) => inputs.get(name)!);
  const at = planLoops(compiled)!.prediction;
  return {
    target: Float32Array.from(given[1 - at]!.data),
    output: Float32Array.from(given[at]!.data),
    batch: given[at]!.shape[0]!,
    classes: given[at]!.shape[1] ?? 1,
  };
}

for (const { name, fromLogits } of FORMS) {
  const compiled = plainStandard(name, fromLogits);
  if (planLoops(compiled) === undefined) continue;
  kernels(`${name}${fromLogits ? ' from logits' : ''}: value and gradient are those of the reference`, () => {
    const random = createRandom(4);
    const found = Object.entries(KINDS).flatMap(([kind, make]) => {
      const given = make(compiled, random);
      const { target, output, batch, classes } = arraysOf(compiled, given);
      const result = byKernel(compiled, target, output, batch, classes, Object.fromEntries(given.parameters));
      assert.is(result === undefined, WITHOUT.includes(name), `${name} has a kernel`);
      if (result === undefined) return [];
      const { value, gradient } = evaluateLoss(compiled, given.inputs, given.parameters);
      const right = { value: value as number, gradient: [...gradient.values()][0]!.data };
      return compared(kind, result, right, leastOf(name));
    });
    assert.equal(found, []);
  });
}

/** Rows of a batch with whatever comes. */
function drawn(random: Random, batch: number, classes: number) {
  const output = Float32Array.from({ length: batch * classes }, () => 3 * random.normal());
  const target = new Float32Array(batch * classes);
  for (let i = 0; i < batch; i++) target[i * classes + random.int(classes)] = 1;
  return { target, output };
}

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9];

kernels('any number of items and classes, wherever in the memory they are', () => {
  const random = createRandom(7);
  for (const name of ['cross_entropy', 'focal', 'baikal']) {
    const compiled = plainStandard(name, true);
    for (const batch of SIZES)
      for (const classes of SIZES) {
        const { target, output } = drawn(random, batch, classes);
        const right = byLoops(compiled, target, output, batch, classes);
        for (const last of ['target', 'output', 'gradient'] satisfies Last[]) {
          const found = byKernel(compiled, target, output, batch, classes, {}, last)!;
          assert.equal(compared(`${name} [${batch}, ${classes}], ${last} last`, found, right), []);
        }
      }
  }
});

kernels('losses of items alone, any number of them', () => {
  const random = createRandom(8);
  const compiled = plainStandard('huber', false);
  for (let batch = 1; batch < 12; batch++) {
    const [target, output] = [0, 1].map(() => Float32Array.from({ length: batch }, () => random.normal()));
    for (const last of ['target', 'output', 'gradient'] satisfies Last[]) {
      const found = byKernel(compiled, target!, output!, batch, 1, {}, last)!;
      assert.equal(compared(`${batch}`, found, byLoops(compiled, target!, output!, batch, 1)), []);
    }
  }
});

const UNUSUAL: Readonly<Record<string, (target: Float32Array, output: Float32Array) => void>> = {
  'a target of zeros': (target) => target.fill(0, 3, 6),
  'equal logits': (_, output) => output.fill(2, 3, 6),
  'large logits': (_, output) => output.set([1000, -1000, 0], 3),
  'a class that cannot be': (target, output) => {
    output[4] = -Infinity;
    target.set([1, 0, 0], 3);
  },
  'a label that cannot be': (target, output) => {
    output[4] = -Infinity;
    target.set([0, 1, 0], 3);
  },
  'no class that can be': (_, output) => output.fill(-Infinity, 3, 6),
  'an infinite logit': (_, output) => {
    output[4] = Infinity;
  },
  'two infinite logits': (_, output) => output.fill(Infinity, 4, 6),
  'a logit that is none': (_, output) => {
    output[4] = Number.NaN;
  },
  'logits that are none': (_, output) => output.fill(Number.NaN, 3, 6),
  'a target that is none': (target) => {
    target[4] = Number.NaN;
  },
};

/** Logits are finite or -Infinity: of others the loops and the reference make different things. */
const ILLEGAL = ['an infinite logit', 'two infinite logits'];

/** Rows as inputs of the reference. */
const named = (
  compiled: CompiledLoss,
  rows: Readonly<Record<'target' | 'output', Float32Array>>,
  shape: number[],
) => {
  const at = planLoops(compiled)!.prediction;
  return new Map(
    compiled.inputs.map(({ name }, i) => {
      const data = Float64Array.from(i === at ? rows.output : rows.target);
      return [name, { shape: shape.slice(0, data.length === 15 ? 2 : 1), data }];
    }),
  );
};

for (const [kind, change] of Object.entries(UNUSUAL))
  kernels(`${kind}: as the loops in JavaScript and the reference have it`, () => {
    const problem: string[] = [];
    for (const { name, fromLogits } of FORMS) {
      const compiled = plainStandard(name, fromLogits);
      const plan = planLoops(compiled);
      if (!fromLogits || WITHOUT.includes(name) || plan?.targetPerClass !== true) continue;
      const rows = drawn(createRandom(5), 5, 3);
      change(rows.target, rows.output);
      const { parameters } = legalInputs(compiled, createRandom(6));
      const given = Object.fromEntries(parameters);
      const found = byKernel(compiled, rows.target, rows.output, 5, 3, given);
      if (found === undefined) continue;
      problem.push(...compared(name, found, byLoops(compiled, rows.target, rows.output, 5, 3, given)));
      if (ILLEGAL.includes(kind)) continue;
      const { value, gradient } = evaluateLoss(compiled, named(compiled, rows, [5, 3]), parameters);
      const right = { value: value as number, gradient: [...gradient.values()][0]!.data };
      problem.push(...compared(`${name}, reference`, found, right));
    }
    assert.equal(problem, []);
  });

for (const body of [
  'log1p(sum(target * (1 - prediction), class))',
  '-expm1(2 * log1p(-sum(target * (1 - prediction), class) / 2)) / 2',
  'log(sum(target * prediction^2, class))',
])
  kernels(`${body} of logits that are none is no number`, () => {
    const { file } = parse({
      name: 'sums.loss',
      text: `loss sums(target: onehot[class], prediction: probability[class]) = ${body}`,
    });
    const loss = file.declarations.find(({ kind }) => kind === 'loss') as LossDecl;
    const compiled = compileLoss(programOf([loss]), loss, { fromLogits: true, plainMean: true });
    const target = Float32Array.of(1, 0, 0, 0, 1, 0);
    for (const none of [
      [Number.NaN, Number.NaN, Number.NaN],
      [-Infinity, Number.NaN, -Infinity],
    ]) {
      const output = Float32Array.of(1, 2, 3, ...none);
      for (const work of [byKernel, byLoops]) {
        const found = work(compiled, target, output, 2, 3)!;
        assert.ok(Number.isNaN(found.value), `${none}: ${found.value}`);
        assert.ok(found.gradient.subarray(0, 3).every(Number.isFinite));
        assert.ok(found.gradient.subarray(3).every(Number.isNaN), `${none}: ${found.gradient}`);
      }
    }
  });

kernels.run();
