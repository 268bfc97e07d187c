/**
 * The search space that follows from losses: the whole body is the hole; operators, functions and leaves are those of the losses
 * and of a sketch that they are joined with. It is written as a `.loss` text, so that it is read like any other sketch.
 */
import { lossHash } from '../../../compiler/canonical/canonical.js';
import { lowerLoss } from '../../../compiler/lower/lower.js';
import type { Program } from '../../../compiler/resolve/program.js';
import { programOf } from '../../../compiler/resolve/program.js';
import { LossError } from '../../../grammar/diagnostics/diagnostic.js';
import { printFile } from '../../../grammar/print/print.js';
import type {
  Decl,
  Expr,
  Leaf,
  LossDecl,
  Operator,
  Parameter,
  SketchDecl,
} from '../../../grammar/tree/ast.js';
import { call, hole, name as nameExpr } from '../../../grammar/tree/build.js';
import { RunError } from '../../errors.js';
import { fillSketch } from '../gp/genome.js';
import { intoSpace } from '../gp/seed.js';
import { searchSpace } from '../gp/space.js';
import { namesIn, operatorOf, sitesOf } from '../gp/tree.js';
import { spaceContext } from '../losses/compiler.js';
import { libraryOf, readSketch } from '../losses/subject.js';
import type { Sources } from '../model/sources.js';
import { Forms } from './forms.js';
import { axesOf, foreignAxes, type JoinedInputs, joinInputs, renamedInputs } from './join-inputs.js';
import { defaultOf, NotOpened, Opener } from './open.js';

/** A loss to begin with, and the program that it stands in. */
export interface Seed {
  readonly program: Program;
  readonly loss: LossDecl;
}

export interface DerivedSpace {
  /** A file with one sketch. */
  readonly sources: Sources;
  /** The tree in the hole that makes the sketch each loss, in their order. */
  readonly trees: readonly Expr[];
}

/** What the losses are joined with. */
type Base = Pick<SketchDecl, 'operators' | 'leaves'>;

/** Name of the sketch, and of its file. */
const SPACE = 'space';

/** How much of a loss is written out: all with numbers for its parameters, all but parameters along axes, or nothing. */
const WAYS = ['opened', 'with parameters', 'whole'] as const;
type Way = (typeof WAYS)[number];

/** Nodes of a tree to begin with; a loss that has more stays whole. */
const MOST_NODES = 150;

/**
 * The space of these losses joined with operators, numbers and domains of `base`. Throws a RunError for losses whose inputs do not
 * go together, and for one that has no value for a parameter.
 */
export function deriveSpace(seeds: readonly Seed[], base: Base): DerivedSpace {
  for (const { loss } of seeds) requireDefaults(loss);
  const inputs = joinInputs(seeds.map(({ loss }) => loss));
  const ways = seeds.map((seed) => WAYS.find((way) => isUnchanged(seed, way, inputs, base)) ?? 'whole');
  const { sources, trees } = writeSpace(seeds, ways, inputs, base);
  return { sources, trees };
}

/** Whether a loss that is written out in this way is still the same, by canonical form. */
function isUnchanged(seed: Seed, way: Way, inputs: JoinedInputs, base: Base): boolean {
  try {
    return firstWrong(writeSpace([seed], [way], inputs, base), [seed], inputs) === undefined;
  } catch (thrown) {
    if (thrown instanceof NotOpened || thrown instanceof LossError) return false;
    throw thrown;
  }
}

function requireDefaults({ name, parameters }: LossDecl): void {
  const open = parameters.find((parameter) => parameter.default === undefined);
  if (open === undefined) return;
  throw new RunError(
    `the search cannot start from ${name.name}: its parameter ${open.name.name} has no default`,
    'give it one in a copy of the file',
  );
}

