import type { Diagnostic } from '../grammar/diagnostics/diagnostic.js';
import { LossError } from '../grammar/diagnostics/diagnostic.js';
import { atMostShown } from '../grammar/diagnostics/shown.js';
import type { LossDecl } from '../grammar/tree/ast.js';
import type { Algebra, StopReason } from './algebra/algebra.js';
import type { Widening } from './algebra/simplifier.js';
import { differentiate } from './differentiate/differentiate.js';
import { axisIndex, BATCH } from './graph/axes.js';
import { couplesItems } from './graph/coupling.js';
import { type Graph, GraphTooLarge, type Node } from './graph/graph.js';
import { indexAlong, RawBuilder, sizeOf, sumOver } from './graph/raw.js';
import type { Guard } from './guard/bounds.js';
import { type GuardPolicy, guard } from './guard/guard.js';
import { FoundNotes, type GuardNotes } from './guard/notes.js';
import { turnedAround, writtenDivisors } from './guard/orientation.js';
import { fewLets, letNames } from './let-names.js';
import { intoLogSpace } from './log-space/into-log-space.js';
import { lowerLoss } from './lower/lower.js';
import type { LoweredInput, LoweredLoss, LoweredParameter } from './lower/lowered.js';
import * as axisMessages from './messages/axes.js';
import { placeIn } from './messages/message.js';
import { ANY } from './operators/range.js';
import { withoutLeftOut } from './passes/left-out.js';
import { type LogitsChoice, takeLogits } from './passes/logits.js';
import type { PassName } from './passes/passes.js';
import { forReading, normalise, simplify, simplifyingAlgebra } from './passes/simplify.js';
import { stabilise } from './passes/stabilise.js';
import type { Program } from './resolve/program.js';

export type { PassName } from './passes/passes.js';

/** What `compileLoss` takes. All of it may be left out. */
export interface CompileOptions {
  /** Take predictions before softmax or sigmoid: all that are on `probability` or `unit` (true), or those named. */
  readonly fromLogits?: LogitsChoice;
  /** `protected` unless said otherwise. */
  readonly guards?: GuardPolicy;
  /** Gradients of the plain mean over the batch for the predictions alone, with 1 / N folded in: for training without weights. */
  readonly plainMean?: boolean;
  /** No gradients: for questions about the value alone. */
  readonly valueOnly?: boolean;
  /** Called after each pass with the roots it made: value first, then the gradients. */
  readonly onPass?: (pass: PassName, roots: readonly Node[]) => void;
}

/** A loss ready to be evaluated or emitted. */
export interface CompiledLoss {
  /** As it is declared. */
  readonly name: string;
  /** The text of the `///` lines above it. */
  readonly doc: string;
  /** The loss as it was before any pass. */
  readonly lowered: LoweredLoss;
  /** What it takes, in order. */
  readonly inputs: readonly LoweredInput[];
  /** Numbers that may be set by name, in order. */
  readonly parameters: readonly LoweredParameter[];
  /** Names of the predictions that are taken before softmax or sigmoid. */
  readonly logits: readonly string[];
  /** Simplified, before stabilising: what a person reads. */
  readonly formula: {
    readonly value: Node;
    readonly gradients: ReadonlyMap<string, Node>;
    /** What of the two the loss itself has a name for. */
    readonly names: ReadonlyMap<Node, string>;
  };
  /** What the loss calls nodes of value and gradients. */
  readonly letNames: () => ReadonlyMap<Node, string>;
  /** One number per item, or one number if `scalar`. */
  readonly value: Node;
  /** By the name of each prediction and each parameter: the derivative of `seed`-weighted value. */
  readonly gradients: ReadonlyMap<string, Node>;
  /** The body, as it is written, reduces the batch away: reduction has no effect. */
  readonly scalar: boolean;
  /** Items depend on each other, so the batch cannot be split. */
  readonly coupled: boolean;
  /** What each item's value is weighted with in the gradients: an input, 1 / N for a plain mean, 1 if `scalar`. */
  readonly seed: Node;
  /** Where the value or a gradient would leave the domain of a function, and what is put in its place. */
  readonly guards: readonly Guard[];
  /** What it was compiled with. */
  readonly guardPolicy: GuardPolicy;
  /** Which of the guards can decide value or gradient, and where. */
  readonly guardNotes: GuardNotes;
  readonly widenings: readonly Widening[];
  /** How often each rule of the simplification was applied. */
  readonly fired: ReadonlyMap<string, number>;
  readonly stopped: StopReason;
}

