import { invariant } from '../../../grammar/invariant.js';
import type { Node } from '../../graph/graph.js';
import { isTiled } from '../plan/tiles.js';
import type { InfixPrinter } from '../print/infix.js';
import { Names, wordsOf } from '../print/names.js';
import { fusedPrinter } from './expressions.js';
import { FUSED_FUNCTIONS, fusedFunctions } from './functions.js';
import type { Gathering, Loop, LoopPlan } from './loops.js';
import { ACCUMULATORS, type SoftmaxParts } from './reductions.js';

/**
 * Value and gradient of a whole batch in one function of numbers: for each item, loops over its classes, with the reductions
 * as accumulators between them. Arithmetic is in float64, and nothing of the size of the batch is made.
 */
export interface FusedSource {
  /**
   * Body of `(target, output, gradient, batch, classes, items, parameters) => number`: rows in typed arrays, the
   * mean as the result, its derivative by the output in `gradient`, the value of each item in `items` if that is given.
   * `parameters` are in the order of the loss, lists flat.
   */
  readonly body: string;
  /** Declarations of the functions that it calls. */
  readonly functions: string;
  /** Whether the target has one number for each class, or one for each item. */
  readonly targetPerClass: boolean;
  /** The same of the output; items alone otherwise. */
  readonly outputPerClass: boolean;
}

/** The loops as JavaScript. */
export const fusedSource = (plan: LoopPlan): FusedSource => new Fuser(plan).emit();

