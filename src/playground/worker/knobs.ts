import type { LoweredParameter } from '../../../compiler/lower/lowered.js';
import type { Knob } from '../messages.js';

/** Places of a slider. */
const STEPS = 200;
/** A default, times this, is where a slider ends whose domain goes on; one of 0 counts as 1. */
const REACH = 4;

/** A slider for a parameter; none for lists of numbers, and for what has no default. */
export function knobOf({ name, range, default: value }: LoweredParameter): readonly Knob[] {
  if (typeof value !== 'number') return [];
  const { lo, hi, integer, nonzero } = range;
  const reach = REACH * (Math.abs(value) || 1);
  const [low, high] = [
    Number.isFinite(lo) ? lo : -reach,
    Number.isFinite(hi) ? hi : Math.max(reach, lo + reach),
  ];
  const step = integer ? 1 : rounded((high - low) / STEPS);
  const isOpen = nonzero && low === 0;
  return [{ name, value, low: isOpen ? step : low, high, step }];
}

/** Without the last digits of a division. */
const rounded = (value: number): number => Number(value.toPrecision(6));
