/**
 * `digits`: handwritten-looking digits that we draw ourselves, so that everything runs with no file and no network.
 * 28 by 28, grey, from vector strokes with seeded random pose, distortion, thickness, slips of the pen and noise.
 */
import { exp } from '../../../compiler/elementary/exponential.js';
import { hypot } from '../../../compiler/elementary/hyperbolic.js';
import { cos as cosine, sin as sine } from '../../../compiler/elementary/trigonometric.js';
import { createRandom, type Random } from '../../random.js';
import { classification } from '../tasks/learning.js';
import type { Dataset } from './dataset.js';
import { DIGIT_GLYPHS, type Glyph, type Point, type Stroke } from './digit-strokes.js';
import type { ExampleSet } from './examples.js';

const SIDE = 28;
/** Straight pieces that a curve becomes between two of its points. */
const PIECES = 5;

/** How far digits vary. Tuned so that a 784-128-10 network ends near 93 % of the test digits, not at 100. */
const VARIATION = {
  /** Radians, standard deviation. */
  rotation: 0.17,
  /** Horizontal shift per unit of height, standard deviation. */
  shear: 0.2,
  /** Natural logarithm of the size, standard deviation, per axis. */
  logScale: 0.13,
  /** Of the image's side, standard deviation. */
  shift: 0.04,
  /** Displacement of each control point, of the glyph's height, standard deviation. */
  wobble: 0.035,
  /** Half the pen's width in pixels, from and to. */
  pen: [0.6, 1.5],
  /** Grey levels, standard deviation, over the whole image. */
  noise: 16,
  /** Chance of a stray stroke that belongs to no digit. */
  stray: 0.2,
  /** Chance that part of the ink is missing. */
  gap: 0.2,
} as const;

export interface DigitsOptions {
  readonly train?: number | undefined;
  readonly test?: number | undefined;
  readonly seed?: string | number | undefined;
}

/** Draws the data set: 6,000 training and 2,000 test digits by default; the same for the same seed everywhere. */
export function drawDigits(options: DigitsOptions = {}): Dataset {
  const random = createRandom(`${options.seed ?? 1}/digits`);
  return {
    name: 'digits',
    inputShape: [SIDE, SIDE, 1],
    ...classification(DIGIT_GLYPHS.length),
    train: draw(options.train ?? 6000, random.fork('train')),
    test: draw(options.test ?? 2000, random.fork('test')),
    normalisation: { scale: [1 / 255], offset: [0] },
    validationExamples: Math.round((options.train ?? 6000) / 6),
  };
}

function draw(count: number, random: Random): ExampleSet {
  const pixels = new Uint8Array(count * SIDE * SIDE);
  const labels = new Uint8Array(count);
  const ink = new Float32Array(SIDE * SIDE);
  for (let i = 0; i < count; i++) {
    const label = random.int(DIGIT_GLYPHS.length);
    labels[i] = label;
    ink.fill(0);
    drawGlyph(ink, random.pick(DIGIT_GLYPHS[label]!), random);
    const brightness = 170 + 85 * random.next();
    const noise = noiseTable(random);
    let at = random.int(noise.length);
    for (let p = 0; p < ink.length; p++) {
      at = (at + 1) % noise.length;
      pixels[i * ink.length + p] = Math.max(0, Math.min(255, Math.round(ink[p]! * brightness + noise[at]!)));
    }
  }
  return { count, pixels, labels };
}

let sharedNoise: Float32Array | undefined;

/** Normal noise is drawn once and read from random places: drawing it per pixel would cost most of the time. */
function noiseTable(random: Random): Float32Array {
  if (sharedNoise === undefined) {
    const source = createRandom('noise of the drawn digits');
    sharedNoise = Float32Array.from({ length: 65521 }, () => source.normal() * VARIATION.noise);
  }
  random.next();
  return sharedNoise;
}

