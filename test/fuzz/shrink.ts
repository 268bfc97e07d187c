import type { Body, Decl, Expr, FnDecl, Input, LossDecl, Parameter } from '../../grammar/tree/ast.js';
import { name, num } from '../../grammar/tree/build.js';
import { children, countNodes, replaceAt, rewrite, visit } from '../../grammar/tree/walk.js';
import { SIMPLEX } from './generate/signature.js';
import type { Given, Numbers } from './oracle/oracle.js';
import { lossOf, type Trial } from './trial.js';

/** A smaller trial that fails still, found by taking each step that keeps the failure. Each try compiles a program. */
export async function shrink(
  trial: Trial,
  fails: (smaller: Trial) => Promise<boolean>,
  mostTries: number,
): Promise<Trial> {
  let [best, tries] = [trial, 0];
  for (let isMoving = true; isMoving && tries < mostTries; ) {
    isMoving = false;
    for (const smaller of steps(best)) {
      if (++tries > mostTries) break;
      if (!(await fails(smaller))) continue;
      best = smaller;
      isMoving = true;
      break;
    }
  }
  return best;
}

function* steps(trial: Trial): Generator<Trial> {
  yield* withoutOptions(trial);
  yield* oneItem(trial);
  yield* withoutDeclarations(trial);
  yield* withoutNames(trial);
  yield* shorterAxes(trial);
  yield* smallerExpressions(trial);
  yield* simplerNumbers(trial);
}

function* withoutOptions(trial: Trial): Generator<Trial> {
  if (trial.weights !== undefined) yield { ...trial, weights: undefined };
  if (trial.reduction !== 'sum' && trial.weights === undefined) yield { ...trial, reduction: 'sum' };
}

/** The first item alone, where all inputs have as many. */
function* oneItem(trial: Trial): Generator<Trial> {
  const { inputs } = trial.given;
  const [count, ...others] = new Set([...inputs.values()].map(({ shape }) => shape[0] ?? 1));
  if (count === undefined || count < 2 || others.length > 0 || trial.weights !== undefined) return;
  const first = (numbers: Numbers): Numbers => ({
    shape: [1, ...numbers.shape.slice(1)],
    data: numbers.data.slice(0, numbers.data.length / count),
  });
  const one = new Map([...inputs].map(([input, numbers]) => [input, first(numbers)]));
  yield { ...trial, given: { ...trial.given, inputs: one } };
}

/** With an axis shorter by one, where its length is not written down, and where what lies along it is neither a parameter nor adds up to 1. */
function* shorterAxes(trial: Trial): Generator<Trial> {
  const { inputs, parameters } = lossOf(trial.file);
  const along = ({ domain }: Input | Parameter) =>
    domain?.axes?.flatMap((axis) => (axis.kind === 'axis' ? [axis] : [])) ?? [];
  const free = new Set(
    inputs.flatMap((input) =>
      along(input).flatMap(({ name, size }) => (size === undefined ? [name.name] : [])),
    ),
  );
  const isAlong = (of: Input | Parameter, text: string): boolean =>
    along(of).some(({ name }) => name.name === text);
  for (const text of free) {
    const touched = inputs.filter((input) => isAlong(input, text));
    if (parameters.some((parameter) => isAlong(parameter, text))) continue;
    if (touched.some((input) => SIMPLEX.includes(input.domain!.name.name))) continue;
    if (touched.some((input) => along(input).some(({ many }) => many))) continue;
    const cut = new Map(trial.given.inputs);
    for (const input of touched) {
      const axes = along(input).map(({ name }) => name.name);
      const numbers = cut.get(input.name.name)!;
      cut.set(input.name.name, shortened(numbers, numbers.shape.length - axes.length + axes.indexOf(text)));
    }
    if ([...cut.values()].every(({ data }) => data.length > 0))
      yield { ...trial, given: { ...trial.given, inputs: cut } };
  }
}

/** Without what is last along an axis. */
function shortened({ shape, data }: Numbers, axis: number): Numbers {
  const [length, inner] = [shape[axis]!, shape.slice(axis + 1).reduce((a, b) => a * b, 1)];
  return {
    shape: shape.with(axis, length - 1),
    data: data.filter((_, k) => Math.floor(k / inner) % length < length - 1),
  };
}

const withDeclarations = (trial: Trial, declarations: readonly Decl[]): Trial => ({
  ...trial,
  file: { declarations },
});

function* withoutDeclarations(trial: Trial): Generator<Trial> {
  const { declarations } = trial.file;
  for (const [i] of declarations.slice(0, -1).entries())
    yield withDeclarations(trial, declarations.toSpliced(i, 1));
}

type Bodied = FnDecl | LossDecl;
const withLoss = (trial: Trial, change: Partial<LossDecl>): Trial => {
  const loss = lossOf(trial.file);
  return withDeclarations(
    trial,
    trial.file.declarations.map((decl) => (decl === loss ? { ...loss, ...change } : decl)),
  );
};

