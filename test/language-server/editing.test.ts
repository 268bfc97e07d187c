import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type CodeAction,
  CodeActionRequest,
  CodeLensRequest,
  type CompletionItem,
  CompletionRequest,
  DidOpenTextDocumentNotification,
  DocumentSymbolRequest,
  ExecuteCommandRequest,
  type InitializeResult,
  PrepareRenameRequest,
  type Range,
  ReferencesRequest,
  RenameRequest,
  SemanticTokensRequest,
  ShowMessageNotification,
  SignatureHelpRequest,
  type TextEdit,
} from 'vscode-languageserver-protocol/node';
import { Client, positionIn } from './client.js';

const editing = suite('language server, writing');

const LIBRARY =
  'fn twice(x) =\n  2 * x\n\nloss power(target: real, prediction: real; p = 2) =\n  abs(prediction - target)^p\n';
const USER = `import { power, twice } from "./library.loss"

loss both(target: real, prediction: real) =
  twice(power(target, prediction, p = 3)) + power(target, prediction)

test both { target = [0], prediction = [1], value ~ 3 }
`;

let client: Client;
let capabilities: InitializeResult['capabilities'];
editing.before(async () => {
  client = new Client({ 'library.loss': LIBRARY, 'user.loss': USER });
  ({ capabilities } = await client.initialize());
});
editing.after(async () => {
  assert.is(await client.close(), 0);
  assert.is(client.stderr, '');
});

/** Opens a text with a cursor in it, `|`. */
async function cursor(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const uri = await client.text(text);
  return { textDocument: { uri }, position: positionIn(text, offset) };
}

const HEAD = 'loss mine(target: onehot[class], prediction: probability[class]; gamma = 2) =\n';
const FOCAL = `import { focal } from "std/focal"\n\n${HEAD}`;

/** What is offered first, in its order; what else is; and what is not. */
interface Offer {
  readonly first?: readonly string[];
  readonly has?: readonly string[];
  readonly lacks?: readonly string[];
}
const OFFERS: readonly (readonly [marked: string, offer: Offer])[] = [
  ['|', { first: ['fn', 'import', 'loss', 'sketch', 'test'] }],
  ['loss |', { first: [] }],
  ['loss a(|', { first: ['prediction', 'target', 'data'] }],
  [
    'loss a(target: onehot[class], prediction: pro|',
    { has: ['probability', 'between'], lacks: ['sum', 'class'] },
  ],
  ['loss a(target: onehot[class], prediction: probability[|', { first: ['class'] }],
  [
    `${HEAD}  |`,
    { first: ['gamma', 'prediction', 'target'], has: ['let', 'softmax', 'focal', 'pi'], lacks: ['mine'] },
  ],
  [`${HEAD}  let wrong = 1 - prediction\n  let |`, { first: [] }],
  [`${HEAD}  let wrong = 1 - prediction\n  wr|`, { first: ['gamma', 'prediction', 'target', 'wrong'] }],
  [`${HEAD}  let wrong = 1 - prediction\n  sum(wrong, |`, { first: ['class', 'batch'] }],
  [`${HEAD}  softmax(rename(prediction, class, other), |`, { first: ['class', 'other', 'batch'] }],
  [`${FOCAL}  focal(target, prediction, |)`, { first: ['alpha =', 'gamma ='] }],
  [`${FOCAL}  focal(target, |`, { lacks: ['alpha ='] }],
  [`fn twice(x) = |`, { first: ['x'], lacks: ['twice', 'target'] }],
  ['import { | } from "std/math"', { has: ['cosine', 'dot'], lacks: ['focal'] }],
  ['import { focal } from "|', { first: ['./library.loss', './user.loss'], has: ['std/focal'] }],
  ['import { focal } from "std/f|"', { has: ['std/focal', 'std/math'] }],
  [`${HEAD}  -sum(target * log(prediction), class)\n\ntest |`, { first: ['mine'] }],
  [
    `${HEAD}  -sum(target * log(prediction), class)\n\ntest mine {\n  |\n}`,
    { first: ['gamma', 'prediction', 'target', 'gradient', 'value'] },
  ],
  [
    'sketch glo(target: real, prediction: real; a = 1) =\n  ? with operators |',
    { has: ['square', 'max'], lacks: ['sum', 'target'] },
  ],
  [
    'sketch glo(target: real, prediction: real; a = 1) =\n  ? with operators + leaves |',
    { first: ['a', 'prediction', 'target'], has: ['real'], lacks: ['sum', 'onehot'] },
  ],
  [`${HEAD}  // t|`, { first: [] }],
];
const offered = async (marked: string): Promise<readonly CompletionItem[]> => {
  const found = await client.connection.sendRequest(CompletionRequest.type, await cursor(marked));
  return (found as CompletionItem[]).toSorted((a, b) => (a.sortText! < b.sortText! ? -1 : 1));
};
for (const [marked, { first = [], has = [], lacks = [] }] of OFFERS)
  editing(`offers at ${marked.replaceAll('\n', ' ')}`, async () => {
    const labels = (await offered(marked)).map(({ label }) => label);
    assert.equal(labels.slice(0, first.length), first);
    if (first.length === 0 && has.length + lacks.length === 0) assert.equal(labels, []);
    for (const one of has) assert.ok(labels.includes(one), `${one} is not among ${labels.join()}`);
    for (const one of lacks) assert.not.ok(labels.includes(one), one);
    assert.is(new Set(labels).size, labels.length);
  });

