/**
 * Revision of our trainer, for the record of a run: raised when the same training gives other bits. With 2 losses are worked out in
 * float32 on wasm, by kernels (`simd-loss.ts`).
 */
export const TRAINER_REVISION = '2';