/**
 * The simplified value and its gradients as a person reads them; the gradients are worked out when they are asked for. They
 * come from the normal form, also where the value is left as it was: a derivative collects what the value repeats.
 */
class Formula {
  #value: Node | undefined;
  #gradients: ReadonlyMap<string, Node> | undefined;
  #names: ReadonlyMap<Node, string> | undefined;

  constructor(
    private readonly graph: Graph,
    private readonly simplified: Node,
    private readonly wanted: readonly { readonly name: string; readonly node: Node }[],
    private readonly lets: ReadonlyMap<string, Node>,
  ) {}

  get value(): Node {
    this.#value ??= forReading(this.graph, this.simplified);
    return this.#value;
  }

  get gradients(): ReadonlyMap<string, Node> {
    if (this.#gradients !== undefined) return this.#gradients;
    const algebra = simplifyingAlgebra(this.graph);
    const leaves = this.wanted.map(({ node }) => node);
    const value = normalise(this.graph, [this.simplified]).roots[0]!;
    const nodes = differentiate(algebra, value, leaves, algebra.constant(1));
    this.#gradients = new Map(this.wanted.map(({ name }, i) => [name, nodes[i]!]));
    return this.#gradients;
  }

  /** A let that simplifying has melted into what is around it has no node of its own, and its name is not seen again. */
  get names(): ReadonlyMap<Node, string> {
    if (this.#names !== undefined) return this.#names;
    const names = new Map<Node, string>();
    for (const [name, node] of fewLets(this.lets)) {
      // As gradients have it, and as the value has it.
      const normal = normalise(this.graph, [node]).roots[0]!;
      const read = forReading(this.graph, simplify(this.graph, [node]).roots[0]!);
      for (const form of [normal, read]) if (!names.has(form)) names.set(form, name);
    }
    this.#names = names;
    return names;
  }
}

/** Compiles a loss of a program. Throws `LossError` with all diagnostics when it has errors. */
export function compileLoss(program: Program, decl: LossDecl, options: CompileOptions = {}): CompiledLoss {
  const { loss, diagnostics } = lowerLoss(program, decl);
  const errors = [...program.diagnostics, ...diagnostics].filter((d: Diagnostic) => d.severity === 'error');
  if (loss === undefined || errors.length > 0)
    throw new LossError(atMostShown(errors), program.module.source);
  try {
    return compileLowered(loss, options);
  } catch (error) {
    if (!(error instanceof GraphTooLarge)) throw error;
    const { source } = program.module;
    const place = placeIn(source, decl.name);
    throw new LossError([axisMessages.tooMuchWork(place, decl.name.name)], source);
  }
}

/** The passes from lowered form on. */
export function compileLowered(loss: LoweredLoss, options: CompileOptions = {}): CompiledLoss {
  const pass = (name: PassName, roots: readonly Node[]): readonly Node[] => {
    options.onPass?.(name, roots);
    return roots;
  };
  const { graph } = loss;
  pass('lower', [loss.value]);
  const {
    inputs,
    value: raw,
    lets,
    logits,
  } = takeLogits(loss, options.fromLogits ?? false, simplifyingAlgebra(graph));
  pass('logits', [raw]);
  const simplified = simplify(graph, [raw], writtenDivisors(raw));
  const value = pass('simplify', simplified.roots)[0]!;

  // As the loss is written: `mean(p, batch) + 0 * p` is one number per item, though simplified it is one number for all.
  const scalar = loss.value.axes === 0;
  const coupled = !scalar && couplesItems(graph.axes, value);
  const algebra = simplifyingAlgebra(graph);
  const { valueOnly = false, plainMean = false } = options;
  const seed = scalar ? algebra.constant(1) : seedNode(loss, algebra, plainMean);
  const wanted = valueOnly
    ? []
    : [...inputs.filter((input) => !input.data), ...(plainMean ? [] : loss.parameters)];
  const leaves = wanted.map((leaf) => leaf.node);
  const safe = pass('log-space', [intoLogSpace(algebra, value)])[0]!;
  // What tells items apart may be gone only there, as in `gamma + sum(xlogy(0, p), class)`.
  const alike = !scalar && safe.axes === 0;
  const adjoint = alike ? sumOver(algebra, seed, BATCH) : seed;
  const gradients = pass('differentiate', differentiate(algebra, safe, leaves, adjoint, { stable: true }));

  const stable = stabilise(graph, [safe, ...gradients, ...simplified.parts]);
  const roots = pass('stabilise', stable.roots.slice(0, 1 + gradients.length));
  const policy = options.guards ?? 'protected';
  const turned = turnedAround(graph, stable.roots.slice(roots.length));
  const guarded = guard(graph, roots, policy, turned);
  pass('guard', guarded.roots);
  const derivatives = guarded.roots.slice(1);
  const isSeeded = seed.leaf !== undefined && !coupled;
  const named = (nodes: readonly Node[]): ReadonlyMap<string, Node> =>
    new Map(wanted.map((leaf, i) => [leaf.name, nodes[i]!]));
  return {
    name: loss.name,
    doc: loss.doc,
    lowered: loss,
    inputs,
    parameters: loss.parameters,
    logits,
    formula: new Formula(graph, value, wanted, lets),
    letNames: once(() => letNames(graph, lets, policy)),
    // Stabilising may find it to be the same for every item, too.
    value: !scalar && guarded.roots[0]!.axes === 0 ? alongItems(graph, guarded.roots[0]!) : guarded.roots[0]!,
    gradients: named(isSeeded ? withoutLeftOut(graph, derivatives, seed) : derivatives),
    scalar,
    coupled,
    seed,
    guards: guarded.guards,
    guardPolicy: policy,
    guardNotes: new FoundNotes({
      graph,
      guards: guarded.guards,
      value: guarded.roots[0]!,
      gradients: wanted.map(({ name }, i) => ({ name, node: derivatives[i]! })),
      leaves: [...inputs, ...loss.parameters],
    }),
    widenings: simplified.widenings,
    fired: new Map([...simplified.fired, ...stable.fired]),
    stopped: simplified.stopped,
  };
}

/** Works a value out when it is first asked for. */
function once<T>(work: () => T): () => T {
  let found: { readonly value: T } | undefined;
  return () => {
    found ??= { value: work() };
    return found.value;
  };
}

/** The same value for every item, as a value that has the axis. No rule is to see it: one would take the axis away again. */
function alongItems(graph: Graph, value: Node): Node {
  const raw = new RawBuilder(graph);
  const none = raw.mul([raw.constant(0), indexAlong(raw, axisIndex(BATCH))]);
  return raw.add([value, none]);
}

/** What the derivative of the total by each item's value is: 1 / N for a plain mean, else an input. */
function seedNode(loss: LoweredLoss, algebra: Algebra, plainMean: boolean): Node {
  if (plainMean) return algebra.pow(sizeOf(algebra, 0), algebra.constant(-1));
  return loss.graph.make('input', [], {
    axes: BATCH,
    range: ANY,
    leaf: { kind: 'seed', name: '(seed)', position: 0, data: true },
  });
}
