/** The standard losses that another loss could be, by its signature. */

import { reachable } from '../../../compiler/graph/graph.js';
import { lowerLoss } from '../../../compiler/lower/lower.js';
import type { LoweredInput, LoweredLoss } from '../../../compiler/lower/lowered.js';
import type { DomainName } from '../../../compiler/resolve/domains.js';
import { loadProgram, lossesOf } from '../../../compiler/resolve/program.js';
import type { LossDecl } from '../../../grammar/tree/ast.js';
import { lowered, matched, type Side } from '../../diff/signatures.js';
import { importResolver, readLossFile, stdlibNames } from '../../stdlib.js';

export interface StandardLoss extends Side {
  /** `std/gce`. */
  readonly name: string;
  /** As its file has it; `decl` is on the inputs, in their order, of the loss that it is compared with. */
  readonly original: LossDecl;
  readonly lowered: LoweredLoss;
}

/**
 * Those that take inputs as this loss has them, whatever these are called; the simplest first, so that of several that are one the
 * plainest gives the name.
 */
export function standardLossesLike(found: Side): readonly StandardLoss[] {
  const { inputs } = lowered(found);
  return stdlibNames()
    .flatMap((file) => inFile(`std/${file}`, found, inputs))
    .toSorted((a, b) => complexity(a) - complexity(b));
}

/** A parameter weighs more than any formula, and what is not differentiated more than what is. */
function complexity({ lowered: { parameters, value } }: StandardLoss): number {
  const nodes = reachable([value]);
  return 1000 * parameters.length + 100 * nodes.filter(({ op }) => op === 'stop').length + nodes.length;
}

/** A file whose signatures show that it has none is not parsed, which would take most of the time. */
function inFile(entry: string, found: Side, inputs: readonly LoweredInput[]): StandardLoss[] {
  const source = readLossFile(entry);
  if (!signaturesIn(source.text).some((domains) => couldTake(domains, inputs))) return [];
  const program = loadProgram(source, importResolver(entry));
  return lossesOf(program).flatMap((original) => {
    const pair = matched(found, { program, decl: original }, true);
    if (typeof pair === 'string') return [];
    const { decl } = pair.b;
    const own = lowered({ program, decl: original }).inputs;
    const takesAll = decl.inputs.every(({ name }, i) =>
      own.some((input) => input.name === name.name && takes(input.domain, inputs[i]!)),
    );
    // Not every loss is one on the domains of another.
    const { loss } = takesAll ? lowerLoss(program, decl) : {};
    return loss === undefined
      ? []
      : [{ name: `std/${decl.name.name}`, program, decl, original, lowered: loss }];
  });
}

/** The domains of the inputs of each loss in a text of the standard library, which names them all. */
const signaturesIn = (text: string): string[][] =>
  [...text.matchAll(/^loss \w+\(([^;]*?)(?:;|\)\s*=)/gm)].map(([, inputs]) =>
    [...inputs!.matchAll(/:\s*(\w+)/g)].map(([, domain]) => domain!),
  );

const couldTake = (domains: readonly string[], inputs: readonly LoweredInput[]): boolean =>
  domains.length === inputs.length &&
  inputs.every((wanted) => domains.some((domain) => takes(domain as DomainName, wanted)));

/** Domains that a loss may have for an input on another one. Rows that add up to 1 are no mere numbers. */
const TAKES: Readonly<Partial<Record<DomainName, readonly DomainName[]>>> = {
  onehot: ['probability'],
  probability: ['onehot'],
  binary: ['unit', 'nonnegative', 'real'],
  unit: ['binary', 'nonnegative', 'real'],
  sign: ['real'],
  positive: ['nonnegative', 'real'],
  nonnegative: ['real'],
  between: ['real'],
};
/** What a prediction may be, before softmax or sigmoid or after it. */
const FROM_LOGITS: readonly DomainName[] = ['logits', 'probability', 'unit'];

const takes = (domain: DomainName, wanted: LoweredInput): boolean =>
  domain === wanted.domain ||
  TAKES[wanted.domain]?.includes(domain) === true ||
  (!wanted.data && FROM_LOGITS.includes(domain) && FROM_LOGITS.includes(wanted.domain));
