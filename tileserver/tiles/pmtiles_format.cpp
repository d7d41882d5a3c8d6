#include "tileserver/tiles/pmtiles_format.hpp"

#include <limits>
#include <type_traits>

#include "geodata/base/error.hpp"
#include "geodata/geom/tile_id.hpp"

namespace ritchi::tiles {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view magic = "PMTiles";
constexpr unsigned char version = 3;

template <class Number>
void put(std::string& out, Number number) {
  const auto bits = static_cast<std::make_unsigned_t<Number>>(number);
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    out += static_cast<char>(static_cast<unsigned char>(static_cast<std::uint64_t>(bits) >> (8 * i)));
}

template <class Number>
Number take(std::string_view& bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    out |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  bytes.remove_prefix(sizeof(Number));
  return static_cast<Number>(out);
}

void put_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7U) out += static_cast<char>((number & 0x7FU) | 0x80U);
  out += static_cast<char>(number);
}

Error damaged(const char* what) {
  return {ErrorKind::damaged, std::string("a directory is damaged: ") + what};
}

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t out = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (bytes.empty()) throw damaged("it ends too soon");
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    if (shift == 63 && byte > 1) break;
    out |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80) return out;
  }
  throw damaged("a number is too long");
}

std::uint32_t take_short_varint(std::string_view& bytes) {
  const std::uint64_t out = take_varint(bytes);
  if (out > std::numeric_limits<std::uint32_t>::max()) throw damaged("a number is too large");
  return static_cast<std::uint32_t>(out);
}

}  // namespace

std::string encode_header(const PmtilesHeader& header) {
  std::string out(magic);
  out += static_cast<char>(version);
  for (const auto& section : {header.root, header.metadata, header.leaves, header.data}) {
    put(out, section.offset);
    put(out, section.length);
  }
  put(out, header.addressed_tiles);
  put(out, header.entries);
  put(out, header.contents);
  put(out, static_cast<std::uint8_t>(header.clustered ? 1 : 0));
  put(out, static_cast<std::uint8_t>(header.internal_compression));
  put(out, static_cast<std::uint8_t>(header.tile_compression));
  put(out, static_cast<std::uint8_t>(header.tile_type));
  put(out, header.min_zoom);
  put(out, header.max_zoom);
  for (const std::int32_t side : header.bounds_e7) put(out, side);
  put(out, header.center_zoom);
  for (const std::int32_t side : header.center_e7) put(out, side);
  return out;
}

PmtilesHeader decode_header(std::string_view bytes) {
  if (bytes.size() < pmtiles_header_bytes || !bytes.starts_with(magic))
    throw Error(ErrorKind::damaged, "this is no PMTiles archive");
  bytes.remove_prefix(magic.size());
  if (const auto found = take<std::uint8_t>(bytes); found != version)
    throw Error(ErrorKind::unsupported, "this is PMTiles version " + std::to_string(found), {},
                "convert it to version 3");
  PmtilesHeader out;
  for (PmtilesSection* section : {&out.root, &out.metadata, &out.leaves, &out.data}) {
    section->offset = take<std::uint64_t>(bytes);
    section->length = take<std::uint64_t>(bytes);
  }
  out.addressed_tiles = take<std::uint64_t>(bytes);
  out.entries = take<std::uint64_t>(bytes);
  out.contents = take<std::uint64_t>(bytes);
  out.clustered = take<std::uint8_t>(bytes) == 1;
  out.internal_compression = static_cast<PmtilesCompression>(take<std::uint8_t>(bytes));
  out.tile_compression = static_cast<PmtilesCompression>(take<std::uint8_t>(bytes));
  out.tile_type = static_cast<PmtilesType>(take<std::uint8_t>(bytes));
  out.min_zoom = take<std::uint8_t>(bytes);
  out.max_zoom = take<std::uint8_t>(bytes);
  for (std::int32_t& side : out.bounds_e7) side = take<std::int32_t>(bytes);
  out.center_zoom = take<std::uint8_t>(bytes);
  for (std::int32_t& side : out.center_e7) side = take<std::int32_t>(bytes);
  return out;
}

std::string encode_directory(std::span<const PmtilesEntry> entries) {
  std::string out;
  put_varint(out, entries.size());
  std::uint64_t tile = 0;
  for (const PmtilesEntry& entry : entries) {
    put_varint(out, entry.tile - tile);
    tile = entry.tile;
  }
  for (const PmtilesEntry& entry : entries) put_varint(out, entry.run);
  for (const PmtilesEntry& entry : entries) put_varint(out, entry.length);
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    put_varint(out, i > 0 && entries[i].offset == end ? 0 : entries[i].offset + 1);
    end = entries[i].offset + entries[i].length;
  }
  return out;
}

std::vector<PmtilesEntry> decode_directory(std::string_view bytes) {
  const std::uint64_t count = take_varint(bytes);
  if (count == 0) throw damaged("it is empty");
  if (count > pmtiles_max_directory_entries) throw damaged("it has more entries than can be meant");
  // Four numbers to an entry, a byte or more each: checked before memory is set aside.
  if (count > bytes.size() / 4) throw damaged("it ends too soon");
  constexpr std::uint64_t behind_last = geom::first_tile_number(geom::max_numbered_zoom + 1);
  std::vector<PmtilesEntry> out(count);
  std::uint64_t tile = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t delta = take_varint(bytes);
    if ((i > 0 && delta == 0) || delta >= behind_last - tile) throw damaged("tiles are out of order");
    tile += delta;
    out[i].tile = tile;
  }
  for (std::size_t i = 0; i < count; ++i) {
    out[i].run = take_short_varint(bytes);
    const std::uint64_t end = i + 1 < count ? out[i + 1].tile : behind_last;
    if (out[i].run > end - out[i].tile) throw damaged("tiles are named twice");
  }
  for (PmtilesEntry& entry : out) {
    entry.length = take_short_varint(bytes);
    if (entry.length == 0) throw damaged("a tile has no bytes");
  }
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t stored = take_varint(bytes);
    if (stored == 0 && i == 0) throw damaged("its first offset is missing");
    out[i].offset = stored == 0 ? end : stored - 1;
    if (out[i].offset > std::numeric_limits<std::uint64_t>::max() - out[i].length)
      throw damaged("an offset is too large");
    end = out[i].offset + out[i].length;
  }
  if (!bytes.empty()) throw damaged("it has more bytes than entries");
  return out;
}

}  // namespace ritchi::tiles
