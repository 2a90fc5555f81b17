#!/usr/bin/env python3
"""Prints as JSON what libpciaccess, the PCI library of X servers, reads inside a node."""
import ctypes
import json


class Region(ctypes.Structure):
    _fields_ = [("memory", ctypes.c_void_p), ("bus_addr", ctypes.c_uint64), ("base_addr", ctypes.c_uint64), ("size", ctypes.c_uint64),
                ("io", ctypes.c_uint, 1), ("prefetchable", ctypes.c_uint, 1), ("wide", ctypes.c_uint, 1)]


class Device(ctypes.Structure):
    _fields_ = [("domain_16", ctypes.c_uint16), ("bus", ctypes.c_uint8), ("dev", ctypes.c_uint8), ("func", ctypes.c_uint8),
                ("vendor", ctypes.c_uint16), ("device", ctypes.c_uint16), ("subvendor", ctypes.c_uint16), ("subdevice", ctypes.c_uint16),
                ("device_class", ctypes.c_uint32), ("revision", ctypes.c_uint8), ("regions", Region * 6)]


def size(number):
    return f"{number >> 30}G" if number >= 1 << 30 else f"{number >> 20}M"


def main():
    library = ctypes.CDLL("libpciaccess.so.0")
    library.pci_slot_match_iterator_create.restype = ctypes.c_void_p
    library.pci_device_next.restype = ctypes.POINTER(Device)
    library.pci_device_next.argtypes = [ctypes.c_void_p]
    assert library.pci_system_init() == 0, "pci_system_init"
    devices = library.pci_slot_match_iterator_create(None)
    found = []
    while one := library.pci_device_next(devices):
        failed = library.pci_device_probe(one)
        card = one.contents
        found.append({
            "id": f"{card.vendor:04x}:{card.device:04x}", "subsystem": f"{card.subvendor:04x}:{card.subdevice:04x}", "class": card.device_class,
            "probe": failed,
            "regions": [f"Region {number}: {'64' if region.wide else '32'}-bit, {'' if region.prefetchable else 'non-'}prefetchable, {size(region.size)}"
                        for number, region in enumerate(card.regions) if region.size and not region.io]})
    print(json.dumps(found))


if __name__ == "__main__":
    main()
