/**
 * In the place of `compiler/emit/tfjs/typescript.ts`, in the bundle of the page: the same text without ts-morph, which is many times
 * larger than the page. A test compares the two.
 */
import type { EmittedFunction, EmittedParameter } from '../../../compiler/emit/helpers/emitted-function.js';
import { wrapped } from '../../../compiler/emit/print/layout.js';
import { type ModuleTypes, moduleTypes } from '../../../compiler/emit/tfjs/declarations.js';
import { commentText, docComment, indented } from '../../../compiler/emit/tfjs/javascript.js';
import type { EmittedModule } from '../../../compiler/emit/tfjs/module.js';

const doc = (text: string): string => docComment(commentText(text));

/** The module as TypeScript for `@tensorflow/tfjs-core`. */
export function typescriptModule(module: EmittedModule, header: string): string {
  const parts = [
    "import * as tf from '@tensorflow/tfjs-core';",
    ...moduleTypes(module).map(interfaceText),
    `${doc('What the loss computes with: inputs, parameters and the lengths of the axes.')}\ntype Read = ReturnType<typeof readInputs>;`,
    ...module.functions.map(functionText),
  ];
  const lines = parts
    .join('\n\n')
    .split('\n')
    .flatMap((line) => (/^(export )?function /.test(line) ? wrapped(line) : [line]));
  return `${doc(header)}\n\n${lines.join('\n')}\n`;
}

function interfaceText({ name, doc: says, properties }: ModuleTypes): string {
  const lines = properties.map(
    (property) => `${doc(property.doc)}\n${property.name}${property.optional ? '?' : ''}: ${property.type};`,
  );
  return `${doc(says)}\nexport interface ${name} {\n${indented(lines.join('\n'))}\n}`;
}

const parameterText = ({ name, type, initializer }: EmittedParameter): string =>
  `${name}: ${type}${initializer === undefined ? '' : ` = ${initializer}`}`;

/** A function; where it has several forms, readers see the doc at the first. */
function functionText(entry: EmittedFunction): string {
  const { name, exported, parameters, returns, overloads = [], typedBody, body } = entry;
  const head = `${exported ? 'export ' : ''}function ${name}`;
  const options = parameters.at(-1);
  const plain = parameters.slice(0, -1).map(({ name: own, type }) => `${own}: ${type}`);
  const forms = overloads.map((form) => {
    const last = `${options!.name}${options!.initializer === undefined ? '' : '?'}: ${form.options}`;
    return `${head}(${[...plain, last].join(', ')}): ${form.returns};`;
  });
  const signature = `${head}(${parameters.map(parameterText).join(', ')})${returns === '' ? '' : `: ${returns}`}`;
  return [doc(entry.doc), ...forms, `${signature} {`, indented(typedBody ?? body), '}'].join('\n');
}
