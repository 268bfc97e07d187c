/**
 * A layout printer (Wadler 1998, "A prettier printer", in Oppen's streaming form): a text with places where a line may
 * break, of which a group uses all or none, none if that fits the width.
 */

export type Doc =
  | { readonly kind: 'text'; readonly text: string; readonly breaks: false }
  | { readonly kind: 'list'; readonly parts: readonly Doc[]; readonly breaks: boolean }
  | { readonly kind: 'group'; readonly inner: Doc; readonly breaks: boolean }
  | { readonly kind: 'indent'; readonly by: number; readonly inner: Doc; readonly breaks: boolean }
  /** `flat` on one line, or a new line; a hard one is always a new line. */
  | { readonly kind: 'line'; readonly flat: string; readonly breaks: boolean }
  /** An empty line; stands behind a hard line. */
  | { readonly kind: 'blank'; readonly breaks: true }
  /** One text where the group around it is broken, another where not. */
  | { readonly kind: 'choice'; readonly broken: string; readonly flat: string; readonly breaks: false }
  /** Ends its line; on a line of its own, or behind what is there. */
  | { readonly kind: 'comment'; readonly text: string; readonly ownLine: boolean; readonly breaks: true };

export const text = (content: string): Doc => ({ kind: 'text', text: content, breaks: false });
/** Documents one after the other; an array, for there may be 100,000. */
export const listOf = (parts: readonly Doc[]): Doc => ({
  kind: 'list',
  parts,
  breaks: parts.some((part) => part.breaks),
});
export const list = (...parts: readonly Doc[]): Doc => listOf(parts);
export const group = (...parts: readonly Doc[]): Doc => {
  const inner = listOf(parts);
  return { kind: 'group', inner, breaks: inner.breaks };
};
export const indentBy = (by: number, ...parts: readonly Doc[]): Doc => {
  const inner = listOf(parts);
  return { kind: 'indent', by, inner, breaks: inner.breaks };
};
export const indent = (...parts: readonly Doc[]): Doc => indentBy(2, ...parts);
export const line: Doc = { kind: 'line', flat: ' ', breaks: false };
export const softLine: Doc = { kind: 'line', flat: '', breaks: false };
export const hardLine: Doc = { kind: 'line', flat: '', breaks: true };
export const blank: Doc = { kind: 'blank', breaks: true };
export const choice = (broken: string, flat: string): Doc => ({
  kind: 'choice',
  broken,
  flat,
  breaks: false,
});
export const comment = (content: string, ownLine: boolean): Doc => ({
  kind: 'comment',
  text: content,
  ownLine,
  breaks: true,
});

interface Task {
  readonly indent: number;
  readonly flat: boolean;
  readonly doc: Doc;
}

/** Does a group fit on one line, with what follows up to the first place where a line may end? */
function fits(first: Task, rest: readonly Task[], width: number): boolean {
  let left = width;
  let following = rest.length;
  const tasks: Task[] = [first];
  while (left >= 0) {
    let task = tasks.pop();
    if (task === undefined) {
      following -= 1;
      task = rest[following];
      if (task === undefined) return true;
    }
    const { doc, flat } = task;
    switch (doc.kind) {
      case 'text':
        left -= doc.text.length;
        break;
      case 'choice':
        left -= (flat ? doc.flat : doc.broken).length;
        break;
      case 'list':
        for (let index = doc.parts.length - 1; index >= 0; index -= 1)
          tasks.push({ ...task, doc: doc.parts[index]! });
        break;
      case 'group':
        tasks.push({ ...task, flat: flat && !doc.breaks, doc: doc.inner });
        break;
      case 'indent':
        tasks.push({ ...task, doc: doc.inner });
        break;
      case 'line':
        if (!flat || doc.breaks) return true;
        left -= doc.flat.length;
        break;
      default:
        return true;
    }
  }
  return false;
}

/** The text of a layout within a width where that can be. Does not end with a newline. */
export function render(doc: Doc, width: number): string {
  const out: string[] = [];
  let column = 0;
  /** The indentation of a line that has begun and has no text yet. */
  let fresh: number | undefined;
  let empty = false;
  const write = (content: string): void => {
    if (fresh !== undefined) {
      out.push(out.length === 0 ? '' : empty ? '\n\n' : '\n', ' '.repeat(fresh));
      column = fresh;
      fresh = undefined;
      empty = false;
    }
    out.push(content);
    column += content.length;
  };
  const tasks: Task[] = [{ indent: 0, flat: false, doc }];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    const { indent: depth, flat, doc: part } = task;
    switch (part.kind) {
      case 'text':
        if (part.text !== '' && !(part.text === ' ' && fresh !== undefined)) write(part.text);
        break;
      case 'choice':
        if ((flat ? part.flat : part.broken) !== '') write(flat ? part.flat : part.broken);
        break;
      case 'list':
        for (let index = part.parts.length - 1; index >= 0; index -= 1)
          tasks.push({ indent: depth, flat, doc: part.parts[index]! });
        break;
      case 'indent':
        tasks.push({ indent: depth + part.by, flat, doc: part.inner });
        break;
      case 'group': {
        const on = { indent: depth, flat: true, doc: part.inner };
        const room = width - (fresh ?? column);
        tasks.push(!part.breaks && (flat || fits(on, tasks, room)) ? on : { ...on, flat: false });
        break;
      }
      case 'line':
        if (!flat || part.breaks) fresh = depth;
        else if (fresh === undefined) write(part.flat);
        break;
      case 'blank':
        empty = true;
        break;
      case 'comment':
        if (part.ownLine && fresh === undefined && out.length > 0) fresh = depth;
        write(part.ownLine || fresh !== undefined ? part.text : ` ${part.text}`);
        fresh = depth;
        break;
    }
  }
  return out.join('');
}
