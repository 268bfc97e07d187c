import katex from 'katex';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { latexBody, latexDocument } from '../../../../compiler/emit/latex/latex.js';
import { raise } from '../../../../compiler/raise/raise.js';
import { CORPUS, compiledCorpus, compiledText } from '../../../helpers/corpus.js';

const latex = suite('LaTeX');

/** Throws what KaTeX says is wrong. */
const typeset = (text: string): string => katex.renderToString(text, { displayMode: true, strict: false });

for (const name of CORPUS) {
  latex(`${name}: value and every derivative can be typeset`, () => {
    for (const fromLogits of [false, true]) {
      const text = latexDocument(compiledCorpus(name, { fromLogits }), 'header');
      const formulas = [...text.matchAll(/\\begin\{align\*\}[\s\S]*?\\end\{align\*\}/g)];
      assert.ok(formulas.length >= 2);
      for (const [formula] of formulas) typeset(formula);
      for (const [, formula] of text.matchAll(/\\\(([\s\S]*?)\\\)/g)) typeset(formula!);
    }
  });
}

const FORMULAS = [
  ['abs(prediction - target)', '\\left|\\mathrm{target} - \\mathrm{prediction}\\right|'],
  ['(prediction - target)^2 / 2', '\\frac{\\left(\\mathrm{target} - \\mathrm{prediction}\\right)^{2}}{2}'],
  ['exp(-prediction) * target', '\\mathrm{target}\\, e^{-\\mathrm{prediction}}'],
  [
    'if prediction > target then prediction else 0',
    '\\begin{cases} \\mathrm{prediction} & \\text{if } \\mathrm{target} < \\mathrm{prediction} \\\\ 0 & \\text{otherwise} \\end{cases}',
  ],
  [
    'min(prediction, infinity * target)',
    '\\min\\left(\\mathrm{prediction}, \\infty\\, \\mathrm{target}\\right)',
  ],
] as const;

for (const [body, expected] of FORMULAS) {
  latex(`${body}`, () => {
    const { formula, lowered } = compiledText(`loss l(target: real, prediction: real) = ${body}`);
    assert.is(latexBody(raise(lowered.graph, formula.value), ''), expected);
  });
}

latex('guards that can decide are told in a paragraph, formulas in mathematics and words escaped', () => {
  const text = latexDocument(
    compiledText('loss f(p_1: nonnegative, q: nonnegative) = log(p_1 + q)'),
    'header',
  );
  const sum = '\\mathrm{p\\_1} + q';
  assert.match(
    text,
    `\\noindent In log and as a divisor, \\(${sum}\\) is taken as at least 1e-36; this decides the value and the gradient where \\(${sum} < 1 \\cdot 10^{-36}\\).`,
  );
  const long = latexDocument(
    compiledText(
      'loss f(p_1: real) = log(sin(p_1) + sin(2 * p_1) + sin(3 * p_1) + cos(p_1) + cos(3 * p_1) + cos(5 * p_1) + sin(7 * p_1) + cos(7 * p_1) + sin(9 * p_1))',
    ),
    'header',
  );
  assert.match(long, 'an expression of p\\_1 is taken as its size');
  assert.not.match(latexDocument(compiledText('loss f(x: real) = x^2'), 'header'), 'noindent');
});

latex('a file name cannot leave the comment', () => {
  const text = latexDocument(compiledCorpus('mse'), 'from a\u2028\\input{/etc/passwd}\n\\end{document}');
  for (const line of text.split(/[\n\r\u2028\u2029]/)) assert.not.match(line, /^\\(input|end\{document)/);
});

latex.run();
