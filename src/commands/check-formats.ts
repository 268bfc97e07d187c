/** The diagnostics of a check in the forms that other programs read. */
import { relative, resolve } from 'node:path';
import { CODES, codeRow, type MessageName } from '../../grammar/diagnostics/codes.js';
import type { Diagnostic, Source } from '../../grammar/diagnostics/diagnostic.js';
import { EXPLANATIONS } from '../../grammar/diagnostics/explanations.js';
import { positionAt } from '../../grammar/diagnostics/source.js';
import { packageVersion } from '../version.js';

/** A diagnostic and the text that it is about. */
export interface Found {
  readonly diagnostic: Diagnostic;
  readonly source: Source;
}

/** Relative to the working directory and with slashes, as both formats want it. */
const pathOf = ({ name }: Source): string =>
  name.startsWith('std/') || name === '(stdin)' ? name : relative('', resolve(name)).replaceAll('\\', '/');

/**
 * Workflow commands of GitHub Actions, a line for each diagnostic, which GitHub shows beside the changed lines
 * (docs.github.com: Workflow commands for GitHub Actions).
 */
export function githubText(all: readonly Found[]): string {
  return all.map(githubLine).join('\n');
}

function githubLine({ diagnostic: { code, severity, message, hint, span }, source }: Found): string {
  const [start, end] = [positionAt(source, span.start), positionAt(source, span.end)];
  // An end column means something to GitHub within one line alone.
  const columns =
    start.line === end.line ? { col: start.column, endColumn: end.column } : { col: start.column };
  const properties = Object.entries({
    file: pathOf(source),
    line: start.line,
    endLine: end.line,
    ...columns,
    title: code,
  });
  const told = hint === undefined ? message : `${message}\n${hint}`;
  return `::${severity} ${properties.map(([name, value]) => `${name}=${escapedProperty(String(value))}`).join(',')}::${escaped(told)}`;
}

const escaped = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapedProperty = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** A log of SARIF 2.1.0 (OASIS), which code-scanning services and editors read. */
export function sarifLog(all: readonly Found[]): unknown {
  const rules = Object.keys(CODES).map((name) => ruleOf(name as MessageName));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'lossc', semanticVersion: packageVersion(), rules } },
        columnKind: 'utf16CodeUnits',
        results: all.map(({ diagnostic: { code, severity, message, hint, span }, source }) => {
          const [start, end] = [positionAt(source, span.start), positionAt(source, span.end)];
          return {
            ruleId: code,
            level: severity,
            message: { text: hint === undefined ? message : `${message}\n${hint}` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: {
                    uri: encodeURI(pathOf(source)).replaceAll(/[?#]/g, encodeURIComponent),
                  },
                  region: {
                    startLine: start.line,
                    startColumn: start.column,
                    endLine: end.line,
                    endColumn: end.column,
                  },
                },
              },
            ],
          };
        }),
      },
    ],
  };
}

function ruleOf(name: MessageName): unknown {
  const { code, severity = 'error' } = codeRow(name);
  const { title, help } = EXPLANATIONS[name];
  return {
    id: code,
    name,
    shortDescription: { text: title },
    help: { text: help },
    defaultConfiguration: { level: severity },
  };
}
