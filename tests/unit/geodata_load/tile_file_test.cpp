// A file of tiles gives back what was written, keeps equal parts once, and tells every damage.
#include "geodata/store/tile_file.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/load/tile_file_writer.hpp"
#include "geodata/tiling/layer_encoder.hpp"
#include "geodata/tiling/tile_check.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace ritchi {
namespace {

namespace fs = std::filesystem;
using base::Error;
using store::TileEntry;
using store::TileFile;

const std::string revision = "0123456789abcdef0123456789abcdef";
const std::string declaration(64, 'd');

const catalogue::Layer& layer() {
  static const auto out = catalogue::parse_layer({{"id", "things"},
                                                  {"geometry", "point"},
                                                  {"minzoom", 0},
                                                  {"maxzoom", 5},
                                                  {"attributes", nlohmann::json::array()}},
                                                 "test");
  return out;
}

std::string tile_with(int features) {
  tiling::LayerEncoder encoder("things", 4096);
  for (int i = 1; i <= features; ++i)
    encoder.add(tiling::Form::point, i, std::string("\x09\x02\x02", 3), {}, {});
  return encoder.finish();
}

TileEntry entry_of(std::uint64_t number, const std::string& plain, int features) {
  TileEntry out;
  out.number = number;
  out.features = static_cast<std::uint32_t>(features);
  out.dropped = number % 3;
  out.rows = number * 77;
  base::Sha256 digest;
  digest.add(plain);
  const auto words = digest.words();
  out.content = {words[0], words[1]};
  return out;
}

// Tiles 0, 2, 4 … 58: every fifth shows nothing, and of the others many are alike.
fs::path write(const fs::path& folder) {
  const fs::path file = folder / "all.tiles";
  load::TileFileWriter writer(file);
  tiling::PartCompressor compressor;
  for (std::uint64_t number = 0; number < 60; number += 2) {
    const int features = number % 10 == 8 ? 0 : static_cast<int>(1 + number % 3);
    const std::string plain = tile_with(features);
    if (features == 0) {
      TileEntry entry;
      entry.number = number;
      entry.dropped = 9;
      writer.add(entry, {});
    } else {
      writer.add(entry_of(number, plain, features), compressor.compress(plain));
    }
  }
  const std::vector<std::uint8_t> zooms{0, 3, 0, 5};
  writer.add_vertices(3, zooms);
  writer.add_vertices(12, {});
  writer.add_vertices(900, zooms);
  writer.finish(revision, declaration);
  return file;
}

void put(const fs::path& file, const std::string& bytes) {
  fs::remove(file);
  std::ofstream(file, std::ios::binary) << bytes;
}

TEST(TileFile, GivesBackWhatWasWritten) {
  const test::TemporaryFolder folder;
  const auto file = TileFile::open(write(folder.path()), revision, declaration);
  EXPECT_EQ(tiling::check_tiles(*file, layer()), std::vector<std::string>{});
  ASSERT_EQ(file->tiles().size(), 30U);
  for (std::uint64_t number = 0; number < 60; ++number) {
    const TileEntry* entry = file->find(number);
    ASSERT_EQ(entry != nullptr, number % 2 == 0);
    if (entry == nullptr) continue;
    if (number % 10 == 8) {
      EXPECT_EQ(entry->size, 0U);
      EXPECT_EQ(entry->dropped, 9U);
      continue;
    }
    std::string part(entry->size, '\0');
    file->read(*entry, part.data());
    EXPECT_EQ(tiling::inflate_part({part, entry->plain_size, entry->crc32}),
              tile_with(static_cast<int>(1 + number % 3)));
    EXPECT_EQ(entry->rows, number * 77);
  }
  const auto zooms = file->vertex_zooms(3);
  EXPECT_EQ(std::vector<std::uint8_t>(zooms.begin(), zooms.end()), (std::vector<std::uint8_t>{0, 3, 0, 5}));
  EXPECT_EQ(file->vertex_zooms(900).size(), 4U);
  EXPECT_TRUE(file->vertex_zooms(12).empty() && file->vertex_zooms(0).empty() &&
              file->vertex_zooms(901).empty());
}

TEST(TileFile, EqualPartsAreKeptOnce) {
  const test::TemporaryFolder folder;
  const auto file = TileFile::open(write(folder.path()), revision, declaration);
  std::set<std::uint64_t> offsets;
  std::set<std::uint64_t> contents;
  for (const TileEntry& entry : file->tiles()) {
    if (entry.size == 0) continue;
    offsets.insert(entry.offset);
    contents.insert(entry.content[0]);
  }
  EXPECT_EQ(offsets.size(), 3U);
  EXPECT_EQ(contents.size(), 3U);
}

TEST(TileFile, OfAnotherKindIsToldApart) {
  const test::TemporaryFolder folder;
  const fs::path file = write(folder.path());
  const auto kind = [&](const std::string& of, const std::string& declared) {
    try {
      TileFile::open(file, of, declared);
    } catch (const Error& error) {
      return error.kind();
    }
    return base::ErrorKind::internal;
  };
  EXPECT_EQ(kind("another", declaration), base::ErrorKind::damaged);
  EXPECT_EQ(kind(revision, std::string(64, 'e')), base::ErrorKind::unsupported);
  std::string bytes = base::read_file(file);
  bytes[8] = 99;
  put(file, bytes);
  EXPECT_EQ(kind(revision, declaration), base::ErrorKind::unsupported);
  fs::remove(file);
  EXPECT_EQ(kind(revision, declaration), base::ErrorKind::not_found);
}

// Opens, asks for everything, and says whether anything was wrong; anything but an Error fails the test.
bool is_found_damaged(const fs::path& file) {
  try {
    const auto tiles = TileFile::open(file, revision, declaration);
    bool wrong = !tiling::check_tiles(*tiles, layer()).empty();
    for (std::uint64_t number = 0; number < 60; ++number) {
      try {
        if (const TileEntry* entry = tiles->find(number)) {
          std::string part(entry->size, '\0');
          tiles->read(*entry, part.data());
          tiling::inflate_part({part, entry->plain_size, entry->crc32});
        }
        tiles->vertex_zooms(static_cast<std::int64_t>(number));
        tiles->vertex_zooms(3);
      } catch (const Error&) {
        wrong = true;
      }
    }
    return wrong;
  } catch (const Error&) {
    return true;
  }
}

TEST(TileFile, EveryDamagedByteIsFoundAndNoneDoesHarm) {
  const test::TemporaryFolder folder;
  const fs::path file = write(folder.path());
  const std::string whole = base::read_file(file);
  store::TileFileHead head;
  std::memcpy(&head, whole.data(), sizeof head);
  // Deflate leaves a few bits unused: a part may be changed, but what it says may not.
  const auto in_parts = [&](std::size_t at) { return at >= sizeof head && at < head.entries_offset; };
  std::size_t unnoticed = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned mask : {0x01U, 0x80U, 0xFFU}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ mask);
      put(file, damaged);
      const bool found = is_found_damaged(file);
      if (in_parts(at))
        unnoticed += found ? 0 : 1;
      else
        EXPECT_TRUE(found) << at;
    }
  }
  EXPECT_LT(unnoticed, (head.entries_offset - sizeof head) / 4);
}

