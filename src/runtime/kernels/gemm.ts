/**
 * Matrix product in generated WebAssembly SIMD, on the backend's memory and for operands with any strides, so that
 * transposed operands cost what plain ones cost. The layout is that of Goto and van de Geijn ("Anatomy of
 * High-Performance Matrix Multiplication", 2008): both operands are packed into tiles, and a small kernel keeps a tile
 * of the result in registers.
 */
import { invariant } from '../../../grammar/invariant.js';
import type { Tile } from './gemm-code.js';
import type { WasmModule } from './wasm-backend.js';
import type { WasmExports } from './webassembly.js';

/** `c = scale * a b`, or `c += scale * a b`. Addresses and strides in bytes; rows of `c` are contiguous. */
interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly a: number;
  readonly aRowStride: number;
  readonly aDepthStride: number;
  readonly b: number;
  readonly bDepthStride: number;
  readonly bColumnStride: number;
  readonly c: number;
  readonly cRowStride: number;
  readonly scale: number;
  readonly accumulate: boolean;
}

export interface Gemm {
  /** Of the vectors that its instructions work on. */
  readonly bits: 128 | 256;
  multiply(product: Product): void;
  /** Frees the packing buffers. */
  dispose(): void;
}

/** Block sizes in elements: a packed block of `a` (96 KiB) stays in the second-level cache, a panel of `b` in the first. */
const ROW_BLOCK = 96;
const DEPTH_BLOCK = 256;
const COLUMN_BLOCK = 512;

/** Prepares products on the memory of a backend; `code` has the functions for tiles of this size. */
export function createGemm(wasm: WasmModule, code: WasmExports, tile: Tile): Gemm {
  const { packRows, packColumns, multiplyTiles } = code;
  invariant(packRows && packColumns && multiplyTiles, 'the product module exports its functions');
  const packedA = wasm._malloc(ROW_BLOCK * DEPTH_BLOCK * 4);
  const packedB = wasm._malloc(COLUMN_BLOCK * DEPTH_BLOCK * 4);
  const edge = wasm._malloc(tile.rows * tile.columns * 4);
  return {
    bits: 128,
    multiply: (product) => {
      const { rows, columns, depth, a, aRowStride, aDepthStride, b, bDepthStride, bColumnStride } = product;
      for (let column = 0; column < columns; column += COLUMN_BLOCK) {
        const width = Math.min(COLUMN_BLOCK, columns - column);
        for (let from = 0; from < depth; from += DEPTH_BLOCK) {
          const length = Math.min(DEPTH_BLOCK, depth - from);
          const bBlock = b + column * bColumnStride + from * bDepthStride;
          packColumns(bBlock, packedB, width, length, bColumnStride, bDepthStride);
          const accumulate = product.accumulate || from > 0 ? 1 : 0;
          for (let row = 0; row < rows; row += ROW_BLOCK) {
            const height = Math.min(ROW_BLOCK, rows - row);
            const aBlock = a + row * aRowStride + from * aDepthStride;
            packRows(aBlock, packedA, height, length, aRowStride, aDepthStride);
            const c = product.c + row * product.cRowStride + column * 4;
            multiplyTiles(
              packedA,
              packedB,
              c,
              height,
              width,
              length,
              product.cRowStride,
              product.scale,
              accumulate,
              edge,
            );
          }
        }
      }
    },
    dispose: () => {
      for (const buffer of [packedA, packedB, edge]) wasm._free(buffer);
    },
  };
}
