#!/usr/bin/env python3
"""Reading a golden file must return what was written to it."""
import random
import unittest

from goldens import Step, Writer, read


class Goldens(unittest.TestCase):
    def check(self, steps):
        writer = Writer("a test")
        for step in steps:
            writer.add(step)
        back = read(writer.text())
        self.assertEqual([vars(s) for s in back], [vars(s) for s in steps])
        return writer.text()

    def test_text_without_a_final_line_end_and_with_marks(self):
        self.check([Step("-L", "GPU 0\n", "", 0), Step("@reboot"), Step("-L", "", "", 6, True), Step("x", "no end", "wrong\n", 2),
                    Step("x", "%keep 1\n$ @boo\n\\ back\nfour\n", "%status 1\n", 0), Step("x", "%keep 1\n$ other\n\\ back\nfour", "", 1)])

    def test_only_changes_are_written_again(self):
        lines = [f"line {i}\n" for i in range(200)]
        text = self.check([Step("-q", "".join(lines), "", 0), Step("-q", "".join(lines[:100] + ["new\n"] + lines[101:]), "", 0)])
        self.assertLess(len(text.splitlines()), 210)

    def test_random_texts(self):
        dice = random.Random(1)
        words = ["a\n", "b\n", "%x\n", "$ y\n", "\\z\n", "long line\n"]
        self.check([Step("v", "".join(dice.choices(words, k=dice.randrange(12))) + dice.choice(["", "tail"]), "", 0) for _ in range(300)])


unittest.main()
