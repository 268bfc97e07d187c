/** Runs one test file of a scratch copy, ends at the first test that fails, and says how much of a processor it took. */
import { pathToFileURL } from 'node:url';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  console.log(`\nprocessor seconds: ${(userCPUTime + systemCPUTime) / 1e6}`);
});
Object.assign(globalThis, { UVU_DEFER: 1, UVU_QUEUE: [[null]], UVU_INDEX: 0 });
await import(pathToFileURL(process.argv[2]!).href);
const { exec } = await import('uvu');
await exec(true);
