/** The instructions of the matrix product: packing, and the product of packed blocks. */
import {
  advance,
  type Code,
  f32Add,
  f32Load,
  f32Store,
  get,
  i32,
  i32Add,
  i32LessThan,
  i32Mul,
  i32Sub,
  loopSteps,
  loopWhile,
  set,
  splat,
  vAdd,
  vLoad,
  vLoadSplat,
  vMul,
  vStore,
  vZero,
  type WasmFunction,
  when,
} from './assembler.js';

/** The tile of the result that is kept in registers: 8 of the 15 vector registers that V8 gives out on x64. */
export const ROW_TILE = 4;
export const COLUMN_TILE = 8;

/**
 * Copies a strided block of `count` lines of `depth` numbers into tiles of `tile` lines, interleaved along the depth;
 * lines missing in the last tile are zeros. Parameters: source, destination, count, depth, line stride, depth stride.
 */
function packing(name: string, tile: number): WasmFunction {
  const [source, destination, count, depth, lineStride, depthStride] = [0, 1, 2, 3, 4, 5] as const;
  const [line, step, from, tileSource, inTile] = [6, 7, 8, 9, 10] as const;
  const lineAddress = (index: number): Code => i32Add(get(from), i32Mul(get(lineStride), i32(index)));
  const indices = Array.from({ length: tile }, (_, index) => index);
  const quads = Array.from({ length: tile / 4 }, (_, index) => 4 * index);
  const copyTile = (copyOne: Code): Code => [
    set(step, i32(0)),
    loopSteps(step, get(depth), 1, [
      copyOne,
      advance(from, get(depthStride)),
      advance(destination, i32(4 * tile)),
    ]),
  ];
  const contiguous = copyTile(
    quads.map((index) => vStore(get(destination), vLoad(get(from), 4 * index), 4 * index)),
  );
  const strided = copyTile(
    indices.map((index) => f32Store(get(destination), f32Load(lineAddress(index)), 4 * index)),
  );
  const partial = copyTile([
    quads.map((index) => vStore(get(destination), vZero, 4 * index)),
    set(inTile, i32(0)),
    loopWhile(i32LessThan(i32Add(get(line), get(inTile)), get(count)), [
      f32Store(
        i32Add(get(destination), i32Mul(get(inTile), i32(4))),
        f32Load(i32Add(get(from), i32Mul(get(inTile), get(lineStride)))),
      ),
      advance(inTile, i32(1)),
    ]),
  ]);
  return {
    name,
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', 'i32', 'i32', 'i32'],
    body: [
      set(tileSource, get(source)),
      loopSteps(line, get(count), tile, [
        set(from, get(tileSource)),
        when(i32Sub(get(lineStride), i32(4)), strided, contiguous),
        advance(tileSource, i32Mul(get(lineStride), i32(tile))),
      ]),
      when(i32LessThan(get(line), get(count)), [set(from, get(tileSource)), partial]),
    ],
  };
}

/**
 * `c = scale * a b` (or `+=`) for packed blocks. Parameters: packed a, packed b, c, rows, columns, depth, row stride of
 * c, scale, whether to add to c, and room for one tile, where tiles at the edges are computed before they are copied.
 */
