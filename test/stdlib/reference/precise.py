"""Writes ../precise.jsonl, one point a line: values and gradients of every loss in hundreds of digits, on inputs that span the float range.

    python3 test/stdlib/reference/precise.py [LOSS…]      with names: recompute only those

Needs mpmath (Debian: python3-mpmath; python3-gmpy2 makes it fast) and Node for the parser. A derivative is a central difference
whose step is far below anything that float64 could see. Numbers are strings, for many do not fit a double.
"""

import json
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True  # no compiled files in the repository

import numpy as np
from mpmath import mp, mpf

from interpreter import Array, Interpreter, elementwise, softmax
from points import GIVEN, axes_of, domain_of, is_data, points

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parent / "precise.jsonl"
# Digits, and the exponent of the step: a slope of 1e-434 (a logit of -1000) must survive both.
PRECISION = {"logits": (800, 250), "plain": (200, 70)}
SHOWN = 12


def trees():
    command = ["node", "--import", "tsx", str(HERE / "trees.ts")]
    return json.loads(subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True).stdout)


class Point:
    def __init__(self, interpreter, loss, form, inputs, parameters):
        self.interpreter, self.loss, self.form = interpreter, loss, form
        self.parameters = parameters
        self.parts = {part["name"]["name"]: part for part in loss["inputs"]}
        exact = np.frompyfunc(mpf, 1, 1)
        self.raw = {name: np.asarray(exact(np.array(value, dtype=object)), dtype=object) for name, value in inputs.items()}

    def items(self):
        sizes, leaves = {}, {}
        for name, data in self.raw.items():
            axes = ["batch"] + axes_of(self.parts[name])
            sizes.update(zip(axes, data.shape))
            leaves[name] = self.activated(self.parts[name], Array(axes, data))
        return np.asarray(self.interpreter.run(self.loss["name"]["name"], leaves, sizes, self.parameters), dtype=object)

    def mean(self):
        items = self.items()
        return items.sum() / items.size

    def activated(self, part, array):
        if self.form != "logits" or is_data(part):
            return array
        if domain_of(part) == "probability":
            return softmax(array, array.axes[-1], False)
        if domain_of(part) == "unit":
            return elementwise(lambda z: 1 / (1 + mp.exp(-z)), array)
        return array

    def gradient(self, name, step):
        """By central differences; None where the slopes on the two sides differ, at a kink."""
        data = self.raw[name]
        middle = self.items()
        result = np.empty(data.shape, dtype=object)
        for place in np.ndindex(*data.shape):
            kept = data[place]
            ends = []
            for direction in (1, -1):
                data[place] = kept + direction * step
                self.interpreter.replay = iter(self.interpreter.frozen)
                ends.append(self.items())
            data[place] = kept
            self.interpreter.replay = None
            # Item by item: a huge item must not swallow the digits of the others.
            ahead, behind = (total(ends[0] - middle) / step, total(middle - ends[1]) / step)
            slope = total((ends[0] - ends[1]) / (2 * step)) / middle.size
            # Where the slope is 0 the two differ by the curvature times the step.
            smooth = abs(ahead - behind) <= max(mpf(10) ** -20 * max(abs(ahead), abs(behind)), mp.sqrt(step))
            result[place] = slope if smooth else None
        return result


def total(values):
    return np.asarray(values, dtype=object).sum()


def shown(value):
    if isinstance(value, np.ndarray):
        return [shown(v) for v in value]
    if value is None:
        return None
    # What lies below the accuracy of the method is 0; float64 ends long before.
    return "0" if abs(value) < mpf(10) ** -440 else mp.nstr(value, SHOWN, strip_zeros=True, min_fixed=-4, max_fixed=17)


def measured(interpreter, loss, form, note, inputs):
    mp.dps, digits = PRECISION[form]
    parameters = {p["name"]["name"]: GIVEN[p["name"]["name"]] for p in loss["parameters"] if "default" not in p}
    point = Point(interpreter, loss, form, inputs, parameters)
    items = point.items()
    step = mpf(10) ** -digits
    names = [name for name, part in point.parts.items() if not is_data(part)]
    return {
        "loss": loss["name"]["name"],
        "form": form,
        "note": note,
        "inputs": inputs,
        "parameters": parameters,
        "perItem": shown(items) if items.shape else None,
        "value": shown(point.mean()),
        "gradients": {name: shown(point.gradient(name, step)) for name in names},
    }


def main(wanted):
    parsed = trees()
    interpreter = Interpreter(parsed)
    kept = [json.loads(line) for line in TARGET.read_text().splitlines()] if wanted else []
    results = [entry for entry in kept if entry["loss"] not in wanted]
    for name in wanted or sorted(parsed):
        for loss in (d for d in parsed[name] if d["kind"] == "loss"):
            results += [measured(interpreter, loss, *point) for point in points(loss)]
            print(name, file=sys.stderr)
    results.sort(key=lambda entry: entry["loss"])
    TARGET.write_text("".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in results))
    print(f"{len(results)} points of {len({entry['loss'] for entry in results})} losses")


if __name__ == "__main__":
    main(sys.argv[1:])
