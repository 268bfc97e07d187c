import type { CompiledLoss } from '../../compile.js';
import type { Node } from '../../graph/graph.js';
import { type Schedule, schedule } from '../plan/schedule.js';
import { isTiled } from '../plan/tiles.js';
import { isAcrossClasses, isSoftmax } from './reductions.js';
import { Stages } from './stages.js';

/** What a loop over the classes gathers from its entries. */
export interface Gathering {
  readonly node: Node;
  /** A reduction entry by entry; the entry at a place; of a softmax the largest entry, then the exponentials and their sum. */
  readonly kind: 'reduction' | 'entry' | 'largest' | 'exponentials';
}

/** One loop over the classes of an item. */
export interface Loop {
  /** Values of the item that are known before it, arguments first. */
  readonly items: readonly Node[];
  /** Values by class that it works out, arguments first. */
  readonly entries: readonly Node[];
  readonly gathers: readonly Gathering[];
  /** Whether it writes the gradient. */
  readonly writesGradient: boolean;
}

/** Value and gradient of an item as loops over its classes: what is emitted as JavaScript and as WebAssembly. */
export interface LoopPlan {
  readonly value: Node;
  readonly gradient: Node;
  readonly schedule: Schedule;
  readonly loops: readonly Loop[];
  /** Values by class that a later loop needs again. */
  readonly kept: readonly Node[];
  readonly perClass: (node: Node) => boolean;
  /** Whether the loss has an axis of classes. */
  readonly hasClasses: boolean;
  /** Position of the prediction among the inputs. */
  readonly prediction: number;
  /** Whether the target has one number for each class, or one for each item. */
  readonly targetPerClass: boolean;
  /** The same of the output; items alone otherwise. */
  readonly outputPerClass: boolean;
}

/** More values than this kept between the loops of an item is no longer small. */
const MAX_STAGES = 12;

/**
 * Loops for a loss of one target and one prediction that was compiled with `plainMean`; undefined if its items couple or it has
 * further axes.
 */
export function planLoops(compiled: CompiledLoss): LoopPlan | undefined {
  const prediction = compiled.inputs.find((input) => !input.data);
  if (compiled.inputs.length !== 2 || prediction === undefined || compiled.scalar || compiled.coupled)
    return undefined;
  const axes = new Set(compiled.inputs.flatMap((input) => input.axes));
  if (axes.size > 1 || compiled.inputs.some((input) => input.axes.length > 1)) return undefined;
  const [axis] = axes;
  const classes = axis === undefined ? 0 : 1 << axis;
  const gradient = [...compiled.gradients.values()][0]!;
  const plan = schedule([compiled.value, gradient]);
  const stages = new Stages(plan, classes, gradient);
  if (!stages.fits() || stages.count > MAX_STAGES) return undefined;
  return {
    value: compiled.value,
    gradient,
    schedule: plan,
    loops: Array.from({ length: stages.count }, (_, stage) => loopOf(stage, stages, gradient)),
    kept: stages.kept(),
    perClass: (node) => stages.perClass(node),
    hasClasses: classes !== 0,
    prediction: prediction.position,
    targetPerClass: compiled.inputs[1 - prediction.position]!.axes.length > 0,
    outputPerClass: prediction.axes.length > 0,
  };
}

function loopOf(stage: number, stages: Stages, gradient: Node): Loop {
  const here = stages.nodes.filter((node) => stages.of(node) === stage);
  return {
    items: here.filter((node) => !stages.perClass(node)),
    entries: here.filter((node) => stages.perClass(node)),
    gathers: stages.nodes.flatMap((node) => {
      const kind = gatheredIn(node, stage, stages);
      return kind === undefined ? [] : [{ node, kind }];
    }),
    writesGradient: stages.perClass(gradient) && stages.of(gradient) === stage,
  };
}

/** The part of a reduction that belongs to a loop: its argument is known there, or one step of it is done. */
function gatheredIn(node: Node, stage: number, stages: Stages): Gathering['kind'] | undefined {
  const argument = node.args[0];
  if (argument === undefined || !isAcrossClasses(node) || !stages.perClass(argument)) return undefined;
  const ready = stages.of(argument)!;
  if (node.op === 'at') return Math.max(ready, stages.of(node.args[1]!) ?? 0) === stage ? 'entry' : undefined;
  if (isSoftmax(node)) return ready === stage ? 'largest' : ready + 1 === stage ? 'exponentials' : undefined;
  return ready === stage && isTiled(node.op) ? 'reduction' : undefined;
}
