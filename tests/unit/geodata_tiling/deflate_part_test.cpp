#include "geodata/tiling/deflate_part.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>
#include <vector>

#include "geodata/base/error.hpp"

namespace ritchi::tiling {
namespace {

// zlib's own reading of one gzip member that must end where the bytes end.
std::string gunzip(const std::string& gzip) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  std::string out;
  int result = Z_OK;
  while (result == Z_OK) {
    char buffer[4096];
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, sizeof buffer - stream.avail_out);
  }
  EXPECT_EQ(result, Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U);
  inflateEnd(&stream);
  return out;
}

std::string random_plain(std::mt19937& random, std::size_t size, unsigned alphabet) {
  std::string out(size, '\0');
  for (char& byte : out) byte = static_cast<char>(random() % alphabet);
  return out;
}

TEST(DeflatePart, AnyPartsTogetherAreOneGzipMember) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    PartCompressor compressor(static_cast<int>(1 + random() % 9));
    std::string plain;
    std::vector<std::string> compressed;
    std::vector<DeflatePart> parts;
    const std::size_t count = random() % 6;
    for (std::size_t i = 0; i < count; ++i) {
      // Small and large, well and badly compressed: stored, fixed and dynamic blocks, one and several.
      const std::string piece = random_plain(random, 1 + random() % (round % 10 == 0 ? 400'000 : 3'000),
                                             1 + static_cast<unsigned>(random() % 256));
      const DeflatePart part = compressor.compress(piece);
      EXPECT_EQ(inflate_part(part), piece);
      compressed.emplace_back(part.bytes);
      parts.push_back(part);
      plain += piece;
    }
    std::size_t size = 0;
    for (std::size_t i = 0; i < count; ++i) {
      parts[i].bytes = compressed[i];
      size += compressed[i].size();
    }
    std::string gzip;
    put_gzip_head(gzip);
    for (const auto& bytes : compressed) gzip += bytes;
    put_gzip_tail(parts, gzip);
    ASSERT_EQ(gunzip(gzip), plain) << "round " << round;
    EXPECT_EQ(gzip.size(), gzip_size(size));
  }
}

TEST(DeflatePart, DamageIsFound) {
  PartCompressor compressor;
  const std::string plain = "田田田田畑畑畑畑田田田田畑畑畑畑";
  const DeflatePart part = compressor.compress(plain);
  for (std::size_t at = 0; at + 5 < part.bytes.size(); ++at) {
    std::string damaged(part.bytes);
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_THROW(inflate_part({damaged, part.plain_size, part.crc32}), base::Error) << at;
  }
}

}  // namespace
}  // namespace ritchi::tiling
