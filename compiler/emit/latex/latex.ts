import { invariant } from '../../../grammar/invariant.js';
import type { BinaryExpr, Body, CallExpr, Expr, IfExpr } from '../../../grammar/tree/ast.js';
import { BINARY_OPERATORS } from '../../../grammar/tree/operators.js';
import { visit } from '../../../grammar/tree/walk.js';
import type { CompiledLoss } from '../../compile.js';
import type { Node } from '../../graph/graph.js';
import type { GuardNotes } from '../../guard/notes.js';
import { guardSentences } from '../../guard/sentences.js';
import { formulaOf } from '../../raise/formula.js';
import { findFunction, type FunctionName as LanguageFunction } from '../../resolve/functions.js';

/** How tight a formula binds: it is put in parentheses where something tighter is asked for. */
const LEVEL = {
  choice: 0,
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  sum: 5,
  reduction: 5.5,
  product: 6,
  sign: 7,
  power: 8,
  atom: 9,
};

interface Formula {
  readonly text: string;
  readonly level: number;
}

const atom = (text: string): Formula => ({ text, level: LEVEL.atom });
const parenthesised = (text: string): string => `\\left(${text}\\right)`;
const within = (formula: Formula, level: number): string =>
  formula.level < level ? parenthesised(formula.text) : formula.text;

type FunctionName = LanguageFunction | 'polygamma';
type Write = (call: CallExpr, w: Writer) => Formula;

const named =
  (name: string): Write =>
  (call, w) => {
    const args = call.args.map((arg) => w.formula(arg).text).join(', ');
    return atom(`${name}${parenthesised(args)}`);
  };
const operator = (name: string): Write => named(`\\operatorname{${name}}`);
/** A reduction: its axes, and its condition, below the sign. */
const reduction =
  (sign: string): Write =>
  (call, w) => {
    const axes = call.args.slice(1).map((arg) => w.formula(arg).text);
    const below = call.where === undefined ? axes : [`${axes.join(', ')} :\\, ${w.formula(call.where).text}`];
    return {
      text: `${sign}_{${below.join(', ')}} ${within(w.argument(call, 0), LEVEL.product)}`,
      level: LEVEL.reduction,
    };
  };
const extremum =
  (sign: string): Write =>
  (call, w) =>
    call.args.length === 2 && !w.isAxisCall(call) ? named(sign)(call, w) : reduction(sign)(call, w);
const alongAxis =
  (name: string): Write =>
  (call, w) =>
    atom(`\\operatorname{${name}}_{${w.argument(call, 1).text}}${parenthesised(w.argument(call, 0).text)}`);

/** A Bessel function times an exponential. */
const scaledBessel =
  (name: string): Write =>
  (call, w) => {
    const inside = w.argument(call, 0).text;
    return atom(`e^{-\\left|${inside}\\right|} ${name}${parenthesised(inside)}`);
  };

/** One row per function of the language. */
const FORMS: { readonly [K in FunctionName]: Write } = {
  abs: (call, w) => atom(`\\left|${w.argument(call, 0).text}\\right|`),
  sign: operator('sign'),
  floor: (call, w) => atom(`\\left\\lfloor ${w.argument(call, 0).text} \\right\\rfloor`),
  round: operator('round'),
  mod: operator('mod'),
  clip: operator('clip'),
  square: (call, w) => raised(w.argument(call, 0), '2'),
  sqrt: (call, w) => atom(`\\sqrt{${w.argument(call, 0).text}}`),
  exp: (call, w) => {
    const inside = w.argument(call, 0).text;
    return inside.length <= 24 && !inside.includes('\\frac')
      ? raised(atom('e'), inside)
      : named('\\exp')(call, w);
  },
  log: named('\\log'),
  log1p: (call, w) => atom(`\\log\\left(1 + ${within(w.argument(call, 0), LEVEL.product)}\\right)`),
  expm1: (call, w) => ({ text: `${raised(atom('e'), w.argument(call, 0).text).text} - 1`, level: LEVEL.sum }),
  log1mexp: (call, w) => atom(`\\log\\left(1 - ${raised(atom('e'), w.argument(call, 0).text).text}\\right)`),
  log2: named('\\log_2'),
  sigmoid: named('\\sigma'),
  softplus: operator('softplus'),
  tanh: named('\\tanh'),
  sin: named('\\sin'),
  cos: named('\\cos'),
  acos: named('\\arccos'),
  atan: named('\\arctan'),
  erf: operator('erf'),
  erfc: operator('erfc'),
  erfcx: operator('erfcx'),
  log_erfc: named('\\log\\operatorname{erfc}'),
  ndtr: named('\\Phi'),
  log_ndtr: named('\\log\\Phi'),
  i0: named('I_0'),
  i0e: scaledBessel('I_0'),
  i1: named('I_1'),
  i1e: scaledBessel('I_1'),
  log_i0: named('\\log I_0'),
  log_i0e: (call, w) => {
    const inside = w.argument(call, 0).text;
    return { text: `\\log I_0${parenthesised(inside)} - \\left|${inside}\\right|`, level: LEVEL.sum };
  },
  lgamma: named('\\log\\Gamma'),
  digamma: named('\\psi'),
  polygamma: (call, w) =>
    atom(`\\psi^{(${w.argument(call, 0).text})}${parenthesised(w.argument(call, 1).text)}`),
  relu: operator('relu'),
  xlogy: (call, w) => ({
    text: `${within(w.argument(call, 0), LEVEL.product)}\\, \\log${parenthesised(w.argument(call, 1).text)}`,
    level: LEVEL.product,
  }),
  stop_gradient: (call, w) => atom(`\\overline{${w.argument(call, 0).text}}`),
  max: extremum('\\max'),
  min: extremum('\\min'),
  sum: reduction('\\sum'),
  mean: reduction('\\operatorname*{mean}'),
  prod: reduction('\\prod'),
  logsumexp: reduction('\\operatorname*{logsumexp}'),
  softmax: alongAxis('softmax'),
  log_softmax: alongAxis('log\\,softmax'),
  size: (call, w) => atom(`N_{${w.argument(call, 0).text}}`),
  index: (call, w) => atom(`i_{${w.argument(call, 0).text}}`),
  at: (call, w) => {
    const [value, axis, position] = call.args.map((arg) => w.formula(arg));
    return atom(`{${within(value!, LEVEL.atom)}}_{${axis!.text} = ${position!.text}}`);
  },
  rename: (call, w) => {
    const [value, from, to] = call.args.map((arg) => w.formula(arg));
    return atom(`{${within(value!, LEVEL.atom)}}_{${from!.text} \\to ${to!.text}}`);
  },
};

