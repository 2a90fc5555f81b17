// Prints what NVIDIA's go-nvlib reads from the PCI devices of the host on which it runs, one line for each.
package main

import (
	"fmt"
	"os"

	"github.com/NVIDIA/go-nvlib/pkg/nvpci"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func show(kind string, devices []*nvpci.NvidiaPCIDevice) {
	for _, d := range devices {
		config, err := d.Config.Read()
		check(err)
		capabilities, err := config.GetPCICapabilities()
		check(err)
		_, vendorSpecific := capabilities.Standard[0x09]
		fmt.Printf("%s %s device %04x class %06x driver %s numa %d config %d, %d capabilities, %d extended, vendor specific %t\n", kind, d.Address,
			d.Device, d.Class, d.Driver, d.NumaNode, config.Len(), len(capabilities.Standard), len(capabilities.Extended), vendorSpecific)
		for i := 0; i < 6; i++ {
			if r, there := d.Resources[i]; there {
				fmt.Printf("  region %d: %d MiB\n", i, (r.End-r.Start+1)>>20)
			}
		}
		if d.SriovInfo.PhysicalFunction != nil {
			fmt.Printf("  virtual functions: %d of %d\n", d.SriovInfo.PhysicalFunction.NumVFs, d.SriovInfo.PhysicalFunction.TotalVFs)
		}
	}
}

func main() {
	pci := nvpci.New()
	gpus, err := pci.GetGPUs()
	check(err)
	show("gpu", gpus)
	switches, err := pci.GetNVSwitches()
	check(err)
	show("nvswitch", switches)
}
