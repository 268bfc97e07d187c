import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { importsOf, oursOf, sources, textOf } from './helpers/imports.js';
import { ROOMS, STRANGERS } from './rooms.js';

/** Imports go one way: what each folder may import, of ours and of others. */
const LAYERS: Readonly<
  Record<string, { readonly ours: readonly string[]; readonly packages: readonly string[] }>
> = {
  grammar: { ours: ['grammar'], packages: ['chevrotain'] },
  compiler: { ours: ['compiler', 'grammar'], packages: [] },
  src: {
    ours: ['src', 'compiler', 'grammar'],
    packages: ['commander', 'valibot'],
  },
};
/** Packages that only some files may import. */
const RESERVED: readonly { readonly package: RegExp; readonly within: RegExp }[] = [
  {
    package: /^@tensorflow\//,
    within: /^(?:src\/runtime\/|compiler\/emit\/library\/|src\/api\/loss-function\.ts$)/,
  },
  { package: /^node-sqlite3-wasm$/, within: /^src\/evolve\/store\// },
  { package: /^(?:bullmq|ioredis)$/, within: /^src\/evolve\/executors\/queue\/redis-/ },
  { package: /^webgpu$/, within: /^src\/runtime\// },
  { package: /^onnxruntime-node$/, within: /^src\/runtime\/backends\/onnx/ },
  { package: /^tinyglobby$/, within: /^src\/commands\/loss-files\.ts$/ },
  { package: /^ts-morph$/, within: /^compiler\/emit\/tfjs\/typescript/ },
  { package: /^@bufbuild\/protobuf/, within: /^(?:compiler\/emit\/onnx|src\/tensorboard)\// },
  { package: /^vscode-languageserver/, within: /^src\/language-server\// },
  { package: /^vscode(?:-languageclient)?\b(?!-)/, within: /^src\/vscode\// },
  { package: /^(?:@codemirror|@lezer)\//, within: /^src\/playground\/page\/editor\// },
  { package: /^katex$/, within: /^src\/playground\/page\/panels\/latex\.ts$/ },
  // Exact digits are its numbers, and formulas written for it are read by its own parser.
  { package: /^mathjs\b/, within: /^(?:compiler\/exact\/decimal|src\/import\/mathjs)\// },
];

const imports = suite('imports');

const files = Object.keys(LAYERS).flatMap(sources);

imports('finds the files and their imports', () => {
  assert.ok(files.length > 50, `${files.length} files`);
  assert.ok(files.flatMap(importsOf).length > 200);
});

for (const [layer, allowed] of Object.entries(LAYERS)) {
  imports(`${layer} imports only what it may`, () => {
    const wrong: string[] = [];
    for (const file of files.filter((path) => path.startsWith(`${layer}/`))) {
      for (const target of oursOf(file))
        if (!allowed.ours.includes(target.split('/')[0]!)) wrong.push(`${file} imports ${target}`);
      for (const target of importsOf(file)) {
        if (target.startsWith('node:')) {
          if (layer !== 'src') wrong.push(`${file} imports ${target}`);
        } else if (target.startsWith('.')) {
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

/** The room of a folder that a file is in: a folder in it, or the file itself. */
const roomOf = (folder: string, file: string): string => file.slice(folder.length + 1).split('/')[0]!;

for (const [folder, rooms] of Object.entries(ROOMS)) {
  imports(`the rooms of ${folder}/ import those before them in the table of test/rooms.ts`, () => {
    const inside = files.filter((file) => file.startsWith(`${folder}/`));
    const found = [...new Set(inside.map((file) => roomOf(folder, file)))].sort();
    assert.equal(found, [...rooms].sort(), `the rooms of ${folder}/ are not those of the table`);
    const wrong: string[] = [];
    for (const file of inside) {
      const mine = rooms.indexOf(roomOf(folder, file));
      for (const target of oursOf(file)) {
        if (!target.startsWith(`${folder}/`)) continue;
        if (rooms.indexOf(roomOf(folder, target)) > mine) wrong.push(`${file} imports ${target}`);
      }
    }
    assert.equal(wrong, []);
  });
}

for (const [folder, allowed] of Object.entries(STRANGERS)) {
  imports(`${folder}/ imports nothing of ours but ${allowed.join(', ')}`, () => {
    for (const file of files.filter((one) => one.startsWith(`${folder}/`)))
      for (const target of oursOf(file))
        assert.ok(target.startsWith(`${folder}/`) || allowed.includes(target), `${file} imports ${target}`);
  });
}

imports('has no circles, of types neither', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (path.includes(file) || done.has(file)) return;
    for (const target of oursOf(file)) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.equal(circles, []);
});

/** What only some files may do, whatever they import. */
const POWERS: readonly {
  readonly what: string;
  readonly text: RegExp;
  readonly within: RegExp;
}[] = [
  { what: 'write to the console', text: /\bconsole\s*\./, within: /^$/ },
  {
    what: 'run text as code',
    text: /\bnew Function\(|\beval\(/,
    within: /^src\/runtime\/load(?:-fused)?\.ts$/,
  },
  { what: 'ask the process', text: /\bprocess\s*\./, within: /^src\// },
  {
    what: 'end the process',
    text: /\bprocess\.exit\(/,
    within: /^src\/(?:cli\.ts|commands\/|evolve\/executors\/pool\/worker\.ts)/,
  },
];

const codeOf = (file: string): string[] =>
  textOf(file)
    .split('\n')
    .filter((line) => !/^\s*(?:\/?\*|\/\/)/.test(line));

for (const { what, text, within } of POWERS) {
  imports(`only who may ${what} does`, () => {
    for (const file of files.filter((one) => !within.test(one)))
      for (const line of codeOf(file)) assert.not.match(line, text, `${file}: ${line}`);
  });
}

imports('nothing but tests imports tests, and no random numbers come from the machine', () => {
  for (const file of files) {
    assert.not.ok(
      importsOf(file).some((target) => target.includes('/test/')),
      file,
    );
    assert.not.match(textOf(file), /Math\.random\(/, file);
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
      for (const line of textOf(file).split('\n')) {
        if (/^\s*(?:\/?\*|\/\/)/.test(line)) continue;
        assert.not.match(line, emits ? IN_EMITTED_TEXT : ENGINE, `${file}: ${line}`);
      }
    }
  },
);

imports('no file is longer than 400 lines, but for tables of texts that are made', () => {
  for (const file of files.filter((path) => !path.endsWith('-texts.ts'))) {
    const lines = textOf(file).split('\n').length - 1;
    assert.ok(lines <= 400, `${file} has ${lines} lines`);
  }
});

imports('every test file runs its suites', () => {
  const tests = sources('test').filter((file) => file.endsWith('.test.ts') && !file.includes('fixtures'));
  for (const file of tests) assert.match(textOf(file), /\.run\(\)/, file);
});

imports.run();
