/** Losses that change in the course of a training: the trainer gives them the share of it that is done. */

import type { ParameterValue } from '../../../compiler/lower/lowered.js';
import type { DomainName } from '../../../compiler/resolve/domains.js';
import type { Input, LossDecl, Parameter, SketchDecl } from '../../../grammar/tree/ast.js';
import { num } from '../../../grammar/tree/build.js';
import { REFUSALS } from './refusals.js';

/** The name of the input. It is 0 in the first step, and (steps - 1) / steps in the last. */
export const PROGRESS = 'progress';

const isProgress = ({ name, data }: Input): boolean => data && name.name === PROGRESS;

/** Whether a trainer has to give it the progress. */
export const takesProgress = ({ inputs }: LossDecl | SketchDecl): boolean => inputs.some(isProgress);

/**
 * The loss with its progress as a parameter: one number for the whole batch, which a trainer changes from step to step. Others stay
 * as they are. Throws a RunError for a progress that is not one number for each item, or that may not be all from 0 to 1.
 */
export function withProgressAsParameter<D extends LossDecl | SketchDecl>(decl: D): D {
  const input = decl.inputs.find(isProgress);
  if (input === undefined) return decl;
  if (!holdsShare(input)) throw REFUSALS['no progress'](decl.name.name, input);
  const parameter: Parameter = {
    name: input.name,
    ...(input.domain !== undefined && { domain: input.domain }),
    default: num(0),
  };
  return {
    ...decl,
    inputs: decl.inputs.filter((other) => other !== input),
    parameters: [...decl.parameters, parameter],
  };
}

/** Domains that hold all from 0 to 1. */
const HOLDING: readonly string[] = ['real', 'nonnegative', 'unit'] satisfies readonly DomainName[];

function holdsShare({ domain }: Input): boolean {
  if (domain === undefined) return true;
  return (domain.axes ?? []).length === 0 && HOLDING.includes(domain.name.name);
}

/** What the user gives for parameters. Throws a RunError where that is the progress, which only a trainer gives. */
export function givenTo(
  decl: LossDecl,
  parameters: Readonly<Record<string, ParameterValue>>,
): Readonly<Record<string, ParameterValue>> {
  if (takesProgress(decl) && Object.hasOwn(parameters, PROGRESS))
    throw REFUSALS['given progress'](decl.name.name);
  return parameters;
}
