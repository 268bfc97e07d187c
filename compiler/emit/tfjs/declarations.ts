import type { EmittedFunction, EmittedParameter } from '../helpers/emitted-function.js';
import { commentText, docComment } from './javascript.js';
import type { EmittedModule } from './module.js';

/** A parameter in a declaration: one with an initial value may be left out. */
const declared = ({ name, type, initializer }: EmittedParameter): string =>
  `${name}${initializer === undefined ? '' : '?'}: ${type}`;

/** The forms in which a function can be called, as types; the last parameter is the options. */
function signatures(entry: EmittedFunction): readonly string[] {
  const { parameters, overloads } = entry;
  if (overloads === undefined) return [`(${parameters.map(declared).join(', ')}): ${entry.returns}`];
  const options = parameters.at(-1)!;
  return overloads.map((form) => {
    const list = [...parameters.slice(0, -1), { ...options, type: form.options }];
    return `(${list.map(declared).join(', ')}): ${form.returns}`;
  });
}

/** The interfaces of a module: its options, and what the function of gradients gives. */
export interface ModuleTypes {
  readonly name: string;
  readonly doc: string;
  readonly properties: readonly {
    readonly name: string;
    readonly type: string;
    readonly doc: string;
    readonly optional: boolean;
  }[];
}

export function moduleTypes(module: EmittedModule): readonly ModuleTypes[] {
  const gradients = module.gradients.map((name) => `readonly ${name}: tf.Tensor`).join('; ');
  return [
    {
      name: module.optionsType,
      doc: `Options of ${module.name}.`,
      properties: module.options.map((option) => ({
        name: option.name,
        type: option.required ? option.type : `${option.type} | undefined`,
        doc: option.doc,
        optional: !option.required,
      })),
    },
    {
      name: module.gradientsType,
      doc: `What ${module.name}Gradients gives. The tensors belong to the caller.`,
      properties: [
        { name: 'readonly value', type: 'tf.Tensor', doc: 'The reduced loss.', optional: false },
        {
          name: 'readonly gradients',
          type: `{ ${gradients} }`,
          doc: 'Derivatives in the shapes of what they belong to.',
          optional: false,
        },
      ],
    },
  ];
}

/** The types of a JavaScript module, as a `.d.ts`. */
export function declarations(module: EmittedModule, header: string): string {
  const interfaces = moduleTypes(module).map(({ name, doc, properties }) => {
    const lines = properties.flatMap((property) => [
      ...docComment(commentText(property.doc)).split('\n'),
      `${property.name}${property.optional ? '?' : ''}: ${property.type};`,
    ]);
    const body = lines.map((line) => `  ${line}`).join('\n');
    return `${docComment(commentText(doc))}\nexport interface ${name} {\n${body}\n}`;
  });
  const functions = module.functions
    .filter((entry) => entry.exported)
    .map((entry) => {
      const forms = signatures(entry).map((form) => `export declare function ${entry.name}${form};`);
      return `${docComment(commentText(entry.doc))}\n${forms.join('\n')}`;
    });
  const parts = [
    docComment(commentText(header)),
    "import type * as tf from '@tensorflow/tfjs-core';",
    ...interfaces,
    ...functions,
  ];
  return `${parts.join('\n\n')}\n`;
}
