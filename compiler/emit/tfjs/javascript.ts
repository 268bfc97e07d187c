import { filled } from '../../words/fill.js';
import type { EmittedFunction } from '../helpers/emitted-function.js';
import type { EmittedModule } from './module.js';

/** Text that can stand in a doc comment: it can neither end the comment nor start another line outside it. */
export function commentText(text: string): string[] {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.replaceAll('*/', '*\\/').replace(/[^\P{C}\t]/gu, ' '));
}

export function docComment(text: readonly string[]): string {
  const lines = text.flatMap((line) => filled(line, 96));
  return lines.length === 1
    ? `/** ${lines[0]} */`
    : ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'].join('\n');
}

export const indented = (body: string): string =>
  body
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');

/** A function as JavaScript text, with its doc. */
export function functionText(entry: EmittedFunction, exporting: boolean): string {
  const parameters = entry.parameters.map((p) =>
    p.initializer === undefined ? p.name : `${p.name} = ${p.initializer}`,
  );
  const head = `${exporting && entry.exported ? 'export ' : ''}function ${entry.name}(${parameters.join(', ')}) {`;
  return `${docComment(commentText(entry.doc))}\n${head}\n${indented(entry.body)}\n}`;
}

/** The functions as JavaScript text, without imports; with or without `export`. */
export const javascriptText = (module: EmittedModule, exporting: boolean): string =>
  module.functions.map((entry) => functionText(entry, exporting)).join('\n\n');

/** The module as an ES module for `@tensorflow/tfjs-core`. */
export function javascriptModule(module: EmittedModule, header: string): string {
  return `${docComment(commentText(header))}\nimport * as tf from '@tensorflow/tfjs-core';\n\n${javascriptText(module, true)}\n`;
}