editing('replaces the word at the cursor, and imports what is not there', async () => {
  const items = await offered(`import { bce } from "std/bce"\n\n${HEAD}  fo|`);
  const item = items.find(({ label }) => label === 'focal')!;
  assert.is(item.detail, 'loss of std/focal');
  const uri = client.uri('mine.loss');
  const edits = [item.textEdit as TextEdit, ...item.additionalTextEdits!];
  assert.is(
    client.edited(uri, edits),
    `import { bce } from "std/bce"\nimport { focal } from "std/focal"\n\n${HEAD}  focal`,
  );
});

const SIGNATURES: readonly (readonly [marked: string, label: string, active: string])[] = [
  [`${HEAD}  clip(target, 0, |`, 'clip(x, low, high)', 'high'],
  [`${HEAD}  sum(log(target), class, |`, 'sum(e, axis)', 'axis'],
  [`${HEAD}  sum(log(|target), class)`, 'log(x)', 'x'],
  [`${HEAD}  max(|`, 'max(x, y)', 'x'],
  [
    `${FOCAL}  focal(target, |`,
    'focal(target: onehot[..., class], prediction: probability[..., class]; gamma: nonnegative = 2, alpha: unit[class] = 0.25)',
    'prediction: probability[..., class]',
  ],
  [
    `${FOCAL}  focal(target, prediction, alpha = |`,
    'focal(target: onehot[..., class], prediction: probability[..., class]; gamma: nonnegative = 2, alpha: unit[class] = 0.25)',
    'alpha: unit[class] = 0.25',
  ],
  [`fn twice(x) =\n  2 * x\n\n${HEAD}  twice(|`, 'twice(x)', 'x'],
];
for (const [marked, label, active] of SIGNATURES)
  editing(`shows the parameters at ${marked.split('\n').at(-1)}`, async () => {
    const help = await client.connection.sendRequest(SignatureHelpRequest.type, await cursor(marked));
    const [signature] = help!.signatures;
    assert.is(signature!.label, label);
    const [start, end] = signature!.parameters![help!.activeParameter as number]!.label as [number, number];
    assert.is(label.slice(start, end), active);
  });

editing('shows no parameters outside of calls', async () => {
  for (const marked of [`${HEAD}  target + |`, 'loss a(|', `${HEAD}  (target + |`, `${HEAD}  nothing(|`])
    assert.is(await client.connection.sendRequest(SignatureHelpRequest.type, await cursor(marked)), null);
});

const short = (uri: string, { start }: Range): string =>
  `${uri.split('/').at(-1)}:${start.line}:${start.character}`;

