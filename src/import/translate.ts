/** From a formula of another language to an expression of the language, with what its names are. */
import type { Expr, Let } from '../../grammar/tree/ast.js';
import { call, name as nameExpr, not } from '../../grammar/tree/build.js';
import { visit } from '../../grammar/tree/walk.js';
import { choice, ELEMENTWISE, whereMethod } from './functions/elementwise.js';
import { LATEX_FUNCTIONS } from './functions/latex.js';
import { LOSSES, MODULES } from './functions/losses.js';
import { MATHJS_FUNCTIONS } from './functions/mathjs.js';
import { reduction } from './functions/reduce.js';
import { REDUCTIONS, valuesOf } from './functions/reductions.js';
import { Arguments, type FunctionRow, filled, type Hands, literal } from './functions/row.js';
import { lengthOf, TENSORS, withOne } from './functions/tensors.js';
import type { Layout } from './layout.js';
import { refuse } from './refused.js';
import type { BinaryTerm, CallTerm, Formula, IndexedAxes, Language, Term } from './term.js';
import {
  arithmetic,
  asCondition,
  asNumber,
  axesOf,
  constant,
  negative,
  numberValue,
  perItem,
  type Value,
} from './value.js';

/** The row of a function; undefined where there is none. */
export function rowOf({ callee, isMethod }: CallTerm, language: Language): FunctionRow | undefined {
  if (isMethod && callee === 'where') return whereMethod;
  const key = MODULES[callee] ?? callee;
  for (const table of [LATEX_FUNCTIONS, MATHJS_FUNCTIONS, ELEMENTWISE, REDUCTIONS, TENSORS, LOSSES]) {
    const row = Object.hasOwn(table, key) ? table[key] : undefined;
    if (row?.languages.includes(language) === true) return row;
  }
  return undefined;
}

export interface Translated {
  readonly lets: readonly Let[];
  readonly result: Value;
  /** What is imported, with where from. */
  readonly imports: ReadonlyMap<string, string>;
  readonly questions: readonly string[];
}

/** `fresh` gives a name that nothing else has. */
export function translate(
  formula: Formula,
  language: Language,
  layout: Layout,
  free: ReadonlyMap<string, Value>,
  fresh: (name: string) => string,
): Translated {
  return new Translator(language, layout, free, fresh).translate(formula);
}

class Translator implements Hands {
  private readonly lets: Let[] = [];
  private readonly bound = new Map<string, Value>();
  private readonly imports = new Map<string, string>();
  private readonly questions = new Set<string>();

  constructor(
    readonly language: Language,
    readonly layout: Layout,
    private readonly free: ReadonlyMap<string, Value>,
    private readonly fresh: (name: string) => string,
  ) {}

  private axes: IndexedAxes | undefined;

  translate({ steps, result, axes }: Formula): Translated {
    this.axes = axes;
    for (const { name, value } of steps) this.bound.set(name, this.letOf(name, this.value(value)));
    const { lets, imports, questions } = this;
    const value = this.itemsOf(asNumber(this.value(result)), result);
    return { lets: usedLets(lets, value.expr), result: value, imports, questions: [...questions] };
  }

  readonly use = (name: string, from: string): void => {
    this.imports.set(name, from);
  };

  readonly ask = (question: string): void => {
    this.questions.add(question);
  };

  /** A value that is used again gets a name; a number or a name is written where it is used. */
  private letOf(name: string, value: Value): Value {
    const { items, summed } = value;
    // A mean over everything has its items named, so that the mean of what follows can be left to the caller.
    const whole = items ?? summed;
    const named = whole ?? value;
    if (named.expr.kind === 'number' || named.expr.kind === 'name') return value;
    const own = this.fresh(name);
    this.lets.push({ name: { name: own }, value: named.expr });
    const alias: Value = { ...named, expr: nameExpr(own) };
    if (whole === undefined) return alias;
    const expr = reduction(items === undefined ? 'sum' : 'mean', alias.expr, axesOf(whole.shape));
    return { ...numberValue(expr), ...(items === undefined ? { summed: alias } : { items: alias }) };
  }

