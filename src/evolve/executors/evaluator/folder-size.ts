import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Files that are counted: a folder with more is not walked to its end. */
const MOST_FILES = 10_000;

/** Bytes of the files in a folder and below; what is gone in the meantime counts as nothing. */
export function folderSize(folder: string): number {
  let bytes = 0;
  let files = 0;
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined && files < MOST_FILES; next = waiting.pop()) {
    try {
      for (const entry of readdirSync(next, { withFileTypes: true })) {
        const path = join(next, entry.name);
        if (entry.isDirectory()) waiting.push(path);
        else bytes += lstatSync(path).size;
        files++;
      }
    } catch {
      // Whoever works in it may have removed it.
    }
  }
  return bytes;
}