function multiplyTiles(): WasmFunction {
  const [a, b, c, rows, columns, depth, cStride, scale, accumulate, edge] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const [row, column, step, aAt, bAt, out, tileStride, i, j, whole] = [
    10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
  ];
  const [left, right, one, factor] = [20, 21, 22, 23];
  const firstSum = 24;
  const sum = (r: number, half: number): number => firstSum + 2 * r + half;
  const tileRows = Array.from({ length: ROW_TILE }, (_, index) => index);
  const halves = [0, 1] as const;

  // Not unrolled: two steps in a row make V8 spill registers and cost a third of the speed (38 to 28 GFLOPS).
  const product: Code = [
    tileRows.flatMap((r) => halves.map((half) => set(sum(r, half), vZero))),
    set(step!, i32(0)),
    loopSteps(step!, get(depth!), 1, [
      set(left!, vLoad(get(bAt!))),
      set(right!, vLoad(get(bAt!), 16)),
      tileRows.map((r) => [
        set(one!, vLoadSplat(get(aAt!), 4 * r)),
        set(sum(r, 0), vAdd(get(sum(r, 0)), vMul(get(one!), get(left!)))),
        set(sum(r, 1), vAdd(get(sum(r, 1)), vMul(get(one!), get(right!)))),
      ]),
      advance(aAt!, i32(4 * ROW_TILE)),
      advance(bAt!, i32(4 * COLUMN_TILE)),
    ]),
  ];
  const outAt = (r: number): Code => i32Add(get(out!), i32Mul(get(tileStride!), i32(r)));
  const store = (add: boolean): Code =>
    tileRows.flatMap((r) =>
      halves.map((half) => {
        const value = vMul(get(factor!), get(sum(r, half)));
        return vStore(outAt(r), add ? vAdd(vLoad(outAt(r), 16 * half), value) : value, 16 * half);
      }),
    );
  /** Adds, or copies, the part of the edge tile that lies within c. */
  const copyEdge: Code = [
    set(i!, i32(0)),
    loopWhile(i32LessThan(get(i!), i32Sub(get(rows!), get(row!))), [
      set(j!, i32(0)),
      loopWhile(i32LessThan(get(j!), i32Sub(get(columns!), get(column!))), [
        set(
          out!,
          i32Add(
            i32Add(get(c!), i32Mul(i32Add(get(row!), get(i!)), get(cStride!))),
            i32Mul(i32Add(get(column!), get(j!)), i32(4)),
          ),
        ),
        set(aAt!, i32Add(get(edge!), i32Add(i32Mul(get(i!), i32(4 * COLUMN_TILE)), i32Mul(get(j!), i32(4))))),
        when(
          get(accumulate!),
          f32Store(get(out!), f32Add(f32Load(get(out!)), f32Load(get(aAt!)))),
          f32Store(get(out!), f32Load(get(aAt!))),
        ),
        advance(j!, i32(1)),
        // A tile's own extent: the loops end at whichever comes first.
        when(i32Sub(get(j!), i32(COLUMN_TILE)), [], [set(j!, get(columns!))]),
      ]),
      advance(i!, i32(1)),
      when(i32Sub(get(i!), i32(ROW_TILE)), [], [set(i!, get(rows!))]),
    ]),
  ];
  const tile: Code = [
    set(bAt!, i32Add(get(b!), i32Mul(i32Mul(get(column!), get(depth!)), i32(4)))),
    set(aAt!, i32Add(get(a!), i32Mul(i32Mul(get(row!), get(depth!)), i32(4)))),
    product,
    set(
      whole!,
      i32Mul(
        i32LessThan(i32Add(get(row!), i32(ROW_TILE - 1)), get(rows!)),
        i32LessThan(i32Add(get(column!), i32(COLUMN_TILE - 1)), get(columns!)),
      ),
    ),
    when(
      get(whole!),
      [
        set(out!, i32Add(i32Add(get(c!), i32Mul(get(row!), get(cStride!))), i32Mul(get(column!), i32(4)))),
        set(tileStride!, get(cStride!)),
        when(get(accumulate!), store(true), store(false)),
      ],
      [set(out!, get(edge!)), set(tileStride!, i32(4 * COLUMN_TILE)), store(false), copyEdge],
    ),
  ];
  return {
    name: 'multiplyTiles',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'i32', 'i32'],
    locals: [...new Array<'i32'>(10).fill('i32'), ...new Array<'v128'>(4 + 2 * ROW_TILE).fill('v128')],
    body: [
      set(factor!, splat(get(scale!))),
      loopWhile(i32LessThan(get(column!), get(columns!)), [
        set(row!, i32(0)),
        loopWhile(i32LessThan(get(row!), get(rows!)), [tile, advance(row!, i32(ROW_TILE))]),
        advance(column!, i32(COLUMN_TILE)),
      ]),
    ],
  };
}

export const GEMM_FUNCTIONS: readonly WasmFunction[] = [
  packing('packRows', ROW_TILE),
  packing('packColumns', COLUMN_TILE),
  multiplyTiles(),
];
