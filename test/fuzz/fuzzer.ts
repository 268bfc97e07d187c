import { checkProgram } from '../../compiler/check/check.js';
import type { CompiledLoss } from '../../compiler/compile.js';
import { loadProgram } from '../../compiler/resolve/program.js';
import { LossError } from '../../grammar/diagnostics/diagnostic.js';
import { printFile } from '../../grammar/print/print.js';
import type { LossFile } from '../../grammar/tree/ast.js';
import { createRandom } from '../../src/random.js';
import { type Answer, compareAnswer, emptyTally, type Fault, type Tally } from './comparison.js';
import { type Excuse, excuseInDouble } from './excuses.js';
import { drawPoint, logitsOf } from './generate/points.js';
import { generate } from './generate.js';
import { metamorphic, PROPERTY_NAMES } from './metamorphic.js';
import type { Outcome } from './oracle/oracle.js';
import { isRounding } from './rounding.js';
import { shrink } from './shrink.js';
import type { Target } from './targets/target.js';
import { compileTrial, drawWeights, expected, type Trial } from './trial.js';

/** A fault with the program that shows it, made as small as it could be. */
export interface Finding {
  readonly program: number;
  readonly fault: Fault;
  readonly trial: Trial;
}

export interface Figures {
  programs: number;
  /** Refused by a diagnostic, by its code. */
  readonly refused: Map<string, number>;
  readonly tallies: Map<string, Tally>;
  /** Differences in float32 that come and go when the inputs move a little. */
  rounding: number;
  /** Differences in float64 that are none of the compiler's. */
  readonly excused: Record<Excuse, number>;
}

interface Waiting {
  readonly program: number;
  readonly trial: Trial;
  readonly compiled: CompiledLoss;
}

const POINTS = 2;
/**
 * Of this many programs one goes through the checker or has one of the properties that need other programs, in turn: printing and
 * reading a program, or compiling another, takes longer than comparing the program with its definition.
 */
const CHECKED = 8;
const CHECKS = ['check', ...PROPERTY_NAMES];
const checkOf = (program: number): string | undefined =>
  program % CHECKED === 0 ? CHECKS[(program / CHECKED) % CHECKS.length] : undefined;

/** Makes programs from a seed and asks every target for their values and gradients. */
export class Fuzzer {
  readonly figures: Figures = {
    programs: 0,
    refused: new Map(),
    tallies: new Map(),
    rounding: 0,
    excused: { quotients: 0, order: 0 },
  };
  readonly findings: Finding[] = [];
  readonly #waiting = new Map<Target, Waiting[]>();

  constructor(
    readonly seed: string,
    readonly targets: readonly Target[],
    /** Findings beyond this many are not made smaller. */
    readonly mostShrunk = 10,
  ) {
    for (const target of targets) {
      this.#waiting.set(target, []);
      this.figures.tallies.set(target.name, emptyTally());
    }
  }

  /** The program of a number and what it is tried on: the same for the same seed. */
  async program(number: number): Promise<void> {
    this.figures.programs++;
    const random = createRandom(`${this.seed}/${number}`);
    const { file, signature } = generate(random);
    const logits = logitsOf(signature, random);
    let compiled: CompiledLoss | undefined;
    const check = checkOf(number);
    for (let k = 0; k < POINTS; k++) {
      const given = drawPoint(signature, logits, random, areItemsApart(file));
      const reduction = random.pick(['mean', 'mean', 'sum', 'none', 'weightedMean'] as const);
      let trial: Trial = { file, given, reduction, weights: undefined };
      try {
        if (compiled === undefined) {
          if (check === 'check') checkProgram(loadProgram({ name: 'f.loss', text: printFile(file) }));
          compiled = compileTrial(trial);
        }
        if (check !== undefined && check !== 'check') {
          const fault = metamorphic(trial, compiled, random, check);
          if (fault !== undefined) await this.#found(number, trial, fault);
        }
      } catch (error) {
        if (error instanceof LossError) this.#refused(error);
        else await this.#found(number, trial, thrown('compiler', error as Error));
        return;
      }
      for (const target of this.targets) {
        if (number % target.every !== 0) continue;
        const job = { program: number, trial, compiled };
        if (target.takes(job)) this.#waiting.get(target)!.push(job);
      }
      if (!compiled.scalar && k === 0) {
        // Weights are another trial of the same point.
        trial = { ...trial, weights: drawWeights(trial, random) };
        for (const target of this.targets)
          if (number % (4 * target.every) === 0 && target.takes({ trial, compiled }))
            this.#waiting.get(target)!.push({ program: number, trial, compiled });
      }
    }
    for (const target of this.targets)
      if (this.#waiting.get(target)!.length >= target.batch) await this.#ask(target);
  }

  /** Asks what still waits. */
  async finish(): Promise<void> {
    for (const target of this.targets) await this.#ask(target);
  }

  #refused({ diagnostics }: LossError): void {
    const { code } = diagnostics[0]!;
    this.figures.refused.set(code, (this.figures.refused.get(code) ?? 0) + 1);
  }

