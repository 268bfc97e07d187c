"""The .loss language in arbitrary precision: a second, slow reading of its syntax trees that shares no code with the compiler.

Values are arrays of mpmath numbers with named axes. Infinite results stay infinite; nothing is guarded.
"""

import numpy as np
from mpmath import mp, mpf

INF = mpf("inf")
# Beyond it what exp adds lies below all digits, and mpmath would need millions of them to say so.
FAR = mpf(10) ** 7


def quietly(function):
    """A function that gives infinities and NaN where mpmath raises."""

    def apply(*arguments):
        try:
            return function(*arguments)
        except (ZeroDivisionError, ValueError):
            return mpf("nan")

    return apply


def divide(a, b):
    if b == 0:
        return mpf("nan") if a == 0 else INF * mp.sign(a)
    return a / b


def power(base, exponent):
    if base == 0:
        return mpf(1) if exponent == 0 else mpf(0) if exponent > 0 else INF
    return mp.power(base, exponent)


def logarithm(x):
    return -INF if x == 0 else mp.log(x) if x > 0 else mpf("nan")


FUNCTIONS = {
    "abs": abs,
    "sign": mp.sign,
    "square": lambda x: x * x,
    "sqrt": mp.sqrt,
    "exp": mp.exp,
    "log": logarithm,
    "log1p": mp.log1p,
    "expm1": mp.expm1,
    "log1mexp": lambda x: logarithm(-mp.expm1(x)),
    "log2": lambda x: logarithm(x) / mp.log(2),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)) if abs(x) < FAR else mpf(x > 0),
    "softplus": lambda x: mp.log1p(mp.exp(x)) if abs(x) < FAR else max(x, mpf(0)),
    "tanh": mp.tanh,
    "sin": mp.sin,
    "cos": mp.cos,
    "acos": mp.acos,
    "atan": mp.atan,
    "erf": mp.erf,
    "ndtr": mp.ncdf,
    "lgamma": mp.loggamma,
    "digamma": mp.digamma,
    "relu": lambda x: max(x, mpf(0)),
    "xlogy": lambda x, y: mpf(0) if x == 0 else x * logarithm(y),
    "clip": lambda x, low, high: min(max(x, low), high),
    "max": max,
    "min": min,
}
BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": divide,
    "^": power,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
}
REDUCTIONS = ("sum", "mean", "prod", "max", "min", "logsumexp")


class Array:
    def __init__(self, axes, data):
        self.axes = tuple(axes)
        self.data = np.asarray(data, dtype=object)


def number(value):
    return Array((), mpf(value))


def view(array, axes):
    """The data of an array with the given axes in their order; axes it lacks get length 1."""
    kept = [axis for axis in axes if axis in array.axes]
    data = array.data.transpose([array.axes.index(axis) for axis in kept])
    return data.reshape([data.shape[kept.index(axis)] if axis in kept else 1 for axis in axes])


def union(*arrays):
    return list(dict.fromkeys(axis for array in arrays for axis in array.axes))


def elementwise(function, *arrays):
    axes = union(*arrays)
    result = np.frompyfunc(quietly(function), len(arrays), 1)(*[view(array, axes) for array in arrays])
    return Array(axes, result)


class Scope:
    """The names of one body: values, and axes under the identity they have in the whole evaluation."""

    def __init__(self, module, values, axes):
        self.module = module
        self.values = values
        self.axes = axes


