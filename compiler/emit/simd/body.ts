import type { Node } from '../../graph/graph.js';
import type { Loop, LoopPlan } from '../fused/loops.js';
import type { Declare } from '../wasm/assembler.js';
import {
  advance,
  type Code,
  dAdd,
  dLane,
  f32FromF64,
  f32Store,
  f64Add,
  f64Div,
  f64FromI32,
  i32,
  i32Add,
  i32GreaterOrEqual,
  i32LessOrEqualUnsigned,
  i32LessThan,
  i32Mul,
  i32ShiftLeft,
  i32Sub,
  type Local,
  loopWhile,
  nAdd,
  nConst,
  nLessThan,
  nSplat,
  select,
  set,
  splat,
  type Value,
  vAdd,
  vAnd,
  vFromN,
  vLoad,
  vLoadLane,
  vLoadSplat,
  vStore,
  vStoreLane,
  vZero,
  when,
} from '../wasm/instructions.js';
import { Gathers } from './gathers.js';
import type { Layout } from './layout.js';
import { gatherWide, startWide, type Wide } from './reductions.js';
import { type Rows, type RowVariables, recordsToRows, rowsToRecords, VECTOR } from './rows.js';
import { Scope, type Variable } from './scope.js';
import { type SoftmaxValues, Values } from './values.js';
import { type Vector, v } from './writer.js';

type Address = Local<'i32'>;

export interface Addresses {
  readonly target: Address;
  readonly output: Address;
  readonly gradient: Address;
  readonly batch: Address;
  readonly classes: Address;
  readonly records: Address;
  readonly lists: Address;
  readonly value: Address;
}

/** What the function around the body has. */
export interface Frame {
  readonly addresses: Addresses;
  /** Numbers that are given when it is called. */
  readonly numbers: ReadonlyMap<Node, Local<'f32'>>;
  /** A number that is known already. */
  readonly known: (node: Node) => number | undefined;
  readonly declare: Declare;
  /** Is told of each number that is written into the code. */
  readonly check: (value: number) => void;
}

/** Instructions nested more deeply than this get a variable. */
const MAX_DEPTH = 16;
const FLOAT = 4;
/** With 2 a kernel is 5 % slower; with more there is more code to compile before the first step. */
const CLASSES_AT_ONCE = 4;
const FOUR = [0, 1, 2, 3] as const;

/** Writes the loops of a plan; `Values` says how a value is written there. */
export class KernelBody {
  readonly #bound = new Map<Node, Vector>();
  /** Values by class that are in the records. */
  readonly #stored = new Set<Node>();
  readonly #depths = new Map<Node, number>();
  readonly #softmaxes = new Map<Node, SoftmaxValues>();
  /** Those that the loop that is being written has read. */
  readonly #exponentials = new Map<Node, Vector>();
  readonly #values: Values;
  readonly #gathers: Gathers;
  readonly #scope: Scope;
  readonly #row: Address;
  readonly #record: Address;
  readonly #list: Address;
  /** Where the records end. */
  readonly #end: Address;
  /** The four rows that are worked on: the last ones are the last row of the batch again where it has no more. */
  readonly #rows: readonly Address[];
  readonly #rowVariables: RowVariables;
  readonly #position: Variable;
  #usesPosition = false;
  /** Which of the classes at once is being written. */
  #class = 0;
  #here: Vector | undefined;

