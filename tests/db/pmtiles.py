"""A reader of PMTiles archives written from the specification (version 3) alone."""
import gzip
import json
import struct


def varints(data, at, count):
    out = []
    for _ in range(count):
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        out.append(value)
    return out, at


def directory(data):
    (count,), at = varints(data, 0, 1)
    assert count > 0, "directories must not be empty"
    deltas, at = varints(data, at, count)
    runs, at = varints(data, at, count)
    lengths, at = varints(data, at, count)
    offsets, at = varints(data, at, count)
    assert at == len(data)
    entries, tile, end = [], 0, None
    for delta, run, length, offset in zip(deltas, runs, lengths, offsets):
        tile += delta
        start = end if offset == 0 else offset - 1
        assert length > 0 and start is not None
        entries.append((tile, start, length, run))
        end = start + length
    return entries


def tile_id(z, x, y):
    out = (4 ** z - 1) // 3
    for level in reversed(range(z)):
        side = 1 << level
        right, lower = int(x & side > 0), int(y & side > 0)
        out += side * side * ((3 * right) ^ lower)
        if not lower:
            if right:
                x, y = side - 1 - (x & (side - 1)), side - 1 - (y & (side - 1))
            x, y = y, x
    return out


class Archive:
    def __init__(self, path):
        self.bytes = path.read_bytes()
        assert self.bytes[:8] == b"PMTiles\x03"
        (self.root_at, self.root_size, self.metadata_at, self.metadata_size, self.leaves_at, self.leaves_size, self.data_at, self.data_size,
         self.addressed, self.entries, self.contents) = struct.unpack("<11Q", self.bytes[8:96])
        (self.clustered, self.internal, self.compression, self.type, self.min_zoom, self.max_zoom) = self.bytes[96:102]
        self.bounds = [value / 1e7 for value in struct.unpack("<4i", self.bytes[102:118])]
        self.center_zoom = self.bytes[118]
        self.center = [value / 1e7 for value in struct.unpack("<2i", self.bytes[119:127])]
        self.metadata = json.loads(gzip.decompress(self.bytes[self.metadata_at:self.metadata_at + self.metadata_size]))

    def all_entries(self, data=None):
        if data is None:
            data = self.bytes[self.root_at:self.root_at + self.root_size]
        for tile, offset, length, run in directory(gzip.decompress(data)):
            if run == 0:
                assert offset + length <= self.leaves_size
                yield from self.all_entries(self.bytes[self.leaves_at + offset:self.leaves_at + offset + length])
            else:
                assert offset + length <= self.data_size
                yield tile, offset, length, run

    def tiles(self):
        """tile id -> bytes as they are stored; checks the order that `clustered` promises."""
        out, seen, end = {}, set(), 0
        for tile, offset, length, run in self.all_entries():
            assert offset == end or offset in seen, "not clustered"
            if offset not in seen:
                end = offset + length
            seen.add(offset)
            for k in range(run):
                assert tile + k not in out
                out[tile + k] = self.bytes[self.data_at + offset:self.data_at + offset + length]
        assert (len(seen), end) == (self.contents, self.data_size)
        return out
