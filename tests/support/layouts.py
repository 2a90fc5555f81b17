"""Layout files in the format gpuslice/v1, as values."""


def gi(profile, placement=None, **more):
    """A GPU instance as an entry of a layout file."""
    return {"profile": profile, **({"placement": placement} if placement else {}), **more}


def document(*gpus, foreign="keep"):
    """A layout with one entry for each GPU that is not None."""
    entries = [{"select": {"index": index}, "mig": True, "foreign": foreign, "instances": instances}
               for index, instances in enumerate(gpus) if instances is not None]
    return {"version": "gpuslice/v1", "gpus": entries}
