import * as t from '../read/tokens/tokens.js';
import type { Body, Decl, Domain, Entry, Leaf, Parameter } from '../tree/ast.js';
import { ExpressionLayout } from './expression-layout.js';
import type { FormatTokens } from './format-tokens.js';
import {
  blank,
  choice,
  type Doc,
  group,
  hardLine,
  indent,
  indentBy,
  line,
  list,
  listOf,
  softLine,
  text,
} from './layout.js';

/** `leaves` stands below `operators`, which stands behind `with `. */
const LEAVES_INDENT = 5;

/** The layout of a declaration: the tree says what belongs together, the tokens what is written. */
export function declarationLayout(declaration: Decl, tokens: FormatTokens): Doc {
  return new LayoutBuilder(tokens).declaration(declaration);
}

class LayoutBuilder {
  private readonly parts: ExpressionLayout;

  constructor(private readonly tokens: FormatTokens) {
    this.parts = new ExpressionLayout(tokens);
  }

  declaration(declaration: Decl): Doc {
    const keyword = this.take();
    switch (declaration.kind) {
      case 'import': {
        const open = this.take();
        const names = this.parts.commaSeparated(declaration.names, () => this.take());
        const braces = this.parts.enclosed(open, names, line);
        const path = list(text(' '), this.take(), text(' '), this.take());
        return list(keyword, text(' '), braces, path, this.tokens.takeTail());
      }
      case 'fn': {
        const name = this.take();
        const open = this.take();
        const parameters = this.parts.commaSeparated(declaration.parameters, () => this.take());
        const head = list(
          keyword,
          text(' '),
          name,
          this.parts.enclosed(open, parameters, softLine),
          text(' '),
          this.take(),
        );
        return this.withBody(head, declaration.body);
      }
      case 'test': {
        const head = list(keyword, text(' '), this.take(), text(' '), this.take());
        return list(group(head, this.entries(declaration.entries)), this.tokens.takeTail());
      }
      case 'loss':
        return this.withBody(list(keyword, text(' '), this.signature(declaration)), declaration.body);
      case 'sketch': {
        const head = list(keyword, text(' '), this.signature(declaration));
        const withBody = this.withBody(head, declaration.body, true);
        const operators = list(this.take(), text(' '), this.take());
        const filled = indentBy(
          LEAVES_INDENT,
          this.filled(declaration.operators, () => this.take(), ''),
        );
        const second = list(
          this.take(),
          this.filled(declaration.leaves, (leaf) => this.leaf(leaf), ','),
        );
        return list(
          withBody,
          indent(
            hardLine,
            operators,
            filled,
            indentBy(LEAVES_INDENT, hardLine, second),
            this.tokens.takeTail(),
          ),
        );
      }
    }
  }

  private take(): Doc {
    return this.tokens.take();
  }

  /** As many items on a line as fit; separators are written, not taken. */
  private filled<T>(items: readonly T[], layout: (item: T) => Doc, separator: string): Doc {
    const parts = items.map((item, index) => {
      const doc = layout(item);
      const mark = text(index < items.length - 1 ? separator : '');
      const comments = this.tokens.type === t.Comma ? this.tokens.drop() : list();
      return list(group(line, doc, mark), this.tokens.takeTail(), comments);
    });
    return indent(listOf(parts));
  }

  private signature({ inputs, parameters }: Extract<Decl, { kind: 'loss' | 'sketch' }>): Doc {
    const name = this.take();
    const open = this.take();
    const first = this.parts.commaSeparated(inputs, (input) =>
      input.data ? list(this.take(), text(' '), this.parameter(input)) : this.parameter(input),
    );
    if (parameters.length === 0)
      return list(name, this.parts.enclosed(open, first, softLine), text(' '), this.take());
    // Where it does not fit on a line, the inputs on one and the parameters on another may.
    const semicolon = this.take();
    const second = this.parts.commaSeparated(parameters, (parameter) => this.parameter(parameter));
    const inner = list(group(first), semicolon, line, group(second));
    return list(name, this.parts.enclosed(open, inner, softLine), text(' '), this.take());
  }

  private parameter({ domain, default: value }: Pick<Parameter, 'domain' | 'default'>): Doc {
    const name = this.take();
    const type = domain === undefined ? list() : list(this.take(), text(' '), this.domain(domain));
    const preset =
      value === undefined ? list() : list(text(' '), this.take(), text(' '), this.parts.value(value));
    return list(name, type, preset);
  }

  private domain({ bounds, axes, over }: Domain): Doc {
    const name = this.take();
    const range = bounds === undefined ? list() : this.parts.bounds(bounds);
    if (axes === undefined) return list(name, range);
    const open = this.take();
    const names = this.parts.commaSeparated(axes, (axis) => {
      const first = this.take();
      if (axis.kind === 'rest') return first;
      if (axis.many) return list(first, this.take());
      return axis.size === undefined ? first : list(first, text(' '), this.take(), text(' '), this.take());
    });
    const named = list(name, range, this.parts.enclosed(open, names, softLine));
    return over === undefined ? named : list(named, text(' '), this.take(), text(' '), this.take());
  }

  private leaf(leaf: Leaf): Doc {
    const first = this.take();
    if (leaf.kind === 'number')
      return leaf.value < 0 || Object.is(leaf.value, -0) ? list(first, this.take()) : first;
    return leaf.bounds === undefined ? first : list(first, this.parts.bounds(leaf.bounds));
  }

  private entries(entries: readonly Entry[]): Doc {
    const parts: Doc[] = [];
    for (const [index, entry] of entries.entries()) {
      parts.push(line);
      if (index > 0 && this.tokens.blankAbove) parts.push(blank);
      parts.push(this.tokens.takeBefore(true), this.entry(entry), this.tokens.takeTail());
      if (index < entries.length - 1) parts.push(choice('', ','));
      if (this.tokens.type === t.Comma) parts.push(this.tokens.drop());
    }
    const comments = this.tokens.takeBefore(true);
    return list(indent(listOf(parts), comments), line, this.take());
  }

  private entry(entry: Entry): Doc {
    const subject = this.take();
    const of = entry.kind === 'expect' && entry.of !== undefined ? list(text(' '), this.take()) : list();
    return list(subject, of, text(' '), this.take(), text(' '), this.parts.value(entry.value));
  }

  private withBody(head: Doc, { lets, result }: Body, isOpen = false): Doc {
    if (lets.length === 0) {
      const only = this.statement(() => this.parts.expression(result, true));
      return isOpen
        ? list(head, indent(hardLine, only.doc, only.tail))
        : list(group(head, indent(line, only.doc)), indent(only.tail));
    }
    const parts: Doc[] = [];
    for (const { value } of lets) {
      const isFirst = parts.length === 0;
      const above = !isFirst && this.tokens.blankAbove ? blank : list();
      const { doc, tail } = this.statement(() => {
        const name = list(this.take(), text(' '), this.take(), text(' '), this.take());
        return group(name, indent(line, this.parts.expression(value)));
      });
      parts.push(hardLine, above, doc, tail);
    }
    const above = this.tokens.blankAbove ? blank : list();
    const last = this.statement(() => this.parts.expression(result, true));
    return list(head, indent(listOf(parts), hardLine, above, last.doc, last.tail));
  }

  /** A statement with the comments above it, and apart from it those behind it, which need not break it. */
  private statement(layout: () => Doc): { readonly doc: Doc; readonly tail: Doc } {
    const comments = this.tokens.takeBefore(true);
    const doc = list(comments, layout());
    return { doc, tail: this.tokens.takeTail() };
  }
}
