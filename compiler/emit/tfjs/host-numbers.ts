import type { Node } from '../../graph/graph.js';
import type { Schedule } from '../plan/schedule.js';
import { type Names, wordsOf } from '../print/names.js';
import type { HostPrinter } from './host-printer.js';

/** Variables of the numbers that are computed before any tensor is touched. */
export class HostNumbers {
  readonly #variables = new Map<Node, string>();
  readonly #lines: string[] = [];

  constructor(
    private readonly plan: Schedule,
    private readonly names: Names,
  ) {}

  /** The variable of a number that has one. */
  variable(node: Node): string | undefined {
    return this.#variables.get(node);
  }

  /** Numbers used several times get a variable, if the tensors need them. */
  bind(node: Node, host: HostPrinter): void {
    if (node.args.length === 0 || this.plan.uses.get(node)! < 2) return;
    const definition = host.definition(node);
    // Sums and products of names cost nothing; a call, a power or a choice is worth a variable.
    if (!/[a-z]\(|\*\*|\?/.test(definition)) return;
    const name = this.names.takeNumbered(node.op === 'at' ? entryName(node) : 'factor');
    this.#lines.push(`const ${name} = ${definition};`);
    this.#variables.set(node, name);
  }

  /** The definitions that some texts need, and those that these need in turn. */
  usedLines(texts: readonly string[]): string[] {
    const needed = wordsOf(texts);
    const kept: string[] = [];
    for (const line of [...this.#lines].reverse()) {
      const [, name] = line.split(' ', 2);
      if (!needed.has(name!)) continue;
      kept.push(line);
      for (const word of wordsOf([line])) needed.add(word);
    }
    return kept.reverse();
  }
}

/** `delta2` for an entry of a list; a place that no list has makes no name. */
const entryName = ({ args }: Node): string => {
  const place = args[1]!.value;
  return Number.isInteger(place) && place >= 0 ? `${args[0]!.leaf!.name}${place}` : 'entry';
};
