package main

import (
	"fmt"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
)

func say(step string, ret nvml.Return, more ...any) {
	line := fmt.Sprintf("%s: %s", step, word(ret))
	if ret == nvml.SUCCESS {
		for _, one := range more {
			line += fmt.Sprintf(" %v", one)
		}
	}
	fmt.Println(line)
}

func walk() {
	fmt.Println(nvml.ErrorString(nvml.ERROR_INSUFFICIENT_RESOURCES) + " is how INSUFFICIENT_RESOURCES is said")
	driver, ret := nvml.SystemGetDriverVersion()
	say("driver", ret, driver)
	library, ret := nvml.SystemGetNVMLVersion()
	say("library", ret, library)
	cuda, ret := nvml.SystemGetCudaDriverVersion_v2()
	say("CUDA", ret, cuda)
	count, ret := nvml.DeviceGetCount()
	say("GPUs", ret, count)
	for i := 0; i < count; i++ {
		device, ret := nvml.DeviceGetHandleByIndex(i)
		must(ret, "handle")
		describe(i, device)
	}
	_, ret = nvml.DeviceGetHandleByIndex(count)
	say("one GPU more", ret)
	_, ret = nvml.DeviceGetHandleByUUID("GPU-none")
	say("a GPU that is none", ret)
	device, ret := nvml.DeviceGetHandleByIndex(0)
	must(ret, "handle")
	mode(device)
	instances(device)
	off(device)
}

func describe(i int, device nvml.Device) {
	name, _ := device.GetName()
	uuid, ret := device.GetUUID()
	say(fmt.Sprintf("GPU %d", i), ret, name, uuid)
	pci, ret := device.GetPciInfo()
	bus := make([]byte, 0, len(pci.BusId))
	for _, char := range pci.BusId {
		if char == 0 {
			break
		}
		bus = append(bus, byte(char))
	}
	say("  PCI", ret, string(bus), fmt.Sprintf("%#x", pci.PciDeviceId))
	minor, ret := device.GetMinorNumber()
	say("  minor", ret, minor)
	memory, ret := device.GetMemoryInfo()
	say("  memory MiB", ret, memory.Total>>20)
	most, ret := device.GetMaxMigDeviceCount()
	say("  MIG devices at most", ret, most)
	same, ret := nvml.DeviceGetHandleByUUID(uuid)
	must(ret, "handle by UUID")
	index, ret := same.GetIndex()
	say("  index, by its UUID", ret, index)
}

func mode(device nvml.Device) {
	current, pending, ret := device.GetMigMode()
	say("mode", ret, current, pending)
	profile, ret := device.GetGpuInstanceProfileInfo(nvml.GPU_INSTANCE_PROFILE_1_SLICE)
	say("smallest profile, MIG off", ret, profile.Id)
	_, ret = device.CreateGpuInstance(&profile)
	say("create, MIG off", ret)
	_, ret = device.GetMigDeviceHandleByIndex(0)
	say("MIG device 0, MIG off", ret)
	activation, ret := device.SetMigMode(nvml.DEVICE_MIG_ENABLE)
	say("MIG on", ret, word(activation))
	current, pending, ret = device.GetMigMode()
	say("mode", ret, current, pending)
}

func instances(device nvml.Device) {
	for number := 0; number < nvml.GPU_INSTANCE_PROFILE_COUNT; number++ {
		info, ret := device.GetGpuInstanceProfileInfo(number)
		if ret != nvml.SUCCESS {
			say(fmt.Sprintf("profile enum %d", number), ret)
			continue
		}
		fmt.Printf("profile enum %d: %+v\n", number, info)
		places, ret := device.GetGpuInstancePossiblePlacements(&info)
		say("  places", ret, places)
		room, ret := device.GetGpuInstanceRemainingCapacity(&info)
		say("  room for", ret, room)
	}
	half, ret := device.GetGpuInstanceProfileInfo(nvml.GPU_INSTANCE_PROFILE_3_SLICE)
	must(ret, "3g")
	small, ret := device.GetGpuInstanceProfileInfo(nvml.GPU_INSTANCE_PROFILE_1_SLICE)
	must(ret, "1g")
	_, ret = device.CreateGpuInstanceWithPlacement(&half, &nvml.GpuInstancePlacement{Start: 1, Size: 4})
	say("create 3g at 1:4, where it cannot stand", ret)
	gi, ret := device.CreateGpuInstanceWithPlacement(&half, &nvml.GpuInstancePlacement{Start: 4, Size: 4})
	must(ret, "create 3g at 4:4")
	show("create 3g at 4:4", gi)
	_, ret = device.CreateGpuInstanceWithPlacement(&half, &nvml.GpuInstancePlacement{Start: 4, Size: 4})
	say("create 3g at 4:4 again", ret)
	_, ret = device.CreateGpuInstanceWithPlacement(&small, &nvml.GpuInstancePlacement{Start: 5, Size: 1})
	say("create 1g at 5:1, where the 3g stands", ret)
	little, ret := device.CreateGpuInstance(&small)
	must(ret, "create 1g")
	show("create 1g where the driver likes", little)
	_, ret = device.CreateGpuInstance(&half)
	say("create another 3g", ret)
	nothing := small
	nothing.Id = 77
	_, ret = device.CreateGpuInstance(&nothing)
	say("create profile 77", ret)
	list, ret := device.GetGpuInstances(&half)
	say("3g instances", ret, len(list))
	byID, ret := device.GetGpuInstanceById(id(gi))
	must(ret, "by its id")
	show("the 3g, by its id", byID)
	_, ret = device.GetGpuInstanceById(14)
	say("GPU instance 14", ret)
	compute(device, gi, little)
}

