/** The instructions of the matrix product: packing, and the product of packed blocks. */
import { parametersOf, type WasmFunction, wasmFunction } from '../../../compiler/emit/wasm/assembler.js';
import {
  advance,
  type Code,
  f32Add,
  f32Load,
  f32Store,
  i32,
  i32Add,
  i32LessThan,
  i32Mul,
  i32Sub,
  type Local,
  loopSteps,
  loopWhile,
  set,
  splat,
  type Value,
  vAdd,
  vLoad,
  vLoadSplat,
  vMul,
  vStore,
  vZero,
  when,
} from '../../../compiler/emit/wasm/instructions.js';

/** The part of the result that is kept in registers while a product goes along the depth, and how many steps a turn of that loop makes. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly unrolled: number;
}

/**
 * 8 of the 15 vector registers that V8 gives out on x64. Not unrolled: two steps in a row make V8 spill registers and cost a third of the
 * speed (38 to 28 GFLOPS).
 */
export const NARROW: Tile = { rows: 4, columns: 8, unrolled: 1 };

/** 16 vectors of 128 bits, which are 8 where V8 makes one instruction of 256 bits of two; without that they are spilled. */
export const WIDE: Tile = { rows: 4, columns: 16, unrolled: 2 };

const indices = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/**
 * Copies a strided block of `count` lines of `depth` numbers into tiles of `tile` lines, interleaved along the depth;
 * lines missing in the last tile are zeros.
 */
const packing = (name: string, tile: number): WasmFunction =>
  wasmFunction(
    name,
    parametersOf('i32', 'source', 'destination', 'count', 'depth', 'lineStride', 'depthStride'),
    ({ source, destination, count, depth, lineStride, depthStride }, declare) => {
      const { line, step, from, tileSource, inTile } = declare(
        'i32',
        'line',
        'step',
        'from',
        'tileSource',
        'inTile',
      );
      const lineAddress = (index: number): Value<'i32'> => i32Add(from, i32Mul(lineStride, i32(index)));
      const quads = indices(tile / 4).map((index) => 4 * index);
      const copyTile = (copyOne: Code): Code => [
        set(step, i32(0)),
        loopSteps(step, depth, 1, [copyOne, advance(from, depthStride), advance(destination, i32(4 * tile))]),
      ];
      const contiguous = copyTile(
        quads.map((index) => vStore(destination, vLoad(from, 4 * index), 4 * index)),
      );
      const strided = copyTile(
        indices(tile).map((index) => f32Store(destination, f32Load(lineAddress(index)), 4 * index)),
      );
      const partial = copyTile([
        quads.map((index) => vStore(destination, vZero, 4 * index)),
        set(inTile, i32(0)),
        loopWhile(i32LessThan(i32Add(line, inTile), count), [
          f32Store(
            i32Add(destination, i32Mul(inTile, i32(4))),
            f32Load(i32Add(from, i32Mul(inTile, lineStride))),
          ),
          advance(inTile, i32(1)),
        ]),
      ]);
      return [
        set(tileSource, source),
        loopSteps(line, count, tile, [
          set(from, tileSource),
          when(i32Sub(lineStride, i32(4)), strided, contiguous),
          advance(tileSource, i32Mul(lineStride, i32(tile))),
        ]),
        when(i32LessThan(line, count), [set(from, tileSource), partial]),
      ];
    },
  );

/** Numbers of a vector. */
const LANES = 4;

/**
 * `c = scale * a b` (or `+=`) for packed blocks `a` and `b`. `cStride` is the row stride of c, `accumulate` whether to add to c,
 * `edge` room for one tile, where tiles at the edges are computed before they are copied. Each number of c is summed in the order of the
 * depth, whatever the tile: all tiles give the same bits.
 */
