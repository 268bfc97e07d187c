/** The corpus by lossc's own exact digits: whether the text of an expression and its stored numbers say the same. */
import type { BigNumber } from '../../compiler/exact/decimal/number.js';
import { type Asked, bigNumbers, binaryDigits, evaluateExactly } from '../../compiler/exact/exact.js';
import { lossesOf } from '../../compiler/resolve/program.js';
import { type Expression, flatten, inputsOf, programOf, type Stored } from './corpus.js';

/** So many digits have to be the same. */
const DIGITS = 15;

type Numbers = { readonly shape: readonly number[]; readonly data: readonly BigNumber[] };

/** So many points come first that are everyday ones. */
export const EVERYDAY = 3;

/**
 * Where the exact evaluation of the text differs from the stored numbers, in words; undefined if it is nowhere. It compares the
 * values of the first points and the derivatives at the first one: these are differences of values, and far out those need
 * hundreds of digits, as does an input of which a derivative is 0: that is left out.
 */
export async function disagreement(expression: Expression, points: number): Promise<string | undefined> {
  const Big = await bigNumbers(64);
  const inputs = new Map<string, Numbers>();
  for (const [name, { shape, data }] of inputsOf(expression))
    inputs.set(name, { shape, data: Array.from(data, (x) => binaryDigits(Big, x)) });
  const predictions = Object.keys(expression.gradient).filter((name) => !isZeroAtFirst(expression, name));
  const evaluate = (count: number, by: readonly string[]) => {
    const first = new Map([...inputs].map(([name, numbers]) => [name, firstOf(numbers, count)]));
    return evaluateExactly(asked(expression, first), { digits: DIGITS + 2, by });
  };
  const { items } = await evaluate(points, []);
  const { gradient } = await evaluate(1, predictions);

  const agree = (found: BigNumber | undefined, right: Stored): boolean => {
    const stored = new Big(right);
    return (
      found
        ?.minus(stored)
        .abs()
        .lte(stored.abs().times(`1e-${DIGITS}`)) === true
    );
  };
  const parts = [
    ['value', items.data, expression.value] as const,
    ...predictions.map(
      (name) =>
        [`gradient of ${name}`, gradient.get(name)!.data, flatten(expression.gradient[name]!)] as const,
    ),
  ];
  for (const [what, found, right] of parts) {
    const at = Array.from(found).findIndex((x, i) => !agree(x, right[i]!));
    if (at >= 0) return `${what}, number ${at}: ${found[at]} is not ${right[at]}`;
  }
  return undefined;
}

function isZeroAtFirst({ gradient, value }: Expression, name: string): boolean {
  const numbers = flatten(gradient[name]!);
  return numbers.slice(0, numbers.length / value.length).includes(0);
}

/** The first points alone. */
function firstOf({ shape: [points, ...rest], data }: Numbers, count: number): Numbers {
  const some = Math.min(count, points!);
  return { shape: [some, ...rest], data: data.slice(0, (data.length / points!) * some) };
}

function asked(expression: Expression, inputs: ReadonlyMap<string, Numbers>): Asked {
  const program = programOf(expression);
  const decl = lossesOf(program)[0]!;
  const isTurned = (name: string, domain: string | undefined): boolean =>
    expression.logits === true &&
    name in expression.gradient &&
    (domain === 'unit' || domain === 'probability');
  const logits = decl.inputs
    .filter(({ name, domain }) => isTurned(name.name, domain?.name.name))
    .map(({ name }) => name.name);
  return {
    library: program.module,
    decl,
    reduction: 'sum',
    ignored: { label: -100, inputs: new Set() },
    given: { inputs, parameters: new Map(), labels: new Set(), logits: new Set(logits) },
  };
}
