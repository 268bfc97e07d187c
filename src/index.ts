/**
 * `lossc`: the compiler (`lossc/compiler`), with files and the standard library. Training and comparison are in `lossc/training`, search and
 * tuning in `lossc/evolve`. Everything that none of them exports may change between versions.
 *
 * @example
 * import { checkProgram, importResolver, loadProgram, lossesOf, readLossFile } from 'lossc';
 *
 * const program = loadProgram(readLossFile('std/focal'), importResolver('.'));
 * console.log(checkProgram(program).length); // 0
 * console.log(lossesOf(program)[0]!.name.name); // focal
 */

export { importResolver, readLossFile } from './api/files.js';
export * from './compiler.js';
export { RunError } from './errors.js';
export type { LoadData, UserData, UserExamples } from './runtime/data/user-data.js';
export { stdlibNames } from './stdlib.js';