editing('finds uses in all files of the workspace, open or not', async () => {
  const uri = await client.open('library.loss');
  const uses = async (part: string, includeDeclaration: boolean, n = 1) => {
    const found = await client.connection.sendRequest(ReferencesRequest.type, {
      ...client.at(uri, part, n),
      context: { includeDeclaration },
    });
    return (found ?? []).map((one) => short(one.uri, one.range)).join(' ');
  };
  assert.is(await uses('twice', true), 'library.loss:0:3 user.loss:0:16 user.loss:3:2');
  assert.is(await uses('twice', false), 'user.loss:0:16 user.loss:3:2');
  assert.is(await uses('p =', true), 'library.loss:3:43 library.loss:4:27 user.loss:3:34');
  assert.is(await uses('x)', true), 'library.loss:0:9 library.loss:1:6');
  assert.is(await uses('abs', true), 'library.loss:4:2');
  const user = await client.open('user.loss');
  const found = await client.connection.sendRequest(ReferencesRequest.type, {
    ...client.at(user, 'twice'),
    context: { includeDeclaration: true },
  });
  assert.equal(
    found!.map((one) => short(one.uri, one.range)),
    ['user.loss:0:16', 'user.loss:3:2', 'library.loss:0:3'],
  );
});

editing('finds uses once each in a document that is in no file', async () => {
  const uri = 'untitled:Untitled-1';
  const text =
    'fn twice(x) = 2 * x\nloss mine(target: real, prediction: real) = twice(target - prediction)^2\n';
  await client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: 'loss', version: 1, text },
  });
  const found = await client.connection.sendRequest(ReferencesRequest.type, {
    textDocument: { uri },
    position: { line: 0, character: 4 },
    context: { includeDeclaration: true },
  });
  assert.equal(
    found!.map(({ range }) => [range.start.line, range.start.character]),
    [
      [0, 3],
      [1, 44],
    ],
  );
});

/** What a renaming makes of the files, or why there is none. */
async function renamed(uri: string, part: string, newName: string): Promise<string | Record<string, string>> {
  try {
    const edit = await client.connection.sendRequest(RenameRequest.type, {
      ...client.at(uri, part),
      newName,
    });
    return Object.fromEntries(
      Object.entries(edit!.changes!).map(([where, edits]) => [
        where.split('/').at(-1)!,
        client.edited(where, edits),
      ]),
    );
  } catch (error) {
    return (error as Error).message;
  }
}

editing('renames in all files, and says why where it cannot', async () => {
  const library = await client.open('library.loss');
  const user = await client.open('user.loss');
  await client.diagnostics(user);
  assert.equal(await renamed(library, 'power', 'norm'), {
    'library.loss': LIBRARY.replace('power', 'norm'),
    'user.loss': USER.replaceAll('power', 'norm'),
  });
  assert.equal(await renamed(user, 'p = 3', 'q'), {
    'library.loss': LIBRARY.replace('p = 2', 'q = 2').replace('^p', '^q'),
    'user.loss': USER.replace('p = 3', 'q = 3'),
  });
  assert.equal(await renamed(library, 'x)', 'value'), {
    'library.loss': LIBRARY.replace('(x)', '(value)').replace('* x', '* value'),
  });
  assert.match(
    (await renamed(library, 'power', 'twice')) as string,
    '"twice" is already the name of a function',
  );
  assert.match((await renamed(library, 'power', 'both')) as string, '"both" is already');
  assert.is(await renamed(library, 'power', 'let'), '"let" is a reserved word');
  assert.is(
    await renamed(library, 'power', 'a b'),
    '"a b" is not a valid name: names are made of letters, digits and _',
  );
  assert.is(await renamed(library, 'abs', 'size'), '"abs" is a function of the language');
  const uri = await client.text(`${FOCAL}  focal(target, prediction) * pi + gamma\n`);
  assert.is(await renamed(uri, 'focal(', 'mine2'), '"focal" belongs to the standard library');
  assert.is(await renamed(uri, 'gamma', 'pi'), '"pi" already means something else in mine.loss');
  const place = await client.connection.sendRequest(PrepareRenameRequest.type, client.at(uri, 'gamma', 2));
  assert.is((place as { placeholder: string }).placeholder, 'gamma');
  await client.edit(uri, client.textOf(uri).indexOf(' * pi'), 1, ' * (');
  assert.match((await renamed(uri, 'gamma', 'g')) as string, 'the text has syntax errors');
});

