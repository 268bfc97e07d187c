/** What commands of LaTeX stand for. */

/** Letters: Greek ones, and some that are written by commands. */
export const LETTERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega'
      .split(' ')
      .map((name) => [`\\${name}`, name]),
  ),
  '\\varepsilon': 'epsilon',
  '\\vartheta': 'theta',
  '\\varphi': 'phi',
  '\\ell': 'l',
};

/** Marks above a letter, and what they make of its name. */
export const MARKS: Readonly<Record<string, string>> = {
  '\\hat': '_hat',
  '\\widehat': '_hat',
  '\\tilde': '_tilde',
  '\\widetilde': '_tilde',
  '\\bar': '_bar',
  '\\overline': '_bar',
  '\\dot': '_dot',
};

/** Fonts: what stands in their braces is a name, or a function. */
export const FONTS: ReadonlySet<string> = new Set(
  'mathbf boldsymbol bm mathrm mathit mathsf mathcal mathscr vec text textrm textit textbf operatorname rm bf'
    .split(' ')
    .map((name) => `\\${name}`),
);

/** Functions, by their command without its backslash or the word in `\operatorname{…}`. */
export const FUNCTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'log ln exp sin cos tan tanh sinh cosh arccos arctan sqrt max min abs sign sgn sigmoid erf floor ceil relu softplus clip'
      .split(' ')
      .map((name) => [name, name]),
  ),
  ReLU: 'relu',
  Sigmoid: 'sigmoid',
  clamp: 'clip',
};

export const RELATIONS: Readonly<Record<string, '<' | '<=' | '>' | '>=' | '==' | '!='>> = {
  '<': '<',
  '>': '>',
  '=': '==',
  '\\lt': '<',
  '\\gt': '>',
  '\\le': '<=',
  '\\leq': '<=',
  '\\leqslant': '<=',
  '\\ge': '>=',
  '\\geq': '>=',
  '\\geqslant': '>=',
  '\\ne': '!=',
  '\\neq': '!=',
};

/** Single letters that count items or entries where they stand as an index. */
export const isIndexLetter = (text: string): boolean => /^[b-di-n]$/.test(text);

/** What closes a bracket. */
export const CLOSING: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '\\{': '\\}',
  '\\lvert': '\\rvert',
  '\\lVert': '\\rVert',
  '|': '|',
  '\\|': '\\|',
  '\\lfloor': '\\rfloor',
  '\\lceil': '\\rceil',
};
