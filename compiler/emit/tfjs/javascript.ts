import type { EmittedFunction } from '../library/helper.js';
import { filled } from '../print/layout.js';
import type { EmittedModule } from './module.js';

/**
 * Types stand in the bodies as comments, so that every body is JavaScript as it is:
 * a type or a cast as `x /*: number *\/` and `x /*: as T *\/`, the assertion that something is there as `/*!*\/`.
 */
const TYPE_COMMENT = /\s*\/\*: (as )?(.*?) \*\//g;
const PRESENT = /\s*\/\*!\*\//g;

/** A body as TypeScript: the type comments become types. */
export const typedBody = (body: string): string =>
  body
    .replace(PRESENT, '!')
    .replace(TYPE_COMMENT, (_, cast: string | undefined, type: string) =>
      cast === undefined ? `: ${type}` : ` as ${type}`,
    );

/** A body as JavaScript, without the type comments. */
export const plainBody = (body: string): string => body.replace(PRESENT, '').replace(TYPE_COMMENT, '');

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

const indented = (body: string): string =>
  body
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');

function functionText(entry: EmittedFunction, exporting: boolean): string {
  const parameters = entry.parameters.map((p) =>
    p.initializer === undefined ? p.name : `${p.name} = ${p.initializer}`,
  );
  const head = `${exporting && entry.exported ? 'export ' : ''}function ${entry.name}(${parameters.join(', ')}) {`;
  return `${docComment(commentText(entry.doc))}\n${head}\n${indented(plainBody(entry.body))}\n}`;
}

/** The functions as JavaScript text, without imports; with or without `export`. */
export const javascriptText = (module: EmittedModule, exporting: boolean): string =>
  module.functions.map((entry) => functionText(entry, exporting)).join('\n\n');

/** The module as an ES module for `@tensorflow/tfjs-core`. */
export function javascriptModule(module: EmittedModule, header: string): string {
  return `${docComment(commentText(header))}\nimport * as tf from '@tensorflow/tfjs-core';\n\n${javascriptText(module, true)}\n`;
}