class Interpreter:
    def __init__(self, trees):
        self.modules = {name: Module(name, declarations) for name, declarations in trees.items()}
        self.sizes = {}
        self.made = 0
        self.frozen = []
        self.replay = None

    # ------------------------------------------------------------------ running

    def run(self, name, leaves, sizes, parameters):
        """A loss, one number per item or one in all; leaves are arrays by input name, parameters nested lists or numbers."""
        self.sizes = dict(sizes)
        self.made = 0
        if self.replay is None:
            self.frozen = []
        module = self.modules[name]
        loss = module.declared[name]
        scope = Scope(module, dict(leaves), {axis: axis for axis in sizes})
        for parameter in loss["parameters"]:
            axes = declared_axes(parameter)
            given = parameters.get(parameter["name"]["name"])
            value = given if given is not None else self.default(parameter["default"], scope)
            scope.values[parameter["name"]["name"]] = self.spread(value, [scope.axes.get(axis, axis) for axis in axes], scope)
        return self.body(loss["body"], scope).data

    def freeze(self, array):
        """stop_gradient: while a derivative is taken, the values of the first run come back in the same order."""
        if self.replay is None:
            self.frozen.append(Array(array.axes, array.data.copy()))
            return array
        return next(self.replay)

    def default(self, value, scope):
        if value["kind"] == "list":
            return [self.default(item, scope) for item in value["items"]]
        return self.expression(value, scope).data.item()

    def spread(self, value, axes, scope):
        if isinstance(value, Array):
            return value
        data = np.asarray(np.frompyfunc(mpf, 1, 1)(np.array(value, dtype=object)), dtype=object)
        if not data.shape:
            data = np.full([self.sizes[axis] for axis in axes], data.item(), dtype=object)
        for axis, size in zip(axes, data.shape):
            self.sizes.setdefault(axis, size)
            scope.axes.setdefault(axis, axis)
        return Array(axes, data)

    # ------------------------------------------------------------------ expressions

    def body(self, body, scope):
        for let in body["lets"]:
            scope.values[let["name"]["name"]] = self.expression(let["value"], scope)
        return self.expression(body["result"], scope)

    def expression(self, node, scope):
        kind = node["kind"]
        if kind == "number":
            return number(node["value"])
        if kind == "name":
            return Array((), +mp.pi) if node["name"] == "pi" else scope.values[node["name"]]
        if kind == "unary":
            operand = self.expression(node["operand"], scope)
            return elementwise((lambda x: not x) if node["op"] == "not" else (lambda x: -x), operand)
        if kind == "binary":
            return elementwise(BINARY[node["op"]], self.expression(node["left"], scope), self.expression(node["right"], scope))
        if kind == "if":
            result = self.expression(node["otherwise"], scope)
            for condition, value in reversed(list(zip(node["conditions"], node["values"]))):
                test, branch = self.expression(condition, scope), self.expression(value, scope)
                result = elementwise(lambda c, a, b: a if c else b, test, branch, result)
            return result
        return self.call(node, scope)

    def call(self, node, scope):
        name, arguments = node["callee"]["name"], node["args"]
        if name == "size":
            return number(self.sizes[scope.axes[arguments[0]["name"]]])
        if name == "index":
            axis = scope.axes[arguments[0]["name"]]
            return Array((axis,), [mpf(i) for i in range(self.sizes[axis])])
        if name == "stop_gradient":
            return self.freeze(self.expression(arguments[0], scope))
        if name == "rename":
            return self.rename(self.expression(arguments[0], scope), arguments[1]["name"], arguments[2]["name"], scope)
        if name == "at":
            values, where = self.expression(arguments[0], scope), self.expression(arguments[2], scope)
            return at(values, scope.axes[arguments[1]["name"]], where)
        if name in ("softmax", "log_softmax"):
            return softmax(self.expression(arguments[0], scope), scope.axes[arguments[1]["name"]], name == "log_softmax")
        if name in REDUCTIONS and self.reduces(name, arguments, scope):
            return self.reduction(node, scope)
        if name in FUNCTIONS:
            return elementwise(FUNCTIONS[name], *[self.expression(a, scope) for a in arguments])
        return self.invoke(node, scope)

    def reduces(self, name, arguments, scope):
        if name not in ("max", "min"):
            return True
        second = arguments[1]
        return second["kind"] == "name" and second["name"] not in scope.values

    def reduction(self, node, scope):
        values = self.expression(node["args"][0], scope)
        kept = self.expression(node["where"], scope) if "where" in node else Array((), True)
        gone = [scope.axes[axis["name"]] for axis in node["args"][1:]]
        axes = [axis for axis in union(values, kept) if axis not in gone] + gone
        shape = [self.sizes[axis] for axis in axes]
        data = np.broadcast_to(view(values, axes), shape).reshape(shape[: len(axes) - len(gone)] + [-1])
        mask = np.broadcast_to(view(kept, axes), shape).reshape(data.shape)
        result = np.empty(data.shape[:-1], dtype=object)
        for place in np.ndindex(*result.shape):
            result[place] = reduce(node["callee"]["name"], [x for x, keep in zip(data[place], mask[place]) if keep])
        return Array(axes[: len(axes) - len(gone)], result)

    def rename(self, values, axis, other, scope):
        source = scope.axes[axis]
        if other not in scope.axes:
            self.made += 1
            scope.axes[other] = f"{other}#{self.made}"
        target = scope.axes[other]
        self.sizes[target] = self.sizes[source]
        return Array([target if a == source else a for a in values.axes], values.data)

    def invoke(self, node, scope):
        module, declaration = self.modules[scope.module.name].find(node["callee"]["name"], self.modules)
        split = len(node["args"]) - len(node["names"])
        named = dict(zip((name["name"] for name in node["names"]), node["args"][split:]))
        inner = Scope(module, {}, {"batch": scope.axes["batch"]})
        if declaration["kind"] == "fn":
            for parameter, argument in zip(declaration["parameters"], node["args"]):
                if argument["kind"] == "name" and argument["name"] not in scope.values and argument["name"] != "pi":
                    inner.axes[parameter["name"]] = scope.axes[argument["name"]]
                else:
                    inner.values[parameter["name"]] = self.expression(argument, scope)
            return self.body(declaration["body"], inner)
        for axis in {a for i in declaration["inputs"] + declaration["parameters"] for a in declared_axes(i)}:
            renamed = named[axis]["name"] if axis in named else axis
            if renamed in scope.axes:
                inner.axes[axis] = scope.axes[renamed]
        for parameter, argument in zip(declaration["inputs"], node["args"]):
            inner.values[parameter["name"]["name"]] = self.expression(argument, scope)
        for parameter in declaration["parameters"]:
            name = parameter["name"]["name"]
            value = self.expression(named[name], scope) if name in named else self.default(parameter["default"], inner)
            inner.values[name] = self.spread(value, [inner.axes.get(a, a) for a in declared_axes(parameter)], inner)
        return self.body(declaration["body"], inner)


