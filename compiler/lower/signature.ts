import type {
  Axis,
  Domain,
  Expr,
  Input,
  LossDecl,
  Parameter,
  SketchDecl,
  Value,
} from '../../grammar/tree/ast.js';
import { cover } from '../../grammar/tree/span.js';
import { MAX_AXES } from '../graph/axes.js';
import { constantValue } from '../graph/constants.js';
import type { Graph } from '../graph/graph.js';
import * as axisMessages from '../messages/axes.js';
import type { Place } from '../messages/message.js';
import * as nameMessages from '../messages/names.js';
import { type Range, range } from '../operators/range.js';
import { DOMAINS, type DomainName, isDomain } from '../resolve/domains.js';
import { unknownDomain } from '../resolve/unknown.js';
import type { Expressions } from './expressions.js';
import type { LoweredInput, LoweredParameter, ParameterValue } from './lowered.js';
import { contains, flat, shapeProblem } from './parameter-value.js';
import { roleProblems } from './role-problems.js';
import { type Role, rolesOf, whyData } from './roles.js';
import { BROKEN, type Scope } from './scope.js';

/** Sizes of tensors are 32-bit integers. */
const LONGEST_AXIS = 2 ** 31 - 1;

interface ResolvedDomain {
  readonly name: DomainName;
  readonly range: Range;
  /** Axis indices in tensor order, and what the brackets say of the items. */
  readonly axes: readonly number[];
  readonly items: 'any' | 'rest' | 'exact';
  readonly many: number | undefined;
  /** Of a simplex: the axis along which it adds up to 1. */
  readonly over: number | undefined;
}

/** Reads the inputs and parameters of a loss into its graph and scope. */
export class SignatureReader {
  constructor(
    private readonly graph: Graph,
    private readonly scope: Scope,
    private readonly expressions: Expressions,
  ) {}

  read(decl: LossDecl | SketchDecl): { inputs: LoweredInput[]; parameters: LoweredParameter[] } {
    this.scope.names.set('batch', { kind: 'axis', index: 0 });
    const roles = rolesOf(decl.inputs);
    for (const problem of roleProblems(decl.inputs, roles, (span) => this.scope.place({ span })))
      this.#report(problem);
    const inputs = decl.inputs.map((input, position) => this.#input(input, roles[position]!, position));
    const parameters = decl.parameters.map((parameter, position) => this.#parameter(parameter, position));
    if (inputs.every((input) => input.data)) {
      const place = this.scope.place(decl.name);
      const { name } = decl.name;
      const meant = decl.parameters.find((parameter) => parameter.default === undefined)?.name.name;
      this.#report(
        inputs.length === 0
          ? axisMessages.noInputs(place, name)
          : axisMessages.noPredictionInput(place, name, decl.inputs.map(whyData), meant),
      );
    }
    return { inputs, parameters };
  }

  #input(input: Input, role: Role, position: number): LoweredInput {
    const { name } = input.name;
    const domain = this.#domain(input.domain, true);
    const data = role !== 'prediction';
    const row = DOMAINS[domain.name];
    const { over } = domain;
    const node = this.graph.make('input', [], {
      axes: domain.axes.reduce((axes, index) => axes | (1 << index), 1),
      range: domain.range,
      leaf: {
        kind: domain.name === 'logits' ? 'logits' : 'given',
        name,
        position,
        data,
        ...(over !== undefined && { simplex: { axis: 1 << over, onehot: domain.name === 'onehot' } }),
      },
    });
    this.#define(input, { kind: 'value', node });
    return {
      name,
      position,
      data,
      role,
      domain: domain.name,
      items: domain.items,
      axes: domain.axes,
      many: domain.many,
      simplexAxis: over,
      labelAxis: data && over !== domain.many ? over : undefined,
      indexAxis: undefined,
      activation: data ? undefined : row.activation,
      node,
    };
  }

