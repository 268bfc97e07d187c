import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from '../../../grammar/read/parse.js';
import { nodeAt, visitFile } from '../../../grammar/tree/nodes.js';

const nodes = suite('nodes of a file');

const corpus = readFileSync(new URL('../../corpus/corpus.loss', import.meta.url), 'utf8');
const { file } = parse({ name: 'corpus.loss', text: corpus });

nodes('every name of a file is the node at its place, from its first letter to behind its last', () => {
  let names = 0;
  visitFile(file, ({ type, node }) => {
    const isName = type === 'ident' || (type === 'expr' && node.kind === 'name');
    if (!isName) return;
    names += 1;
    const { start, end } = node.span!;
    for (const offset of [start, end]) assert.is(nodeAt(file, offset)!.node, node, corpus.slice(start, end));
  });
  assert.ok(names > 1500, String(names));
});

nodes('a node lies in the one above it, and each offset of it leads to it or into it', () => {
  visitFile(file, ({ node }) => {
    const { start, end } = node.span!;
    const inner = nodeAt(file, Math.floor((start + end) / 2))!.node.span!;
    assert.ok(start <= inner.start && inner.end <= end, corpus.slice(start, end));
  });
});

nodes('there is none between declarations', () => {
  const [first] = parse({ name: 'two.loss', text: 'fn f(x) = x\n\nfn g(x) = x' }).file.declarations;
  assert.is(nodeAt({ declarations: [first!] }, 13), undefined);
});

nodes('a sum of 50,000 terms is fine', () => {
  const text = `fn f(x) = ${Array.from({ length: 50_000 }, () => 'x').join(' + ')}`;
  const long = parse({ name: 'long.loss', text }).file;
  assert.is((nodeAt(long, 10)!.node as { readonly name: string }).name, 'x');
  let count = 0;
  visitFile(long, () => {
    count += 1;
  });
  assert.is(count, 4 + 99_999);
});

nodes.run();
