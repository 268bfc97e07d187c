/** A line of code; where JavaScript and TypeScript write it differently, both. */
export type CodeLine = string | { readonly plain: string; readonly typed: string };

export const plainLines = (lines: readonly CodeLine[]): readonly string[] =>
  lines.map((line) => (typeof line === 'string' ? line : line.plain));

/** A function body from its lines: as TypeScript too, where that differs. `layout` breaks lines that are too long. */
export function bodyOf(
  lines: readonly CodeLine[],
  layout: (line: string) => readonly string[],
): { readonly body: string; readonly typedBody?: string } {
  const text = (all: readonly string[]): string => all.flatMap(layout).join('\n');
  const body = text(plainLines(lines));
  if (lines.every((line) => typeof line === 'string')) return { body };
  return { body, typedBody: text(lines.map((line) => (typeof line === 'string' ? line : line.typed))) };
}
