import type { CompiledLoss } from '../compile.js';
import { BATCH } from '../graph/axes.js';
import { isElementwise } from '../graph/elementwise.js';
import type { Node } from '../graph/graph.js';
import { isNumberAt, type Schedule, schedule } from '../schedule.js';
import { FUSED } from './fused-ops.js';
import { numberText } from './host.js';
import { atom, InfixPrinter, LEVEL, type Printed, within } from './infix.js';
import { Names } from './names.js';
import type { CallOp } from './tfjs-ops.js';

/**
 * Value and gradient of a whole batch in one function of numbers: for each item, loops over its classes, with the reductions
 * as accumulators between them. Arithmetic is in float64, and nothing of the size of the batch is made.
 */
export interface FusedSource {
  /**
   * Body of `(target, output, gradient, batch, classes, items, parameters, special) => number`: rows in typed arrays, the
   * mean as the result, its derivative by the output in `gradient`, the value of each item in `items` if that is given.
   * `parameters` are in the order of the loss, lists flat.
   */
  readonly body: string;
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
  const fuser = new Fuser(compiled, prediction.position, axis === undefined ? 0 : 1 << axis);
  return fuser.fits() ? fuser.emit() : undefined;
}

/** More values than this kept between the loops of an item is no longer small. */
const MAX_STAGES = 12;

