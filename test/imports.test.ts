import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

/** Imports go one way: what each folder may import, of ours and of others. */
const LAYERS: Readonly<
  Record<string, { readonly ours: readonly string[]; readonly packages: readonly string[] }>
> = {
  grammar: { ours: ['grammar'], packages: ['chevrotain'] },
  compiler: { ours: ['compiler', 'grammar'], packages: [] },
  src: {
    ours: ['src', 'compiler', 'grammar'],
    packages: ['commander', 'node-sqlite3-wasm', 'picocolors', 'valibot', 'uvu'],
  },
};
/** Packages that only some files may import. */
const RESERVED: readonly { readonly package: RegExp; readonly within: RegExp }[] = [
  { package: /^@tensorflow\//, within: /^(?:src\/runtime|compiler\/emit\/library)\// },
  { package: /^webgpu$/, within: /^src\/runtime\// },
  { package: /^ts-morph$/, within: /^compiler\/emit\/tfjs\/typescript/ },
  { package: /^mathjs\b/, within: /^compiler\/exact\/decimal\// },
];

const root = fileURLToPath(new URL('..', import.meta.url));
const imports = suite('imports');

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** Every module that a file imports, for types or values, at the top or when called. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const pattern =
    /^\s*(?:import|export(?=\s+(?:type\s+)?[{*]))\b[^;'"`]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|import\('([^']+)'\)/gm;
  const targets = [...text.matchAll(pattern)].map((match) => (match[1] ?? match[2] ?? match[3])!);
  // A file inside a package is that package.
  return targets.map((target) => /\/node_modules\/([^/]+)\//.exec(target)?.[1] ?? target);
}

const files = Object.keys(LAYERS).flatMap(sources);

imports('finds the files and their imports', () => {
  assert.ok(files.length > 50, `${files.length} files`);
  assert.ok(files.flatMap(importsOf).length > 200);
});

for (const [layer, allowed] of Object.entries(LAYERS)) {
  imports(`${layer} imports only what it may`, () => {
    const wrong: string[] = [];
    for (const file of files.filter((path) => path.startsWith(`${layer}/`))) {
      for (const target of importsOf(file)) {
        if (target.startsWith('node:')) {
          if (layer !== 'src') wrong.push(`${file} imports ${target}`);
        } else if (target.startsWith('.')) {
          const folder = relative(root, resolve(root, dirname(file), target)).split('/')[0]!;
          if (!allowed.ours.includes(folder)) wrong.push(`${file} imports ${target}`);
        } else {
          const reserved = RESERVED.find((rule) => rule.package.test(target));
          const fine =
            reserved === undefined ? allowed.packages.includes(target) : reserved.within.test(file);
          if (!fine) wrong.push(`${file} imports ${target}`);
        }
      }
    }
    assert.equal(wrong, []);
  });
}

imports('has no cycles', () => {
  const targets = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter((target) => target.startsWith('.'))
        .map((target) => relative(root, resolve(root, dirname(file), target)).replace(/\.js$/, '.ts')),
    ]),
  );
  // Type-only cycles vanish when compiled; a cycle of values can leave one side undefined.
  const valueImports = (file: string): string[] => {
    const text = readFileSync(join(root, file), 'utf8');
    return targets.get(file)!.filter((target) => {
      const name = target.split('/').at(-1)!.replace(/\.ts$/, '.js');
      const escaped = name.replace(/[.]/g, '\\.');
      const statement = new RegExp(`^(?:import|export)\\b([^;]*?)from\\s+'[^']*/?${escaped}'`, 'gm');
      return [...text.matchAll(statement)].some((match) => !/^\s*type\b/.test(match[1]!));
    });
  };
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      return;
    }
    if (done.has(file) || !targets.has(file)) return;
    for (const target of valueImports(file)) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.equal(cycles, []);
});

imports('the library of emitted functions is text to everything but itself', () => {
  for (const file of files.filter((path) => !path.startsWith('compiler/emit/library/'))) {
    assert.not.ok(
      importsOf(file).some((target) => /(?:^|\/)library\//.test(target)),
      file,
    );
  }
});

imports('nothing but tests imports tests, and no random numbers come from the machine', () => {
  for (const file of files) {
    assert.not.ok(
      importsOf(file).some((target) => target.includes('/test/')),
      file,
    );
    assert.not.match(readFileSync(join(root, file), 'utf8'), /Math\.random\(/, file);
  }
});

/** Functions that each engine rounds as it likes, and powers but those of two. */
const ENGINE =
  /\bMath\.(?:pow|a?(?:sin|cos|tan)h?|atan2|exp|expm1|log|log1p|log2|log10|cbrt|hypot)\b|(?<!\b2) \*\* \S/;
/** Emitters write such functions as text; what they work out themselves stands in `${…}` or becomes a `numberText`. */
const IN_EMITTED_TEXT = new RegExp(`(?:\\$\\{|numberText\\()[^}\`]*(?:${ENGINE.source})`);

imports(
  'what is printed, hashed or stored does not hang on the last bit of the engine: compiler/elementary has the functions',
  () => {
    for (const file of files) {
      const emits = file.startsWith('compiler/emit/');
      for (const line of readFileSync(join(root, file), 'utf8').split('\n')) {
        if (/^\s*(?:\/?\*|\/\/)/.test(line)) continue;
        assert.not.match(line, emits ? IN_EMITTED_TEXT : ENGINE, `${file}: ${line}`);
      }
    }
  },
);

imports('every test file runs its suites', () => {
  const tests = sources('test').filter((file) => file.endsWith('.test.ts') && !file.includes('fixtures'));
  for (const file of tests) assert.match(readFileSync(join(root, file), 'utf8'), /\.run\(\)/, file);
});

imports.run();
