package main

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
)

// reads calls every reading function of go-nvml with the first GPU and its first instances, and prints each result. A
// symbol that the library lacks, or a panic, ends the program.
func reads() {
	library := reflect.ValueOf(nvml.New())
	gpu, ret := nvml.DeviceGetHandleByIndex(0)
	must(ret, "handle")
	have := handles(gpu)
	for i := 0; i < library.NumMethod(); i++ {
		name := library.Type().Method(i).Name
		if !strings.Contains(name, "Get") {
			continue
		}
		method := library.Method(i)
		words, missing := arguments(method.Type(), have)
		if missing != "" {
			fmt.Printf("%s: not called, there is no %s\n", name, missing)
			continue
		}
		for _, result := range method.Call(words) {
			answered(name, result)
		}
	}
}

// The first handle of each kind, and its profile, by type. go-nvml itself panics on a list of a profile with capacity
// 0, and on invalid GPM samples.
func handles(gpu nvml.Device) map[reflect.Type]reflect.Value {
	have := map[reflect.Type]reflect.Value{}
	have[reflect.TypeFor[nvml.Device]()] = reflect.ValueOf(gpu)
	have[reflect.TypeFor[*nvml.GpuInstanceProfileInfo]()] = reflect.ValueOf(&nvml.GpuInstanceProfileInfo{InstanceCount: 1})
	sample, ret := nvml.GpmSampleAlloc()
	must(ret, "a GPM sample")
	have[reflect.TypeFor[nvml.GpmSample]()] = reflect.ValueOf(sample)
	metrics := nvml.GpmMetricsGetType{NumMetrics: 1, Sample1: sample, Sample2: sample}
	have[reflect.TypeFor[*nvml.GpmMetricsGetType]()] = reflect.ValueOf(&metrics)
	for number := 0; number < nvml.GPU_INSTANCE_PROFILE_COUNT; number++ {
		profile, ret := gpu.GetGpuInstanceProfileInfo(number)
		if ret != nvml.SUCCESS {
			continue
		}
		instances, ret := gpu.GetGpuInstances(&profile)
		if ret != nvml.SUCCESS || len(instances) == 0 {
			continue
		}
		have[reflect.TypeFor[nvml.GpuInstance]()] = reflect.ValueOf(instances[0])
		have[reflect.TypeFor[*nvml.GpuInstanceProfileInfo]()] = reflect.ValueOf(&profile)
		part, ret := instances[0].GetComputeInstanceById(0)
		if ret == nvml.SUCCESS {
			have[reflect.TypeFor[nvml.ComputeInstance]()] = reflect.ValueOf(part)
		}
		whole, ret := instances[0].GetComputeInstanceProfileInfo(nvml.COMPUTE_INSTANCE_PROFILE_1_SLICE, nvml.COMPUTE_INSTANCE_ENGINE_PROFILE_SHARED)
		if ret == nvml.SUCCESS {
			have[reflect.TypeFor[*nvml.ComputeInstanceProfileInfo]()] = reflect.ValueOf(&whole)
		}
	}
	return have
}

// The argument for a parameter: the handle if there is one; a buffer for one element if it is a list or pointer;
// otherwise zero.
func arguments(of reflect.Type, have map[reflect.Type]reflect.Value) (words []reflect.Value, missing string) {
	for i := 0; i < of.NumIn(); i++ {
		kind := of.In(i)
		known, is := have[kind]
		switch {
		case is:
			words = append(words, known)
		case kind.Kind() == reflect.Interface:
			return nil, kind.Name()
		case kind.Kind() == reflect.Slice:
			words = append(words, reflect.MakeSlice(kind, 1, 1))
		case kind.Kind() == reflect.Pointer:
			words = append(words, reflect.New(kind.Elem()))
		default:
			words = append(words, reflect.Zero(kind))
		}
	}
	return words, ""
}

// If a result is not a return code, it may have methods V1, V2 ... for the versions of a structure, which are then
// called.
func answered(name string, result reflect.Value) {
	if ret, is := result.Interface().(nvml.Return); is {
		fmt.Printf("%s: %s\n", name, word(ret))
		return
	}
	for i := 0; i < result.NumMethod(); i++ {
		version := result.Type().Method(i).Name
		if len(version) != 2 || version[0] != 'V' || result.Method(i).Type().NumIn() != 0 {
			continue
		}
		for _, deeper := range result.Method(i).Call(nil) {
			answered(name+"."+version, deeper)
		}
	}
}