  /** What a loss gives: one number per item, or one for all of them. */
  private itemsOf(value: Value, { span }: Term): Value {
    const { items, shape } = value;
    if (items !== undefined) return perItem(items);
    if (value.summed !== undefined)
      this.ask(
        'it is the sum over the items, whatever the reduction: for one number per item, leave out the sum over batch and choose reduction sum',
      );
    const axes = axesOf(shape);
    if (axes.length === 0) return value;
    if (!axes.includes('batch') && this.layout.shape.includes('batch'))
      refuse(
        span,
        `its result still has the axes [${axes.join(', ')}], and no items`,
        'reduce them: .sum() or .mean()',
      );
    const own = axes.filter((axis) => axis !== 'batch');
    this.ask(
      own.length === 0
        ? 'it does not say how the items are reduced: lossc takes their mean, unless --reduction says otherwise'
        : `it does not say how the numbers along ${own.join(', ')} are reduced: is it the mean?`,
    );
    return perItem(value);
  }

  readonly value = (term: Term): Value => {
    switch (term.kind) {
      case 'number':
        return constant(term.value);
      case 'name':
        return this.named(term.name, term);
      case 'word':
        return this.word(term.word, term);
      case 'list':
        return refuse(term.span, 'a list is not a value of a formula', 'give one expression');
      case 'unary': {
        const of = this.value(term.of);
        if (term.op === '-') return negative(of);
        this.demandLogical(of, term.of);
        return { expr: not(asCondition(of).expr), shape: of.shape, is: 'condition' };
      }
      case 'binary':
        return this.binary(term);
      case 'choose':
        return choice(
          this.value(term.condition),
          this.value(term.holds),
          this.value(term.otherwise),
          term.span,
        );
      case 'call':
        return this.call(term);
      case 'field':
        return this.field(term);
      case 'item':
        return this.item(term);
      case 'over':
        return this.over(term);
    }
  };

  private named(name: string, { span }: Term): Value {
    const known = this.bound.get(name) ?? this.free.get(name);
    const length = this.axes?.lengths.get(name);
    if (length !== undefined) return numberValue(call('size', [nameExpr(length)]));
    if (known === undefined && name === 'pi') return filled('pi', {}, span);
    return known ?? refuse(span, `${name} is not known here`);
  }

  private word(word: string, { span }: Term): Value {
    if (word === 'True' || word === 'False') refuse(span, `${word} is not a number`, 'write 1 or 0');
    refuse(span, word === 'None' ? 'None is not a number' : `'${word}' is a string, not a number`);
  }

  private binary({ op, left, right, span }: BinaryTerm): Value {
    const [a, b] = [this.value(left), this.value(right)];
    const isVector = ({ shape }: Value): boolean => axesOf(shape).length > 0;
    if (this.language === 'mathjs' && '*/^'.includes(op)) {
      if (op === '*' ? isVector(a) && isVector(b) : op === '/' ? isVector(b) : isVector(a) || isVector(b))
        refuse(
          span,
          `\`${op}\` of vectors is ${op === '*' ? 'their inner product' : 'one of matrices'} in mathjs`,
          `write .${op} to take entry by entry`,
        );
    }
    if (op === 'and' || op === 'or') {
      this.demandLogical(a, left);
      this.demandLogical(b, right);
    }
    switch (op) {
      case '//':
        return filled('floor(a / b)', { a, b }, span);
      case '%':
        return filled('mod(a, b)', { a, b }, span);
      case '.*':
        return arithmetic('*', a, b, span);
      case './':
        return arithmetic('/', a, b, span);
      case '.^':
        return arithmetic('^', a, b, span);
      default:
        return arithmetic(op, a, b, span);
    }
  }

  /** Of numbers `and` gives one of the two, and `&` works on their bits; a mask is as good as a condition. */
  private demandLogical({ is, expr }: Value, { span }: Term): void {
    if (is === 'number' && expr.kind !== 'name')
      refuse(span, 'a number is not a condition', 'compare it, as in x > 0');
  }

