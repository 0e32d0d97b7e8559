"""Reads a safetensors file with the standard library alone and prints what it found as JSON."""

import array
import json
import struct
import sys

CODES = {"F32": "f", "F64": "d", "I64": "q", "I32": "i", "I8": "b", "U8": "B", "BOOL": "B"}


def main(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length).decode("utf-8"))
        data = file.read()
    found = {"metadata": header.pop("__metadata__", {}), "tensors": {}}
    end = 0
    for name, entry in header.items():
        begin, stop = entry["data_offsets"]
        assert begin == end, "a gap before " + name
        end = stop
        values = array.array(CODES[entry["dtype"]], data[begin:stop])
        if sys.byteorder == "big":
            values.byteswap()
        count = 1
        for side in entry["shape"]:
            count *= side
        assert len(values) == count, "another count in " + name
        found["tensors"][name] = {
            "dtype": entry["dtype"],
            "shape": entry["shape"],
            "values": values.tolist(),
        }
    assert end == len(data), "bytes are left over"
    print(json.dumps(found))


main(sys.argv[1])