/** One class, longer than a file should be: which loop a value belongs to decides how each of its forms is written. */
class Fuser {
  readonly #plan: Schedule;
  readonly #gradient: Node;
  readonly #text = new Map<Node, string>();
  /** The loop in which a node can be computed: after all reductions that it needs. */
  readonly #stage = new Map<Node, number>();
  readonly #names = new Names([
    'target',
    'output',
    'gradient',
    'batch',
    'classes',
    'parameters',
    'special',
    'items',
    'value',
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
    this.#printer = new InfixPrinter({
      bound: (node) => this.#text.get(node),
      number: (value) => (value < 0 ? `(${numberText(value)})` : numberText(value)),
      power: (base, exponent, printer) => power(base, exponent, printer),
      other: (node, printer) => this.#other(node, printer),
    });
  }

  /** Whether every node is of the kinds that the loops can compute. */
  fits(): boolean {
    const allowed = BATCH | this.classes;
    return this.#plan.order.every((node) => {
      if (this.#plan.host.has(node) || this.#onlyNumbers(node)) return true;
      if ((node.axes & ~allowed) !== 0) return false;
      if (isElementwise(node.op) || node.op === 'input' || node.op === 'index')
        return (node.axis & BATCH) === 0;
      if (node.op === 'parameter') return node.axes === this.classes;
      if (node.op === 'at') return node.axis === this.classes && (node.args[1]!.axes & this.classes) === 0;
      return ['sum', 'prod', 'reduceMax', 'reduceMin', 'logsumexp', 'logSoftmax', 'softmax'].includes(node.op)
        ? node.axis === this.classes && this.classes !== 0
        : false;
    });
  }

  /** A list from which only single numbers are taken. */
  #onlyNumbers(node: Node): boolean {
    const users = this.#plan.usersOf(node);
    return users.length > 0 && users.every((user) => this.#plan.host.has(user));
  }

  #perClass(node: Node): boolean {
    return (node.axes & this.classes) !== 0;
  }

  emit(): FusedSource | undefined {
    const { order, host } = this.#plan;
    for (const node of order) {
      if (host.has(node)) this.#hostNode(node);
      else if (!this.#onlyNumbers(node)) this.#stage.set(node, this.#stageOf(node));
    }
    const nodes = order.filter((node) => this.#stage.has(node));
    this.#delay(nodes);
    const stages = 1 + largest(nodes.map((node) => this.#stage.get(node)!));
    if (stages > MAX_STAGES) return undefined;
    const item: string[] = [];
    const kept = this.#keptNodes(nodes);
    for (const node of kept) {
      const name = this.#names.takeNumbered('kept');
      this.#before.push(`const ${name} = new Float64Array(classes);`);
      this.#keep.set(node, name);
    }
    for (let stage = 0; stage < stages; stage++) this.#emitStage(stage, nodes, item);
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
      targetPerClass: this.compiled.inputs[1 - this.prediction]!.axes.length > 0,
      outputPerClass: outputAxes > 0,
    };
  }

  readonly #keep = new Map<Node, string>();

  /** A gradient that does not depend on the class is written here; any other in the loop that computes it. */
  #finalGradient(): string[] {
    if (this.#perClass(this.#gradient)) return [];
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

  #stageOf(node: Node): number {
    const args = largest(node.args.map((arg) => this.#stage.get(arg) ?? 0));
    switch (node.op) {
      case 'sum':
      case 'prod':
      case 'reduceMax':
      case 'reduceMin':
        return args + (this.#perClass(node.args[0]!) ? 1 : 0);
      case 'logsumexp':
      case 'logSoftmax':
      case 'softmax':
        return args + 2;
      default:
        return node.op === 'at' && this.#perClass(node.args[0]!) ? args + 1 : args;
    }
  }

  /** Values by class that a later loop needs again and that are not read or cheap to make. */
  #keptNodes(nodes: readonly Node[]): Node[] {
    return nodes.filter((node) => {
      if (!this.#perClass(node) || node.op === 'input' || node.op === 'parameter' || node.op === 'index')
        return false;
      const mine = this.#stage.get(node)!;
      return this.#plan.usersOf(node).some((user) => this.#neededIn(node, user) > mine);
    });
  }

  /** The last loop in which a user looks at an argument. */
  #neededIn(node: Node, user: Node): number {
    const mine = this.#stage.get(node)!;
    const theirs = this.#stage.get(user) ?? mine;
    if (user.op === 'at') return Math.max(mine, this.#stage.get(user.args[1]!) ?? 0);
    return user.op in ACCUMULATORS ? mine : theirs;
  }

  /** What needs nothing but inputs is computed in the first loop that looks at it. */
  #delay(nodes: readonly Node[]): void {
    for (const node of [...nodes].reverse()) {
      if (node.args.length === 0 || !this.#perClass(node) || isReduction(node)) continue;
      const users = this.#plan.usersOf(node);
      if (
        this.#stage.get(node) !== 0 ||
        node === this.#gradient ||
        users.length === 0 ||
        users.some(isReduction)
      )
        continue;
      this.#stage.set(
        node,
        users.reduce((least, user) => Math.min(least, this.#neededIn(node, user)), Number.POSITIVE_INFINITY),
      );
    }
  }

  /** One loop over the classes, and what follows from its accumulators. */
  #emitStage(stage: number, nodes: readonly Node[], item: string[]): void {
    const here = nodes.filter((node) => this.#stage.get(node) === stage);
    // What the loops before have accumulated.
    for (const node of here.filter((entry) => !this.#perClass(entry))) this.#itemNode(node, item);
    const loop: string[] = [];
    const after: string[] = [];
    for (const node of here.filter((entry) => this.#perClass(entry))) this.#classNode(node, loop);
    for (const node of nodes) this.#accumulate(node, stage, loop, item, after);
    if (this.#perClass(this.#gradient) && this.#stage.get(this.#gradient) === stage)
      loop.push(`gradient[start + j] = ${this.#printer.text(this.#gradient)};`);
    if (loop.length > 0) {
      item.push('for (let j = 0; j < classes; j++) {');
      for (const line of loop) item.push(`  ${line}`);
      item.push('}');
    }
    for (const line of after) item.push(line);
    // Names of this loop end with it; what later loops need has been kept.
    for (const node of here) {
      if (!this.#perClass(node) || node.args.length === 0) continue;
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
    if (argument === undefined || !isReduction(node) || !this.#perClass(argument)) return;
    const ready = this.#stage.get(argument)!;
    const x = (): string => this.#printer.text(argument);
    const accumulate = (initial: string, step: (name: string) => string): string => {
      const name = this.#names.takeNumbered('sum');
      item.push(`let ${name} = ${initial};`);
      loop.push(step(name));
      return name;
    };
    if (node.op === 'at') {
      const needed = Math.max(ready, this.#stage.get(node.args[1]!) ?? 0);
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
    } else if (ready === stage) {
      const [initial, step] = ACCUMULATORS[node.op as keyof typeof ACCUMULATORS];
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

  // ---------------------------------------------------------------- expressions

  #other(node: Node, printer: InfixPrinter): Printed {
    const fast = this.#ofSoftmax(node);
    if (fast !== undefined) return fast;
    switch (node.op) {
      case 'size':
        return atom(node.axis === BATCH ? 'batch' : 'classes');
      case 'parameter':
        return atom(`parameters[${node.leaf!.position}]`);
      case 'input':
        return atom(`${this.#array(node)}[${this.#perClass(node) ? 'start + j' : 'i'}]`);
      case 'index':
        return atom('j');
      case 'at':
        if (isNumberAt(node))
          return atom(`(parameters[${node.args[0]!.leaf!.position}][${node.args[1]!.value}] ?? 0)`);
        return printer.print(node.args[0]!);
      case 'select': {
        const [condition, yes, no] = node.args.map((arg) => within(printer.print(arg), LEVEL.or));
        return { text: `${condition} ? ${yes} : ${no}`, level: LEVEL.choice };
      }
      case 'logSoftmax':
        return { text: `${printer.text(node.args[0]!)} - ${this.#logs.get(node)!}`, level: LEVEL.sum };
      case 'softmax': {
        const { exps, share } = this.#parts.get(node)!;
        return { text: `${exps}[j] * ${share}`, level: LEVEL.product };
      }
      case 'sum':
      case 'prod':
      case 'reduceMax':
      case 'reduceMin':
      case 'logsumexp':
        return this.#sameForAll(node, printer);
      default:
        return atom(
          FUSED[node.op as CallOp](
            node.args.map((arg) => printer.text(arg)),
            node.value,
          ),
        );
    }
  }

  /** A reduction of a value that does not depend on the class. */
  #sameForAll(node: Node, printer: InfixPrinter): Printed {
    const x = within(printer.print(node.args[0]!), LEVEL.atom);
    if (node.op === 'sum') return { text: `classes * ${x}`, level: LEVEL.product };
    if (node.op === 'prod') return { text: `${x} ** classes`, level: LEVEL.power };
    return node.op === 'logsumexp' ? { text: `${x} + Math.log(classes)`, level: LEVEL.sum } : atom(x);
  }

  /** exp, expm1 and the inverse of softmax from the exponentials that are there already. */
  #ofSoftmax(node: Node): Printed | undefined {
    const [inner] = node.args;
    if (inner === undefined) return undefined;
    const parts = this.#parts.get(inner);
    if (parts !== undefined && node.op === 'exp')
      return { text: `${parts.exps}[j] * ${parts.share}`, level: LEVEL.product };
    if (parts !== undefined && node.op === 'expm1') {
      const { exps, others, share, place } = parts;
      const text = `j === ${place} ? -${others} * ${share} : ${exps}[j] * ${share} - 1`;
      return { text, level: LEVEL.choice };
    }
    // exp(min(-log p, bound)), the guarded 1 / p.
    if (node.op !== 'exp' || inner.op !== 'min' || inner.args[1]!.op !== 'const') return undefined;
    const [minus, log] = inner.args[0]!.op === 'mul' ? inner.args[0]!.args : [];
    const guarded = log === undefined ? undefined : this.#parts.get(log);
    if (guarded === undefined || minus!.op !== 'const' || minus!.value !== -1) return undefined;
    if (inner.args[0]!.args.length !== 2) return undefined;
    const bound = numberText(Math.exp(inner.args[1]!.value));
    return atom(`Math.min((1 + ${guarded.others}) / ${guarded.exps}[j], ${bound})`);
  }
}

/** The last of several loops, counted from 0. Numbers are not passed as arguments: a sum may have more terms than the stack has room. */
const largest = (stages: readonly number[]): number =>
  stages.reduce((most, stage) => Math.max(most, stage), 0);

/** What the loops keep of a softmax: exp(x - max), the sum of the others, 1 / (1 + others), and where the maximum is. */
interface SoftmaxParts {
  readonly exps: string;
  readonly others: string;
  readonly share: string;
  readonly place: string;
}

const isSoftmax = (node: Node): boolean =>
  node.op === 'logSoftmax' || node.op === 'softmax' || node.op === 'logsumexp';
const isReduction = (node: Node): boolean => isSoftmax(node) || node.op in ACCUMULATORS || node.op === 'at';

type Step = (name: string, x: string) => string;
const ACCUMULATORS = {
  sum: ['0', (name, x) => `${name} += ${x};`],
  prod: ['1', (name, x) => `${name} *= ${x};`],
  reduceMax: ['-Infinity', (name, x) => `${name} = Math.max(${name}, ${x});`],
  reduceMin: ['Infinity', (name, x) => `${name} = Math.min(${name}, ${x});`],
} as const satisfies Record<string, readonly [string, Step]>;

function power(base: Node, exponent: Node | number, printer: InfixPrinter): Printed {
  const x = within(printer.print(base), LEVEL.atom);
  if (exponent === 0.5) return atom(`Math.sqrt(${printer.text(base)})`);
  if (exponent === 2) return atom(`special.square(${printer.text(base)})`);
  const right =
    typeof exponent === 'number' ? numberText(exponent) : within(printer.print(exponent), LEVEL.power);
  return { text: `${x} ** ${right}`, level: LEVEL.power };
}
