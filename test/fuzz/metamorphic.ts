import { lossHash } from '../../compiler/canonical/canonical.js';
import type { CompiledLoss } from '../../compiler/compile.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import { raise } from '../../compiler/raise/raise.js';
import { programOf } from '../../compiler/resolve/program.js';
import { printFile } from '../../grammar/print/print.js';
import { parse } from '../../grammar/read/parse.js';
import type { Expr, LossDecl } from '../../grammar/tree/ast.js';
import { name, num } from '../../grammar/tree/build.js';
import { equalTrees, replaceAt, visit } from '../../grammar/tree/walk.js';
import type { Random } from '../../src/random.js';
import { compareAnswer, emptyTally, type Fault } from './comparison.js';
import type { Outcome } from './oracle/oracle.js';
import { expected, lossOf, type Trial } from './trial.js';

type Property = (trial: Trial, compiled: CompiledLoss, random: Random) => string | undefined;

/** What holds between a program and others that say the same; in words what does not. */
const PROPERTIES: Readonly<Record<string, Property>> = {
  printer: ({ file }) => {
    const { file: again, diagnostics } = parse({ name: 'printed.loss', text: printFile(file) });
    if (diagnostics.length > 0) return diagnostics[0]!.message;
    return equalTrees(file, again) ? undefined : 'another tree is read than was printed';
  },

  simplified: (trial, compiled) => {
    if (trial.given.logits.size > 0) return undefined;
    const body = raise(compiled.lowered.graph, compiled.formula.value);
    const decl: LossDecl = { ...lossOf(trial.file), body };
    // What no longer depends on a prediction is no loss any more.
    if (lowerLoss(programOf([decl]), decl).loss === undefined) return undefined;
    return differing(trial, { ...trial, file: { declarations: [decl] } });
  },

  hash: (trial, compiled, random) => {
    const file = trial.file;
    const loss = lossOf(file);
    const result = mutated(loss.body.result, random);
    const decl: LossDecl = { ...loss, body: { ...loss.body, result } };
    const declarations = [...file.declarations.slice(0, -1), decl];
    const lowered = lowerLoss(programOf(declarations), decl).loss;
    if (lowered === undefined || lossHash(lowered) !== lossHash(compiled.lowered)) return undefined;
    const detail = differing(trial, { ...trial, file: { declarations } });
    return detail && `${detail}\nhas the hash of\n${printFile({ declarations })}`;
  },
};

export const PROPERTY_NAMES = Object.keys(PROPERTIES);

/** Another operator, name or number somewhere. */
function mutated(root: Expr, random: Random): Expr {
  const places: { path: readonly number[]; node: Expr }[] = [];
  visit(root, (node, path) => places.push({ path: [...path], node }));
  const { path, node } = random.pick(places);
  const other = (): Expr => {
    if (node.kind === 'binary' && '+-*/'.includes(node.op))
      return { ...node, op: random.pick(['+', '-', '*', '/'] as const) };
    if (node.kind === 'number') return num(node.value + random.pick([1, -1, 0.5]));
    return random.pick([name('prediction'), num(1), num(0)]);
  };
  return replaceAt(root, path, other());
}

/** How the values of two programs differ where both are beyond doubt. */
function differing(trial: Trial, other: Trial): string | undefined {
  // The mean, for what is one number for each item may become one number for all.
  const asMean = { reduction: 'mean', weights: undefined } as const;
  const one = expected({ ...trial, ...asMean }, 'double');
  const two = expected({ ...other, ...asMean }, 'printed');
  const isSure = ({ value }: Outcome): boolean => value.doubt.every((doubt) => doubt === 0);
  if (!isSure(one) || !isSure(two)) return undefined;
  const answer = { value: two.value.data, gradients: new Map() };
  const wider = { ...one.value, error: one.value.error.map((x, i) => x + two.value.error[i]!) };
  return compareAnswer('', { ...one, value: wider }, answer, 1e-10, emptyTally())?.detail;
}

/** What is wrong with the property of a name; undefined where it holds. */
export function metamorphic(
  trial: Trial,
  compiled: CompiledLoss,
  random: Random,
  name: string,
): Fault | undefined {
  const property = PROPERTIES[name];
  if (property === undefined) return undefined;
  try {
    const detail = property(trial, compiled, random);
    return detail === undefined ? undefined : { target: name, what: 'value', detail };
  } catch (error) {
    return { target: name, what: 'exception', detail: (error as Error).stack ?? String(error) };
  }
}
