"""Lets lossc train with your own script. One file without dependencies, for Python 3.9 and later.

    import lossc

    for job in lossc.jobs(metric='accuracy', classes=10):
        loss = job.loss()                       # loss(target=labels, prediction=logits)
        torch.manual_seed(job.seed)
        for step in range(1, job.steps + 1):
            ...                                 # your training, with this loss
            if step in job.report_at and not job.report(step, accuracy):
                break                           # lossc has seen enough
        job.result(accuracy)

Start it with `lossc evolve --evaluator "python train.py"`, or with `lossc compare` and `lossc tune`. Printed output goes to the log
of the run: standard output is reserved for lossc.
"""
import hashlib
import importlib.util
import json
import math
import os
import platform
import sys

PROTOCOL = 1

__all__ = ['Job', 'jobs']


class Job:
    """One training that lossc asks for.

    Attributes:
        seed: seed for everything random, a whole number below 2**32.
        steps: how long to train.
        learning_rate: the rate to train with; None for your own.
        split: 'validation' or 'test': what the metric is measured on at the end.
        report_at: the steps at or after which lossc wants a report.
        text: the loss in lossc's language.
        folder: an empty folder for this training, deleted after it.
        id, key: of this request, and of all identical requests.
    """

    def __init__(self, message, answer):
        self.id = message['id']
        self.key = message['key']
        self.seed = message['seed']
        self.steps = message['steps']
        self.learning_rate = message['learningRate']
        self.split = message['split']
        self.report_at = frozenset(message['reportAt'])
        self.folder = message['folder']
        self.text = message['loss']['text']
        self._loss = message['loss']
        self._answer = answer
        self._open = True

    def loss(self, target='pytorch'):
        """The loss as a function: call it with names, loss(target=..., prediction=...)."""
        if target == 'onnx':
            raise ValueError("an ONNX model is a file for a runtime: job.file('onnx') is its path")
        return _function(self._loss['files'][target], self._loss['function'])

    def file(self, target):
        """The path of what the loss was compiled to: a module, or an ONNX model."""
        return self._loss['files'][target]

    def report(self, step, value):
        """Reports the progress of the training; returns False if no more steps are needed. The result is needed all the same.

        `value` is the metric on the validation split. A value that is not finite ends the evaluation as diverged.
        """
        value = float(value)
        if not math.isfinite(value):
            self.error('diverged', 'the metric is %s at step %s' % (value, step))
        if not self._open:
            return False
        return self._answer({'type': 'report', 'id': self.id, 'step': int(step), 'value': value})

    def result(self, value, steps=None, **metrics):
        """Ends the evaluation with the value of the metric. Other metrics are stored by name."""
        if not self._open:
            return
        numbers = {name: float(number) for name, number in metrics.items()}
        numbers[_hello['metric']['name']] = float(value)
        if not math.isfinite(float(value)):
            return self.error('diverged', 'the metric is %s' % value)
        message = {'type': 'result', 'id': self.id}
        message['metrics'] = {name: number for name, number in numbers.items() if math.isfinite(number)}
        if steps is not None:
            message['steps'] = int(steps)
        self._open = False
        self._answer(message)

    def error(self, kind, message):
        """Ends the evaluation without a result: 'diverged', 'invalid', 'crashed' or 'out-of-memory'."""
        if self._open:
            self._open = False
            self._answer({'type': 'error', 'id': self.id, 'kind': kind, 'message': str(message)[:2000]})


def jobs(metric='accuracy', goal='higher', classes=None, targets=('pytorch',), inputs='logits', environment=None):
    """Yields one training after another, until lossc has no more.

    Args:
        metric: the name of the number passed to job.result.
        goal: 'higher' for a metric between 0 and 1 where higher is better, 'lower' for one of at least 0 where lower is better.
        classes: the number of classes of a classifier; None for anything else.
        targets: what losses are compiled to: 'pytorch', 'jax', 'keras', 'onnx'.
        inputs: what the loss is given as a prediction that is a probability, 'logits' or 'probabilities'.
        environment: further texts, by name, that results depend on. Versions, the device, and the files beside your script that
            it has imported are found automatically.
    """
    global _hello
    found = dict(_environment(), **{name: str(text) for name, text in (environment or {}).items()})
    _hello = {'type': 'hello', 'protocol': PROTOCOL, 'targets': list(targets), 'inputs': inputs}
    _hello.update(metric={'name': metric, 'goal': goal}, environment=found)
    if classes is not None:
        _hello['classes'] = int(classes)
    folder = os.environ.get('LOSSC_FOLDER')
    return _once(folder) if folder else _lines()


