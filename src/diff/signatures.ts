import { lowerLoss } from '../../compiler/lower/lower.js';
import type { LoweredInput, LoweredLoss } from '../../compiler/lower/lowered.js';
import type { DomainName } from '../../compiler/resolve/domains.js';
import type { Program } from '../../compiler/resolve/program.js';
import { invariant } from '../../grammar/invariant.js';
import type { Input, LossDecl } from '../../grammar/tree/ast.js';

/** A loss that has been checked. */
export interface Side {
  readonly program: Program;
  readonly decl: LossDecl;
}

/** Two losses of the same inputs, in the same order, on the same domains; and what was assumed to have that. */
export interface Matched {
  readonly a: Side;
  readonly b: Side;
  readonly assumed: readonly string[];
}

/** Domains, those that hold fewer numbers first: of two, a comparison is made on the one in front. */
const NARROWEST_FIRST: readonly DomainName[] = [
  'onehot',
  'probability',
  'binary',
  'sign',
  'integer',
  'unit',
  'between',
  'positive',
  'nonnegative',
  'logits',
  'real',
];

export const lowered = ({ program, decl }: Side): LoweredLoss => {
  const { loss } = lowerLoss(program, decl);
  invariant(loss !== undefined, `${decl.name.name} has been checked`);
  return loss;
};

/** Matches the inputs of two losses: by name where both have the same names, else by role and place. A text says why they cannot be. */
export function matched(a: Side, b: Side, fromLogits: boolean): Matched | string {
  const [first, second] = [lowered(a), lowered(b)];
  const names = `${first.name} and ${second.name}`;
  if (first.inputs.length !== second.inputs.length)
    return `${names} differ in their inputs: ${listed(first.inputs)} and ${listed(second.inputs)}`;
  const assumed: string[] = [];
  const order: LoweredInput[] = [];
  const free = new Set(second.inputs);
  for (const input of first.inputs) {
    const partner =
      second.inputs.find((other) => free.has(other) && other.name === input.name) ??
      second.inputs.find(
        (other) =>
          free.has(other) &&
          other.role === input.role &&
          !first.inputs.some(({ name }) => name === other.name),
      );
    if (partner === undefined)
      return `${second.name} has no ${input.role} that matches ${input.name} of ${first.name}: it takes ${listed(second.inputs)}`;
    if (partner.data !== input.data)
      return `${input.name} is ${said(input)} in ${first.name} and ${said(partner)} in ${second.name}`;
    if (partner.axes.length !== input.axes.length)
      return `${input.name} of ${first.name} has ${counted(input)}, ${partner.name} of ${second.name} has ${counted(partner)}`;
    if (partner.name !== input.name)
      assumed.push(`${partner.name} of ${second.name} is matched with ${input.name} of ${first.name}`);
    free.delete(partner);
    order.push(partner);
  }
  const inputsA: Input[] = [];
  const inputsB: Input[] = [];
  for (const [i, input] of first.inputs.entries()) {
    const [own, other] = [a.decl.inputs[input.position]!, b.decl.inputs[order[i]!.position]!];
    const domain = narrower(input.domain, order[i]!.domain, fromLogits && !input.data);
    if (domain !== undefined)
      assumed.push(
        `${input.name} is ${domain}, for which both are meant: ${input.domain} and ${order[i]!.domain}`,
      );
    inputsA.push(domain === order[i]!.domain ? onDomainOf(own, other) : own);
    inputsB.push(domain === input.domain ? onDomainOf(other, own) : other);
  }
  return {
    a: { ...a, decl: { ...a.decl, inputs: inputsA } },
    b: { ...b, decl: { ...b.decl, inputs: inputsB } },
    assumed,
  };
}

/** The domain of fewer numbers where two differ. From logits, a prediction on logits and one on probabilities are both logits. */
function narrower(a: DomainName, b: DomainName, areLogits: boolean): DomainName | undefined {
  if (a === b || (areLogits && (a === 'logits' || b === 'logits'))) return undefined;
  return NARROWEST_FIRST.indexOf(a) < NARROWEST_FIRST.indexOf(b) ? a : b;
}

/** An input on the domain of another, with the names of its own axes. */
function onDomainOf(input: Input, other: Input): Input {
  if (other.domain === undefined) return input;
  const { bounds, name } = other.domain;
  const axes = input.domain?.axes;
  return {
    ...input,
    domain: { name, ...(bounds !== undefined && { bounds }), ...(axes !== undefined && { axes }) },
  };
}

const listed = (inputs: readonly LoweredInput[]): string =>
  inputs.map(({ name, role }) => `${name} (${role})`).join(', ');
const said = ({ data }: LoweredInput): string => (data ? 'data' : 'a prediction');
const counted = ({ axes }: LoweredInput): string =>
  axes.length === 0 ? 'no axis of its own' : axes.length === 1 ? 'one axis' : `${axes.length} axes`;
