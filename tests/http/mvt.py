"""A reader of vector tiles (MVT 2.1) written from the specification alone, as an oracle beside GDAL's driver."""
import struct

POINT, LINE, POLYGON = 1, 2, 3


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 1:
            value, at = data[at:at + 8], at + 8
        elif kind == 2:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
            assert len(value) == size, "a field runs over the end"
        elif kind == 5:
            value, at = data[at:at + 4], at + 4
        else:
            raise AssertionError(f"wire type {kind}")
        yield number, value


def packed(data):
    at, out = 0, []
    while at < len(data):
        value, at = varint(data, at)
        out.append(value)
    return out


def zigzag(value):
    return (value >> 1) ^ -(value & 1)


def value_of(data):
    found = list(fields(data))
    assert len(found) == 1, "a value must have exactly one field"
    number, raw = found[0]
    return {1: lambda: raw.decode("utf-8"), 2: lambda: struct.unpack("<f", raw)[0], 3: lambda: struct.unpack("<d", raw)[0],
            4: lambda: raw - (1 << 64) if raw >> 63 else raw, 5: lambda: raw, 6: lambda: zigzag(raw),
            7: lambda: bool(raw)}[number]()


def geometry_of(kind, commands):
    """Points: [(x, y)…]; lines and polygons: a list of paths. Checks the commands against section 4.3."""
    paths, path, x, y, at = [], None, 0, 0, 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == 7:
            assert kind == POLYGON and count == 1 and path and len(path) >= 3, "ClosePath out of place"
            paths.append(path)
            path = None
            continue
        assert command in (1, 2) and count > 0, f"command {command} x {count}"
        if command == 1:
            assert kind == POINT or count == 1, "MoveTo with several points"
            if kind == LINE and path is not None:
                assert len(path) >= 2, "a line of one point"
                paths.append(path)
            assert kind != POLYGON or path is None, "a ring that was not closed"
            path = [] if kind != POINT else (path or [])
        for _ in range(count):
            dx, dy = zigzag(commands[at]), zigzag(commands[at + 1])
            at += 2
            assert command == 1 or (dx, dy) != (0, 0), "LineTo of no length"
            x, y = x + dx, y + dy
            path.append((x, y))
    if kind == POINT:
        return path
    if kind == LINE:
        assert path is not None and len(path) >= 2
        paths.append(path)
    else:
        assert path is None, "a ring that was not closed"
    return paths


def area_of(ring):
    """The surveyor's formula, y down: positive is clockwise on screen. Twice the area."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1]))


def decode(data):
    """{layer: [(id, kind, geometry, properties)…]}"""
    out = {}
    for number, layer in fields(data):
        assert number == 3
        name, features, keys, values, extent, version = None, [], [], [], 4096, 1
        for field, value in fields(layer):
            if field == 1:
                name = value.decode("utf-8")
            elif field == 2:
                features.append(value)
            elif field == 3:
                keys.append(value.decode("utf-8"))
            elif field == 4:
                values.append(value_of(value))
            elif field == 5:
                extent = value
            elif field == 15:
                version = value
        assert version == 2 and extent == 4096
        assert name not in out, f"layer {name} twice in a tile"
        assert len(set(keys)) == len(keys)
        out[name] = []
        for feature in features:
            parts = dict(fields(feature))
            tags = packed(parts.get(2, b""))
            assert len(tags) % 2 == 0
            properties = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2])}
            assert len(properties) == len(tags) // 2, "a key twice in a feature"
            out[name].append((parts.get(1), parts[3], geometry_of(parts[3], packed(parts[4])), properties))
    return out
