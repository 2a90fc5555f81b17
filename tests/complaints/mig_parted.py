"""Layout files in the format of mig-parted, which users already have."""

import json

from complaint import Complaint
from support.layouts import document, gi


class MigPartedFiles(Complaint):
    """A mig-parted file works unchanged: -c selects the configuration; device-filter, `devices` and MIG off are
    supported (mig-parted's README; gpu-operator's default-mig-parted-config)."""

    TEXT = """version: v1
mig-configs:
  all-disabled:
    - devices: all
      mig-enabled: false
  all-enabled:
    - devices: all
      mig-enabled: true
      mig-devices: {}
  all-1g.5gb:
    - devices: all
      mig-enabled: true
      mig-devices:
        "1g.5gb": 7
  shared:
    - devices: [0]
      mig-enabled: true
      mig-devices: {"3g.20gb": 1, "1c.2g.10gb": 2}
  all-balanced:
    - device-filter: ["0x20B010DE", "0x20B210DE"]
      devices: all
      mig-enabled: true
      mig-devices: {"1g.5gb": 2, "2g.10gb": 1, "3g.20gb": 1}
    - device-filter: "0x233010DE"
      devices: all
      mig-enabled: true
      mig-devices: {"1g.10gb": 2, "2g.20gb": 1, "3g.40gb": 1}
"""

    def on(self, node, verb, name, *words):
        return node.on(verb, "-f", "-", "-c", name, *words, text=self.TEXT)

    def test_each_configuration_is_applied_and_asserted(self):
        node = self.node(mig=False)
        self.did(self.on(node, "assert", "all-disabled"))
        for name, mode, stands in (("all-enabled", "Enabled", []), ("all-1g.5gb", "Enabled", ["1g.5gb"] * 7),
                                   ("shared", "Enabled", ["2g.10gb", "3g.20gb"]),
                                   ("all-balanced", "Enabled", ["1g.5gb", "1g.5gb", "2g.10gb", "3g.20gb"]), ("all-disabled", "Disabled", [])):
            with self.subTest(configuration=name):
                self.did(self.on(node, "assert", name), 3)
                self.did(self.on(node, "apply", name))
                self.assertEqual(self.modes(node), [mode])
                self.assertEqual(sorted(self.instances(node).values()), stands)
                self.did(self.on(node, "assert", name))
                if name == "shared":
                    self.assertEqual(sorted(self.compute(node).values()), ["1c.2g.10gb", "1c.2g.10gb", "3g.20gb"])

    def test_instances_that_the_file_does_not_name_are_removed_as_by_mig_parted(self):
        node = self.node()
        self.did(node.smi("mig", "-cgi", "1g.5gb:6", "-C"))
        self.did(self.on(node, "apply", "shared"))
        self.assertEqual(sorted(self.instances(node).values()), ["2g.10gb", "3g.20gb"])

    def test_a_device_filter_selects_the_gpus_of_a_mixed_node(self):
        node = self.node("1xa100-40gb,1xh100-80gb-sxm5", None, mig=False)
        self.did(self.on(node, "apply", "all-balanced"))
        self.assertEqual(sorted(self.instances(node, 0).values()), ["1g.5gb", "1g.5gb", "2g.10gb", "3g.20gb"])
        self.assertEqual(sorted(self.instances(node, 1).values()), ["1g.10gb", "1g.10gb", "2g.20gb", "3g.40gb"])
        self.did(self.on(node, "assert", "all-balanced"))

    def test_devices_are_indices_and_other_gpus_are_not_changed(self):
        node = self.node("2xa100-40gb", mig=False)
        self.did(self.on(node, "apply", "shared"))
        self.assertEqual(self.modes(node), ["Enabled", "Disabled"])

    def test_an_index_beyond_the_node_is_skipped_with_a_note(self):
        node = self.node(mig=False)
        text = self.TEXT + "  far:\n    - devices: [0, 7]\n      mig-enabled: true\n      mig-devices: {1g.5gb: 2}\n"
        ran = self.did(node.on("apply", "-f", "-", "-c", "far", text=text))
        self.assertIn("skipped: no GPU has the index 7", ran.stderr)
        self.assertEqual(len(self.instances(node)), 2)
        self.did(node.on("assert", "-f", "-", "-c", "far", text=text))

    def test_devices_all_ignores_gpus_without_mig(self):
        node = self.node("1xa100-40gb,1xt4", None, mig=False)
        self.did(self.on(node, "apply", "all-1g.5gb"))
        self.assertEqual(len(self.instances(node)), 7)

    def test_a_missing_or_ambiguous_configuration_is_an_error_that_lists_the_names(self):
        node = self.node(mig=False)
        ran = self.did(self.on(node, "apply", "all-balance"), 1)
        self.assertIn("all-balanced", ran.stderr)
        ran = self.did(node.on("apply", "-f", "-", text=self.TEXT), 2)
        for name in ("all-disabled", "all-1g.5gb", "all-balanced"):
            self.assertIn(name, ran.stderr)
        self.assertEqual(self.modes(node), ["Disabled"])

    def test_an_exported_file_restores_the_layout(self):
        node = self.node()
        self.did(node.apply(document([gi("3g.20gb", "4:4"), gi("2g.10gb", "0:2"), gi("1g.5gb", "2:1")])))
        exported = self.did(node.on("export", "--format", "mig-parted")).stdout
        self.did(node.on("assert", "-f", "-", text=exported))
        self.did(node.apply(document([])))
        self.did(node.on("apply", "-f", "-", text=exported))
        self.assertEqual(sorted(self.instances(node).values()), ["1g.5gb", "2g.10gb", "3g.20gb"])

    def test_an_unknown_profile_is_refused_before_anything_is_changed(self):
        node = self.node("1xh100-80gb-sxm5", None, mig=False)
        ran = self.did(self.on(node, "apply", "all-1g.5gb"), 2)
        self.assertIn("1g.5gb", ran.stderr)
        self.assertIn("1g.10gb", ran.stderr)
        self.assertEqual(self.modes(node), ["Disabled"])
        self.assertEqual(json.loads(node.on("history", "--output", "json").stdout), [])
