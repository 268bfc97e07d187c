/** Runs a fake search in the folder given as argument, to be killed at any moment. */
import { fakeRun } from './fake-run.js';

console.log('ready');
const [directory, milliseconds = '3', lag = '0'] = process.argv.slice(2);
const result = await fakeRun(directory!, Number(milliseconds), undefined, undefined, Number(lag));
console.log(`finished ${result.stopped}`);