  async #ask(target: Target): Promise<void> {
    const jobs = this.#waiting.get(target)!.splice(0);
    if (jobs.length === 0) return;
    const tally = this.figures.tallies.get(target.name)!;
    const answers = await target.run(jobs);
    for (const [i, { program, trial }] of jobs.entries()) {
      const answer = answers[i]!;
      const fault =
        answer instanceof Error
          ? thrown(target.name, answer)
          : compareAnswer(target.name, this.#expected(trial, target), answer, target.floor, tally);
      if (fault === undefined) continue;
      const excuse = answer instanceof Error ? undefined : await excuseOf(target, trial, answer, fault);
      if (excuse === undefined) await this.#found(program, trial, fault);
      else if (excuse === 'rounding') this.figures.rounding++;
      else this.figures.excused[excuse]++;
    }
  }

  readonly #known = new WeakMap<Trial, Map<string, Outcome>>();
  #expected(trial: Trial, { precision }: Target): Outcome {
    const known = this.#known.get(trial) ?? new Map<string, Outcome>();
    this.#known.set(trial, known);
    const outcome = known.get(precision) ?? expected(trial, precision);
    known.set(precision, outcome);
    return outcome;
  }

  async #found(program: number, trial: Trial, fault: Fault): Promise<void> {
    if (this.findings.some((known) => known.program === program && known.fault.target === fault.target))
      return;
    if (this.findings.length >= this.mostShrunk) {
      this.findings.push({ program, fault, trial });
      return;
    }
    const kind = kindOf(fault);
    const small = await shrink(
      trial,
      async (smaller) => {
        const other = await this.fault(smaller, fault.target);
        return other !== undefined && kindOf(other) === kind;
      },
      this.targets.find(({ name }) => name === fault.target)?.tries ?? 500,
    );
    this.findings.push({ program, trial: small, fault: (await this.fault(small, fault.target)) ?? fault });
  }

  /** What is wrong with a trial in one target; undefined too for a program that is refused or that the oracle cannot read. */
  async fault(trial: Trial, name: string): Promise<Fault | undefined> {
    try {
      const compiled = compileTrial(trial);
      const target = this.targets.find((entry) => entry.name === name);
      if (target === undefined) return metamorphic(trial, compiled, createRandom(1), name);
      if (!target.takes({ trial, compiled })) return undefined;
      const [answer] = await target.run([{ trial, compiled }]);
      if (answer instanceof Error) return thrown(name, answer);
      const outcome = expected(trial, target.precision);
      const fault = compareAnswer(name, outcome, answer!, target.floor, emptyTally());
      if (fault === undefined) return undefined;
      return (await excuseOf(target, trial, answer!, fault)) === undefined ? fault : undefined;
    } catch (error) {
      if (error instanceof LossError || name !== 'compiler') return undefined;
      return thrown('compiler', error as Error);
    }
  }
}

/** Why a difference is none of the compiler's, if it is not. */
async function excuseOf(
  target: Target,
  trial: Trial,
  answer: Answer,
  fault: Fault,
): Promise<'rounding' | Excuse | undefined> {
  if (target.precision === 'double') return excuseInDouble(trial, answer);
  return (await isRounding(target, trial, fault)) ? 'rounding' : undefined;
}

/** The items depend on each other only through their axis. */
const areItemsApart = (file: LossFile): boolean => !JSON.stringify(file).includes('"batch"');

const thrown = (target: string, error: Error): Fault => ({
  target,
  what: 'exception',
  detail: error.stack?.split('\n').slice(0, 4).join('\n') ?? String(error),
});

/** What has to stay the same when a program is made smaller: not the number, and of an exception its kind. */
const kindOf = ({ what, detail }: Fault): string =>
  what === 'exception' ? detail.slice(0, 30) : what.split(' ')[0]!;
