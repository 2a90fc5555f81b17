#!/usr/bin/env python3
"""The prompt of `gpuslice sim shell`: the node's name precedes the user's own prompt, whatever the user's start files
do."""

import os
import shutil
import unittest

from support.case import OnNode, main
from support.terminal import OnTerminal


class Prompt(OnNode):
    def shell(self, node, program, **environment):
        known = {**node.environment, "TERM": "dumb", "SHELL": shutil.which(program), "HOME": node.home, **environment}
        terminal = OnTerminal([self.program, "sim", "shell", node.name], known)
        self.addCleanup(terminal.process.wait)
        self.addCleanup(terminal.process.kill)
        terminal.until("inside node n")
        return terminal

    def home_file(self, node, name, text):
        path = os.path.join(node.home, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def leave(self, terminal):
        terminal.type("exit 7\n")
        self.assertEqual(terminal.end()[0], 7)

    def test_bash_shows_the_node_before_the_users_prompt(self):
        node = self.node(mig=False)
        self.home_file(node, ".bashrc", "PS1='mine> '\nalias hello='echo from my file'\n")
        terminal = self.shell(node, "bash")
        terminal.until("(n) mine> ")
        terminal.type("hello; ls /proc/self/fd | wc -l\n")
        terminal.until("from my file\r\n4\r\n(n) mine> ")  # no descriptor of ours is left open
        terminal.type('echo "<$GPUSLICE_SIM_PROMPT>"; nvidia-smi -L | wc -l\n')
        terminal.until("<(n) >\r\n1\r\n")
        self.leave(terminal)

    def test_bash_with_a_prompt_command(self):
        for command in ("PROMPT_COMMAND='false; PS1=made\\>'", "PROMPT_COMMAND=(false 'PS1=made\\>')", "PROMPT_COMMAND='PS1=made\\>;'"):
            with self.subTest(command=command):
                node = self.node(mig=False)
                self.home_file(node, ".bashrc", command + "\n")
                terminal = self.shell(node, "bash")
                for _ in range(3):
                    terminal.until("\n(n) made>" if _ else "(n) made>")
                    terminal.type("\n")
                terminal.type("(exit 3); echo $?\n")
                terminal.until("3\r\n(n) made>")
                self.leave(terminal)

    def test_sh_shows_the_node_and_keeps_the_users_file(self):
        node = self.node(mig=False)
        mine = self.home_file(node, ".shrc", "PS1='mine> '\nhello() { echo from my file; }\n")
        terminal = self.shell(node, "sh", ENV=mine)
        terminal.until("(n) mine> ")
        terminal.type("hello; echo $ENV\n")
        terminal.until(f"from my file\r\n{mine}\r\n(n) mine> ")
        self.leave(terminal)
        terminal = self.shell(node, "sh")
        terminal.until("(n) ")
        terminal.type('echo "<${ENV-none}>"\n')
        terminal.until("<none>\r\n")
        self.leave(terminal)

    @unittest.skipUnless(shutil.which("fish"), "there is no fish")
    def test_fish_shows_the_node(self):
        terminal = self.shell(self.node(mig=False), "fish")
        terminal.until("(n) ")
        self.leave(terminal)

    def test_without_a_terminal_the_shell_is_unchanged(self):
        node = self.node(mig=False)
        ran = node.call("sim", "shell", "n", text='echo "$GPUSLICE_SIM_PROMPT|$GPUSLICE_NODE|"; exit 3\n')
        self.assertEqual((ran.returncode, ran.stdout), (3, "(n) ||\n"), ran.stderr)


if __name__ == "__main__":
    main()
