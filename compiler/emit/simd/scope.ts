import type { Declare } from '../wasm/assembler.js';
import { type Code, type Local, set } from '../wasm/instructions.js';
import type { Wide } from './reductions.js';
import type { Vector, Writer } from './writer.js';

export type Variable = Local<'v128'>;

/** The function that is being written, and the place that it has reached. */
export class Scope implements Writer {
  #count = 0;
  #out: Code[] = [];

  constructor(private readonly declare: Declare) {}

  /** What is written here. */
  get out(): Code[] {
    return this.#out;
  }

  write(...code: readonly Code[]): void {
    this.#out.push(...code);
  }

  /** What is written meanwhile, which does not stand here. */
  within(write: () => void): Code {
    const outer = this.#out;
    this.#out = [];
    write();
    const written = this.#out;
    this.#out = outer;
    return written;
  }

  variable(): Variable {
    const name = `v${this.#count++}`;
    return this.declare('v128', name)[name]!;
  }

  wide(): Wide {
    return { low: this.variable(), high: this.variable() };
  }

  readonly keep = (value: Vector): Variable => {
    const variable = this.variable();
    this.#out.push(set(variable, value));
    return variable;
  };
}