class Module:
    def __init__(self, name, declarations):
        self.name = name
        self.declared = {d["name"]["name"]: d for d in declarations if d["kind"] in ("loss", "fn")}
        self.imports = {i["name"]: d["from"]["path"].removeprefix("std/") for d in declarations if d["kind"] == "import" for i in d["names"]}

    def find(self, name, modules):
        if name in self.declared:
            return self, self.declared[name]
        module = modules[self.imports[name]]
        return module, module.declared[name]


def declared_axes(part):
    return [axis["name"]["name"] for axis in part.get("domain", {}).get("axes", []) if axis["kind"] == "axis"]


def reduce(name, values):
    if name == "sum":
        return sum(values, mpf(0))
    if name == "mean":
        return sum(values, mpf(0)) / len(values) if values else mpf(0)
    if name == "prod":
        return mp.fprod(values)
    if name == "max":
        return max(values, default=-INF)
    if name == "min":
        return min(values, default=INF)
    top = max(values, default=-INF)
    return top + mp.log(sum(mp.exp(x - top) for x in values)) if mp.isfinite(top) else top


def softmax(values, axis, logarithmic):
    axes = [a for a in values.axes if a != axis] + [axis]
    data = view(values, axes)
    result = np.empty(data.shape, dtype=object)
    for place in np.ndindex(*data.shape[:-1]):
        top = max(data[place])
        total = sum(mp.exp(x - top) for x in data[place])
        for k, x in enumerate(data[place]):
            result[place + (k,)] = x - top - mp.log(total) if logarithmic else mp.exp(x - top) / total
    return Array(axes, result)


def at(values, axis, where):
    rest = [a for a in values.axes if a != axis]
    axes = list(dict.fromkeys(rest + list(where.axes)))
    data = view(values, rest + [axis])
    lengths = {**dict(zip(rest, data.shape)), **dict(zip(where.axes, where.data.shape))}
    result = np.empty([lengths[a] for a in axes], dtype=object)
    for place in np.ndindex(*result.shape):
        at_axis = dict(zip(axes, place))
        i = int(where.data[tuple(at_axis[a] for a in where.axes)]) if where.axes else int(where.data.item())
        row = data[tuple(at_axis[a] for a in rest)]
        result[place] = row[i] if 0 <= i < len(row) else mpf(0)
    return Array(axes, result)
