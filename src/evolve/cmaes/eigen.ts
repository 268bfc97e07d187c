/**
 * Eigenvalues and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, section 8.5):
 * short, and accurate to rounding even for the small eigenvalues of ill-conditioned matrices.
 */
import { hypot } from '../../../compiler/elementary/hyperbolic.js';
export interface Eigen {
  /** Eigenvalues, in no order. */
  readonly values: Float64Array;
  /** Row-major `[n, n]`; column j belongs to `values[j]`. */
  readonly vectors: Float64Array;
}

/** Sweeps after which convergence is given up; 6 to 10 are usual, and every sweep converges quadratically. */
const MAX_SWEEPS = 60;

/** `matrix` is row-major `[n, n]` and symmetric; it is not changed. */
export function eigenSymmetric(matrix: ArrayLike<number>, n: number): Eigen {
  const a = Float64Array.from(matrix);
  const vectors = identity(n);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let changed = false;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) changed = annihilate(a, vectors, n, p, q) || changed;
    }
    if (!changed) break;
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), vectors };
}

/** The identity matrix, row-major. */
export function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

/** Rotates rows and columns p and q so that entry (p, q) becomes 0. False when it is 0 to rounding already. */
function annihilate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): boolean {
  const off = a[p * n + q]!;
  const app = a[p * n + p]!;
  const aqq = a[q * n + q]!;
  if (Math.abs(off) <= Number.EPSILON * Math.sqrt(Math.abs(app * aqq)) * 0.5 || off === 0) {
    a[p * n + q] = 0;
    a[q * n + p] = 0;
    return false;
  }
  const theta = (aqq - app) / (2 * off);
  const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + hypot(theta, 1));
  const cosine = 1 / hypot(tangent, 1);
  const sine = tangent * cosine;
  for (let k = 0; k < n; k++) rotate(a, k * n + p, k * n + q, cosine, sine);
  for (let k = 0; k < n; k++) rotate(a, p * n + k, q * n + k, cosine, sine);
  for (let k = 0; k < n; k++) rotate(vectors, k * n + p, k * n + q, cosine, sine);
  a[p * n + q] = 0;
  a[q * n + p] = 0;
  return true;
}

function rotate(a: Float64Array, i: number, j: number, cosine: number, sine: number): void {
  const x = a[i]!;
  const y = a[j]!;
  a[i] = cosine * x - sine * y;
  a[j] = sine * x + cosine * y;
}
