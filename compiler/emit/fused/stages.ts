import { type AxisSet, BATCH } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';
import { isElementwise } from '../../operators/elementwise.js';
import type { Schedule } from '../plan/schedule.js';
import { ACCUMULATORS, isAcrossClasses, isSoftmax } from './reductions.js';

/** Which of the loops over the classes of an item computes a node: after all reductions that it needs. */
export class Stages {
  readonly #stage = new Map<Node, number>();
  /** What is computed within the loops, arguments first. */
  readonly nodes: readonly Node[];
  readonly count: number;

  constructor(
    private readonly plan: Schedule,
    /** The axis of the classes, or 0. */
    private readonly classes: AxisSet,
    private readonly gradient: Node,
  ) {
    for (const node of plan.order)
      if (!plan.host.has(node) && !this.onlyNumbers(node)) this.#stage.set(node, this.#stageOf(node));
    this.nodes = plan.order.filter((node) => this.#stage.has(node));
    this.#delay(this.nodes);
    this.count = 1 + largest(this.nodes.map((node) => this.#stage.get(node)!));
  }

  /** The loop of a node; undefined for what is computed before the items. */
  of(node: Node): number | undefined {
    return this.#stage.get(node);
  }

  /** Whether every node is of the kinds that the loops can compute. */
  fits(): boolean {
    const allowed = BATCH | this.classes;
    return this.plan.order.every((node) => {
      if (this.plan.host.has(node) || this.onlyNumbers(node)) return true;
      if ((node.axes & ~allowed) !== 0) return false;
      if (isElementwise(node.op) || node.op === 'input' || node.op === 'index')
        return (node.axis & BATCH) === 0;
      if (node.op === 'parameter') return node.axes === this.classes;
      if (node.op === 'at') return node.axis === this.classes && (node.args[1]!.axes & this.classes) === 0;
      return isAcrossClasses(node) && node.axis === this.classes && this.classes !== 0;
    });
  }

  /** A list from which only single numbers are taken. */
  onlyNumbers(node: Node): boolean {
    const users = this.plan.usersOf(node);
    return users.length > 0 && users.every((user) => this.plan.host.has(user));
  }

  perClass(node: Node): boolean {
    return (node.axes & this.classes) !== 0;
  }

  #stageOf(node: Node): number {
    const args = largest(node.args.map((arg) => this.#stage.get(arg) ?? 0));
    if (isSoftmax(node)) return args + 2;
    return isAcrossClasses(node) && this.perClass(node.args[0]!) ? args + 1 : args;
  }

  /** Values by class that a later loop needs again and that are not read or cheap to make. */
  kept(): Node[] {
    return this.nodes.filter((node) => {
      if (!this.perClass(node) || node.op === 'input' || node.op === 'parameter' || node.op === 'index')
        return false;
      const mine = this.#stage.get(node)!;
      return this.plan.usersOf(node).some((user) => this.#neededIn(node, user) > mine);
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
      if (node.args.length === 0 || !this.perClass(node) || isAcrossClasses(node)) continue;
      const users = this.plan.usersOf(node);
      if (
        this.#stage.get(node) !== 0 ||
        node === this.gradient ||
        users.length === 0 ||
        users.some(isAcrossClasses)
      )
        continue;
      this.#stage.set(
        node,
        users.reduce((least, user) => Math.min(least, this.#neededIn(node, user)), Number.POSITIVE_INFINITY),
      );
    }
  }
}

/** The last of several loops, counted from 0. Numbers are not passed as arguments: a sum may have more terms than the stack has room. */
const largest = (stages: readonly number[]): number =>
  stages.reduce((most, stage) => Math.max(most, stage), 0);
