import type { CompiledLoss } from '../../compile.js';
import type { Node } from '../../graph/graph.js';
import { type Schedule, schedule } from '../plan/schedule.js';
import { isTiled } from '../plan/tiles.js';
import type { InfixPrinter } from '../print/infix.js';
import { Names, wordsOf } from '../print/names.js';
import { fusedPrinter } from './expressions.js';
import { FUSED_FUNCTIONS, fusedFunctions } from './functions.js';
import { ACCUMULATORS, isAcrossClasses, isSoftmax, type SoftmaxParts } from './reductions.js';
import { Stages } from './stages.js';

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

/** Fuses a loss of one target and one prediction that was compiled with `plainMean`; undefined if its items couple or it has further axes. */
export function fuse(compiled: CompiledLoss): FusedSource | undefined {
  const prediction = compiled.inputs.find((input) => !input.data);
  if (compiled.inputs.length !== 2 || prediction === undefined || compiled.scalar || compiled.coupled)
    return undefined;
  const axes = new Set(compiled.inputs.flatMap((input) => input.axes));
  if (axes.size > 1 || compiled.inputs.some((input) => input.axes.length > 1)) return undefined;
  const [axis] = axes;
  return new Fuser(compiled, prediction.position, axis === undefined ? 0 : 1 << axis).emit();
}

/** More values than this kept between the loops of an item is no longer small. */
const MAX_STAGES = 12;

/** Writes the loops; `Stages` says which of them a value belongs to, `fusedPrinter` how it is written there. */
class Fuser {
  readonly #plan: Schedule;
  readonly #gradient: Node;
  readonly #text = new Map<Node, string>();
  readonly #stages: Stages;
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