const GREEK =
  'alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi chi psi omega'.split(
    ' ',
  );

/** A name in upright letters; one letter, Greek ones and infinity as mathematicians write them. */
function nameText(name: string): string {
  if (name === 'infinity') return '\\infty';
  if (GREEK.includes(name)) return `\\${name}`;
  if (/^[A-Za-z]$/.test(name)) return name;
  const numbered = /^([A-Za-z])(\d+)$/.exec(name);
  if (numbered !== null) return `${numbered[1]}_{${numbered[2]}}`;
  return `\\mathrm{${name.replaceAll('_', '\\_')}}`;
}

function numberText(value: number): string {
  const [digits, exponent] = String(value).split('e');
  return exponent === undefined ? digits! : `${digits} \\cdot 10^{${Number(exponent)}}`;
}

function raised(base: Formula, exponent: string): Formula {
  return { text: `${within(base, LEVEL.atom)}^{${exponent}}`, level: LEVEL.power };
}

const SIGNS: Readonly<Record<string, string>> = {
  '<=': '\\le',
  '>=': '\\ge',
  '==': '=',
  '!=': '\\ne',
  and: '\\land',
  or: '\\lor',
};

/** Writes expressions; `axes` tells a reduction over an axis from a function of two values. */
class Writer {
  constructor(private readonly axes: ReadonlySet<string>) {}

  argument(call: CallExpr, i: number): Formula {
    return this.formula(call.args[i]!);
  }

  isAxisCall(call: CallExpr): boolean {
    if (call.where !== undefined) return true;
    return call.args.slice(1).every((arg) => arg.kind === 'name' && this.axes.has(arg.name));
  }

  formula(expr: Expr): Formula {
    switch (expr.kind) {
      case 'number':
        return {
          text: numberText(expr.value),
          level: String(expr.value).includes('e') ? LEVEL.product : LEVEL.atom,
        };
      case 'name':
        return atom(nameText(expr.name));
      case 'hole':
        return atom('?');
      case 'unary':
        return expr.op === '-'
          ? { text: `-${within(this.formula(expr.operand), LEVEL.reduction)}`, level: LEVEL.sum }
          : { text: `\\lnot ${within(this.formula(expr.operand), LEVEL.atom)}`, level: LEVEL.not };
      case 'binary':
        return this.#binary(expr);
      case 'if':
        return this.#cases(expr);
      case 'call': {
        const write = FORMS[expr.callee.name as FunctionName];
        invariant(write !== undefined, `no LaTeX for ${expr.callee.name}`);
        return write(expr, this);
      }
    }
  }

