import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { printDomain } from '../../grammar/print/declaration.js';
import type { Input, Span } from '../../grammar/tree/ast.js';
import type { Place } from '../messages/message.js';
import * as roleMessages from '../messages/roles.js';
import { DOMAINS, type DomainName } from '../resolve/domains.js';
import { isMistakenPrediction, perhapsGiven, type Role, speaksOfData } from './roles.js';

/** What a network puts out for what a domain of labels holds. */
const OUTPUT_DOMAINS: Readonly<Record<string, DomainName>> = {
  onehot: 'probability',
  binary: 'unit',
  sign: 'real',
  integer: 'real',
};

/** What is wrong, or likely wrong, with the roles of a loss's inputs. */
export function roleProblems(
  inputs: readonly Input[],
  roles: readonly Role[],
  place: (span: Span | undefined) => Place,
): Diagnostic[] {
  const mistaken = inputs.filter((input, i) => isMistakenPrediction(input, roles[i]!));
  return [
    ...mistaken.map(({ name, domain }) => {
      const instead = printDomain({ ...domain!, name: { name: OUTPUT_DOMAINS[domain!.name.name]! } });
      return roleMessages.predictionOfLabels(place(name.span), name.name, domain!.name.name, instead);
    }),
    ...perhapsGiven(inputs, roles).map(({ name, domain }) => {
      const { activation } = DOMAINS[domain!.name.name as DomainName];
      return roleMessages.looksGiven(place(name.span), name.name, activation!, speaksOfData(name.name));
    }),
  ];
}
