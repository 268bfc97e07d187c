import type { CompiledLoss } from '../../compile.js';
import { hasIgnored } from './inputs.js';
import { literal } from './text.js';
import type { Words } from './words.js';

/** Parameters as arguments with their defaults; those without come first. */
export const parameterArguments = (compiled: CompiledLoss, words: Words): string[] => [
  ...compiled.parameters.flatMap((parameter, i) =>
    parameter.default === undefined ? [words.parameters[i]!] : [],
  ),
  ...compiled.parameters.flatMap((parameter, i) =>
    parameter.default === undefined ? [] : [`${words.parameters[i]}=${literal(parameter.default)}`],
  ),
];

/** The other options of a function, with their defaults. */
export const optionArguments = (compiled: CompiledLoss, reduction: string): string[] => [
  ...(compiled.scalar ? [] : [`reduction='${reduction}'`]),
  'sample_weight=None',
  ...(hasIgnored(compiled) ? ['ignore_index=-100'] : []),
];
