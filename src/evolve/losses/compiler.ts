/** The compiler as the search uses it: one loss at a time, from trees, without files or text. */

import { compileLoss } from '../../../compiler/compile.js';
import { notesOn } from '../../../compiler/guard/notes.js';
import { guardSentences } from '../../../compiler/guard/sentences.js';
import { analyseLoss, type LossAnalysis } from '../../../compiler/loss/analyse.js';
import type { NumericLoss } from '../../../compiler/loss/numeric.js';
import { simplifyLoss } from '../../../compiler/loss/simplify-loss.js';
import { sketchAxes } from '../../../compiler/lower/sketch-axes.js';
import { findFunction } from '../../../compiler/resolve/functions.js';
import { programOf } from '../../../compiler/resolve/program.js';
import { LossError } from '../../../grammar/diagnostics/diagnostic.js';
import type { Decl, Domain, Expr, LossDecl, SketchDecl } from '../../../grammar/tree/ast.js';
import { asTrained, numericTrained } from '../../runtime/feeding/as-trained.js';
import { rolesOf, signatureOf } from '../../runtime/feeding/feeding.js';
import { takingRows } from '../../runtime/feeding/targets.js';
import type { TaskKind } from '../../runtime/tasks/learning.js';
import type { Candidate, ParameterValues } from '../model/candidate.js';
import type { DrawWeights } from '../model/variation.js';
import type { SketchSubject } from './subject.js';

export function analyseCandidate({ loss, library }: Candidate): LossAnalysis {
  return analyseLoss(loss, library);
}

/** On rows of targets, whatever form of them the loss takes. Precondition: `analyseCandidate` gave no errors. */
export function numericCandidate(
  { loss, library }: Candidate,
  task: TaskKind,
  parameters?: ParameterValues,
): NumericLoss {
  const compiled = compileLoss(programOf([loss], library), asTrained(loss, task), { fromLogits: true });
  return takingRows(numericTrained(loss, compiled, parameters), rolesOf(signatureOf(compiled), task).form);
}

/**
 * What guards do to the loss as it is trained, as lines of a comment; none where no guard can decide. Precondition: `analyseCandidate`
 * gave no errors.
 */
export function guardLines({ loss, library }: Candidate): readonly string[] {
  const compiled = compileLoss(programOf([loss], library), loss, { fromLogits: true });
  const { gradients } = compiled.guardNotes;
  const predictions = gradients.filter((name) => compiled.inputs.some((input) => input.name === name));
  const sentences = guardSentences(notesOn(compiled.guardNotes, predictions));
  const from = compiled.logits.length === 0 ? '' : ' from logits';
  return sentences.length === 0
    ? []
    : [`Guards that can decide${from}:`, ...sentences.map((line) => `  ${line}`)];
}

/** Number of arguments of an element-by-element function of the language; undefined if it has none so named. */
export function arityOf(name: string): number | undefined {
  const row = findFunction(name);
  if (row?.kind === 'values') return row.arity;
  return row?.kind === 'both' ? 2 : undefined;
}

/**
 * The simplifier's form of a tree of a hole. Undefined where it has none that is an expression of the inputs.
 * Inputs count element by element, so the result may stand wherever the tree stood.
 */
export function simplifyTree(tree: Expr, sketch: SketchDecl, library: readonly Decl[]): Expr | undefined {
  try {
    return simplifyLoss(elementByElement(tree, sketch), library).body.result;
  } catch (thrown) {
    // A part of a tree may lack the prediction, and then it is no loss.
    if (thrown instanceof LossError) return undefined;
    throw thrown;
  }
}

/** What a domain along an axis says of each of its elements. */
const ELEMENT_DOMAINS: Readonly<Record<string, string>> = { onehot: 'binary', probability: 'unit' };

/** A loss without axes whose body is the tree: what holds for it holds for every element. */
function elementByElement(tree: Expr, sketch: SketchDecl): LossDecl {
  const withoutAxes = <T extends { readonly domain?: Domain }>(item: T): T => {
    if (item.domain === undefined) return item;
    const { axes: _, ...domain } = item.domain;
    return {
      ...item,
      domain: { ...domain, name: { name: ELEMENT_DOMAINS[domain.name.name] ?? domain.name.name } },
    };
  };
  return {
    kind: 'loss',
    name: sketch.name,
    inputs: sketch.inputs.map(withoutAxes),
    parameters: sketch.parameters.map(withoutAxes),
    body: { lets: [], result: tree },
  };
}

/** What the search space of a sketch follows from besides its text: arity and axes of its operators. */
export function spaceContext({ sketch, library }: SketchSubject, weights: DrawWeights = {}) {
  return { arity: arityWith(library), axes: sketchAxes(programOf([sketch], library), sketch), weights };
}

/** Arity of functions of the language and of those declared beside the sketch. */
function arityWith(library: Candidate['library']): (name: string) => number | undefined {
  const own = new Map(
    library.flatMap((decl) =>
      decl.kind === 'fn' ? [[decl.name.name, decl.parameters.length] as const] : [],
    ),
  );
  return (name) => own.get(name) ?? arityOf(name);
}