  /** Goes down the left operands with a loop, for a long sum is a deep tree. */
  #binary(top: BinaryExpr): Formula {
    const spine = [top];
    for (let left = top.left; left.kind === 'binary'; left = left.left) spine.push(left);
    return spine.reduceRight(
      (left, expr) => this.#operation(expr, left, this.formula(expr.right)),
      this.formula(spine.at(-1)!.left),
    );
  }

  #operation(expr: BinaryExpr, left: Formula, right: Formula): Formula {
    switch (expr.op) {
      case '/':
        return atom(`\\frac{${left.text}}{${right.text}}`);
      case '^':
        return raised(left, right.text);
      case '*': {
        const [a, b] = [within(left, LEVEL.product), within(right, LEVEL.product + 1)];
        return { text: `${a}${/^[\d-]/.test(b) ? ' \\cdot ' : '\\, '}${b}`, level: LEVEL.product };
      }
      case '+':
        return { text: `${left.text} + ${within(right, LEVEL.reduction)}`, level: LEVEL.sum };
      case '-':
        return { text: `${left.text} - ${within(right, LEVEL.reduction)}`, level: LEVEL.sum };
      default: {
        // The language's own table says how tight the others bind, on the same scale.
        const level = BINARY_OPERATORS[expr.op].precedence;
        const sign = SIGNS[expr.op] ?? expr.op;
        return { text: `${within(left, level)} ${sign} ${within(right, level + 1)}`, level };
      }
    }
  }

  #cases(expr: IfExpr): Formula {
    const rows = expr.conditions.map(
      (condition, i) => `${this.formula(expr.values[i]!).text} & \\text{if } ${this.formula(condition).text}`,
    );
    const all = [...rows, `${this.formula(expr.otherwise).text} & \\text{otherwise}`];
    return atom(`\\begin{cases} ${all.join(' \\\\ ')} \\end{cases}`);
  }
}

/** Whether an argument of a function can only be an axis. */
function isAxisArgument(callee: string, i: number): boolean {
  const row = findFunction(callee);
  if (row?.kind === 'reduction') return i > 0;
  return row?.kind === 'axis' && row.takes[i] === 'axis';
}

/** Every name that stands where only an axis can. */
function axesOf(body: Body): ReadonlySet<string> {
  const found = new Set<string>();
  for (const root of [...body.lets.map((definition) => definition.value), body.result])
    visit(root, (expr) => {
      if (expr.kind !== 'call') return;
      for (const [i, arg] of expr.args.entries())
        if (arg.kind === 'name' && isAxisArgument(expr.callee.name, i)) found.add(arg.name);
    });
  return found;
}

/** An expression with its definitions as LaTeX for `align*`: one line each, the result after `left`. */
export function latexBody(body: Body, left: string, axisNames: Iterable<string> = []): string {
  const writer = new Writer(new Set([...axesOf(body), ...axisNames]));
  const result = writer.formula(body.result).text;
  const lets = body.lets.map(
    (definition) => `${nameText(definition.name.name)} &= ${writer.formula(definition.value).text}`,
  );
  if (left === '' && lets.length === 0) return result;
  const head = left === '' ? '' : `${leftText(left)} `;
  return `\\begin{align*}\n${[...lets, `${head}&= ${result}`].map((line) => `  ${line}`).join(' \\\\\n')}\n\\end{align*}`;
}

/** `d loss / d prediction` as a derivative, a plain name as a name. */
function leftText(left: string): string {
  const derivative = /^d (\w+) \/ d (\w+)$/.exec(left);
  if (derivative === null)
    return /^\w+$/.test(left) ? nameText(left) : `\\text{${left.replace(/[^\w ]/g, ' ')}}`;
  return `\\frac{\\partial\\, ${nameText(derivative[1]!)}}{\\partial\\, ${nameText(derivative[2]!)}}`;
}

/** Characters that mean something in TeX, as text. */
const ESCAPED: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
};

/** Sentences about guards as a LaTeX paragraph, formulas within; nothing where there are none. */
export function latexGuards(notes: GuardNotes, axisNames: Iterable<string> = []): string {
  const axes = [...axisNames];
  const sentences = guardSentences(notes, {
    words: (text) => text.replace(/[\\^~]|[{}$&#_%]/g, (sign) => ESCAPED[sign] ?? `\\${sign}`),
    expression: (expr) => `\\(${latexBody({ lets: [], result: expr }, '', axes)}\\)`,
  });
  return sentences.length === 0 ? '' : `\\noindent ${sentences.join('\n')}`;
}

/** Value and derivatives of a loss as a LaTeX fragment for a document that uses `amsmath`. */
export function latexDocument(compiled: CompiledLoss, header: string): string {
  const { lowered, formula } = compiled;
  const { graph } = lowered;
  const names = graph.axes.all.map((axis) => axis.name);
  const shown = (node: Node, left: string): string =>
    latexBody(formulaOf(graph, node, formula.names), left, names);
  const comment = header
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => `% ${line.replace(/[^\P{C}\t]/gu, ' ')}`.trimEnd());
  const gradients = [...formula.gradients].map(([name, node]) =>
    shown(node, `d ${compiled.name} / d ${name}`),
  );
  const guards = latexGuards(compiled.guardNotes, names);
  const parts = [comment.join('\n'), shown(formula.value, compiled.name), ...gradients, guards];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
