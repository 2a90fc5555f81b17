"""Random layouts of one GPU of a product."""

import json
import subprocess


class Layouts:
    """All legal layouts of GPU instances as the program lists them (tests/oracle checks that list)."""

    def __init__(self, program, product):
        listed = subprocess.run([program, "layouts", "--for", product, "--output", "json"], capture_output=True, text=True,
                                check=True)
        self.all = [layout for layout in json.loads(listed.stdout)["layouts"] if layout]

    def random(self, rng, names=True):
        """The instances of one GPU with their placements, randomly divided into compute instances."""
        instances = []
        for number, seat in enumerate(rng.choice(self.all)):
            one = {"profile": seat["profile"], "placement": "{start}:{size}".format(**seat["placement"])}
            if names and rng.random() < 0.5:
                one["name"] = f"n{number}"
            slices = int(seat["profile"][0])
            kind = rng.random()
            if kind < 0.15:
                one["compute"] = []
            elif kind < 0.5 and slices > 1:
                one["compute"] = [{"profile": "1c"} for _ in range(rng.randint(1, slices))]
            instances.append(one)
        return instances
