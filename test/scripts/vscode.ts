/** The extension for Visual Studio Code, as a folder and packed. */
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { packageRoot } from '../../src/stdlib.js';

const ROOT = packageRoot();
const SOURCE = join(ROOT, 'src/vscode');

/** What is in the extension as it is here, by where it stands there. */
export const COPIES: Readonly<Record<string, string>> = {
  'package.json': 'src/vscode/package.json',
  'README.md': 'src/vscode/README.md',
  'language-configuration.json': 'src/vscode/language-configuration.json',
  'snippets.json': 'src/vscode/snippets.json',
  'icons/lossc.png': 'src/vscode/icons/lossc.png',
  'icons/file-light.svg': 'src/vscode/icons/file-light.svg',
  'icons/file-dark.svg': 'src/vscode/icons/file-dark.svg',
  'syntaxes/loss.tmLanguage.json': 'grammar/loss.tmLanguage.json',
  'LICENSE.txt': 'LICENSE',
};

/** The manifest, as far as packing reads it. */
interface Manifest {
  readonly [field: string]: unknown;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly version: string;
  readonly publisher: string;
  readonly icon: string;
  readonly engines: { readonly vscode: string };
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
}

/** Writes the extension into a folder, in the place of what is in it. */
export async function buildVscode(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, from] of Object.entries(COPIES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(ROOT, from), join(folder, path));
  }
  // The server finds the standard library in the folder above its own, as it does in the package.
  cpSync(join(ROOT, 'stdlib'), join(folder, 'stdlib'), {
    recursive: true,
    filter: (path) => path === join(ROOT, 'stdlib') || path.endsWith('.loss'),
  });
  await build({
    absWorkingDir: ROOT,
    entryPoints: { extension: join(SOURCE, 'extension.ts'), server: join(SOURCE, 'server.ts') },
    outdir: join(folder, 'dist'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minify: true,
    // Names of errors and of classes are told to people.
    keepNames: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    define: { 'import.meta': 'moduleMeta' },
    banner: { js: "const moduleMeta = { url: require('node:url').pathToFileURL(__filename).href };" },
    external: ['vscode', 'ts-morph', '@resvg/resvg-js'],
    legalComments: 'eof',
    logLevel: 'warning',
  });
}

/** A packed extension: a zip of its folder, with a manifest and a table of types around it. */
export function packVscode(folder: string): Uint8Array {
  const files = filesIn(folder);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const entries: Zippable = {
    'extension.vsixmanifest': strToU8(vsixManifest(manifest)),
    '[Content_Types].xml': strToU8(contentTypes(files)),
  };
  for (const file of files) entries[`extension/${file}`] = readFileSync(join(folder, file));
  // The same contents make the same file.
  return zipSync(entries, { level: 9, mtime: new Date(1980, 0, 1) });
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}

const TYPES: Readonly<Record<string, string>> = {
  cjs: 'application/javascript',
  json: 'application/json',
  loss: 'text/plain',
  md: 'text/markdown',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
};

function contentTypes(files: readonly string[]): string {
  const endings = [...new Set(files.map((file) => file.slice(file.lastIndexOf('.') + 1)))].sort();
  const defaults = [...endings.map((ending) => [ending, TYPES[ending]!]), ['vsixmanifest', 'text/xml']].map(
    ([ending, type]) => `<Default Extension=".${ending}" ContentType="${type}"/>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${defaults.join('')}</Types>
`;
}

function vsixManifest(manifest: Manifest): string {
  const { name, version, publisher, displayName, description, categories, keywords, engines, icon } =
    manifest;
  const asset = (type: string, path: string): string =>
    `<Asset Type="Microsoft.VisualStudio.${type}" Path="extension/${path}" Addressable="true"/>`;
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${escaped(name)}" Version="${escaped(version)}" Publisher="${escaped(publisher)}"/>
    <DisplayName>${escaped(displayName)}</DisplayName>
    <Description xml:space="preserve">${escaped(description)}</Description>
    <Tags>${escaped(keywords.join(','))}</Tags>
    <Categories>${escaped(categories.join(','))}</Categories>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${escaped(engines.vscode)}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace"/>
    </Properties>
    <License>extension/LICENSE.txt</License>
    <Icon>extension/${escaped(icon)}</Icon>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>
    ${asset('Code.Manifest', 'package.json')}
    ${asset('Services.Content.Details', 'README.md')}
    ${asset('Services.Content.License', 'LICENSE.txt')}
    ${asset('Services.Icons.Default', escaped(icon))}
  </Assets>
</PackageManifest>
`;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
