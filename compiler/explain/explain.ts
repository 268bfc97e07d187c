import type { LossDecl } from '../../grammar/tree/ast.js';
import { type CompiledLoss, compileLowered } from '../compile.js';
import type { LoweredLoss } from '../lower/lowered.js';
import type { Program } from '../resolve/program.js';
import { figure, plural } from '../words/sentence.js';
import { checked } from './checked.js';
import { type Explanation, type Finding, TOPICS, type Topic } from './explanation.js';
import { fallsEverywhere, isEquivariant, isWhole } from './facts/proofs.js';
import { type Forms, formsOf, provedFor } from './facts/settled.js';
import { explainBatch } from './findings/batch.js';
import { explainBounds } from './findings/bounds.js';
import { explainCalibration } from './findings/calibration.js';
import { type Bend, bendOf, explainConvexity, isConvex } from './findings/convexity.js';
import { explainDecided } from './findings/decided.js';
import { explainEffect } from './findings/effect.js';
import { explainGuards } from './findings/guards.js';
import { explainLearning, explainShift } from './findings/learning.js';
import { explainGlobalMinimum, explainMinimum, toldLabels } from './findings/minimum.js';
import { explainNoise } from './findings/noise.js';
import { explainPrecision } from './findings/precision.js';
import { explainRegression } from './findings/regression.js';
import { explainSaturation } from './findings/saturation.js';
import { errorSegments, labelSegments } from './findings/segments.js';
import { explainSimplification } from './findings/simplification.js';
import { explainSmoothness } from './findings/smoothness.js';
import { explainValues } from './findings/values.js';
import { isMargin, type Labelled, labelled, readerOf } from './probe/labelled.js';
import { regression } from './probe/numbers.js';
import { Probe } from './probe/probe.js';
import { CLASSES, fillerOf, LARGEST, MANY, PAIRED, type World, worldOf } from './probe/world.js';
import { type Pair, pairOf } from './signature.js';
import { bodyText } from './text/body.js';

/** What `explainLoss` takes. All of it may be left out. */
export interface ExplainOptions {
  /** Length of the axis of classes, unless the signature fixes it; 10 unless said otherwise. */
  readonly classes?: number;
  /** Shows the formula, and the guards, of the form that takes logits. */
  readonly fromLogits?: boolean;
}

/**
 * What can be known of a loss: its formula, and properties with their reasons, proved where that is possible. The same for
 * the same loss every time. Throws `LossError` with all diagnostics when the loss has errors.
 */
export function explainLoss(program: Program, decl: LossDecl, options: ExplainOptions = {}): Explanation {
  return checked(program, decl, (loss) => explainLowered(loss, options));
}

/** The explanation of a loss that has been checked. */
function explainLowered(loss: LoweredLoss, options: ExplainOptions = {}): Explanation {
  const plain = compileLowered(loss);
  const logits = plain.inputs.some((input) => input.activation !== undefined)
    ? compileLowered(loss, { fromLogits: true })
    : plain;
  const shown = options.fromLogits === true ? logits : plain;
  const pair = confirmed(pairOf(plain), plain);
  const length = pair?.family === 'binary' ? 1 : (options.classes ?? CLASSES);
  const world = worldOf(loss, pair?.axis, length);
  const few = length > MANY ? worldOf(loss, pair?.axis, CLASSES) : world;
  const forms = formsOf(plain, world);
  const probe = new Probe(plain, few);
  const cells = Math.max(probe.cells(), new Probe(plain, world).cells());
  const findings = [
    ...explainSimplification(shown),
    ...explainValues(
      forms,
      cells > LARGEST ? [] : [probe, ...(logits === plain ? [] : [new Probe(logits, few)])],
    ),
    ...(cells > LARGEST ? [] : explainPrecision(probe)),
    ...explainDecided(loss, plain.guards.length > 0 || logits.guards.length > 0),
    ...explainGuards(plain, 'guard'),
    ...(logits === plain ? [] : explainGuards(logits, 'guard from logits')),
    ...explainEffect(plain),
    ...explainBatch(plain),
    ...(cells > LARGEST
      ? [tooLarge(cells)]
      : explainPair(
          { loss, world, few, plain: forms, logits: logits === plain ? forms : formsOf(logits, world) },
          pair,
        )),
  ];
  const topics = Object.keys(TOPICS) as Topic[];
  return {
    loss: loss.name,
    doc: loss.doc,
    family: pair?.family ?? 'other',
    setting: {
      ...(pair?.family === 'classes' && { classes: world.sizes[pair.axis!]! }),
      fromLogits: shown.logits.length > 0,
      given: givenOf(plain, world, pair),
    },
    value: bodyText(loss.graph, shown.formula.value, shown.formula.names),
    gradients: shown.inputs
      .filter((input) => !input.data)
      .map(({ name }) => ({
        input: name,
        text: bodyText(loss.graph, shown.formula.gradients.get(name)!, shown.formula.names),
      })),
    findings: topics.flatMap((topic) => findings.filter((finding) => finding.topic === topic)).map(asData),
  };
}

const tooLarge = (cells: number): Finding => ({
  topic: 'finite',
  property: 'finite',
  status: 'unknown',
  statement: 'The loss was not evaluated: one item of it is too large.',
  reason: `It needs ${figure(cells)} numbers in one place; the limit is ${figure(LARGEST)}.`,
});

