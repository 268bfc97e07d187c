/** The text of a `.loss` file. */
import { formatSource } from '../../grammar/format/format.js';
import { printDomain, printExpr } from '../../grammar/print/print.js';
import type { Axis, Domain, Expr, Let } from '../../grammar/tree/ast.js';
import { num } from '../../grammar/tree/build.js';

export interface WrittenInput {
  readonly name: string;
  readonly isData: boolean;
  readonly domain: string;
  readonly axes: readonly Axis[] | undefined;
  readonly over: string | undefined;
  readonly questions: readonly string[];
}
export interface WrittenParameter {
  readonly name: string;
  readonly domain: string;
  readonly axes: readonly Axis[] | undefined;
  readonly preset: number | undefined;
  readonly questions: readonly string[];
}
export interface Written {
  readonly name: string;
  /** What it was read as, and from which text. */
  readonly language: string;
  readonly formula: string;
  readonly notes: readonly string[];
  readonly questions: readonly string[];
  readonly imports: ReadonlyMap<string, string>;
  readonly inputs: readonly WrittenInput[];
  readonly parameters: readonly WrittenParameter[];
  readonly lets: readonly Let[];
  readonly result: Expr;
}

const question = (text: string): string => `// question: ${text}`;

/** What is shown of a formula in a comment: lines without anything that is not seen. */
const shownLines = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.replaceAll(/\p{Control}|\p{Format}/gu, ' ').trimEnd())
    .filter((line) => line !== '');

function domainText(name: string, axes: readonly Axis[] | undefined, over: string | undefined): string {
  const domain: Domain = {
    name: { name },
    ...(axes !== undefined && { axes }),
    ...(over !== undefined && { over: { name: over } }),
  };
  return printDomain(domain);
}

/** A loss in canonical layout, with questions as comments where they come up. */
export function lossText(written: Written): string {
  const { name, language, formula, notes, questions, imports, inputs, parameters, lets, result } = written;
  const heads = [...new Set(imports.values())].map((from) => {
    const names = [...imports].filter(([, one]) => one === from).map(([one]) => one);
    return `import { ${names.join(', ')} } from "${from}"`;
  });
  const last = inputs.length - 1;
  const inputLines = inputs.flatMap((one, i) => [
    ...one.questions.map(question),
    `${one.isData ? 'data ' : ''}${one.name}: ${domainText(one.domain, one.axes, one.over)}${i < last ? ',' : parameters.length > 0 ? ';' : ''}`,
  ]);
  const parameterLines = parameters.flatMap((one, i) => [
    ...one.questions.map(question),
    `${one.name}: ${domainText(one.domain, one.axes, undefined)}${one.preset === undefined ? '' : ` = ${printExpr(num(one.preset))}`}${i < parameters.length - 1 ? ',' : ''}`,
  ]);
  const lines = [
    ...heads,
    '',
    ...notes.map((note) => `// ${note}`),
    ...questions.map(question),
    `/// Imported from ${language}:`,
    ...shownLines(formula).map((line) => `/// ${line}`),
    `loss ${name}(`,
    ...inputLines,
    ...parameterLines,
    ') =',
    ...lets.map((one) => `  let ${one.name.name} = ${printExpr(one.value)}`),
    `  ${printExpr(result)}`,
    '',
  ];
  return formatSource({ name: 'imported', text: lines.join('\n') }).text;
}