const multiplyTiles = ({ rows: rowTile, columns: columnTile, unrolled }: Tile): WasmFunction =>
  wasmFunction(
    'multiplyTiles',
    {
      ...parametersOf('i32', 'a', 'b', 'c', 'rows', 'columns', 'depth', 'cStride'),
      ...parametersOf('f32', 'scale'),
      ...parametersOf('i32', 'accumulate', 'edge'),
    },
    ({ a, b, c, rows, columns, depth, cStride, scale, accumulate, edge }, declare) => {
      const { row, column, step, aAt, bAt, out } = declare(
        'i32',
        'row',
        'column',
        'step',
        'aAt',
        'bAt',
        'out',
      );
      const { tileStride, i, j, whole } = declare('i32', 'tileStride', 'i', 'j', 'whole');
      const { one, factor } = declare('v128', 'one', 'factor');
      const vectors = indices(columnTile / LANES);
      const local = (name: string): Local<'v128'> => declare('v128', name)[name]!;
      const operands = vectors.map((k) => local(`b${k}`));
      /** The vectors of each row of the tile. */
      const sums = indices(rowTile).map((r) => vectors.map((k) => local(`sum${r}.${k}`)));

      const stepAt = (at: number): Code => [
        operands.map((operand, k) => set(operand, vLoad(bAt, 4 * (at * columnTile + LANES * k)))),
        sums.map((own, r) => [
          set(one, vLoadSplat(aAt, 4 * (at * rowTile + r))),
          own.map((sum, k) => set(sum, vAdd(sum, vMul(one, operands[k]!)))),
        ]),
      ];
      const steps = (count: number): Code =>
        loopSteps(step, depth, count, [
          indices(count).map(stepAt),
          advance(aAt, i32(4 * rowTile * count)),
          advance(bAt, i32(4 * columnTile * count)),
        ]);
      const product: Code = [
        sums.flatMap((own) => own.map((sum) => set(sum, vZero))),
        set(step, i32(0)),
        unrolled > 1 ? steps(unrolled) : [],
        steps(1),
      ];
      // The address of a row is one local: V8 sees only so that its vectors are neighbours.
      const store = (add: boolean): Code =>
        sums.map((own) => [
          own.map((sum, k) => {
            const value = vMul(factor, sum);
            return vStore(out, add ? vAdd(vLoad(out, 4 * LANES * k), value) : value, 4 * LANES * k);
          }),
          advance(out, tileStride),
        ]);
      /** Adds, or copies, the part of the edge tile that lies within c. */
      const copyEdge: Code = [
        set(i, i32(0)),
        loopWhile(i32LessThan(i, i32Sub(rows, row)), [
          set(j, i32(0)),
          loopWhile(i32LessThan(j, i32Sub(columns, column)), [
            set(out, i32Add(i32Add(c, i32Mul(i32Add(row, i), cStride)), i32Mul(i32Add(column, j), i32(4)))),
            set(aAt, i32Add(edge, i32Add(i32Mul(i, i32(4 * columnTile)), i32Mul(j, i32(4))))),
            when(accumulate, f32Store(out, f32Add(f32Load(out), f32Load(aAt))), f32Store(out, f32Load(aAt))),
            advance(j, i32(1)),
            // A tile's own extent: the loops end at whichever comes first.
            when(i32Sub(j, i32(columnTile)), [], [set(j, columns)]),
          ]),
          advance(i, i32(1)),
          when(i32Sub(i, i32(rowTile)), [], [set(i, rows)]),
        ]),
      ];
      const tile: Code = [
        set(bAt, i32Add(b, i32Mul(i32Mul(column, depth), i32(4)))),
        set(aAt, i32Add(a, i32Mul(i32Mul(row, depth), i32(4)))),
        product,
        set(
          whole,
          i32Mul(
            i32LessThan(i32Add(row, i32(rowTile - 1)), rows),
            i32LessThan(i32Add(column, i32(columnTile - 1)), columns),
          ),
        ),
        when(
          whole,
          [
            set(out, i32Add(i32Add(c, i32Mul(row, cStride)), i32Mul(column, i32(4)))),
            set(tileStride, cStride),
            when(accumulate, store(true), store(false)),
          ],
          [set(out, edge), set(tileStride, i32(4 * columnTile)), store(false), copyEdge],
        ),
      ];
      return [
        set(factor, splat(scale)),
        loopWhile(i32LessThan(column, columns), [
          set(row, i32(0)),
          loopWhile(i32LessThan(row, rows), [tile, advance(row, i32(rowTile))]),
          advance(column, i32(columnTile)),
        ]),
      ];
    },
  );

/** The functions of a product with tiles of this size. */
export const gemmFunctions = (tile: Tile): readonly WasmFunction[] => [
  packing('packRows', tile.rows),
  packing('packColumns', tile.columns),
  multiplyTiles(tile),
];
