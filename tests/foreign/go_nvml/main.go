// Uses a node's driver library through NVIDIA's go-nvml. `walk` goes through the whole MIG lifecycle on GPU 0 and
// prints a line for each step, `reads` calls every reading function, `race ROUNDS READERS` reads in many goroutines
// while one creates and destroys instances.
package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
)

// The names in nvml.h of the return codes that this program expects; all other codes are printed as numbers.
var names = map[nvml.Return]string{
	nvml.SUCCESS: "SUCCESS", nvml.ERROR_INVALID_ARGUMENT: "INVALID_ARGUMENT", nvml.ERROR_NOT_SUPPORTED: "NOT_SUPPORTED",
	nvml.ERROR_NO_PERMISSION: "NO_PERMISSION", nvml.ERROR_NOT_FOUND: "NOT_FOUND", nvml.ERROR_IN_USE: "IN_USE",
	nvml.ERROR_INSUFFICIENT_RESOURCES: "INSUFFICIENT_RESOURCES",
}

func word(ret nvml.Return) string {
	if name, known := names[ret]; known {
		return name
	}
	return "code " + strconv.Itoa(int(ret))
}

// must ends the program if a call fails on which everything later depends.
func must(ret nvml.Return, what string) {
	if ret != nvml.SUCCESS {
		fmt.Fprintf(os.Stderr, "%s: %s\n", what, word(ret))
		os.Exit(1)
	}
}

func main() {
	must(nvml.Init(), "init")
	if len(os.Args) == 2 && os.Args[1] == "walk" {
		walk()
	} else if len(os.Args) == 2 && os.Args[1] == "reads" {
		reads()
	} else if len(os.Args) == 4 && os.Args[1] == "race" {
		rounds, first := strconv.Atoi(os.Args[2])
		readers, second := strconv.Atoi(os.Args[3])
		if first != nil || second != nil {
			fmt.Fprintln(os.Stderr, "race takes two numbers")
			os.Exit(2)
		}
		race(rounds, readers)
	} else {
		fmt.Fprintln(os.Stderr, "walk, reads, or race ROUNDS READERS")
		os.Exit(2)
	}
	must(nvml.Shutdown(), "shutdown")
}