/** JSON has no infinities: what is told in words keeps no figure. */
function asData({ value, witness, ...finding }: Finding): Finding {
  const isData = (x: number | readonly number[]): boolean =>
    typeof x === 'number' ? Number.isFinite(x) : x.every((entry) => Number.isFinite(entry));
  const kept = Object.entries(witness ?? {}).filter(([, x]) => isData(x));
  return {
    ...finding,
    ...(value !== undefined && isData(value) && { value }),
    ...(kept.length > 0 && { witness: Object.fromEntries(kept) }),
  };
}

/** The pair, unless what looks like a margin is a distance. */
function confirmed(pair: Pair | undefined, compiled: CompiledLoss): Pair | undefined {
  if (pair?.family !== 'margin') return pair;
  const world = worldOf(compiled.lowered, undefined, 1);
  return isMargin(pair, labelled(new Probe(compiled, world), pair, true)) ? pair : undefined;
}

/** Parameters, and inputs that are neither target nor prediction, with the values that the figures hold for. */
function givenOf(
  compiled: CompiledLoss,
  world: World,
  pair: Pair | undefined,
): Record<string, number | readonly unknown[]> {
  const given: Record<string, number | readonly unknown[]> = {};
  for (const [name, value] of world.parameters) given[name] = value;
  if (pair === undefined) return given;
  for (const input of compiled.inputs) {
    if (input === pair.target || input === pair.prediction) continue;
    const filler = [...fillerOf(input, world.sizes, 1)];
    given[input.name] = filler.length === 1 ? filler[0]! : filler;
  }
  return given;
}

interface Subject {
  readonly loss: LoweredLoss;
  readonly world: World;
  /** The same world, unless it has many classes. */
  readonly few: World;
  /** As written, and with softmax or sigmoid in front of the prediction; the same where that is not possible. */
  readonly plain: Forms;
  readonly logits: Forms;
}

function explainPair(subject: Subject, pair: Pair | undefined): Finding[] {
  const { plain, world } = subject;
  if (pair === undefined) {
    const inputs = plain.general.inputs.filter((input) => !input.data);
    return explainConvexity(
      'convex',
      bendOf(plain),
      inputs.map((input) => input.name),
      undefined,
    );
  }
  if (pair.family !== 'regression') return explainLabelled(subject, pair);
  const exact = compileLowered(subject.loss, { guards: 'none' });
  const loss = regression(new Probe(plain.general, world, exact), pair);
  return [
    ...explainRegression(plain, pair, loss, regression(new Probe(exact, world), pair)),
    ...(isWhole(plain.general)
      ? explainConvexity('convex', bendOf(plain), ['the prediction'], errorSegments(loss))
      : []),
  ];
}

function explainLabelled(subject: Subject, pair: Pair): Finding[] {
  const { plain, logits, world, few } = subject;
  const { domain } = pair.prediction;
  const on = (compiled: CompiledLoss, at: World, twin?: CompiledLoss): Labelled =>
    labelled(new Probe(compiled, at, twin), pair, domain === 'real');
  const unguarded = compileLowered(subject.loss, { fromLogits: true, guards: 'none' });
  const loss = on(logits.general, world, unguarded);
  const exact = on(unguarded, world);
  const small = few === world ? loss : on(logits.general, few, unguarded);
  const [bend, bendInLogits] = [bendOf(plain), bendOf(logits)];
  const averages = isConvex(bend) && domain === 'probability' && isEquivariant(plain.general, pair);
  const falls = provedFor(plain, (compiled) => fallsEverywhere(compiled, pair));
  const whole = isWhole(plain.general);
  const ofFew =
    small.labels > PAIRED
      ? []
      : [
          ...(whole ? explainGlobalMinimum(small, averages) : []),
          ...explainCalibration(small, isConvex(bendInLogits), whole),
          explainSmoothness(small),
          ...(whole ? explainBends(subject, pair, small, [bend, bendInLogits]) : []),
        ];
  return [
    ...explainMinimum(loss),
    ...(small === loss ? ofFew : ofFew.map((finding) => lookedAt(finding, small))),
    ...explainLearning(loss, falls),
    ...explainNoise(plain, pair, loss, exact),
    ...explainBounds(plain, logits, pair.prediction.name, loss, exact),
    ...(domain === 'logits' ? explainShift(loss) : []),
    ...(logits === plain ? [] : explainSaturation(loss, exact)),
  ];
}

function lookedAt(finding: Finding, { labels }: Labelled): Finding {
  if (finding.status === 'proved') return finding;
  return { ...finding, reason: `${finding.reason} Computed with ${plural(labels, 'class', 'classes')}.` };
}

/** Convexity in what the loss is written on, and in the logits where these are something else. */
function explainBends(
  subject: Subject,
  pair: Pair,
  loss: Labelled,
  [bend, bendInLogits]: readonly [Bend, Bend],
): Finding[] {
  const { plain, logits, few } = subject;
  const labels = toldLabels(loss);
  const onLogits = labelSegments(loss, labels, loss, false);
  if (logits === plain)
    return loss.scores
      ? explainConvexity('convex', bend, ['the scores'], onLogits)
      : explainConvexity('convex in the logits', bend, ['the logits'], onLogits);
  const unguarded = compileLowered(subject.loss, { guards: 'none' });
  const reader = readerOf(new Probe(plain.general, few, unguarded), pair);
  const space = pair.family === 'classes' ? 'the probabilities' : 'the probability';
  return [
    ...explainConvexity('convex', bend, [space], labelSegments(loss, labels, reader, true)),
    ...explainConvexity('convex in the logits', bendInLogits, ['the logits'], onLogits),
  ];
}