function drawGlyph(ink: Float32Array, glyph: Glyph, random: Random): void {
  const place = randomPose(random);
  const [thin, thick] = VARIATION.pen;
  const pen = thin + (thick - thin) * random.next();
  const gap = random.next() < VARIATION.gap ? { x: random.next(), y: random.next() } : undefined;
  for (const stroke of glyph) {
    const points = stroke.points.map((point) => place(wobbled(point, random)));
    drawStroke(ink, { kind: stroke.kind, points }, pen, gap);
  }
  if (random.next() < VARIATION.stray) {
    const from: Point = [random.next() * SIDE, random.next() * SIDE];
    const to: Point = [from[0] + 5 * random.normal(), from[1] + 5 * random.normal()];
    drawStroke(ink, { kind: 'line', points: [from, to] }, pen * 0.8, undefined);
  }
}

function wobbled([x, y]: Point, random: Random): Point {
  return [x + VARIATION.wobble * random.normal(), y + VARIATION.wobble * random.normal()];
}

/** A random affine map from the unit square to pixels, about the middle of the image. */
function randomPose(random: Random): (point: Point) => Point {
  const angle = VARIATION.rotation * random.normal();
  const shear = VARIATION.shear * random.normal();
  const width = 18 * exp(VARIATION.logScale * random.normal());
  const height = 20 * exp(VARIATION.logScale * random.normal());
  const centerX = SIDE * (0.5 + VARIATION.shift * random.normal());
  const centerY = SIDE * (0.5 + VARIATION.shift * random.normal());
  const [cos, sin] = [cosine(angle), sine(angle)];
  return ([x, y]) => {
    const down = (y - 0.5) * height;
    const right = (x - 0.5) * width + shear * down;
    return [centerX + cos * right - sin * down, centerY + sin * right + cos * down];
  };
}

function drawStroke(
  ink: Float32Array,
  stroke: Stroke,
  pen: number,
  gap: { readonly x: number; readonly y: number } | undefined,
): void {
  const path = stroke.kind === 'line' ? stroke.points : smooth(stroke.points);
  for (let i = 1; i < path.length; i++) {
    const [from, to] = [path[i - 1]!, path[i]!];
    const nearGap =
      gap !== undefined &&
      hypot((from[0] + to[0]) / 2 - gap.x * SIDE, (from[1] + to[1]) / 2 - gap.y * SIDE) < 3;
    if (!nearGap) drawSegment(ink, from, to, pen);
  }
}

/** Catmull-Rom spline through the points, as straight pieces. */
function smooth(points: readonly Point[]): readonly Point[] {
  const path: Point[] = [points[0]!];
  for (let i = 0; i + 1 < points.length; i++) {
    const [before, from, to] = [points[Math.max(0, i - 1)]!, points[i]!, points[i + 1]!];
    const after = points[Math.min(points.length - 1, i + 2)]!;
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      const at = (axis: 0 | 1): number =>
        0.5 *
        (2 * from[axis] +
          (to[axis] - before[axis]) * t +
          (2 * before[axis] - 5 * from[axis] + 4 * to[axis] - after[axis]) * t * t +
          (3 * from[axis] - before[axis] - 3 * to[axis] + after[axis]) * t * t * t);
      path.push([at(0), at(1)]);
    }
  }
  return path;
}

/** Inks the pixels whose centre is nearer to the segment than the pen's half width, with a soft edge one pixel wide. */
function drawSegment(ink: Float32Array, [x0, y0]: Point, [x1, y1]: Point, pen: number): void {
  const reach = pen + 1;
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const right = Math.min(SIDE - 1, Math.ceil(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const bottom = Math.min(SIDE - 1, Math.ceil(Math.max(y0, y1) + reach));
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
      const along = squared === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / squared));
      // Not Math.hypot, whose last digit depends on the engine, nor our own, which minds what overflows.
      const [across, below] = [px - along * dx, py - along * dy];
      const cover = Math.min(1, pen + 0.5 - Math.sqrt(across * across + below * below));
      const index = y * SIDE + x;
      if (cover > ink[index]!) ink[index] = cover;
    }
  }
}