  #parameter(parameter: Parameter, position: number): LoweredParameter {
    const { name } = parameter.name;
    const domain = this.#domain(parameter.domain, false);
    const node = this.graph.make('parameter', [], {
      axes: domain.axes.reduce((axes, index) => axes | (1 << index), 0),
      range: domain.range,
      leaf: { kind: 'given', name, position, data: false },
    });
    this.#define(parameter, { kind: 'value', node });
    const value = parameter.default && this.value(parameter.default);
    if (value !== undefined) this.#checkDefault(parameter, value, domain);
    return {
      name,
      position,
      domain: domain.name,
      range: domain.range,
      axes: domain.axes,
      default: value,
      node,
    };
  }

  /** A constant or nested lists of constants; undefined after a diagnostic. */
  value(value: Value): ParameterValue | undefined {
    if (value.kind !== 'list') return this.#constant(value);
    const items = value.items.map((item) => this.value(item));
    return items.some((item) => item === undefined) ? undefined : (items as ParameterValue[]);
  }

  #constant(expr: Expr): number | undefined {
    const node = this.expressions.number(expr, this.scope);
    const value = node && constantValue(node);
    if (node !== undefined && value === undefined)
      this.#report(nameMessages.notConstant(this.scope.place(expr)));
    return value;
  }

  #checkDefault(parameter: Parameter, value: ParameterValue, domain: ResolvedDomain): void {
    const place = this.scope.place(parameter.default, parameter);
    const { name } = parameter.name;
    const problem = shapeProblem(
      value,
      domain.axes.map((index) => this.graph.axes.get(index)),
    );
    if (problem !== undefined) this.#report(axisMessages.defaultShape(place, name, problem));
    else {
      const outside = flat(value).findIndex((x) => !Number.isFinite(x) || !contains(domain.range, x));
      if (outside < 0) return;
      const at = flatItems(parameter.default!)[outside]?.span;
      const where = at === undefined ? place : this.scope.place({ span: at });
      const x = flat(value)[outside]!;
      const text = domainText(parameter.domain, domain);
      this.#report(
        Number.isFinite(x)
          ? axisMessages.outsideDomain(where, name, x, text)
          : axisMessages.notFinite(where, name),
      );
    }
  }

  #domain(domain: Domain | undefined, isInput: boolean): ResolvedDomain {
    const open: ResolvedDomain = {
      name: 'real',
      range: DOMAINS.real.range,
      axes: [],
      items: 'any',
      many: undefined,
      over: undefined,
    };
    if (domain === undefined) return open;
    const { name } = domain.name;
    const place = this.scope.place(domain.name);
    const axes = this.#axes(domain.axes, isInput);
    if (!isDomain(name)) {
      this.#report(unknownDomain(place, name));
      return { ...open, ...axes };
    }
    const row = DOMAINS[name];
    if (row.bounded !== (domain.bounds !== undefined)) {
      const where = domain.bounds === undefined ? place : this.#boundsPlace(domain.bounds);
      this.#report(nameMessages.domainBounds(where, name, row.bounded));
    }
    const named = domain.axes?.some((axis) => axis.kind === 'axis') === true;
    if (row.simplex && !named) this.#report(nameMessages.domainNeedsAxis(place, name));
    const over = row.simplex ? this.#over(domain, axes.axes) : undefined;
    if (domain.over !== undefined && !row.simplex)
      this.#report(nameMessages.overWithoutSimplex(this.scope.place(domain.over), name));
    return { name, range: this.bounds(domain.bounds) ?? row.range, ...axes, over };
  }

  /** The axis along which a simplex adds up to 1: the one that `over` names, else the last. */
  #over({ name, over, axes: written = [] }: Domain, axes: readonly number[]): number | undefined {
    if (over === undefined) return axes.at(-1);
    const named = written.flatMap((axis) => (axis.kind === 'axis' ? [axis.name.name] : []));
    const bound = named.includes(over.name) ? this.scope.names.get(over.name) : undefined;
    if (bound?.kind === 'axis') return bound.index;
    if (!named.includes(over.name))
      this.#report(nameMessages.overUnknownAxis(this.scope.place(over), name.name, over.name, named));
    return axes.at(-1);
  }

  /** The range that `between(a, b)` spans; undefined without bounds or after a diagnostic. */
  bounds(bounds: readonly [Expr, Expr] | undefined): Range | undefined {
    if (bounds === undefined) return undefined;
    const [low, high] = [this.#constant(bounds[0]), this.#constant(bounds[1])];
    if (low === undefined || high === undefined) return undefined;
    if (low < high && Number.isFinite(low) && Number.isFinite(high)) return range(low, high);
    this.#report(nameMessages.badBounds(this.#boundsPlace(bounds), low, high));
    return undefined;
  }

  #boundsPlace([low, high]: readonly [Expr, Expr]): Place {
    return this.scope.place({ span: low.span && high.span && cover(low.span, high.span) });
  }

  #axes(
    axes: readonly Axis[] | undefined,
    isInput: boolean,
  ): Pick<ResolvedDomain, 'axes' | 'items' | 'many'> {
    if (axes === undefined) return { axes: [], items: 'any', many: undefined };
    const indices: number[] = [];
    let items: 'rest' | 'exact' = 'exact';
    let many: number | undefined;
    for (const [i, axis] of axes.entries()) {
      const place = this.scope.place(axis);
      if (!isInput && (axis.kind === 'rest' || axis.many)) this.#report(axisMessages.parameterAxes(place));
      if (axis.kind === 'rest') {
        if (i > 0) this.#report(axisMessages.restTwice(place));
        items = 'rest';
        continue;
      }
      const index = this.#axis(axis);
      if (index === undefined) continue;
      if (indices.includes(index)) this.#report(axisMessages.axisTwiceInBrackets(place, axis.name.name));
      if (axis.many) {
        if (many !== undefined || items === 'rest') this.#report(axisMessages.manyTwice(place));
        many = index;
      }
      indices.push(index);
    }
    return { axes: indices, items, many };
  }

  #axis(axis: Extract<Axis, { kind: 'axis' }>): number | undefined {
    const place = this.scope.place(axis);
    const { name } = axis.name;
    if (name === 'batch') {
      this.#report(axisMessages.batchNamed(place));
      return undefined;
    }
    const known = this.scope.names.get(name);
    const { size } = axis;
    if (size !== undefined && !(Number.isInteger(size) && size >= 1 && size <= LONGEST_AXIS)) {
      this.#report(axisMessages.axisLength(place, name, size));
      if (known === undefined) this.scope.names.set(name, BROKEN);
      return undefined;
    }
    if (known?.kind === 'axis') {
      const size = this.graph.axes.get(known.index).size;
      if (axis.size !== undefined && size !== undefined && axis.size !== size) {
        this.#report(axisMessages.axisSizes(place, name, size, axis.size));
      }
      return known.index;
    }
    if (known?.kind === 'broken') return undefined;
    if (known !== undefined) {
      this.#report(nameMessages.definedTwice(place, name, 'the name of a value'));
      return undefined;
    }
    if (this.graph.axes.all.length >= MAX_AXES) {
      this.#report(axisMessages.tooManyAxes(place));
      return undefined;
    }
    const index = this.graph.axes.declare(name, axis.size);
    this.scope.names.set(name, { kind: 'axis', index });
    return index;
  }

  #define(item: Input | Parameter, bound: Parameters<Scope['names']['set']>[1]): void {
    const { name } = item.name;
    const known = this.scope.names.get(name);
    if (known === undefined) {
      this.scope.names.set(name, bound);
      return;
    }
    const what = known.kind === 'axis' ? 'an axis' : 'an input or parameter';
    this.#report(nameMessages.definedTwice(this.scope.place(item.name), name, what));
    this.scope.names.set(name, BROKEN);
  }

  #report(diagnostic: Parameters<Expressions['report']>[0]): void {
    this.expressions.report(diagnostic);
  }
}

/** A domain as it is written, and what it means: "positive: greater than 0", "between(0, 1)". */
function domainText(domain: Domain | undefined, { name, range: values }: ResolvedDomain): string {
  if (DOMAINS[name].bounded) return `${name}(${values.lo}, ${values.hi})`;
  return `${domain?.name.name ?? name}: ${DOMAINS[name].doc}`;
}

const flatItems = (value: Value): readonly Expr[] =>
  value.kind === 'list' ? value.items.flatMap(flatItems) : [value];
