"""Works out the expected values of the standard library and writes them to ../cases.json; with --check compares instead.

    python3 test/stdlib/reference/make.py            rewrite cases.json
    python3 test/stdlib/reference/make.py --check    recompute, report every number that differs, exit 1 if one does
    python3 test/stdlib/reference/make.py --blocks   rewrite cases.json and the test blocks at the end of stdlib/*.loss;
                                                     then `lossc fmt stdlib/*.loss` and `npm run format`

Needs PyTorch (Debian: python3-torch). Nothing here reads a .loss file for its mathematics.
"""

import json
import math
import pathlib
import re
import sys

sys.dont_write_bytecode = True  # no compiled files in the repository

import beyond, binary, classification, discovered, divergence, generative, likelihood, logits, noise, overlap, pairs, preference, ranking, regression, regression_more, searched, tokens  # noqa: F401,E401
from cases import CASES, REFERENCES, evaluate

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parent / "cases.json"
STDLIB = HERE.parent.parent.parent / "stdlib"
# Below this a number is rounding error of a value that is 0.
NOISE = 1e-14


def clean(value):
    """Rounding noise and negative zeros become 0."""
    if isinstance(value, list):
        return [clean(v) for v in value]
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items()}
    if isinstance(value, float):
        return 0.0 if abs(value) < NOISE else value
    return value


def expected(entry):
    found = evaluate(entry)
    for field in ("perItem", "value", "gradients"):
        found[field] = clean(found[field])
    return found


def differences(path, a, b):
    """Where two JSON values differ by more than rounding between versions of PyTorch."""
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        return [d for k in a for d in differences(f"{path}.{k}", a[k], b[k])]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [d for i, (x, y) in enumerate(zip(a, b)) for d in differences(f"{path}[{i}]", x, y)]
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (a, b))
    if numbers and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12):
        return []
    return [] if a == b else [f"{path}: stored {a}, computed {b}"]


def literal(value):
    if isinstance(value, list):
        return "[" + ", ".join(literal(v) for v in value) + "]"
    return "0" if value == 0 else f"{value:.10g}"


def block(found):
    """The case as a test block of the language."""
    lines = [f"// {found['note']}", f"test {found['loss']} {{"]
    for name, value in {**found["inputs"], **found["parameters"]}.items():
        lines.append(f"  {name} = {literal(value)}")
    items = found["perItem"]
    several = items is not None and len(re.findall(r"[^\[\], ]+", literal(items))) > 1
    lines.append(f"  value ~ {literal(items if several else found['value'])}")
    for name, value in found["gradients"].items():
        if name in found["inputs"]:
            lines.append(f"  gradient {name} ~ {literal(value)}")
    return "\n".join(lines) + "\n}\n"


def write_blocks(results):
    for name in REFERENCES:
        path = STDLIB / f"{name}.loss"
        text = path.read_text()
        start = re.search(r"^(// .*\n)?test ", text, flags=re.M)
        head = (text[: start.start()] if start else text).rstrip() + "\n\n"
        path.write_text(head + "\n".join(block(r) for r in results if r["loss"] == name and r["block"]))


def main(arguments):
    results = [expected(entry) for entry in CASES]
    if "--check" in arguments:
        stored = json.loads(TARGET.read_text())
        found = differences("cases", stored, json.loads(json.dumps(results)))
        print("\n".join(found) or f"{len(results)} cases agree")
        return 1 if found else 0
    TARGET.write_text(json.dumps(results, indent=2) + "\n")
    if "--blocks" in arguments:
        write_blocks(results)
    print(f"{len(results)} cases of {len(REFERENCES)} losses")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