/** Writes the loops; `fusedPrinter` says how a value is written there. */
class Fuser {
  readonly #text = new Map<Node, string>();
  readonly #names = new Names([
    'target',
    'output',
    'gradient',
    'batch',
    'classes',
    'parameters',
    ...FUSED_FUNCTIONS,
    'items',
    'value',
    'i',
    'j',
    'start',
    'total',
  ]);
  readonly #printer: InfixPrinter;
  readonly #before: string[] = [];

  constructor(private readonly plan: LoopPlan) {
    this.#printer = fusedPrinter({
      bound: (node) => this.#text.get(node),
      array: (node) => this.#array(node),
      perClass: plan.perClass,
      softmaxes: this.#parts,
      logs: this.#logs,
    });
  }

  emit(): FusedSource {
    const { value: result, kept, loops, hasClasses, targetPerClass, outputPerClass } = this.plan;
    const { order, host } = this.plan.schedule;
    for (const node of order) if (host.has(node)) this.#hostNode(node);
    const item: string[] = [];
    for (const node of kept) {
      const name = this.#names.takeNumbered('kept');
      this.#before.push(`const ${name} = new Float64Array(classes);`);
      this.#keep.set(node, name);
    }
    for (const loop of loops) this.#emitLoop(loop, item);
    const value = this.#printer.text(result);
    const lines = [
      ...this.#before,
      'let total = 0;',
      'for (let i = 0; i < batch; i++) {',
      ...(hasClasses ? ['  const start = i * classes;'] : []),
      ...item.map((line) => `  ${line}`),
      `  const value = ${value};`,
      '  total += value;',
      '  if (items !== undefined) items[i] = value;',
      ...this.#finalGradient().map((line) => `  ${line}`),
      '}',
      'return total / batch;',
    ];
    return {
      body: lines.join('\n'),
      functions: fusedFunctions(wordsOf(lines)),
      targetPerClass,
      outputPerClass,
    };
  }

  readonly #keep = new Map<Node, string>();

  /** A gradient that does not depend on the class is written here; any other in the loop that computes it. */
  #finalGradient(): string[] {
    const { gradient, perClass, outputPerClass } = this.plan;
    if (perClass(gradient)) return [];
    const text = this.#printer.text(gradient);
    if (!outputPerClass) return [`gradient[i] = ${text};`];
    return [`const flat = ${text};`, 'for (let j = 0; j < classes; j++) gradient[start + j] = flat;'];
  }

  #hostNode(node: Node): void {
    if (node.args.length === 0 && node.op !== 'parameter') return;
    const text = this.#printer.make(node).text;
    const name = this.#names.takeNumbered('number');
    this.#before.push(`const ${name} = ${text};`);
    this.#text.set(node, name);
  }

  /** One loop over the classes, and what follows from what it has gathered. */
  #emitLoop({ items, entries, gathers, writesGradient }: Loop, item: string[]): void {
    for (const node of items) this.#itemNode(node, item);
    const loop: string[] = [];
    const after: string[] = [];
    for (const node of entries) this.#classNode(node, loop);
    for (const gathering of gathers) this.#gather(gathering, loop, item, after);
    if (writesGradient) loop.push(`gradient[start + j] = ${this.#printer.text(this.plan.gradient)};`);
    if (loop.length > 0) {
      item.push('for (let j = 0; j < classes; j++) {');
      for (const line of loop) item.push(`  ${line}`);
      item.push('}');
    }
    for (const line of after) item.push(line);
    // Names of this loop end with it; what later loops need has been kept.
    for (const node of entries) {
      if (node.args.length === 0) continue;
      const kept = this.#keep.get(node);
      if (kept === undefined) this.#text.delete(node);
      else this.#text.set(node, `${kept}[j]`);
    }
  }

  #itemNode(node: Node, item: string[]): void {
    if (this.#text.has(node)) return;
    if (node.op === 'input') {
      this.#text.set(node, `${this.#array(node)}[i]`);
      return;
    }
    const name = this.#names.takeNumbered('item');
    item.push(`const ${name} = ${this.#printer.make(node).text};`);
    this.#text.set(node, name);
  }

  #classNode(node: Node, loop: string[]): void {
    switch (node.op) {
      case 'input':
        this.#text.set(node, `${this.#array(node)}[start + j]`);
        return;
      case 'parameter':
        this.#text.set(node, `parameters[${node.leaf!.position}][j]`);
        return;
      case 'index':
        this.#text.set(node, 'j');
        return;
      default: {
        const shared = this.plan.schedule.uses.get(node)! > 1 || this.#keep.has(node);
        if (!shared) return;
        const name = this.#names.takeNumbered('v');
        loop.push(`const ${name} = ${this.#printer.make(node).text};`);
        const kept = this.#keep.get(node);
        if (kept !== undefined) loop.push(`${kept}[j] = ${name};`);
        this.#text.set(node, name);
      }
    }
  }

  #gather({ node, kind }: Gathering, loop: string[], item: string[], after: string[]): void {
    const x = this.#printer.text(node.args[0]!);
    const accumulate = (initial: string, step: (name: string) => string): void => {
      const name = this.#names.takeNumbered('sum');
      item.push(`let ${name} = ${initial};`);
      loop.push(step(name));
      this.#text.set(node, name);
    };
    switch (kind) {
      case 'entry': {
        const position = this.#printer.text(node.args[1]!);
        accumulate('0', (name) => `if (j === ${position}) ${name} = ${x};`);
        return;
      }
      case 'largest':
        this.#largest.set(node, this.#argMax(x, item, loop));
        return;
      case 'exponentials':
        this.#softmaxSum(node, x, item, loop, after);
        return;
      case 'reduction': {
        invariant(isTiled(node.op), `${node.op} is gathered entry by entry`);
        const [initial, step] = ACCUMULATORS[node.op];
        accumulate(initial, (name) => step(name, x));
      }
    }
  }

  readonly #largest = new Map<Node, { readonly value: string; readonly place: string }>();
  /** Of a softmax: exp(x - max), and the sum of the others. */
  readonly #parts = new Map<Node, SoftmaxParts>();

  #argMax(x: string, item: string[], loop: string[]): { readonly value: string; readonly place: string } {
    const value = this.#names.takeNumbered('largest');
    const place = this.#names.takeNumbered('place');
    item.push(`let ${value} = -Infinity;`, `let ${place} = 0;`);
    // What is not a number is larger than all, and stays so.
    loop.push(`if (${x} > ${value} || ${x} !== ${x}) {`, `  ${value} = ${x};`, `  ${place} = j;`, '}');
    return { value, place };
  }

  /** The largest entry is left out of the sum, so that log1p keeps the digits of a confident prediction. */
  #softmaxSum(node: Node, x: string, item: string[], loop: string[], after: string[]): void {
    const { value, place } = this.#largest.get(node)!;
    const others = this.#names.takeNumbered('others');
    const exps = this.#names.takeNumbered('exps');
    item.push(`let ${others} = 0;`);
    this.#before.push(`const ${exps} = new Float64Array(classes);`);
    loop.push(`${exps}[j] = Math.exp(${x} - ${value});`, `if (j !== ${place}) ${others} += ${exps}[j];`);
    const log = this.#names.takeNumbered('log');
    if (node.op === 'logsumexp') {
      after.push(`const ${log} = ${value} === -Infinity ? -Infinity : ${value} + Math.log1p(${others});`);
      this.#text.set(node, log);
      return;
    }
    const share = this.#names.takeNumbered('share');
    after.push(`const ${log} = Math.log1p(${others});`, `const ${share} = 1 / (1 + ${others});`);
    this.#parts.set(node, { exps, others, share, place });
    this.#logs.set(node, `${value} - ${log}`);
  }

  readonly #logs = new Map<Node, string>();

  #array(node: Node): string {
    return node.leaf!.position === this.plan.prediction ? 'output' : 'target';
  }
}