  private call(term: CallTerm): Value {
    const { callee, span } = term;
    const [first] = term.args;
    if (callee === 'float' && first?.kind === 'word' && /^-?inf(?:inity)?$/.test(first.word))
      return filled(first.word.startsWith('-') ? '-infinity' : 'infinity', {}, span);
    const row = rowOf(term, this.language);
    if (row !== undefined) return row.make(new Arguments(term, row.takes), this);
    refuse(
      span,
      `the function ${callee} is not supported`,
      this.language === 'python'
        ? 'write the formula that it stands for'
        : `to multiply, write ${callee} * (…)`,
    );
  }

  /** `x.T` and its like. */
  private field(term: Extract<Term, { kind: 'field' }>): Value {
    const { of, field, span } = term;
    if (field === 'values') return this.valuesOf(of, span);
    if (field === 'data') {
      const { expr, shape } = asNumber(this.value(of));
      return numberValue(call('stop_gradient', [expr]), shape);
    }
    if (field === 'shape') refuse(span, 'shape gives all lengths', 'write x.shape[0], or x.numel()');
    if (field === 'T')
      refuse(span, 'transposition is not supported: axes have names here', 'name the axis that is reduced');
    refuse(
      span,
      `.${field} is not supported`,
      'a number that belongs to an object is a parameter: write only its name',
    );
  }

  private valuesOf(of: Term, span: Term['span']): Value {
    if (of.kind === 'call' && (of.callee === 'max' || of.callee === 'min')) {
      const row = valuesOf(of.callee);
      return row.make(new Arguments(of, row.takes), this);
    }
    refuse(span, 'only max and min along an axis have values');
  }

  private item({ of, at, span }: Extract<Term, { kind: 'item' }>): Value {
    const [first] = at;
    const position = first === undefined ? undefined : literal(first);
    if (of.kind === 'field' && of.field === 'shape' && at.length === 1 && position !== undefined)
      return lengthOf(this.value(of.of).shape, position, { span });
    if (
      of.kind === 'call' &&
      (of.callee === 'max' || of.callee === 'min') &&
      at.length === 1 &&
      position === 0
    )
      return this.valuesOf(of, span);
    const isWord = (term: Term | undefined, ...words: readonly string[]): boolean =>
      term?.kind === 'word' && words.includes(term.word);
    if (
      at.length >= 2 &&
      at.slice(0, -1).every((one) => isWord(one, ':', '...')) &&
      isWord(at.at(-1), 'None')
    ) {
      const value = this.value(of);
      return withOne(value, value.shape.length);
    }
    refuse(
      span,
      'indexing into a tensor is not supported',
      'declare the part as a separate input; for labels, write F.nll_loss or F.cross_entropy',
    );
  }

  /** A sum over an index, as LaTeX has it: what does not carry the index is added as often as there are entries. */
  private over({ reduction: op, index, of, span }: Extract<Term, { kind: 'over' }>): Value {
    const value = asNumber(this.value(of));
    const axis = this.axes?.axisOf(index) ?? index;
    const place = this.layout.shape.indexOf(axis);
    const at = value.shape.length - (this.layout.shape.length - place);
    if (place < 0 || at < 0 || value.shape[at] !== axis)
      refuse(span, 'nothing under this sum has its index', 'write the index at what it counts: y_i');
    const shape = value.shape.map((one) => (one === axis ? '1' : one));
    const rest = axesOf(shape).length === 0 ? [] : shape;
    const isWhole = rest.length === 0 && axesOf(value.shape).includes('batch');
    const found = numberValue(reduction(op, value.expr, [axis]), rest);
    if (!isWhole) return found;
    return { ...found, ...(op === 'mean' && { items: value }), ...(op === 'sum' && { summed: value }) };
  }
}

/** The lets that the result needs, in their order. */
function usedLets(lets: readonly Let[], result: Expr): readonly Let[] {
  const used = new Set(namesIn(result));
  const kept: Let[] = [];
  for (const one of lets.toReversed()) {
    if (!used.has(one.name.name)) continue;
    kept.unshift(one);
    for (const each of namesIn(one.value)) used.add(each);
  }
  return kept;
}

/** Names that stand in an expression, in the order of the text. */
function namesIn(root: Expr): readonly string[] {
  const names: string[] = [];
  visit(root, (node) => {
    if (node.kind === 'name') names.push(node.name);
  });
  return names;
}
