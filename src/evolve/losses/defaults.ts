import type { LossDecl, Parameter, Value } from '../../../grammar/tree/ast.js';
import { num } from '../../../grammar/tree/build.js';
import type { ParameterValues } from '../model/candidate.js';

/** The loss with these values as the defaults of its parameters; `round` is given each number. */
export function withDefaults(
  loss: LossDecl,
  values: ParameterValues,
  round: (value: number) => number = (value) => value,
): LossDecl {
  const node = (value: number | readonly number[]): Value =>
    typeof value === 'number' ? num(round(value)) : { kind: 'list', items: value.map(node) };
  const parameters = loss.parameters.map((parameter): Parameter => {
    const value = values[parameter.name.name];
    return value === undefined ? parameter : { ...parameter, default: node(value) };
  });
  return { ...loss, parameters };
}
