import type { LossDecl } from '../../grammar/tree/ast.js';
import type { CompiledLoss } from '../compile.js';
import { nested, signatureOf } from '../evaluate/bind.js';
import { Binding } from '../evaluate/binding.js';
import { IGNORED_LABEL } from '../lower/labels.js';
import type { Program } from '../resolve/program.js';
import type { Numbers } from './axes.js';
import type { Reduction } from './evaluate.js';
import { type ExactResult, evaluateExactly } from './exact.js';

/** Numbers as they are written: decimals of any length. */
type Decimals = ReadonlyMap<string, Numbers<string>>;

export interface GivenDecimals {
  readonly inputs: Decimals;
  readonly parameters: Decimals;
  readonly reduction: Reduction;
}

const rounded = ({ shape, data }: Numbers<string>) => ({ shape, data: Float64Array.from(data, Number) });

/**
 * The value and gradient of a compiled loss to a number of digits, from its declaration: of `compiled` only the roles of its inputs
 * are read. Throws `BindError` where the inputs do not fit it.
 */
export async function exactValue(
  compiled: CompiledLoss,
  program: Program,
  decl: LossDecl,
  { inputs, parameters, reduction }: GivenDecimals,
  digits: number,
): Promise<ExactResult> {
  const signature = signatureOf(compiled);
  const floats = new Map([...inputs].map(([name, numbers]) => [name, rounded(numbers)] as const));
  const values = new Map([...parameters].map(([name, numbers]) => [name, nested(rounded(numbers))] as const));
  const { labelled } = new Binding(signature, floats, values);
  const ignoring = compiled.inputs.filter(signature.ignores).map(({ name }) => name);
  return evaluateExactly(
    {
      library: program.module,
      decl,
      reduction,
      ignored: { label: IGNORED_LABEL, inputs: new Set(ignoring) },
      given: { inputs, parameters, labels: labelled, logits: new Set(compiled.logits) },
    },
    { digits, by: [...compiled.gradients.keys()] },
  );
}