function writeSpace(seeds: readonly Seed[], ways: readonly Way[], inputs: JoinedInputs, base: Base): Written {
  const opener = new Opener();
  const taken = new Set([SPACE, ...inputs.axes, ...inputs.inputs.map(({ name }) => name.name)]);
  const kept = seeds.map(({ loss }, i) => keptParameters(loss, ways[i]!, inputs, taken));
  const parameters = kept.flatMap((own) => own.map(({ as }) => as));
  const ownAxes = (parameter: Parameter) =>
    new Set(axesOf(parameter.domain).filter((axis) => !inputs.axes.includes(axis)));
  const forms = new Forms({
    axes: new Set(['batch', ...inputs.axes]),
    own: new Map(parameters.map((parameter) => [parameter.name.name, ownAxes(parameter)])),
    taken,
  });
  const library = new Map<string, Decl>();
  const trees: Expr[] = [];
  for (const [i, seed] of seeds.entries()) {
    const calledWhole = calling(seed.loss, inputs, kept[i]!);
    if (ways[i] === 'whole') {
      for (const decl of [...libraryOf(seed.program), seed.loss])
        if (decl.kind === 'fn' || decl.kind === 'loss') library.set(decl.name.name, decl);
      trees.push(forms.whole(calledWhole, `whole_${seed.loss.name.name}`));
      continue;
    }
    const body = opener.open(seed.program, seed.loss, meaningsOf(seed.loss, inputs, kept[i]!));
    const tree = forms.tree(lifted(body, foreignAxes(inputs, seed.loss)));
    if (sitesOf(tree).length > MOST_NODES) throw new NotOpened();
    trees.push(tree);
  }
  for (const axis of inputs.axes)
    for (const reduction of ['sum', 'mean']) forms.tree(call(reduction, [nameExpr('e'), nameExpr(axis)]));
  for (const [name, decl] of opener.kept) library.set(name, decl);
  const functions = [...forms.functions.values()];
  const lets = [...forms.lets.values()];
  const named = new Set([...trees, ...lets.map(({ value }) => value)].flatMap((root) => [...namesIn(root)]));
  const used = kept.map((own) => own.filter(({ as }) => named.has(as.name.name)));
  const sketch: SketchDecl = {
    kind: 'sketch',
    name: { name: SPACE },
    doc: `The search space that follows from ${seeds.map(({ loss }) => loss.name.name).join(', ')}.`,
    inputs: inputs.inputs,
    parameters: used.flatMap((own) => own.map(({ as }) => as)),
    body: { lets, result: hole() },
    operators: operatorsOf(trees, base, functions),
    leaves: leavesOf(trees, base, [
      ...inputs.inputs,
      ...used.flatMap((own) => own.map(({ as }) => as)),
      ...lets,
    ]),
  };
  const text = printFile({ declarations: [...library.values(), ...functions, sketch] });
  const sources: Sources = { source: { name: `${SPACE}.loss`, text }, imports: [] };
  const subject = readSketch(sources);
  const space = searchSpace(subject.sketch, spaceContext(subject));
  return { sources, sketch: subject.sketch, kept: used, trees: trees.map((tree) => intoSpace(tree, space)) };
}

interface Written extends DerivedSpace {
  readonly sketch: SketchDecl;
  /** Parameters that stay parameters, loss by loss. */
  readonly kept: readonly (readonly Kept[])[];
}

/** A parameter of a loss that stays one, under a name and along axes that are free. */
interface Kept {
  readonly name: string;
  readonly as: Parameter;
  /** What its axes are called. */
  readonly axes: ReadonlyMap<string, string>;
}

