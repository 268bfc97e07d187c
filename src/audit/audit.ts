import type { Guard } from '../../compiler/guard/bounds.js';
import { createRandom } from '../random.js';
import { decidingGuards } from './deciding.js';
import { exactAt } from './exactly.js';
import { SMALLEST_NORMAL } from './float32.js';
import { type Judged, judged, LOST, type Standing } from './judge.js';
import { type Point, REGIONS, type Region } from './point.js';
import { type Candidate, type Effort, type Place, rounded, search, sizeOf } from './search.js';
import type { Numbers, Subject } from './subject.js';

/** A number of a loss at a point, beside the exact one. */
export interface Shown extends Place {
  readonly point: Point;
  readonly found: number;
  readonly exact: number;
  readonly error: number;
  /** How far the exact number moves, in the same measure, when every input is rounded once. */
  readonly movement: number;
  readonly standing: Standing;
  readonly guards: readonly Guard[];
}

/** The worst of a number of a loss in a region. */
export interface Worst {
  readonly of: Place['of'];
  readonly name: string;
  readonly region: Region;
  /** The largest error that rounding the inputs does not account for. */
  readonly worst: Shown | undefined;
  /** The largest error that rounding the inputs alone accounts for: no evaluation in float32 of these inputs could promise more. */
  readonly unavoidable: Shown | undefined;
  /** Points where float32 does not hold the exact number. */
  readonly beyond: readonly Shown[];
}

export interface Audit {
  readonly loss: string;
  readonly fromLogits: boolean;
  readonly numbers: readonly Worst[];
  /** Points that were compared with float64, and numbers that were compared with exact digits. */
  readonly compared: { readonly points: number; readonly exact: number; readonly unsettled: number };
  /** Whether time ran out before all was looked at. */
  readonly stopped: boolean;
}

export interface AuditOptions {
  readonly seed: string;
  readonly effort: Effort;
  /** Whether there is time for another number. */
  readonly hasTime: () => boolean;
}

/** Digits on the way to a number, first and where what was found looks wrong. */
const DIGITS = [150, 900] as const;
/** An error is put down to the rounding of inputs where it is at most so many times what that does. */
const ALLOWED = 4;
/** Errors below are not looked into further: float32 has seven digits. */
const FINE = 1e-6;

/** Compares a loss as it is compiled with exact digits, at points where it may be wrong. The same for the same seed unless time runs out. */
export async function audit(subject: Subject, { seed, effort, hasTime }: AuditOptions): Promise<Audit> {
  const random = createRandom(`audit ${seed} ${subject.compiled.name}`);
  const found = search(subject, effort, random);
  const counts = { exact: 0, unsettled: 0, deep: effort.deep };
  const numbers: Worst[] = [];
  let stopped = false;
  for (const candidates of found.candidates) {
    const [{ of, name, point }] = candidates as readonly [Candidate];
    const shown: Shown[] = [];
    let worst = 0;
    for (const candidate of candidates) {
      // Candidates where float64 can tell come worst first: the next are no worse than what was found.
      if (!candidate.open && worst > 0 && candidate.score < 2 * worst) continue;
      stopped ||= !hasTime();
      if (stopped) break;
      const one = await show(candidate);
      shown.push(one);
      if (one.standing === 'off') worst = Math.max(worst, one.error);
    }
    numbers.push(summary({ of, name, region: point.region }, shown));
  }
  const order = ({ region }: Worst): number => REGIONS.indexOf(region);
  return {
    loss: subject.compiled.name,
    fromLogits: subject.compiled.logits.length > 0,
    numbers: numbers.sort((a, b) => order(a) - order(b)),
    compared: { points: found.points, exact: counts.exact, unsettled: counts.unsettled },
    stopped,
  };

  async function show({ point, of, name, entry, score }: Candidate): Promise<Shown> {
    const place: Place = { of, name, entry };
    const [single] = subject.single([point]);
    const [double] = subject.double([point]);
    const got = readAt(single!, place);
    const size = of === 'value' ? 0 : sizeOf(double!.gradients.get(name)!.filter((x) => Math.abs(x) < 1e36));
    let right = await exactAt(subject, point, place, DIGITS[0]);
    if (right === undefined && score > FINE && counts.deep > 0) {
      counts.deep--;
      right = await exactAt(subject, point, place, DIGITS[1]);
    }
    counts.exact++;
    const verdict: Judged = judged(got, right, size);
    if (verdict.standing === 'unsettled') counts.unsettled++;
    const isFine = verdict.standing === 'off' && verdict.error < FINE;
    return {
      ...place,
      point,
      found: got,
      ...verdict,
      movement: isFine || verdict.standing !== 'off' ? 0 : await movement(point, place, verdict.exact, size),
      guards: isFine ? [] : decidingGuards(subject, point, place),
    };
  }

  /** How far rounding of the inputs moves the exact number. */
  async function movement(point: Point, place: Place, exact: number, size: number): Promise<number> {
    let most = 0;
    for (const beside of rounded(point, subject, random)) {
      const exactly = await exactAt(subject, beside, place, DIGITS[0]);
      // A slope that is exactly 0 takes too many digits to be sure of, and float64 knows it.
      const moved = exactly === undefined ? readAt(subject.double([beside])[0]!, place) : Number(exactly);
      if (!Number.isFinite(moved)) continue;
      most = Math.max(most, Math.abs(moved - exact) / Math.max(Math.abs(exact), size, SMALLEST_NORMAL));
    }
    return most;
  }
}

const readAt = ({ value, gradients }: Numbers, { of, name, entry }: Place): number =>
  (of === 'value' ? value : gradients.get(name)!)[entry]!;

function summary(of: Pick<Worst, 'of' | 'name' | 'region'>, shown: readonly Shown[]): Worst {
  const largest = (list: readonly Shown[]): Shown | undefined =>
    list.reduce<Shown | undefined>(
      (top, one) => (top === undefined || one.error > top.error ? one : top),
      undefined,
    );
  const compared = shown.filter(({ standing }) => standing === 'off');
  const isRounding = ({ error, movement }: Shown): boolean =>
    error > FINE && error < LOST && error <= ALLOWED * movement;
  return {
    ...of,
    worst: largest(compared.filter((one) => !isRounding(one))),
    unavoidable: largest(compared.filter(isRounding)),
    beyond: shown.filter(({ standing }) => standing !== 'off' && standing !== 'unsettled'),
  };
}
