"""Small helpers of the client suites: they compare results and count the comparisons."""
import pynvml

looked_at = 0


def equal(got, wanted, what=""):
    global looked_at
    looked_at += 1
    if got != wanted:
        raise AssertionError(f"{what}: got {got!r}, not {wanted!r}")


def true(fact, what):
    equal(bool(fact), True, what)


def refused(code, call, *args):
    """Checks that the call raises NVMLError with this code."""
    global looked_at
    looked_at += 1
    try:
        answer = call(*args)
    except pynvml.NVMLError as error:
        if error.value == code:
            return
        raise AssertionError(f"{call.__name__}{args}: {error.value} ({error}), not {code}") from None
    raise AssertionError(f"{call.__name__}{args}: {answer!r}, not error {code}")


def done():
    print(f"{looked_at} answers checked")
