/** Breaking generated statements into lines. Only layout: what the code says does not change. */

const WIDTH = 106;
const OPEN = '([{';
const CLOSE = ')]}';

/** A statement whose lines fit the width where its brackets allow it; `indent` is where it stands, `step` how far parts stand further in. */
export function wrapped(statement: string, indent = 0, step = 2): string[] {
  const pad = ' '.repeat(indent);
  if (indent + statement.length <= WIDTH) return [pad + statement];
  const group = widestGroup(statement);
  if (group === undefined) return [pad + statement];
  const inside = statement.slice(group.start + 1, group.end);
  const items = splitAtCommas(inside);
  const head = statement.slice(0, group.start + 1);
  const tail = statement.slice(group.end);
  // Parentheses around one expression are no list of arguments, and with a comma behind it they are a tuple of Python's.
  const parenthesised = /(^|[^\w\])])\($/.test(head) && !inside.trimEnd().endsWith(',');
  // Nothing may follow a rest parameter.
  const rest = items.at(-1)?.startsWith('...') === true;
  const inner = items.flatMap((item, i) => {
    const lines = wrapped(item, indent + step, step);
    const last = i === items.length - 1;
    if (!last || !(rest || (items.length === 1 && parenthesised))) lines[lines.length - 1] += ',';
    return lines;
  });
  return [pad + head, ...inner, pad + tail];
}

interface Group {
  readonly start: number;
  readonly end: number;
}

/** The longest bracketed part that is in no other one. Brackets in strings do not count. */
function widestGroup(text: string): Group | undefined {
  let best: Group | undefined;
  let depth = 0;
  let start = 0;
  scan(text, (char, i) => {
    if (OPEN.includes(char)) {
      if (depth === 0) start = i;
      depth += 1;
    } else if (CLOSE.includes(char)) {
      depth -= 1;
      if (depth === 0 && i - start > 2 && (best === undefined || i - start > best.end - best.start))
        best = { start, end: i };
    }
  });
  return best;
}

function splitAtCommas(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let from = 0;
  scan(text, (char, i) => {
    if (OPEN.includes(char)) depth += 1;
    else if (CLOSE.includes(char)) depth -= 1;
    else if (char === ',' && depth === 0) {
      items.push(text.slice(from, i).trim());
      from = i + 1;
    }
  });
  items.push(text.slice(from).trim());
  return items.filter((item) => item !== '');
}

/** Calls back for every character outside strings and comments. */
function scan(text: string, visit: (char: string, index: number) => void): void {
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quote !== '') {
      if (char === '\\') i++;
      else if (char === quote) quote = '';
    } else if (char === "'" || char === '"' || char === '`') quote = char;
    else if (char === '/' && text[i + 1] === '*') i = Math.max(text.indexOf('*/', i) + 1, i);
    else visit(char, i);
  }
}
