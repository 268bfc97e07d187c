import type { Hover } from 'vscode-languageserver';
import { compileLoss } from '../../compiler/compile.js';
import { bodyText } from '../../compiler/explain/text/body.js';
import { type KnownValue, knownValues } from '../../compiler/lower/known-values.js';
import { rolesOf } from '../../compiler/lower/roles.js';
import type { Range } from '../../compiler/operators/range.js';
import type { Definition } from '../../compiler/resolve/bindings.js';
import { DOMAINS, type DomainName, isDomain } from '../../compiler/resolve/domains.js';
import { CONSTANTS, findFunction, usageOf } from '../../compiler/resolve/functions.js';
import { figure, listed } from '../../compiler/words/sentence.js';
import { LossError } from '../../grammar/diagnostics/diagnostic.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { spanOf } from '../../grammar/tree/span.js';
import { type Declared, declaredBy, headOf, ownerOf, written } from './names.js';
import type { Reading } from './reading.js';
import type { View } from './view.js';

/** What an editor shows of the name at an offset of a view. */
export function hoverAt(view: View, offset: number): Hover | undefined {
  const { reading } = view;
  const use = reading.bindings.nameAt(offset);
  const definition = use && reading.bindings.definitionOf(use);
  const parts = definition && TOLD[definition.kind](definition, reading);
  if (parts === undefined) return undefined;
  const value = parts.filter((part) => part !== '').join('\n\n');
  return { contents: { kind: 'markdown', value }, range: view.range(spanOf(use)) };
}

type Told = (definition: Definition, reading: Reading) => readonly string[] | undefined;

const code = (text: string): string => `\`\`\`loss\n${text}\n\`\`\``;

/** A definition in words, by its kind. */
const TOLD: { readonly [K in Definition['kind']]: Told } = {
  loss: (definition, reading) => {
    const found = declaredBy(reading, definition);
    return found && [...declared(found), ...formulaOf(found as Declared<LossDecl>)];
  },
  sketch: declaration,
  fn: declaration,
  input: item,
  parameter: item,
  let: (definition, reading) => {
    const owner = ownerOf(reading, definition);
    const found = owner?.decl.body.lets.find(({ name }) => name === definition.at!.ident);
    if (owner === undefined || found === undefined) return undefined;
    return [code(written(owner.module.source, found)), valueText(owner, definition.name)];
  },
  axis: (definition, reading) => {
    const owner = ownerOf(reading, definition);
    if (owner === undefined) return [`the axis \`${definition.name}\`: the items`];
    const { decl } = owner;
    const items = decl.kind === 'fn' ? [] : [...decl.inputs, ...decl.parameters];
    const having = items.filter(({ domain }) =>
      domain?.axes?.some((axis) => axis.kind === 'axis' && axis.name.name === definition.name),
    );
    const names = having.map(({ name }) => `\`${name.name}\``);
    return [
      `the axis \`${definition.name}\` of \`${decl.name.name}\`${names.length === 0 ? '' : `, in ${listed(names)}`}`,
    ];
  },
  function: ({ name }) => {
    const row = findFunction(name)!;
    return [code(usageOf(name, row)), row.doc];
  },
  constant: ({ name }) => [code(name), `the constant ${CONSTANTS[name]}`],
  domain: ({ name }) => [code(name), DOMAINS[name as DomainName].doc],
};

function declaration(definition: Definition, reading: Reading): readonly string[] | undefined {
  const found = declaredBy(reading, definition);
  return found && declared(found);
}

/** A declaration as a call sees it. */
const declared = ({ decl, module }: Declared): readonly string[] => [
  code(headOf(decl, module.source)),
  (decl.doc ?? '').replaceAll('\n', '  \n'),
];

/** What is left of a loss once it is simplified; nothing of one with mistakes. */
function formulaOf({ decl, module }: Declared<LossDecl>): readonly string[] {
  try {
    const { lowered, formula } = compileLoss({ module, diagnostics: [] }, decl, { valueOnly: true });
    return ['Simplified:', code(bodyText(lowered.graph, formula.value, formula.names))];
  } catch (error) {
    if (error instanceof LossError) return [];
    throw error;
  }
}

function item(definition: Definition, reading: Reading): readonly string[] | undefined {
  const owner = ownerOf(reading, definition);
  if (owner === undefined) return undefined;
  const { decl, module } = owner;
  const name = `\`${decl.name.name}\``;
  if (decl.kind === 'fn') return [code(definition.name), `parameter of ${name}`];
  const { ident } = definition.at!;
  const found = [...decl.inputs, ...decl.parameters].find((one) => one.name === ident);
  if (found === undefined) return undefined;
  const position = decl.inputs.findIndex(({ name }) => name === ident);
  const role = position < 0 ? 'parameter' : rolesOf(decl.inputs)[position]!;
  const domain = found.domain?.name.name ?? 'real';
  return [
    code(written(module.source, found)),
    `${role} of ${name}: ${isDomain(domain) ? DOMAINS[domain].doc : domain}`,
    valueText(owner, definition.name),
  ];
}

/** What is known of the value of a name: its axes and its range. */
function valueText({ decl, module }: Declared, name: string): string {
  const known = decl.kind === 'fn' ? undefined : knownValues(module, decl).get(name);
  return known === undefined ? '' : knownText(known);
}

/** `numbers along batch and class, from 0 to 1`. */
function knownText({ kind, perItem, axes, range }: KnownValue): string {
  const names = [...(perItem ? ['batch'] : []), ...axes].map((axis) => `\`${axis}\``);
  const along = names.length === 0 ? '' : ` along ${listed(names)}`;
  if (kind === 'condition') return `true or false${along}`;
  const { lo, hi, integer, nonzero, total } = range;
  const noun = `${integer ? 'whole ' : ''}number`;
  const bounds = boundsText(range);
  return [
    along === '' ? `one ${noun}` : `${noun}s${along}`,
    bounds === '' ? '' : `, ${bounds}`,
    nonzero && lo < 0 && hi > 0 ? ', not 0' : '',
    total ? '' : ', where it is defined',
  ].join('');
}

function boundsText({ lo, hi, nonzero }: Range): string {
  if (lo === -Infinity && hi === Infinity) return '';
  if (hi === Infinity) return lo === 0 && nonzero ? 'above 0' : `${figure(lo)} or more`;
  if (lo === -Infinity) return hi === 0 && nonzero ? 'below 0' : `${figure(hi)} or less`;
  return lo === hi ? figure(lo) : `from ${figure(lo)} to ${figure(hi)}`;
}
