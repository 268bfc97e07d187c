import { lowerLoss } from '../../compiler/lower/lower.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import type { Program } from '../../compiler/resolve/program.js';
import { suggestions } from '../../compiler/words/suggest.js';
import type { LossDecl, Parameter, Value } from '../../grammar/tree/ast.js';
import { num } from '../../grammar/tree/build.js';
import { UsageError } from '../errors.js';
import type { LossOfProgram } from './load.js';
import { readValues } from './values.js';

/**
 * Losses with what `--param` gives in the place of the defaults of their parameters. Of several losses those that have a
 * parameter of the name get it.
 * @throws UsageError for a name that none of them has, and for a value that is not in the domain of its parameter.
 */
export function withParameters<L extends LossOfProgram>(
  losses: readonly L[],
  entries: readonly string[],
): readonly L[] {
  const values = readValues(entries, 'param');
  const known = [...new Set(losses.flatMap(({ decl }) => decl.parameters.map(({ name }) => name.name)))];
  const unknown = [...values.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) throw noParameter(unknown, known, losses);
  return losses.map((loss) => ({ ...loss, decl: given(loss.program, loss.decl, values) }));
}

/**
 * The same with numbers written in the place of the parameters, which are none any more: for a formula that is read.
 * @throws UsageError as above, and for a list, which cannot stand in a formula.
 */
export function withNumbers<L extends LossOfProgram>(loss: L, entries: readonly string[]): L {
  const [{ decl }] = withParameters([loss], entries) as [L];
  const isGiven = ({ name }: Parameter): boolean => readValues(entries, 'param').has(name.name);
  const lets = decl.parameters.filter(isGiven).map(({ name, default: value }) => {
    if (value!.kind === 'list')
      throw new UsageError(
        `--param ${name.name}: a list cannot replace a parameter in a formula`,
        'give one number, or leave it out',
      );
    return { name, value: value! };
  });
  const parameters = decl.parameters.filter((parameter) => !isGiven(parameter));
  return {
    ...loss,
    decl: { ...decl, parameters, body: { ...decl.body, lets: [...lets, ...decl.body.lets] } },
  };
}

function noParameter(
  name: string,
  known: readonly string[],
  losses: readonly { readonly decl: LossDecl }[],
): UsageError {
  const names = losses.map(({ decl }) => decl.name.name).join(', ');
  const close = suggestions(name, known);
  return new UsageError(
    `--param ${name}: ${names} ${losses.length === 1 ? 'has' : 'have'} no parameter with this name`,
    close.length > 0
      ? `did you mean ${close.join(' or ')}?`
      : known.length > 0
        ? `there is ${known.join(', ')}`
        : 'parameters follow the inputs, after a semicolon: gamma: nonnegative = 2',
  );
}

function given(program: Program, decl: LossDecl, values: ReadonlyMap<string, ParameterValue>): LossDecl {
  const isGiven = ({ name }: Parameter): boolean => values.has(name.name);
  if (!decl.parameters.some(isGiven)) return decl;
  const changed: LossDecl = {
    ...decl,
    parameters: decl.parameters.map((parameter) =>
      isGiven(parameter)
        ? { ...parameter, default: literal(values.get(parameter.name.name)!, parameter.name.name) }
        : parameter,
    ),
  };
  const problem = lowerLoss(program, changed).diagnostics.find(({ severity }) => severity === 'error');
  // What is a default in the text is what was given here.
  if (problem !== undefined)
    throw new UsageError(`--param: ${problem.message.replace('the default of ', '')}`, problem.hint);
  return changed;
}

function literal(value: ParameterValue, name: string): Value {
  if (typeof value !== 'number') return { kind: 'list', items: value.map((item) => literal(item, name)) };
  if (!Number.isFinite(value))
    throw new UsageError(`--param ${name}: ${value} is not a valid value of a parameter`);
  return num(value);
}
