"""Uses lossc.py as people do, and misuses it: what is done to a job follows from the number of its question."""
import os

import lossc


def out_of_memory():
    raise RuntimeError('CUDA out of memory')


for number, job in enumerate(lossc.jobs(classes=10, targets=[], environment={'commit': os.environ.get('COMMIT', 'a')}), 1):
    print('to the log:', job.text)
    os.system('echo "from another program"')
    what = os.environ['WHAT'].split(',')[int(job.seed) % len(os.environ['WHAT'].split(','))]
    if what == 'forgets':
        continue
    if what == 'raises':
        raise ValueError('no such layer')
    if what == 'fills':
        out_of_memory()
    if what == 'nan':
        job.result(float('nan'))
    if what == 'reports nan':
        assert not job.report(1, float('inf'))
    if what == 'twice':
        job.result(0.25, loss=float('nan'))
    job.result(0.5, loss=3)
