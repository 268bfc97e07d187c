const LENGTH = 'the length of an axis is `size(axis)`';
const TURNED = 'axes have names and values meet by them, so nothing is transposed';
/** Methods and parts that no function here is called like. */
const METHODS: Readonly<Record<string, string>> = {
  ...{ shape: LENGTH, size: LENGTH, length: LENGTH, T: TURNED, mT: TURNED, t: TURNED, transpose: TURNED },
  ...{ pow: 'write `x^2`', square: 'write `x^2`', power: 'write `x^2`' },
  ...{ add: 'write `a + b`', sub: 'write `a - b`', mul: 'write `a * b`', div: 'write `a / b`' },
  values: 'leave it out: `max(x, axis)` is the value',
  indices: 'write `if x >= max(x, axis) then 1 else 0`: a position has no gradient',
};

/** What is written for a method or a part of a value, where no function is called like it. */
export const methodHint = (name: string): string | undefined =>
  Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
