/** Three additions as a stranger makes them by CONTRIBUTING: all places that one has, as lines to put into files. */

/** Lines that are put in below the first line that holds a text. */
export interface Place {
  readonly file: string;
  readonly below: string;
  readonly lines: string;
}

export interface Addition {
  /** The row that says what it is. */
  readonly definition: Place;
  /** Its name in the language; of a function made of others that is the definition. */
  readonly name?: Place;
  /** What asks for it once the definition is there. */
  readonly asked: readonly Place[];
  /** What asks for it once it has a name, too. */
  readonly askedByName: readonly Place[];
}

const place = (file: string, below: string, lines: string): Place => ({ file, below, lines });

const FUNCTIONS = ['compiler/resolve/functions.ts', 'export const FUNCTIONS = {'] as const;
const LATEX = ['compiler/emit/latex/latex.ts', 'const FORMS: {'] as const;
const DECIMALS = ['compiler/exact/decimal/functions.ts', '    apply: {'] as const;
const ORACLE = ['test/fuzz/oracle/elementwise.ts', 'export const RULES: {'] as const;
const MATHJS = ['test/bench/mathjs.ts', 'const FORMS: {'] as const;

/** An operator that works element by element. */
const ATANH: Addition = {
  definition: place(
    'compiler/operators/elementwise.ts',
    'export const ELEMENTWISE = {',
    `  atanh: {
    ...unary(
      (x) => (log1p(x) - log1p(-x)) / 2,
      (x) => range(x.lo <= -1 ? -Infinity : Math.atanh(x.lo), x.hi >= 1 ? Infinity : Math.atanh(x.hi)),
    ),
    rank: 1001,
    domain: [{ least: -1, most: 1, open: true }],
    cost: 10,
  },`,
  ),
  name: place(
    ...FUNCTIONS,
    `  atanh: operator('atanh', 'inverse hyperbolic tangent of a value in (-1, 1)'),`,
  ),
  asked: [
    place('compiler/differentiate/derivatives.ts', 'const DERIVATIVES: {', `  atanh: ['1 / (1 - x^2)'],`),
    place(
      'compiler/canonical/elementwise.ts',
      'export const ELEMENTWISE_PRINTS: {',
      `  atanh: odd('atanh'),`,
    ),
    place(
      'compiler/interval/operators.ts',
      'export const INTERVALS: {',
      '  atanh: unary((x) => (x.lo < -1 || x.hi > 1 ? ANYTHING : risingThrough(Math.atanh, x, 0, SEVERAL))),',
    ),
    place('compiler/operators/traits.ts', 'const TRAITS: {', `  atanh: ['increases'],`),
    place('compiler/explain/facts/curvature.ts', 'const BEND: {', '  atanh: unknown,'),
    place('compiler/guard/underflow.ts', 'const STAYS: {', '  atanh: never,'),
    place('compiler/log-space/logs.ts', 'export const LOGS: {', '  atanh: undefined,'),
    place('compiler/log-space/complements.ts', 'export const COMPLEMENTS: {', '  atanh: undefined,'),
    place('compiler/emit/tfjs/ops.ts', 'export const TFJS: {', `  atanh: both('atanh', 'Math.atanh'),`),
    place('compiler/emit/fused/ops.ts', 'export const FUSED: {', `  atanh: call('Math.atanh'),`),
    place('compiler/emit/simd/operators.ts', 'export const SIMD: {', '  atanh: undefined,'),
    place('compiler/emit/python/torch.ts', '  operators: {', `    atanh: call('torch.atanh'),`),
    place('compiler/emit/python/jax.ts', '  operators: {', `    atanh: call('jnp.arctanh'),`),
    place('compiler/emit/python/keras.ts', '  operators: {', `    atanh: call('ops.arctanh'),`),
    place('compiler/emit/onnx/operators.ts', 'export const ONNX: {', `  atanh: op('Atanh'),`),
  ],
  askedByName: [
    place(...LATEX, `  atanh: operator('artanh'),`),
    place(...DECIMALS, '      atanh: (x) => e.log1p(x!).minus(e.log1p(x!.neg())).div(2),'),
    place(
      ...ORACLE,
      '  atanh: unary(Math.atanh, (x) => 1 / (1 - x * x), { doubt: (x, _, ex) => domainIf(Math.abs(x) + ex >= 1) }),',
    ),
    place(...MATHJS, `  atanh: same('atanh'),`),
  ],
};

