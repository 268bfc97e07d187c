import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wrapped } from '../../../compiler/emit/print/layout.js';

const layout = suite('lines of emitted code');

const LONG = Array.from({ length: 12 }, (_, i) => `argument_${i}`).join(', ');

/** A statement without line breaks and the commas that a line break may bring before a bracket. */
const joined = (lines: readonly string[]): string =>
  lines
    .map((line) => line.trim())
    .join(' ')
    .replace(/([([{]) /g, '$1')
    .replace(/,? ([)\]}])/g, '$1');

layout('what fits stays on one line', () => {
  assert.equal(wrapped('return (x,)', 4), ['    return (x,)']);
});

layout('arguments of a call stand below each other, a comma behind each', () => {
  const lines = wrapped(`value = called(${LONG})`, 0, 4);
  assert.is(lines.length, 14);
  assert.is(lines[12], '    argument_11,');
  assert.is(joined(lines), `value = called(${LONG})`);
});

layout('parentheses around one expression get no comma, which would make a tuple in Python', () => {
  const lines = wrapped(`return (called(${LONG}))`, 0, 4);
  assert.is(lines[0], 'return (');
  assert.is(lines.at(-2), '    )');
});

layout('a tuple of one keeps its comma', () => {
  const lines = wrapped(`return (called(${LONG}),)`, 0, 4);
  assert.is(lines[0], 'return (');
  assert.is(lines.at(-2), '    ),');
});

layout('nothing follows a rest parameter', () => {
  const lines = wrapped(`function called(${LONG}, ...others: number[]) {`);
  assert.is(lines.at(-2), '  ...others: number[]');
});

layout('brackets and commas within strings are none', () => {
  const lines = wrapped(`raise ValueError('(a, b', ${LONG})`, 0, 4);
  assert.is(lines[1], "    '(a, b',");
});

layout.run();
