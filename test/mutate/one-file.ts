/** Runs one test file of a scratch copy and ends at the first test that fails. */
import { pathToFileURL } from 'node:url';

Object.assign(globalThis, { UVU_DEFER: 1, UVU_QUEUE: [[null]], UVU_INDEX: 0 });
await import(pathToFileURL(process.argv[2]!).href);
const { exec } = await import('uvu');
await exec(true);