_hello = {}


def _lines():
    """One line after another on standard input and output."""
    if sys.stdin is None or sys.stdin.isatty():
        sys.exit('lossc.py: lossc starts this script: lossc evolve --evaluator "python %s"' % sys.argv[0])
    # What anybody prints, in C too, goes to standard error from here on.
    out = os.fdopen(os.dup(1), 'w', encoding='utf-8', newline='\n')
    os.dup2(2, 1)

    def send(message):
        out.write(json.dumps(message, allow_nan=False) + '\n')
        out.flush()

    def answer(message):
        send(message)
        if message['type'] != 'report':
            return True
        return _read()['type'] == 'continue'

    for message in iter(_read, None):
        if message['type'] == 'hello':
            _check(message)
            send(_hello)
        elif message['type'] == 'evaluate':
            yield from _given(Job(message, answer))


def _read():
    """The next message; the process exits when standard input ends, since nothing waits for it then."""
    line = sys.stdin.buffer.readline()
    if not line:
        sys.stderr.flush()
        os._exit(0)
    return json.loads(line)


def _once(folder):
    """One message in params.json, and its answer in metrics.json."""
    with open(os.path.join(folder, 'params.json'), encoding='utf-8') as file:
        message = json.load(file)

    def answer(reply):
        if reply['type'] != 'report':
            path = os.path.join(folder, 'metrics.json')
            with open(path + '.new', 'w', encoding='utf-8') as file:
                json.dump(reply, file, allow_nan=False)
            os.replace(path + '.new', path)
        return True

    if message['type'] == 'hello':
        _check(message)
        answer(_hello)
    else:
        yield from _given(Job(message, answer))


def _given(job):
    """The job, and what becomes of it if the script fails or forgets it."""
    before = sys.excepthook

    def failed(kind, error, trace):
        full = 'memory' in str(error).lower() or 'OutOfMemory' in kind.__name__
        job.error('out-of-memory' if full else 'crashed', '%s: %s' % (kind.__name__, error))
        before(kind, error, trace)

    sys.excepthook = failed
    yield job
    sys.excepthook = before
    job.error('crashed', 'the script continued without a result')


def _check(message):
    if message['protocol'] != PROTOCOL:
        sys.exit(
            'lossc.py implements version %d of the protocol and lossc %s version %s: write a new one with '
            '"lossc init evaluator pytorch"' % (PROTOCOL, message['lossc'], message['protocol'])
        )


_modules = {}


def _function(path, name):
    """A function of a module that is read from its file, once."""
    if path not in _modules:
        # Not under its own name: there are many, and all are called alike.
        spec = importlib.util.spec_from_file_location('lossc_candidate_%d' % len(_modules), path)
        _modules[path] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(_modules[path])
    return getattr(_modules[path], name)


def _environment():
    """What results depend on: versions of what is loaded, the device, and the text of the script and of its modules."""
    found = {'python': platform.python_version(), 'machine': platform.machine(), 'device': 'cpu'}
    for name in ('torch', 'jax', 'keras', 'tensorflow', 'numpy'):
        version = getattr(sys.modules.get(name), '__version__', None)
        if version is not None:
            found[name] = str(version)
    torch = sys.modules.get('torch')
    if torch is not None and torch.cuda.is_available():
        found['device'] = torch.cuda.get_device_name()
    script = os.path.abspath(sys.argv[0])
    digest = hashlib.sha256()
    for path in sorted(set(_files(script))):
        with open(path, 'rb') as file:
            digest.update(file.read())
    found['script'] = digest.hexdigest()[:16]
    return found


def _files(script):
    """The script and the modules beside and below it; installed packages are known by their versions."""
    if os.path.isfile(script):
        yield script
    folder = os.path.dirname(script) + os.sep
    for module in list(sys.modules.values()):
        path = getattr(module, '__file__', None)
        if path and path.startswith(folder) and path.endswith('.py') and '-packages' + os.sep not in path:
            yield path