func id(gi nvml.GpuInstance) int {
	info, ret := gi.GetInfo()
	must(ret, "info")
	return int(info.Id)
}

func show(step string, gi nvml.GpuInstance) {
	info, ret := gi.GetInfo()
	say(step, ret, fmt.Sprintf("id %d profile %d at %d:%d", info.Id, info.ProfileId, info.Placement.Start, info.Placement.Size))
}

func compute(device nvml.Device, gi, little nvml.GpuInstance) {
	for number := 0; number < nvml.COMPUTE_INSTANCE_PROFILE_COUNT; number++ {
		info, ret := gi.GetComputeInstanceProfileInfo(number, nvml.COMPUTE_INSTANCE_ENGINE_PROFILE_SHARED)
		if ret != nvml.SUCCESS {
			say(fmt.Sprintf("compute profile enum %d in the 3g", number), ret)
			continue
		}
		fmt.Printf("compute profile enum %d in the 3g: %+v\n", number, info)
	}
	migs(device, "MIG devices before compute instances")
	one, ret := gi.GetComputeInstanceProfileInfo(nvml.COMPUTE_INSTANCE_PROFILE_1_SLICE, 0)
	must(ret, "1c")
	all, ret := gi.GetComputeInstanceProfileInfo(nvml.COMPUTE_INSTANCE_PROFILE_3_SLICE, 0)
	must(ret, "3c")
	first, ret := gi.CreateComputeInstance(&one)
	must(ret, "create 1c")
	showCompute("create 1c in the 3g", first)
	second, ret := gi.CreateComputeInstance(&one)
	must(ret, "create 1c again")
	showCompute("create 1c in the 3g again", second)
	_, ret = gi.CreateComputeInstance(&all)
	say("create 3c beside them", ret)
	left, ret := gi.GetComputeInstanceRemainingCapacity(&one)
	say("room for 1c", ret, left)
	whole, ret := little.GetComputeInstanceProfileInfo(nvml.COMPUTE_INSTANCE_PROFILE_1_SLICE, 0)
	must(ret, "1c of 1g")
	third, ret := little.CreateComputeInstance(&whole)
	must(ret, "create 1c in the 1g")
	showCompute("create 1c in the 1g", third)
	_, ret = little.CreateComputeInstance(&whole)
	say("create 1c in the 1g again", ret)
	migs(device, "MIG devices")
	say("destroy the 3g with compute instances in it", gi.Destroy())
	_, ret = device.SetMigMode(nvml.DEVICE_MIG_DISABLE)
	say("MIG off with instances there", ret)
	say("destroy the first 1c", first.Destroy())
	_, ret = first.GetInfo()
	say("info of the first 1c", ret)
	migs(device, "MIG devices without it")
	again, ret := gi.CreateComputeInstance(&one)
	must(ret, "create 1c anew")
	showCompute("create 1c anew", again)
	say("destroy it", again.Destroy())
	say("destroy the second 1c", second.Destroy())
	say("destroy the 3g", gi.Destroy())
	say("destroy the 3g again", gi.Destroy())
	say("destroy the 1c of the 1g", third.Destroy())
	say("destroy the 1g", little.Destroy())
}

func showCompute(step string, ci nvml.ComputeInstance) {
	info, ret := ci.GetInfo()
	must(ret, "info")
	gi, ret := info.GpuInstance.GetInfo()
	say(step, ret, fmt.Sprintf("id %d profile %d at %d:%d of GPU instance %d", info.Id, info.ProfileId, info.Placement.Start, info.Placement.Size, gi.Id))
}

func migs(device nvml.Device, step string) {
	fmt.Println(step)
	most, ret := device.GetMaxMigDeviceCount()
	must(ret, "max count")
	for i := 0; i < most; i++ {
		mig, ret := device.GetMigDeviceHandleByIndex(i)
		if ret != nvml.SUCCESS {
			say(fmt.Sprintf("  %d", i), ret)
			continue
		}
		uuid, ret := mig.GetUUID()
		say(fmt.Sprintf("  %d", i), ret, uuid)
		name, ret := mig.GetName()
		say("    name", ret, name)
		gi, ret := mig.GetGpuInstanceId()
		say("    GPU instance", ret, gi)
		ci, ret := mig.GetComputeInstanceId()
		say("    compute instance", ret, ci)
		attributes, ret := mig.GetAttributes()
		say("    attributes", ret, fmt.Sprintf("%+v", attributes))
		memory, ret := mig.GetMemoryInfo()
		say("    memory MiB", ret, memory.Total>>20, "used", memory.Used>>20)
		is, ret := mig.IsMigDeviceHandle()
		say("    is a MIG device", ret, is)
		parent, ret := mig.GetDeviceHandleFromMigDeviceHandle()
		must(ret, "parent")
		index, ret := parent.GetIndex()
		say("    of GPU", ret, index)
		same, ret := nvml.DeviceGetHandleByUUID(uuid)
		must(ret, "by its UUID")
		index, ret = same.GetIndex()
		say("    index, by its UUID", ret, index)
	}
}

func off(device nvml.Device) {
	activation, ret := device.SetMigMode(nvml.DEVICE_MIG_DISABLE)
	say("MIG off", ret, word(activation))
	current, pending, ret := device.GetMigMode()
	say("mode", ret, current, pending)
	other, ret := nvml.DeviceGetHandleByIndex(1)
	must(ret, "the other GPU")
	current, pending, ret = other.GetMigMode()
	say("mode of the other GPU", ret, current, pending)
}