/** Without an input, a parameter, a `let`; or with a `let` put in its places. */
function* withoutNames(trial: Trial): Generator<Trial> {
  const { inputs, parameters } = lossOf(trial.file);
  const keep = <T>(map: ReadonlyMap<string, T>, gone: string): ReadonlyMap<string, T> =>
    new Map([...map].filter(([entry]) => entry !== gone));
  for (const [i, { name: ident }] of inputs.entries()) {
    const given: Given = { ...trial.given, inputs: keep(trial.given.inputs, ident.name) };
    yield { ...withLoss(trial, { inputs: inputs.toSpliced(i, 1) }), given };
  }
  for (const [i, { name: ident }] of parameters.entries()) {
    const given: Given = { ...trial.given, parameters: keep(trial.given.parameters, ident.name) };
    yield { ...withLoss(trial, { parameters: parameters.toSpliced(i, 1) }), given };
    if (trial.given.parameters.has(ident.name)) yield { ...trial, given };
  }
  for (const [at, decl] of bodies(trial)) {
    const { lets, result } = decl.body;
    for (const [i, entry] of lets.entries()) {
      const rest = lets.toSpliced(i, 1);
      const put = (expr: Expr): Expr =>
        rewrite(expr, (node) => (node.kind === 'name' && node.name === entry.name.name ? entry.value : node));
      yield withBody(trial, at, { lets: rest, result });
      yield withBody(trial, at, {
        lets: rest.map((other) => ({ ...other, value: put(other.value) })),
        result: put(result),
      });
    }
  }
}

function bodies(trial: Trial): readonly (readonly [number, Bodied])[] {
  return trial.file.declarations.flatMap((decl, at) =>
    decl.kind === 'fn' || decl.kind === 'loss' ? [[at, decl] as const] : [],
  );
}

function withBody(trial: Trial, at: number, body: Body): Trial {
  const decl = trial.file.declarations[at] as Bodied;
  return withDeclarations(trial, trial.file.declarations.with(at, { ...decl, body }));
}

function* smallerExpressions(trial: Trial): Generator<Trial> {
  for (const [at, { body }] of bodies(trial)) {
    for (const result of smaller(body.result)) yield withBody(trial, at, { ...body, result });
    for (const [i, entry] of body.lets.entries())
      for (const value of smaller(entry.value))
        yield withBody(trial, at, { ...body, lets: body.lets.with(i, { ...entry, value }) });
  }
}

const LEAVES: readonly Expr[] = [num(1), num(2), num(0), num(0.5), name('prediction'), name('target')];

/** The expression with a part in place of the whole, at any place; the largest parts first. */
function* smaller(root: Expr): Generator<Expr> {
  const places: { path: readonly number[]; node: Expr; size: number }[] = [];
  visit(root, (node, path) => places.push({ path: [...path], node, size: countNodes(node) }));
  places.sort((a, b) => b.size - a.size);
  for (const { path, node, size } of places) {
    for (const child of children(node)) yield replaceAt(root, path, child);
    if (node.kind === 'call' && node.where !== undefined) {
      const { where: _, ...rest } = node;
      yield replaceAt(root, path, rest);
    }
    if (node.kind === 'if' && node.conditions.length > 1)
      yield replaceAt(root, path, {
        ...node,
        conditions: node.conditions.slice(1),
        values: node.values.slice(1),
      });
    // From names to numbers, never back, so that it ends.
    if (size > 1) for (const leaf of LEAVES) yield replaceAt(root, path, leaf);
    if (node.kind === 'name') for (const leaf of LEAVES.slice(0, 3)) yield replaceAt(root, path, leaf);
    if (node.kind === 'number' && !SIMPLE.includes(node.value))
      for (const leaf of LEAVES.slice(0, 3)) yield replaceAt(root, path, leaf);
  }
}

const SIMPLE = [0, 1, 2, 0.5];

/** Given numbers that are easier to read. */
function* simplerNumbers(trial: Trial): Generator<Trial> {
  const { given } = trial;
  for (const key of ['inputs', 'parameters'] as const) {
    for (const [entry, numbers] of given[key]) {
      for (const data of simpler(numbers)) {
        const changed = new Map(given[key]).set(entry, { ...numbers, data });
        yield { ...trial, given: { ...given, [key]: changed } };
      }
    }
  }
}

function* simpler({ data }: Numbers): Generator<Float64Array> {
  const short = data.map((x) => Math.fround(Math.round(x * 8) / 8));
  if (short.some((x, i) => x !== data[i])) yield short;
  for (const [i, x] of data.entries())
    for (const y of [1, 0.5, 2]) if (x !== y && !SIMPLE.includes(x)) yield data.with(i, y);
}