/** An operator that takes axes away: the length of a vector. */
const NORM: Addition = {
  definition: place(
    'compiler/operators/axis.ts',
    'export const AXIS = {',
    `  norm: {
    kind: 'reduce',
    rank: 1002,
    neutral: 0,
    nests: true,
    symmetric: true,
    range: ({ lo, hi, nonzero, total }, count) =>
      range(Math.max(lo, -hi, 0), Math.max(-lo, hi) * Math.sqrt(count ?? Infinity), { nonzero, total }),
    cost: 4,
    evaluate: (entries) => Math.sqrt(picked(entries, 0, (sum, x) => sum + x * x)),
  },`,
  ),
  name: place(
    ...FUNCTIONS,
    `  norm: { kind: 'reduction', op: 'norm', doc: 'length of the vector along axes' },`,
  ),
  asked: [
    place(
      'compiler/differentiate/adjoints.ts',
      'export const ADJOINTS: {',
      '  norm: ({ b, node, x, adjoint }) => times(b, adjoint, divide(b, x, node)),',
    ),
    place(
      'compiler/canonical/printer.ts',
      '    switch (op) {',
      `      case 'norm': {
        const squares = positions.map([this.print(x)], ([y]) => powerPrint(y!, 2));
        return positions.map([this.sum(squares, node.axis)], (y) => mixPrints('norm', y));
      }`,
    ),
    place(
      'compiler/interval/evaluate.ts',
      'const REDUCTIONS: {',
      `  norm: (entries) => {
    const squares = entries.map((entry) => INTERVALS.pow([entry, exactly(2)], 0));
    return INTERVALS.pow([squares.reduce(add, exactly(0)), exactly(0.5)], 0);
  },`,
    ),
    place(
      'compiler/explain/facts/curvature.ts',
      'const BEND: {',
      `  norm: ([x], of) => (isAffine(of(x!)) ? 'convex' : 'unknown'),`,
    ),
    place('compiler/operators/traits.ts', 'const TRAITS: {', '  norm: [],'),
    place('compiler/guard/underflow.ts', 'const STAYS: {', '  norm: never,'),
    place('compiler/log-space/logs.ts', 'export const LOGS: {', '  norm: undefined,'),
    place('compiler/log-space/complements.ts', 'export const COMPLEMENTS: {', '  norm: undefined,'),
    place(
      'compiler/algebra/reductions.ts',
      'const REPEATED: {',
      `  norm: (algebra, value, times) =>
    algebra.mul([algebra.pow(times, algebra.constant(0.5)), algebra.apply('abs', [value])]),`,
    ),
    place(
      'compiler/emit/fused/reductions.ts',
      'export const ACCUMULATORS: {',
      `  norm: ['0', (name, x) => \`\${name} = Math.hypot(\${name}, \${x});\`],`,
    ),
    place(
      'compiler/emit/fused/expressions.ts',
      'const SAME_FOR_ALL: {',
      `  norm: (x) => ({ text: \`Math.sqrt(classes) * Math.abs(\${x})\`, level: LEVEL.product }),`,
    ),
    place('compiler/emit/simd/reductions.ts', 'export const GATHERS = {', '  norm: undefined,'),
    place('compiler/emit/simd/reductions.ts', 'export const SAME_FOR_ALL: {', '  norm: undefined,'),
    place(
      'compiler/emit/tfjs/reductions.ts',
      'export const REDUCTIONS: {',
      `  norm: {
    head: 'tf.euclideanNorm',
    join: '(a, b) => tf.sqrt(tf.add(tf.square(a), tf.square(b)))',
  },`,
    ),
    place('compiler/emit/python/framework.ts', 'export const JOINS: ', `  norm: 'hypot',`),
    place(
      'compiler/emit/python/torch.ts',
      '  reductions: {',
      `    norm: reduction('torch.linalg.vector_norm'),`,
    ),
    place(
      'compiler/emit/python/jax.ts',
      '  reductions: {',
      `    norm: (x, dims) => \`jnp.sqrt(jnp.sum(\${x} ** 2, axis=\${tuple(dims)}, keepdims=True))\`,`,
    ),
    place(
      'compiler/emit/python/keras.ts',
      '  reductions: {',
      `    norm: (x, dims) => \`ops.sqrt(ops.sum(\${x} ** 2, axis=\${tuple(dims)}, keepdims=True))\`,`,
    ),
    place('compiler/emit/onnx/operators.ts', 'export const REDUCTIONS: {', `  norm: reduce('ReduceL2'),`),
    place(
      'compiler/emit/onnx/slices.ts',
      'const JOINS: {',
      `  norm: (scope, x, y) => {
    const squares = [x, y].map((each) => scope.op('Mul', [each, each]));
    return scope.op('Sqrt', [scope.op('Add', squares)]);
  },`,
    ),
  ],
  askedByName: [
    place(...LATEX, `  norm: reduction('\\\\operatorname*{norm}'),`),
    place('compiler/exact/interpreter.ts', 'const REDUCTIONS: Readonly', '  norm: true,'),
    place(
      'compiler/exact/decimal/tensor.ts',
      '  const REDUCE: Readonly',
      '    norm: (entries) => add(entries.map((x) => x.times(x))).sqrt(),',
    ),
    place(
      'test/fuzz/oracle/along.ts',
      'const REDUCERS: {',
      `  norm: (x, entries, result, g) => {
    const squares = entries.map((i) => {
      const entry = blank([], widthOf([x]));
      copyEntry(x, i, entry, 0);
      return apply(RULES.square, entry);
    });
    const total = squares.reduce((a, b) => apply(RULES['+'], a, b), scalar(0));
    copyEntry(apply(RULES.sqrt, total), 0, result, g);
  },`,
    ),
  ],
};

/** A function that is made of others. */
const SOFTSIGN: Addition = {
  definition: place(
    ...FUNCTIONS,
    `  softsign: {
    kind: 'values',
    arity: 1,
    build: (b, [x]) => divide(b, x!, b.add([b.constant(1), b.apply('abs', [x!])])),
    doc: 'x / (1 + abs(x))',
  },`,
  ),
  asked: [
    place(...LATEX, `  softsign: operator('softsign'),`),
    place(...DECIMALS, '      softsign: (x) => x!.div(x!.abs().plus(1)),'),
    place(...ORACLE, '  softsign: unary((x) => x / (1 + Math.abs(x)), (x) => (1 + Math.abs(x)) ** -2),'),
    place(...MATHJS, '  softsign: undefined,'),
  ],
  askedByName: [],
};

export const ADDITIONS: Readonly<Record<string, Addition>> = { atanh: ATANH, norm: NORM, softsign: SOFTSIGN };
