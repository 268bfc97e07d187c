import type { CompiledLoss } from '../../compile.js';
import { slotsOf } from '../plan/slots.js';
import { Names, typeName } from '../print/names.js';

const RESERVED =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match case nonlocal not or pass raise return try while with yield self torch jax jnp np keras ops math __builtins__ __name__ __doc__ __file__ __spec__ __loader__ items reduction sample_weight ignore_index learnable learning context ctx counts more known labels precision result_type seed args upstream name dtype given y_true y_pred losses loss'.split(
    ' ',
  );

/** What Python names itself: a loss called `all` would stand in the way of the module that holds it. */
const BUILTINS =
  'Exception NotImplementedError RuntimeError TypeError ValueError abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len license list locals map max memoryview min next object oct open ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip'.split(
    ' ',
  );

/** What a module calls the inputs, parameters and axes of its loss. */
export class Words {
  readonly loss: string;
  /** Of the class: an `nn.Module` or a Keras `Loss`. */
  readonly className: string;
  readonly inputs: readonly string[];
  readonly parameters: readonly string[];
  /** Axes that have a dimension in the tensors of the core, ascending. */
  readonly slots: readonly number[];
  readonly #sizes: readonly string[];
  readonly #taken: readonly string[];

  constructor(
    private readonly compiled: CompiledLoss,
    helpers: Iterable<string>,
  ) {
    const names = new Names([...RESERVED, ...BUILTINS, ...helpers]);
    const { axes } = compiled.lowered.graph;
    this.loss = names.take(compiled.name);
    this.className = names.take(typeName(compiled.name));
    this.inputs = compiled.inputs.map((input) => names.take(input.name));
    this.parameters = compiled.parameters.map((parameter) => names.take(parameter.name));
    this.#sizes = axes.all.map((axis, index) =>
      axis.root === index && axis.size === undefined
        ? names.take(`${axis.name.replace(/\W/g, '_')}_size`)
        : '',
    );
    this.slots = slotsOf(compiled);
    this.#taken = [
      ...RESERVED,
      ...BUILTINS,
      ...helpers,
      this.loss,
      this.className,
      ...this.inputs,
      ...this.parameters,
    ];
  }

  /** The variable with the length of an axis, or the length itself; copies have that of their root. */
  size(axis: number): string {
    const info = this.compiled.lowered.graph.axes.get(axis);
    return info.size === undefined ? this.#sizes[info.root]! : String(info.size);
  }

  /** Names for the variables of one function. */
  local(): Names {
    return new Names(this.#taken);
  }
}
