import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import type { Decl } from '../../grammar/tree/ast.js';
import { type Located, spanOf } from '../../grammar/tree/span.js';
import type { OpenDocument } from './documents.js';
import { declaredIn, type Keyword } from './outline.js';
import { rangeIn } from './view.js';

const KINDS: { readonly [K in Keyword]: SymbolKind } = {
  loss: SymbolKind.Function,
  fn: SymbolKind.Function,
  sketch: SymbolKind.Class,
  test: SymbolKind.Event,
  import: SymbolKind.Module,
};

/** The declarations of a document but for imports, those that cannot be read included, with what the others define. */
export function symbolsOf({ text, reading }: OpenDocument): DocumentSymbol[] {
  const symbol = (
    name: string,
    kind: SymbolKind,
    whole: Located,
    ident: Located,
    detail = '',
  ): DocumentSymbol => ({
    name,
    kind,
    detail,
    range: rangeIn(text, spanOf(whole)),
    selectionRange: rangeIn(text, spanOf(ident)),
  });
  const childrenOf = (decl: Decl): DocumentSymbol[] => {
    if (decl.kind === 'test' || decl.kind === 'import') return [];
    const lets = decl.body.lets.map((one) =>
      symbol(one.name.name, SymbolKind.Variable, one, one.name, 'let'),
    );
    if (decl.kind === 'fn') return lets;
    const inputs = decl.inputs.map((one) =>
      symbol(one.name.name, SymbolKind.Variable, one, one.name, 'input'),
    );
    const parameters = decl.parameters.map((one) =>
      symbol(one.name.name, SymbolKind.Property, one, one.name, 'parameter'),
    );
    return [...inputs, ...parameters, ...lets];
  };
  const read = new Map(reading.file.declarations.map((decl) => [spanOf(decl).start, decl]));
  return declaredIn(text.getText()).flatMap(({ keyword, name, span }) => {
    if (keyword === 'import') return [];
    const decl = read.get(span.start);
    const whole = symbol(name.image, KINDS[keyword], decl ?? { span }, nameSpan(name), keyword);
    return [decl === undefined ? whole : { ...whole, children: childrenOf(decl) }];
  });
}

const nameSpan = ({
  startOffset,
  image,
}: {
  readonly startOffset: number;
  readonly image: string;
}): Located => ({
  span: { start: startOffset, end: startOffset + image.length },
});
