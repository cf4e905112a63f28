"""The peer's side of benchmarks/DeepTricks.Benchmarks/Measuring/Side.cs: serve.py AREA THREADS.

AREA.py has a dict CASES from the name of a case to a function that makes its inputs and returns (run, result):
run() does the measured work once, result() is a number that tells what was computed.
"""
import ctypes
import gc
import importlib
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "tests" / "fixtures")]
RUNS_BEFORE_CHECK = 3


def set_up(make):
    run, result = make()
    for _ in range(getattr(make, "runs_before_check", RUNS_BEFORE_CHECK)):
        run()
    return run, result()


def measure(run, count):
    processor, wall = time.process_time(), time.perf_counter()
    for _ in range(count):
        run()
    return time.perf_counter() - wall, time.process_time() - processor


def peak(run):
    """The bytes by which a run makes the process larger at its peak; what was freed before is handed back first."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as clear:
        clear.write("5")
    before = resident("VmRSS:")
    run()
    return resident("VmHWM:") - before


def resident(entry):
    with open("/proc/self/status") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith(entry))


def serve(cases, threads):
    run = None
    for line in sys.stdin:
        try:
            command, *argument = line.split()
            if command == "setup":
                torch.set_num_threads(threads)  # a case may take another number for itself
                run, check = set_up(cases[argument[0]])
                answer = f"ready {check!r}"
            elif command == "run":
                answer = "took %r %r" % measure(run, int(argument[0]))
            elif command == "peak":
                answer = f"peak {peak(run)!r}"
            else:
                raise ValueError(f"expected 'setup NAME', 'peak' or 'run COUNT', and got '{line.strip()}'")
        except Exception as error:
            answer = " ".join(f"error {type(error).__name__}: {error}".split())
        print(answer, flush=True)


if __name__ == "__main__":
    import torch

    torch.set_num_threads(int(sys.argv[2]))
    serve(importlib.import_module(sys.argv[1]).CASES, int(sys.argv[2]))