// The first bit of a part says whether its first block is the last.
TEST(TileFile, APartThatEndsByItselfIsDamaged) {
  const test::TemporaryFolder folder;
  const fs::path file = write(folder.path());
  std::string damaged = base::read_file(file);
  damaged[sizeof(store::TileFileHead)] = static_cast<char>(damaged[sizeof(store::TileFileHead)] ^ 1);
  put(file, damaged);
  EXPECT_TRUE(is_found_damaged(file));
}

TEST(TileFile, CutShortAnywhereOrLongerItIsDamaged) {
  const test::TemporaryFolder folder;
  const fs::path file = write(folder.path());
  const std::string whole = base::read_file(file);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    put(file, whole.substr(0, size));
    EXPECT_TRUE(is_found_damaged(file)) << size;
  }
  put(file, whole + "x");
  EXPECT_TRUE(is_found_damaged(file));
}

// With the checksum made to fit, so that nothing but the fields themselves can tell.
TEST(TileFile, DirectoriesThatMakeNoSenseDoNoHarm) {
  const test::TemporaryFolder folder;
  const fs::path file = write(folder.path());
  const std::string whole = base::read_file(file);
  store::TileFileHead head;
  std::memcpy(&head, whole.data(), sizeof head);
  std::mt19937_64 random(5);
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = whole;
    const std::uint64_t values[] = {
        0, 1, ~std::uint64_t{0}, head.file_size, head.entries_offset, random(), std::uint64_t{1} << 63};
    const std::uint64_t value = values[random() % 7];
    const std::size_t at =
        head.entries_offset + random() % ((damaged.size() - head.entries_offset) / 4 - 1) * 4;
    std::memcpy(damaged.data() + at, &value,
                std::min<std::size_t>(random() % 2 == 0 ? 4 : 8, damaged.size() - at));
    const std::string digits = base::sha256_hex(damaged.substr(head.entries_offset));
    std::memcpy(damaged.data() + offsetof(store::TileFileHead, checksum), digits.data(), 64);
    put(file, damaged);
    is_found_damaged(file);
  }
}

TEST(TileFileWriter, AnotherFileOfThatNameStays) {
  const test::TemporaryFolder folder;
  const fs::path file = write(folder.path());
  const std::string before = base::read_file(file);
  EXPECT_THROW(load::TileFileWriter again(file), Error);
  EXPECT_EQ(base::read_file(file), before);
}

}  // namespace
}  // namespace ritchi
