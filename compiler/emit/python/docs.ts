import type { CompiledLoss } from '../../compile.js';
import type { LoweredInput } from '../../lower/lowered.js';
import { filled } from '../../words/fill.js';
import { guardDoc } from '../print/guard-doc.js';
import type { Framework } from './framework.js';
import { hasIgnored } from './inputs.js';
import { docstring, safeLines } from './text.js';
import type { Words } from './words.js';

/** Columns of a line of a docstring. */
const WIDTH = 96;

/** What the loss takes and gives, as the docstring of its function. */
export function functionDoc(compiled: CompiledLoss, words: Words, framework: Framework): string[] {
  const doc = compiled.doc.trim() === '' ? `The loss ${compiled.name}.` : compiled.doc.trim();
  const { axes } = compiled.lowered.graph;
  const required = compiled.parameters.flatMap((parameter, i) =>
    parameter.default === undefined ? [`${words.parameters[i]}=...`] : [],
  );
  const usage = [...words.inputs.map((name) => `${name}=...`), ...required].join(', ');
  const inputs = compiled.inputs.map((input, i) => `${words.inputs[i]}: ${inputDoc(compiled, input)}.`);
  const parameters = compiled.parameters.map((parameter, i) => {
    const along = parameter.axes.map((axis) => axes.get(axis).name).join(', ');
    const list = along === '' ? 'number or tensor' : `one number, or a tensor or list with one per ${along}`;
    return `${words.parameters[i]}: ${parameter.domain}; ${list}.`;
  });
  const entry = (text: string): string[] =>
    filled(text, WIDTH - 8).map((line, i) => `${i === 0 ? '    ' : '        '}${line}`);
  return docstring([
    ...safeLines(doc).flatMap((line) => filled(line, WIDTH)),
    '',
    ...filled(`Call it with names: ${words.loss}(${usage})`, WIDTH),
    ...guardDoc(compiled.guardNotes),
    '',
    'Args:',
    ...[...inputs, ...parameters, ...optionDocs(compiled, framework)].flatMap(entry),
  ]);
}

function inputDoc(compiled: CompiledLoss, input: LoweredInput): string {
  const { axes } = compiled.lowered.graph;
  const own = input.axes.map((axis) => axes.get(axis).name + (axis === input.many ? '...' : ''));
  const shape =
    input.items === 'any'
      ? 'any shape'
      : `[${[input.items === 'rest' ? '...' : 'batch', ...own].join(', ')}]`;
  const labels = input.labelAxis === undefined ? '' : ', or whole labels without that last axis';
  const values = compiled.logits.includes(input.name) ? 'before softmax or sigmoid' : input.domain;
  return `tensor ${shape}, ${values}${labels}${input.data ? '; gets no gradient' : ''}`;
}

function optionDocs(compiled: CompiledLoss, framework: Framework): string[] {
  if (compiled.scalar) return ['sample_weight: refused; the loss reduces the batch itself to one number.'];
  const first =
    framework.reduction === 'mean'
      ? "'mean' (default), 'sum', 'none'"
      : "'none' (default, as model.compile wants it), 'mean', 'sum'";
  return [
    `reduction: ${first} or 'weightedMean': sum(w * l) / N, sum(w * l), w * l, sum(w * l) / sum(w).`,
    "sample_weight: w, in the items' shape or that of its first axes.",
    ...(hasIgnored(compiled)
      ? ['ignore_index: items with this label do not count; None if every label does.']
      : []),
  ];
}
