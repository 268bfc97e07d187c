import type { CompiledLoss } from '../compile.js';
import { DOMAINS, type DomainName } from '../lower/domains.js';
import type { LoweredInput } from '../lower/lowered.js';
import { numberText, stringText } from './host.js';

/** The statement that checks whether the numbers of an input are in its domain; undefined where every number is. */
export function inputCheck(input: LoweredInput, tensor: string): string | undefined {
  const fits = membership(input);
  if (fits === undefined) return undefined;
  const simplex = DOMAINS[input.domain].simplex ? ', true' : '';
  return `checkInput(${stringText(input.name)}, ${tensor}, ${stringText(input.domain)}, (x) => ${fits}${simplex});`;
}

/** Whether x is in an input's domain, as JavaScript; undefined where every number is. */
function membership(input: LoweredInput): string | undefined {
  const { lo, hi } = input.node.range;
  const rules: { readonly [K in DomainName]: string | undefined } = {
    real: undefined,
    logits: undefined,
    positive: 'x > 0',
    nonnegative: 'x >= 0',
    unit: 'x >= 0 && x <= 1',
    between: `x >= ${numberText(lo)} && x <= ${numberText(hi)}`,
    binary: 'x === 0 || x === 1',
    sign: 'x === 1 || x === -1',
    integer: 'Number.isInteger(x)',
    probability: 'x >= 0 && x <= 1',
    onehot: 'x === 0 || x === 1',
  };
  return rules[input.domain];
}

/** Whether the module has the debug option: some input has a domain that says more than "a number". */
export const hasChecks = (compiled: CompiledLoss): boolean =>
  compiled.inputs.some((input) => input.domain !== 'real' && input.domain !== 'logits');
