import { pow } from '../../elementary/power.js';

/**
 * Points that fill a space evenly and are the same on every machine: Kronecker's sequence with Roberts' constants
 * (M. Roberts 2018, "The unreasonable effectiveness of quasirandom sequences"). No random numbers, so no seed.
 */
export class Sequence {
  #index = 0;
  readonly #steps: readonly number[];

  /** `dimensions` numbers belong together; more may be drawn, they go round. */
  constructor(dimensions: number) {
    let phi = 2;
    // The positive root of x^(d + 1) = x + 1, by fixed point.
    for (let i = 0; i < 40; i++) phi = pow(1 + phi, 1 / (dimensions + 1));
    this.#steps = Array.from({ length: dimensions }, (_, k) => pow(phi, -(k + 1)));
  }

  /** Uniform in (0, 1). */
  next(): number {
    const { length } = this.#steps;
    const round = Math.floor(this.#index / length) + 1;
    const x = 0.5 + round * this.#steps[this.#index % length]!;
    this.#index += 1;
    return Math.min(Math.max(x - Math.floor(x), 1e-9), 1 - 1e-9);
  }

  /** Roughly standard normal, by Tukey's lambda (0.135). */
  normal(): number {
    const u = this.next();
    return (pow(u, 0.135) - pow(1 - u, 0.135)) / 0.1975;
  }

  /** A whole number from 0 to below. */
  int(below: number): number {
    return Math.min(Math.floor(this.next() * below), below - 1);
  }
}
