import { wrapped as wrappedStatement } from '../print/layout.js';

/** A line of Python, broken inside its brackets where it is too long. Comments, docs and helpers are not. */
export function wrapped(line: string): string[] {
  const code = line.trimStart();
  const indent = line.length - code.length;
  if (line.length <= 106 || code.startsWith('"""') || code.startsWith('#')) return [line];
  return wrappedStatement(code, indent, 4);
}
