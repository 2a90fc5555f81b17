package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
)

// An instance may disappear between two calls of a reader; only the return codes for this case are accepted.
func gone(ret nvml.Return) bool {
	return ret == nvml.ERROR_NOT_FOUND || ret == nvml.ERROR_INVALID_ARGUMENT
}

// The number of rounds of reading that all readers have completed together.
var looks atomic.Int64

type reader struct {
	instances, migs int
	wrong           []string
}

func (r *reader) fine(ret nvml.Return, what string) bool {
	if ret != nvml.SUCCESS && !gone(ret) {
		r.wrong = append(r.wrong, fmt.Sprintf("%s: %s", what, word(ret)))
	}
	return ret == nvml.SUCCESS
}

// Reads everything once. Each result must be possible by itself.
func (r *reader) look(device nvml.Device) {
	defer looks.Add(1)
	current, pending, ret := device.GetMigMode()
	if !r.fine(ret, "mode") || current != 1 || pending != 1 {
		r.wrong = append(r.wrong, fmt.Sprintf("mode %d %d", current, pending))
	}
	for number := 0; number < nvml.GPU_INSTANCE_PROFILE_COUNT; number++ {
		profile, ret := device.GetGpuInstanceProfileInfo(number)
		if ret != nvml.SUCCESS {
			continue
		}
		places, ret := device.GetGpuInstancePossiblePlacements(&profile)
		r.fine(ret, "places")
		list, ret := device.GetGpuInstances(&profile)
		if !r.fine(ret, "list") {
			continue
		}
		for _, gi := range list {
			info, ret := gi.GetInfo()
			if !r.fine(ret, "info") {
				continue
			}
			r.instances++
			// The handle may by now belong to an instance of another profile, so check only instances of this one.
			if info.ProfileId == profile.Id && !among(info.Placement, places) {
				r.wrong = append(r.wrong, fmt.Sprintf("profile %d stands at %v", info.ProfileId, info.Placement))
			}
		}
	}
	for i := 0; i < 7; i++ {
		mig, ret := device.GetMigDeviceHandleByIndex(i)
		if !r.fine(ret, "MIG device") {
			continue
		}
		uuid, ret := mig.GetUUID()
		if r.fine(ret, "UUID") && (len(uuid) != 40 || uuid[:4] != "MIG-") {
			r.wrong = append(r.wrong, "UUID "+uuid)
		}
		attributes, ret := mig.GetAttributes()
		if r.fine(ret, "attributes") && (attributes.MultiprocessorCount == 0 || attributes.MemorySizeMB == 0) {
			r.wrong = append(r.wrong, fmt.Sprintf("attributes %+v", attributes))
		}
		memory, ret := mig.GetMemoryInfo()
		if r.fine(ret, "memory") {
			r.migs++
			if memory.Total == 0 || memory.Used+memory.Free > memory.Total {
				r.wrong = append(r.wrong, fmt.Sprintf("memory %+v", memory))
			}
		}
	}
}

func among(place nvml.GpuInstancePlacement, places []nvml.GpuInstancePlacement) bool {
	for _, one := range places {
		if one == place {
			return true
		}
	}
	return false
}

func race(rounds, readers int) {
	device, ret := nvml.DeviceGetHandleByIndex(0)
	must(ret, "handle")
	_, ret = device.SetMigMode(nvml.DEVICE_MIG_ENABLE)
	must(ret, "MIG on")
	var over atomic.Bool
	var group, begun sync.WaitGroup
	all := make([]reader, readers)
	for i := range all {
		group.Add(1)
		begun.Add(1)
		go func(one *reader) {
			defer group.Done()
			own, ret := nvml.DeviceGetHandleByIndex(0)
			must(ret, "handle")
			one.look(own)
			begun.Done()
			for !over.Load() {
				one.look(own)
			}
			one.look(own)
		}(&all[i])
	}
	begun.Wait()
	made := 0
	for round := 0; round < rounds; round++ {
		made += change(device, round)
	}
	over.Store(true)
	group.Wait()
	wrong := 0
	seen := reader{}
	for i := range all {
		wrong += len(all[i].wrong)
		for _, one := range all[i].wrong {
			fmt.Fprintln(os.Stderr, one)
		}
		seen.instances += all[i].instances
		seen.migs += all[i].migs
	}
	fmt.Printf("made %d, instances seen %v, MIG devices seen %v, wrong %d\n", made, seen.instances > 0, seen.migs > 0, wrong)
	_, ret = device.SetMigMode(nvml.DEVICE_MIG_DISABLE)
	must(ret, "MIG off")
	if wrong != 0 {
		os.Exit(1)
	}
}

// Creates as many instances of a profile as fit, each with a compute instance, and destroys them again.
func change(device nvml.Device, round int) int {
	order := []int{nvml.GPU_INSTANCE_PROFILE_1_SLICE, nvml.GPU_INSTANCE_PROFILE_3_SLICE, nvml.GPU_INSTANCE_PROFILE_2_SLICE}
	profile, ret := device.GetGpuInstanceProfileInfo(order[round%len(order)])
	must(ret, "profile")
	var gis []nvml.GpuInstance
	var cis []nvml.ComputeInstance
	for {
		gi, ret := device.CreateGpuInstance(&profile)
		if ret == nvml.ERROR_INSUFFICIENT_RESOURCES {
			break
		}
		must(ret, "create")
		gis = append(gis, gi)
		one, ret := gi.GetComputeInstanceProfileInfo(nvml.COMPUTE_INSTANCE_PROFILE_1_SLICE, 0)
		must(ret, "compute profile")
		ci, ret := gi.CreateComputeInstance(&one)
		must(ret, "create compute instance")
		cis = append(cis, ci)
	}
	// In every other round, the instances remain for some rounds of reading; otherwise they are destroyed immediately.
	for until := looks.Load() + 3; round%2 == 0 && looks.Load() < until; {
		runtime.Gosched()
	}
	for _, ci := range cis {
		must(ci.Destroy(), "destroy compute instance")
	}
	for _, gi := range gis {
		must(gi.Destroy(), "destroy")
	}
	return len(gis)
}