  constructor(
    private readonly compiled: CompiledLoss,
    private readonly prediction: number,
    private readonly classes: number,
  ) {
    this.#gradient = [...compiled.gradients.values()][0]!;
    this.#plan = schedule([compiled.value, this.#gradient]);
    this.#stages = new Stages(this.#plan, classes, this.#gradient);
    this.#printer = fusedPrinter({
      bound: (node) => this.#text.get(node),
      array: (node) => this.#array(node),
      perClass: (node) => this.#stages.perClass(node),
      softmaxes: this.#parts,
      logs: this.#logs,
    });
  }

  emit(): FusedSource | undefined {
    const { nodes, count } = this.#stages;
    if (!this.#stages.fits() || count > MAX_STAGES) return undefined;
    const { order, host } = this.#plan;
    for (const node of order) if (host.has(node)) this.#hostNode(node);
    const item: string[] = [];
    for (const node of this.#stages.kept()) {
      const name = this.#names.takeNumbered('kept');
      this.#before.push(`const ${name} = new Float64Array(classes);`);
      this.#keep.set(node, name);
    }
    for (let stage = 0; stage < count; stage++) this.#emitStage(stage, nodes, item);
    const value = this.#printer.text(this.compiled.value);
    const outputAxes = this.compiled.inputs[this.prediction]!.axes.length;
    const lines = [
      ...this.#before,
      'let total = 0;',
      'for (let i = 0; i < batch; i++) {',
      ...(this.classes === 0 ? [] : ['  const start = i * classes;']),
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
      targetPerClass: this.compiled.inputs[1 - this.prediction]!.axes.length > 0,
      outputPerClass: outputAxes > 0,
    };
  }

  readonly #keep = new Map<Node, string>();

  /** A gradient that does not depend on the class is written here; any other in the loop that computes it. */
  #finalGradient(): string[] {
    if (this.#stages.perClass(this.#gradient)) return [];
    const text = this.#printer.text(this.#gradient);
    if (this.compiled.inputs[this.prediction]!.axes.length === 0) return [`gradient[i] = ${text};`];
    return [`const flat = ${text};`, 'for (let j = 0; j < classes; j++) gradient[start + j] = flat;'];
  }

  #hostNode(node: Node): void {
    if (node.args.length === 0 && node.op !== 'parameter') return;
    const text = this.#printer.make(node).text;
    const name = this.#names.takeNumbered('number');
    this.#before.push(`const ${name} = ${text};`);
    this.#text.set(node, name);
  }

  /** One loop over the classes, and what follows from its accumulators. */
  #emitStage(stage: number, nodes: readonly Node[], item: string[]): void {
    const here = nodes.filter((node) => this.#stages.of(node) === stage);
    // What the loops before have accumulated.
    for (const node of here.filter((entry) => !this.#stages.perClass(entry))) this.#itemNode(node, item);
    const loop: string[] = [];
    const after: string[] = [];
    for (const node of here.filter((entry) => this.#stages.perClass(entry))) this.#classNode(node, loop);
    for (const node of nodes) this.#accumulate(node, stage, loop, item, after);
    if (this.#stages.perClass(this.#gradient) && this.#stages.of(this.#gradient) === stage)
      loop.push(`gradient[start + j] = ${this.#printer.text(this.#gradient)};`);
    if (loop.length > 0) {
      item.push('for (let j = 0; j < classes; j++) {');
      for (const line of loop) item.push(`  ${line}`);
      item.push('}');
    }
    for (const line of after) item.push(line);
    // Names of this loop end with it; what later loops need has been kept.
    for (const node of here) {
      if (!this.#stages.perClass(node) || node.args.length === 0) continue;
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
        const shared = this.#plan.uses.get(node)! > 1 || this.#keep.has(node);
        if (!shared) return;
        const name = this.#names.takeNumbered('v');
        loop.push(`const ${name} = ${this.#printer.make(node).text};`);
        const kept = this.#keep.get(node);
        if (kept !== undefined) loop.push(`${kept}[j] = ${name};`);
        this.#text.set(node, name);
      }
    }
  }

  /** The part of a reduction that belongs to this loop: its argument is known here, or one step of it is done. */
  #accumulate(node: Node, stage: number, loop: string[], item: string[], after: string[]): void {
    const argument = node.args[0];
    if (argument === undefined || !isAcrossClasses(node) || !this.#stages.perClass(argument)) return;
    const ready = this.#stages.of(argument)!;
    const x = (): string => this.#printer.text(argument);
    const accumulate = (initial: string, step: (name: string) => string): string => {
      const name = this.#names.takeNumbered('sum');
      item.push(`let ${name} = ${initial};`);
      loop.push(step(name));
      return name;
    };
    if (node.op === 'at') {
      const needed = Math.max(ready, this.#stages.of(node.args[1]!) ?? 0);
      if (needed === stage) {
        const position = this.#printer.text(node.args[1]!);
        this.#text.set(
          node,
          accumulate('0', (name) => `if (j === ${position}) ${name} = ${x()};`),
        );
      }
    } else if (isSoftmax(node)) {
      if (ready === stage) this.#largest.set(node, this.#argMax(x(), item, loop));
      if (ready + 1 === stage) this.#softmaxSum(node, x(), item, loop, after);
    } else if (ready === stage && isTiled(node.op)) {
      const [initial, step] = ACCUMULATORS[node.op];
      this.#text.set(
        node,
        accumulate(initial, (name) => step(name, x())),
      );
    }
  }

  readonly #largest = new Map<Node, { readonly value: string; readonly place: string }>();
  /** Of a softmax: exp(x - max), and the sum of the others. */
  readonly #parts = new Map<Node, SoftmaxParts>();

  #argMax(x: string, item: string[], loop: string[]): { readonly value: string; readonly place: string } {
    const value = this.#names.takeNumbered('largest');
    const place = this.#names.takeNumbered('place');
    item.push(`let ${value} = -Infinity;`, `let ${place} = 0;`);
    loop.push(`if (${x} > ${value}) {`, `  ${value} = ${x};`, `  ${place} = j;`, '}');
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
    return node.leaf!.position === this.prediction ? 'output' : 'target';
  }
}