  constructor(
    private readonly plan: LoopPlan,
    private readonly layout: Layout,
    private readonly frame: Frame,
  ) {
    const { declare } = frame;
    this.#scope = new Scope(declare);
    const names = declare('i32', 'row', 'record', 'list', 'end', 'row0', 'row1', 'row2', 'row3');
    const at = declare('i32', 'at0', 'at1', 'at2', 'at3');
    const vectors = declare('v128', 'a', 'b', 'c', 'd');
    this.#row = names.row;
    this.#record = names.record;
    this.#list = names.list;
    this.#end = names.end;
    this.#rows = [names.row0, names.row1, names.row2, names.row3];
    this.#rowVariables = {
      at: Object.values(at),
      record: this.#record,
      vectors: Object.values(vectors),
    };
    this.#position = declare('v128', 'position').position;
    this.#values = new Values({
      keep: this.#scope.keep,
      known: frame.known,
      constant: (value) => this.#constant(value),
      bound: (node) => this.#variableOf(node),
      given: (node) => {
        const number = frame.numbers.get(node);
        return number && splat(number);
      },
      leaf: (node) => this.#leaf(node),
      position: () => this.#positionHere(),
      classes: () => vFromN(nSplat(frame.addresses.classes)),
      softmaxes: this.#softmaxes,
      exponential: (node) => this.#exponential(node),
    });
    this.#gathers = new Gathers({
      scope: this.#scope,
      values: this.#values,
      position: () => this.#positionHere(),
      bind: (node, value) => this.#bound.set(node, value),
      softmaxes: this.#softmaxes,
      storeExponential: (node, value) => {
        const slot = layout.exponentials.get(node);
        if (slot !== undefined) this.#store(slot, value);
      },
    });
  }

  emit(): Code {
    const { batch, classes, records, value } = this.frame.addresses;
    const total = this.#scope.wide();
    const start = startWide(total, 0);
    const item = this.#scope.within(() => {
      this.#readRows();
      for (const loop of this.plan.loops) this.#emitLoop(loop);
      this.#addValue(total);
      this.#writeGradient();
    });
    const { low, high } = total;
    const sum = f64Add(f64Add(dLane(low, 0), dLane(low, 1)), f64Add(dLane(high, 0), dLane(high, 1)));
    return [
      start,
      set(this.#row, i32(0)),
      set(this.#end, i32Add(records, i32Mul(classes, i32(VECTOR * this.layout.length)))),
      loopWhile(i32LessThan(this.#row, batch), [item, advance(this.#row, i32(4))]),
      f32Store(value, f32FromF64(f64Div(sum, f64FromI32(batch)))),
    ];
  }

  // ---------------------------------------------------------------- values

  #constant(value: number): Vector {
    this.frame.check(value);
    return v(value);
  }

  /** Inputs and parameters by class, read once in each loop. */
  #leaf(node: Node): Vector | undefined {
    const list = this.layout.lists.indexOf(node);
    if (list >= 0)
      return this.#bind(
        node,
        vLoadSplat(this.#list, FLOAT * (this.#class * this.layout.lists.length + list)),
      );
    const slot = this.layout.slots.get(node);
    if (slot !== undefined && node.op === 'input')
      return this.#bind(node, vLoad(this.#record, this.#placeOf(slot)));
    return undefined;
  }

  /** What a loop before has stored is read once. */
  #variableOf(node: Node): Vector | undefined {
    const known = this.#bound.get(node);
    if (known !== undefined || !this.#stored.has(node)) return known;
    return this.#bind(node, vLoad(this.#record, this.#placeOf(this.layout.slots.get(node)!)));
  }

  #bind(node: Node, value: Vector): Vector {
    const known = this.#bound.get(node);
    if (known !== undefined) return known;
    const variable = this.#scope.keep(value);
    this.#bound.set(node, variable);
    return variable;
  }

  /** The position of the class that is being written. */
  #positionHere(): Vector {
    this.#usesPosition = true;
    this.#here ??=
      this.#class === 0 ? this.#position : this.#scope.keep(vAdd(this.#position, v(this.#class)));
    return this.#here;
  }

  #exponential(node: Node): Vector {
    const known = this.#exponentials.get(node);
    if (known !== undefined) return known;
    const slot = this.layout.exponentials.get(node)!;
    const variable = this.#scope.keep(vLoad(this.#record, this.#placeOf(slot)));
    this.#exponentials.set(node, variable);
    return variable;
  }

  // ---------------------------------------------------------------- rows

  /** Of the rows of an array with a number for each class. */
  #rowsOf(array: Value<'i32'>, slot: number): Rows {
    const { classes, records } = this.frame.addresses;
    const { length } = this.layout;
    const starts = this.#rows.map((row) => i32Add(array, i32ShiftLeft(i32Mul(row, classes), i32(2))));
    return { starts, records, end: this.#end, length, slot };
  }

  #array(node: Node): Address {
    const { output, target } = this.frame.addresses;
    return node.leaf!.position === this.plan.prediction ? output : target;
  }

  #hasFourRows(): Value<'i32'> {
    return i32GreaterOrEqual(this.frame.addresses.batch, i32Add(this.#row, i32(4)));
  }

  /** Where four numbers of items are, and where each of them is. */
  #items(array: Address): { readonly together: Value<'i32'>; readonly each: readonly Value<'i32'>[] } {
    const at = (row: Address): Value<'i32'> => i32Add(array, i32ShiftLeft(row, i32(2)));
    return { together: at(this.#row), each: this.#rows.map(at) };
  }

  #readRows(): void {
    const last = i32Sub(this.frame.addresses.batch, i32(1));
    this.#rows.forEach((row, i) => {
      const here = i32Add(this.#row, i32(i));
      this.#scope.write(set(row, select(here, last, i32LessThan(here, last))));
    });
    for (const node of this.plan.schedule.order) {
      if (node.op !== 'input') continue;
      const slot = this.layout.slots.get(node);
      if (slot === undefined) {
        const variable = this.#scope.variable();
        const { together, each } = this.#items(this.#array(node));
        const one = each.reduce<Vector>((vector, address, lane) => vLoadLane(vector, address, lane), vZero);
        this.#scope.write(when(this.#hasFourRows(), set(variable, vLoad(together)), set(variable, one)));
        this.#bound.set(node, variable);
      } else this.#scope.write(rowsToRecords(this.#rowsOf(this.#array(node), slot), this.#rowVariables));
    }
  }

  #addValue(total: Wide): void {
    const { batch } = this.frame.addresses;
    const rows = nAdd(nSplat(this.#row), nConst(FOUR));
    const isRow = nLessThan(rows, nSplat(batch));
    const value = this.#scope.keep(vAnd(this.#values.number(this.plan.value), isRow));
    this.#scope.write(gatherWide(total, value, dAdd));
  }

  #writeGradient(): void {
    const { gradient, perClass, outputPerClass } = this.plan;
    const { gradient: array } = this.frame.addresses;
    const slot = this.layout.gradient;
    if (!outputPerClass) {
      const value = this.#scope.keep(this.#values.number(gradient));
      const { together, each } = this.#items(array);
      this.#scope.write(
        when(
          this.#hasFourRows(),
          vStore(together, value),
          each.map((address, lane) => vStoreLane(address, value, lane)),
        ),
      );
      return;
    }
    if (!perClass(gradient)) {
      const value = this.#scope.keep(this.#values.number(gradient));
      this.#loop(
        () => this.#store(slot, value),
        () => undefined,
      );
    }
    this.#scope.write(recordsToRows(this.#rowsOf(array, slot), this.#rowVariables));
  }

  // ---------------------------------------------------------------- loops

  /**
   * A loop over the classes: several at a time, then one at a time. `write` writes what is done with one class, `end` what follows after
   * several. Nothing is written for an empty body.
   */
  #loop(write: () => void, end: () => void): void {
    const { records, lists } = this.frame.addresses;
    this.#usesPosition = false;
    const bodyOf = (classes: number): Code =>
      this.#scope.within(() => {
        for (this.#class = 0; this.#class < classes; this.#class++) {
          write();
          this.#forgetClass();
        }
        this.#class = 0;
        end();
      });
    const [several, one] = [bodyOf(CLASSES_AT_ONCE), bodyOf(1)];
    if (one.length === 0) return;
    const variables: readonly [Address, Address, number][] = [
      [this.#record, records, VECTOR * this.layout.length],
      [this.#list, lists, FLOAT * this.layout.lists.length],
    ];
    const used = variables.filter(([, , step]) => step > 0);
    const pass = (classes: number, body: Code): Code => {
      const next = i32Add(this.#record, i32(classes * VECTOR * this.layout.length));
      return loopWhile(i32LessOrEqualUnsigned(next, this.#end), [
        body,
        used.map(([variable, , step]) => advance(variable, i32(classes * step))),
        ...(this.#usesPosition ? [set(this.#position, vAdd(this.#position, v(classes)))] : []),
      ]);
    };
    this.#scope.write(
      used.map(([variable, start]) => set(variable, start)),
      ...(this.#usesPosition ? [set(this.#position, vZero)] : []),
      pass(CLASSES_AT_ONCE, several),
      pass(1, one),
    );
  }

  /** Variables of a class end with it; what later loops need has been stored. */
  #forgetClass(): void {
    for (const node of this.#bound.keys()) if (this.plan.perClass(node)) this.#bound.delete(node);
    this.#exponentials.clear();
    this.#here = undefined;
  }

  /** One loop over the classes, and what follows from what it has gathered. */
  #emitLoop({ items, entries, gathers, writesGradient }: Loop): void {
    for (const node of items)
      if (!this.#bound.has(node)) this.#bound.set(node, this.#scope.keep(this.#values.make(node)));
    const gathered = gathers.map((gathering) => this.#gathers.begin(gathering));
    this.#loop(
      () => {
        for (const node of entries) this.#entry(node);
        for (const { take } of gathered) take();
        if (writesGradient) this.#store(this.layout.gradient, this.#values.number(this.plan.gradient));
      },
      () => {
        for (const { join } of gathered) join();
      },
    );
    for (const node of entries) if (this.layout.slots.has(node)) this.#stored.add(node);
    for (const { end } of gathered) end();
  }

  #store(slot: number, value: Vector): void {
    this.#scope.write(vStore(this.#record, value, this.#placeOf(slot)));
  }

  /** Where a vector of the class that is being written is, from the record on at which the loop is. */
  #placeOf(slot: number): number {
    return VECTOR * (this.#class * this.layout.length + slot);
  }

  #entry(node: Node): void {
    if (node.args.length === 0) return;
    const slot = this.layout.slots.get(node);
    const depth = node.args.reduce((most, arg) => Math.max(most, this.#depths.get(arg) ?? 0), 0) + 1;
    if (slot === undefined && this.plan.schedule.uses.get(node)! < 2 && depth < MAX_DEPTH) {
      this.#depths.set(node, depth);
      return;
    }
    const variable = this.#scope.keep(this.#values.make(node));
    this.#bound.set(node, variable);
    if (slot !== undefined) this.#store(slot, variable);
  }
}
