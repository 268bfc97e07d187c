import type { Range } from './range.js';

/**
 * Where an operator is defined in one of its arguments. This is the only place that says so: `total` of ranges, guards, what
 * is undefined and what `explain` says of guards follow from it.
 */
export interface Domain {
  /** Smallest and largest argument. */
  readonly least?: number;
  readonly most?: number;
  /** The bounds themselves lie outside: the value there is infinite. */
  readonly open?: boolean;
  /** 0 lies outside. */
  readonly nonzero?: boolean;
  /**
   * At a bound the value goes to infinity, or its slope does, as a power with this exponent does, by default 1: a guard keeps
   * away from it. Of an open bound this goes without saying.
   */
  readonly pole?: number;
  /** What stands below `least` is guarded by its size, not by the bound. */
  readonly outside?: 'size';
  /** A larger argument is legal, but e to it is more than float32 holds. */
  readonly overflow?: number;
  /** A smaller argument is legal, but the value there is more than float32 holds. */
  readonly overflowBelow?: number;
  /** What a guard of it is called, if not as the operator is: `log1p` is the log of something, and so is a part of `xlogy`. */
  readonly called?: string;
}

/** What is divided by comes no nearer to 0 than this: a guard keeps it away. */
export const NEAREST = 1e-36;

/** Everything is in it. */
export const EVERYWHERE: Domain = {};

/** Whether a guard keeps away from the bounds of a domain, and not only on their inner side. */
export const hasPole = ({ open, pole }: Domain): boolean => open === true || pole !== undefined;

/** Whether every value of a range is in a domain, which counts as open or not as is asked for. */
export function isInside(domain: Domain, x: Range, open = domain.open === true): boolean {
  const { least, most, nonzero } = domain;
  if (least !== undefined && !(open ? isAbove(x, least) : x.lo >= least)) return false;
  if (most !== undefined && !(open ? isBelow(x, most) : x.hi <= most)) return false;
  return nonzero !== true || x.nonzero;
}

const isAbove = ({ lo, nonzero }: Range, bound: number): boolean =>
  lo > bound || (bound === 0 && lo === 0 && nonzero);
const isBelow = ({ hi, nonzero }: Range, bound: number): boolean =>
  hi < bound || (bound === 0 && hi === 0 && nonzero);

/** Whether no value of a range is in a domain. */
export function isOutside({ least, most, open, nonzero }: Domain, { lo, hi }: Range): boolean {
  if (least !== undefined && (open === true ? hi <= least : hi < least)) return true;
  if (most !== undefined && (open === true ? lo >= most : lo > most)) return true;
  return nonzero === true && lo === 0 && hi === 0;
}

/** Where a power is defined in its base, by what is known of the exponent: a base that is not negative, unless the exponent is whole, and not 0 where it divides. */
export function powerDomain({ lo, integer }: Range): readonly Domain[] {
  if (lo < 0) return [integer ? { nonzero: true, pole: 1 } : { least: 0, nonzero: true }];
  return integer ? [] : [{ least: 0 }];
}
