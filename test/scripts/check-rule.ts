/** `npm run check:rule NAME…`: compares both sides of rewrite rules in exact digits at 100 times the points of the tests. */
import type { Rule } from '../../compiler/rules/rule.js';
import { SIMPLIFYING } from '../../compiler/rules/simplifying.js';
import { STABILISING } from '../../compiler/rules/stabilising.js';
import { sampleRule } from '../helpers/exact-sides.js';

const POINTS = 20_000;
const rules: readonly Rule[] = [...SIMPLIFYING, ...STABILISING];
const names = process.argv.slice(2);
const unknown = names.filter((name) => !rules.some((rule) => rule.name === name));
if (names.length === 0 || unknown.length > 0) {
  console.error(names.length === 0 ? 'which rule?' : `there is no rule ${unknown.join(', ')}`);
  process.exit(2);
}
for (const rule of rules.filter(({ name }) => names.includes(name))) {
  const { count, counterexample } = await sampleRule(rule, POINTS);
  const verdict = counterexample ?? `agree at ${count} points`;
  console.log(`${rule.name}: ${rule.from} -> ${rule.to}\n  ${verdict}`);
  if (counterexample !== undefined) process.exitCode = 1;
}
