import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eigenSymmetric } from '../../../src/evolve/cmaes/eigen.js';
import { createRandom } from '../../../src/random.js';
import { assertClose } from '../../helpers/close.js';

const eigen = suite('eigenvalues of a symmetric matrix');

function randomSymmetric(n: number, seed: string): number[] {
  const random = createRandom(seed);
  const matrix = Array<number>(n * n).fill(0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      matrix[i * n + j] = random.normal();
      matrix[j * n + i] = matrix[i * n + j]!;
    }
  }
  return matrix;
}

for (const n of [1, 2, 3, 8, 20]) {
  eigen(`V D V' gives the matrix back and V is orthogonal, n = ${n}`, () => {
    const matrix = randomSymmetric(n, `eigen ${n}`);
    const { values, vectors } = eigenSymmetric(matrix, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let product = 0;
        let dot = 0;
        for (let k = 0; k < n; k++) {
          product += vectors[i * n + k]! * values[k]! * vectors[j * n + k]!;
          dot += vectors[k * n + i]! * vectors[k * n + j]!;
        }
        assertClose(product, matrix[i * n + j]!, 1e-12);
        assertClose(dot, i === j ? 1 : 0, 1e-12);
      }
    }
  });
}

eigen('small eigenvalues beside large ones keep their digits', () => {
  // Rotating diag(1, 1e12) by 30 degrees.
  const c = Math.cos(Math.PI / 6);
  const s = Math.sin(Math.PI / 6);
  const large = 1e6;
  const { values } = eigenSymmetric(
    [c * c + large * s * s, c * s * (1 - large), c * s * (1 - large), s * s + large * c * c],
    2,
  );
  assertClose(
    [...values].sort((a, b) => a - b),
    [1, large],
    1e-9,
  );
});

eigen('the argument is not changed', () => {
  const matrix = [2, 1, 1, 2];
  eigenSymmetric(matrix, 2);
  assert.equal(matrix, [2, 1, 1, 2]);
});

eigen.run();