function keptParameters(loss: LossDecl, way: Way, inputs: JoinedInputs, taken: Set<string>): Kept[] {
  if (way === 'whole') return [];
  const known = renamedInputs(inputs, loss);
  const fresh = (wanted: string): string => {
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`;
    taken.add(name);
    return name;
  };
  const axes = new Map<string, string>();
  for (const [name, meant] of known) if (meant.kind === 'name') axes.set(name, meant.name);
  return loss.parameters
    .filter(
      ({ default: value, domain }) =>
        value?.kind === 'list' || (way !== 'opened' && axesOf(domain).length > 0),
    )
    .map((parameter) => {
      const { domain } = parameter;
      for (const axis of axesOf(domain)) if (!axes.has(axis)) axes.set(axis, fresh(axis));
      const renamed = domain?.axes?.map((axis) =>
        axis.kind === 'axis' ? { ...axis, name: { name: axes.get(axis.name.name)! } } : axis,
      );
      const as: Parameter = {
        ...parameter,
        name: { name: fresh(parameter.name.name) },
        ...(domain !== undefined && {
          domain: { ...domain, ...(renamed !== undefined && { axes: renamed }) },
        }),
      };
      const own = axesOf(domain).map((axis) => [axis, axes.get(axis)!] as const);
      return { name: parameter.name.name, as, axes: new Map(own) };
    });
}

function meaningsOf(loss: LossDecl, inputs: JoinedInputs, kept: readonly Kept[]): Map<string, Expr> {
  const meanings = renamedInputs(inputs, loss);
  for (const parameter of loss.parameters) {
    const own = kept.find(({ name }) => name === parameter.name.name);
    meanings.set(parameter.name.name, own === undefined ? defaultOf(parameter) : nameExpr(own.as.name.name));
    for (const [axis, as] of own?.axes ?? []) meanings.set(axis, nameExpr(as));
  }
  return meanings;
}

/** A call of the loss with the joined inputs. */
export function calling(loss: LossDecl, inputs: JoinedInputs, kept: readonly Kept[]): Expr {
  const names = renamedInputs(inputs, loss);
  const axes = [...new Set(loss.inputs.flatMap(({ domain }) => axesOf(domain)))];
  const named = [
    ...axes.map((axis) => [axis, names.get(axis)!] as const),
    ...kept.map(({ name, as }) => [name, nameExpr(as.name.name)] as const),
    ...kept.flatMap(({ axes: own }) => [...own].map(([axis, as]) => [axis, nameExpr(as)] as const)),
  ];
  const args = loss.inputs.map(({ name }) => names.get(name.name)!);
  return lifted(call(loss.name.name, args, Object.fromEntries(named)), foreignAxes(inputs, loss));
}

/** The mean over axes that a loss knows nothing of. */
const lifted = (body: Expr, axes: readonly string[]): Expr =>
  axes.length === 0 ? body : call('mean', [body, ...axes.map(nameExpr)]);

function operatorsOf(
  trees: readonly Expr[],
  { operators }: Pick<SketchDecl, 'operators'>,
  functions: readonly Decl[],
): Operator[] {
  const used = trees.flatMap((tree) => sitesOf(tree).flatMap(({ node }) => operatorOf(node) ?? []));
  const made = functions.flatMap((decl) => (decl.kind === 'fn' ? [decl.name.name] : []));
  return [...new Set([...operators.map(({ name }) => name), ...used, ...made])].map((name) => ({ name }));
}

function leavesOf(
  trees: readonly Expr[],
  { leaves }: Pick<SketchDecl, 'leaves'>,
  values: readonly { readonly name: { readonly name: string } }[],
): Leaf[] {
  const used = trees.flatMap((tree) =>
    sitesOf(tree).flatMap(({ node }) => (node.kind === 'name' ? [node.name] : [])),
  );
  const names = new Set([...values.map(({ name }) => name.name), ...used]);
  const constants = leaves.filter((leaf) => leaf.kind === 'number' || isDomainLeaf(leaf));
  const numbers = constants.some((leaf) => leaf.kind === 'name' && leaf.name.name === 'real')
    ? constants
    : [...constants, { kind: 'name' as const, name: { name: 'real' } }];
  return [...[...names].map((name) => ({ kind: 'name' as const, name: { name } })), ...numbers];
}

const isDomainLeaf = (leaf: Leaf): boolean =>
  leaf.kind === 'name' &&
  ['real', 'positive', 'nonnegative', 'unit', 'between', 'integer'].includes(leaf.name.name);

/** The first loss that its tree is not, by canonical form. */
function firstWrong(
  { sketch, sources, trees, kept }: Written,
  seeds: readonly Seed[],
  inputs: JoinedInputs,
): number | undefined {
  const { library } = readSketch(sources);
  const found = trees.findIndex((tree, i) => {
    const { loss, program } = seeds[i]!;
    const origin: LossDecl = {
      kind: 'loss',
      name: { name: `${loss.name.name}_` },
      inputs: inputs.inputs,
      parameters: sketch.parameters,
      body: { lets: [], result: calling(loss, inputs, kept[i]!) },
    };
    const hash = hashOf(fillSketch(sketch, [tree], SPACE), library);
    return hash === undefined || hash !== hashOf(origin, [...libraryOf(program), loss]);
  });
  return found < 0 ? undefined : found;
}

function hashOf(loss: LossDecl, library: readonly Decl[]): string | undefined {
  const lowered = lowerLoss(programOf([loss], library), loss).loss;
  return lowered && lossHash(lowered);
}