editing('lists declarations, those that cannot be read included', async () => {
  const uri = await client.text(
    `${HEAD}  let a = 1\n  a +\n\nfn twice(x) =\n  let y = x\n  y + x\n\ntest mine { target = [0] }\n`,
  );
  const found = await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
  const listed = (found as { name: string; detail: string; children?: { name: string }[] }[]).map(
    ({ name, detail, children = [] }) => `${detail} ${name} ${children.map((one) => one.name).join()}`.trim(),
  );
  assert.equal(listed, ['loss mine', 'fn twice y', 'test mine']);
});

editing('colours names by what they stand for', async () => {
  const { legend } = capabilities.semanticTokensProvider!;
  const text = `/// Doc.\n${HEAD}  let a = pi\n  sum(a * gamma, class) // end\n`;
  const uri = await client.text(text);
  const found = await client.connection.sendRequest(SemanticTokensRequest.type, { textDocument: { uri } });
  const lines = text.split('\n');
  const seen: string[] = [];
  let [line, start] = [0, 0];
  for (let i = 0; i < found!.data.length; i += 5) {
    const [down, right, length, type, bits] = found!.data.slice(i, i + 5) as [
      number,
      number,
      number,
      number,
      number,
    ];
    start = down === 0 ? start + right : right;
    line += down;
    const modifiers = legend.tokenModifiers.filter((_, bit) => (bits & (1 << bit)) !== 0);
    seen.push([lines[line]!.slice(start, start + length), legend.tokenTypes[type], ...modifiers].join(' '));
  }
  assert.equal(seen.slice(0, 5), [
    '/// Doc. comment documentation',
    'loss keyword',
    'mine function declaration',
    'target parameter declaration',
    'onehot type defaultLibrary',
  ]);
  for (const one of [
    'class typeParameter declaration',
    'gamma property declaration',
    'a variable declaration readonly',
    'pi variable defaultLibrary readonly',
    'sum function defaultLibrary',
    '* operator',
    'gamma property',
    '// end comment',
  ])
    assert.ok(seen.includes(one), `${one} is not among ${seen.join(', ')}`);
});

