"""The user nobody, who owns nothing and may change nothing."""

import os

NOBODY = 65534
AS_NOBODY = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]  # a prefix of a command
TO_NOBODY = {"user": NOBODY, "group": NOBODY, "extra_groups": []}  # arguments of subprocess.run


def give_to_nobody(folder, keep=lambda path: False):
    """Changes the owner of a folder and everything below it, except paths for which `keep` is true."""
    for where, _, files in os.walk(folder):
        for path in (where, *(os.path.join(where, name) for name in files)):
            if not keep(path):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
