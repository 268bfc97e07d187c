/** Runs a fake search in the folder given as argument, to be killed at any moment. */
import { fakeRun } from './fake-run.js';

console.log('ready');
const result = await fakeRun(process.argv[2]!, Number(process.argv[3] ?? 3));
console.log(`finished ${result.stopped}`);