/** A text with a mistake at the cursor, the fix to choose, and what it makes. */
const FIXES: readonly (readonly [marked: string, title: string, fixed: string])[] = [
  [
    'loss a(target: real, prediction: real) = abs(|predicton - target)',
    'write prediction',
    'loss a(target: real, prediction: real) = abs(prediction - target)',
  ],
  [
    'loss a(target: real, prediction: real) = |abz(prediction - target)',
    'write abs',
    'loss a(target: real, prediction: real) = abs(prediction - target)',
  ],
  [
    'loss a(target: |reals, prediction: real) = target - prediction',
    'write real',
    'loss a(target: real, prediction: real) = target - prediction',
  ],
  [
    'loss a(target: real, prediction: real) = |torch.arctan(prediction - target)',
    'write atan',
    'loss a(target: real, prediction: real) = atan(prediction - target)',
  ],
  [
    'loss a(target: real, prediction: real) = (prediction - target)|**2',
    'write ^',
    'loss a(target: real, prediction: real) = (prediction - target)^2',
  ],
  [
    'loss a(target: real, prediction: real) = if target > 0 |&& prediction > 0 then 1 else prediction',
    'write and',
    'loss a(target: real, prediction: real) = if target > 0 and prediction > 0 then 1 else prediction',
  ],
  [
    'loss a(target: real, prediction: real) = if |!(target > 0) then 1 else prediction',
    'write not',
    'loss a(target: real, prediction: real) = if not (target > 0) then 1 else prediction',
  ],
  [
    '|# mine\nloss a(target: real, prediction: real) = target - prediction',
    'write //',
    '// mine\nloss a(target: real, prediction: real) = target - prediction',
  ],
  [
    'loss a(target: real, prediction: real|, p = 2) = abs(target - prediction)^p',
    'write ;',
    'loss a(target: real, prediction: real; p = 2) = abs(target - prediction)^p',
  ],
  [
    'loss a(target: real, prediction: real) = abs(target - prediction|,)',
    'leave it out',
    'loss a(target: real, prediction: real) = abs(target - prediction)',
  ],
  [
    'loss a(target: real, prediction: real) = |2prediction - target',
    'write 2 * prediction',
    'loss a(target: real, prediction: real) = 2 * prediction - target',
  ],
  [
    'loss a(target: real, prediction: real) = |mse(target, prediction)',
    'import { mse } from "std/mse"',
    'import { mse } from "std/mse"\n\nloss a(target: real, prediction: real) = mse(target, prediction)',
  ],
  [
    'import { dot } from "std/math"\nloss a(target: real[k], prediction: real[k]) = dot(target, prediction, k) + |norm(target, k)',
    'import { norm } from "std/math"',
    'import { dot, norm } from "std/math"\nloss a(target: real[k], prediction: real[k]) = dot(target, prediction, k) + norm(target, k)',
  ],
  [
    'import { mse } from |"std/msee"\nloss a(target: real, prediction: real) = mse(target, prediction)',
    'write "std/mse"',
    'import { mse } from "std/mse"\nloss a(target: real, prediction: real) = mse(target, prediction)',
  ],
  [
    'import { |msee } from "std/mse"\nloss a(target: real, prediction: real) = mse(target, prediction)',
    'write mse',
    'import { mse } from "std/mse"\nloss a(target: real, prediction: real) = mse(target, prediction)',
  ],
  [
    'loss a(target: real[k], prediction: real[k]; kind = 1) = kind * sum(target - prediction, |kk)',
    'write k',
    '',
  ],
];
for (const [marked, title, fixed] of FIXES)
  editing(`${title}: ${marked.replaceAll('\n', ' ')}`, async () => {
    const { textDocument, position } = await cursor(marked);
    const found = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument,
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    const actions = (found ?? []) as CodeAction[];
    if (fixed === '') {
      assert.equal(actions, [], 'names of a letter have no likely spelling');
      return;
    }
    const action = actions.find((one) => one.title === title);
    assert.ok(action, `${title} is not among ${actions.map((one) => one.title).join(', ')}`);
    const text = client.edited(textDocument.uri, action!.edit!.changes![textDocument.uri]!);
    assert.is(text, fixed);
    const again = await client.text(text);
    assert.equal(
      (await client.diagnostics(again)).filter(({ severity }) => severity === 1),
      [],
    );
  });

editing('runs tests, explains and draws from code lenses', async () => {
  const uri = await client.open('user.loss');
  const lenses = await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } });
  assert.equal(
    lenses!.map(({ command, range }) => `${range.start.line} ${command!.title} ${command!.command}`),
    ['2 run test lossc.test', '2 explain lossc.explain', '2 plot lossc.plot', '5 run test lossc.test'],
  );
  const messages: string[] = [];
  client.connection.onNotification(ShowMessageNotification.type, ({ message }) => {
    messages.push(message);
  });
  const run = (index: number): Promise<string> => {
    const { command, arguments: given } = lenses![index]!.command!;
    return client.connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: given! });
  };
  assert.is(await run(0), '1 passed, 0 failed');
  assert.equal(messages, ['1 passed, 0 failed']);
  assert.match(await run(1), 'both');
  assert.match(await run(2), /^<svg/);
  await client.edit(uri, client.textOf(uri).indexOf('~ 3'), 3, '~ 4');
  const text = await run(3);
  assert.match(text, 'user.loss:6:');
  assert.match(text, '0 passed, 1 failed');
  await client.edit(uri, 0, 6, 'imprt');
  assert.match(await run(1), 'error[');
});

editing('refuses commands that it does not have', async () => {
  const call = client.connection.sendRequest(ExecuteCommandRequest.type, {
    command: 'lossc.nothing',
    arguments: [],
  });
  try {
    await call;
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, 'lossc.nothing: there is no such command');
  }
});

editing.run();
