// The disk level survives restarts, keeps its quota and takes damage and a lost disk for what they are:
// misses.
#include "tileserver/tiles/disk_cache.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

#include "tests/unit/support/temporary_folder.hpp"
#include "tileserver/tiles/disk_segment.hpp"

namespace ritchi::tiles {
namespace {

namespace fs = std::filesystem;
using base::Key128;

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

Key128 key(std::uint64_t number) {
  return base::keyed(Key128{}, number);
}
std::string content(std::uint64_t number, std::size_t size) {
  std::string out(size, '\0');
  std::mt19937_64 random(number);
  for (char& c : out) c = static_cast<char>(random());
  return out;
}
std::vector<fs::path> segments_in(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& each : fs::directory_iterator(folder))
    if (each.path().extension() == ".tiles") out.push_back(each.path());
  return out;
}
std::uint64_t bytes_in(const fs::path& folder) {
  std::uint64_t sum = 0;
  for (const fs::path& file : segments_in(folder)) sum += fs::file_size(file);
  return sum;
}

class DiskCacheTest : public ::testing::Test {
 protected:
  test::TemporaryFolder m_temporary;
  fs::path m_folder = m_temporary.path() / "cache";
};

TEST_F(DiskCacheTest, SurvivesARestart) {
  {
    DiskCache cache(m_folder, 16 * mebibyte);
    for (std::uint64_t i = 0; i < 50; ++i)
      cache.store(key(i), static_cast<std::uint8_t>(i % 4), content(i, 1000 * i));
    EXPECT_EQ(cache.find(key(7))->bytes, content(7, 7000));
  }
  DiskCache again(m_folder, 16 * mebibyte);
  for (std::uint64_t i = 0; i < 50; ++i) {
    const auto kept = again.find(key(i));
    ASSERT_TRUE(kept) << i;
    EXPECT_EQ(kept->coding, i % 4);
    EXPECT_EQ(kept->bytes, content(i, 1000 * i)) << "an empty tile too";
  }
  EXPECT_FALSE(again.find(key(50)));
  EXPECT_EQ(again.figures().hits, 50U);
  EXPECT_EQ(again.figures().misses, 1U);
}

TEST_F(DiskCacheTest, SurvivesAProcessThatWasKilled) {
  const fs::path left = m_temporary.path() / "left";
  DiskCache running(m_folder, mebibyte);
  for (std::uint64_t i = 0; i < 5; ++i) running.store(key(i), 1, content(i, 1000));
  fs::copy(m_folder, left);  // the files as they are while it runs
  DiskCache next(left, mebibyte);
  for (std::uint64_t i = 0; i < 5; ++i) EXPECT_EQ(next.find(key(i))->bytes, content(i, 1000));
  for (std::uint64_t i = 10; i < 100; ++i) {
    next.store(key(i), 1, content(i, 30'000));
    ASSERT_LE(bytes_in(left), mebibyte);
  }
  EXPECT_TRUE(next.find(key(99)));
}

TEST_F(DiskCacheTest, KeepsItsQuotaAndDropsTheOldestFirst) {
  constexpr std::uint64_t quota = 4 * mebibyte;
  DiskCache cache(m_folder, quota);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    cache.store(key(i), 1, content(i, 20'000));
    ASSERT_LE(bytes_in(m_folder), quota) << i;
  }
  EXPECT_TRUE(cache.find(key(999)));
  EXPECT_FALSE(cache.find(key(0)));
  const CacheFigures figures = cache.figures();
  EXPECT_GT(figures.entries, 150U);
  EXPECT_EQ(figures.entries + figures.evictions, 1000U);
  EXPECT_EQ(figures.bytes, bytes_in(m_folder));
  const DiskCache smaller(m_folder, mebibyte);
  EXPECT_LE(bytes_in(m_folder), mebibyte) << "a smaller quota holds at once";
}

TEST_F(DiskCacheTest, ManyStartsLeaveFewFiles) {
  for (std::uint64_t i = 0; i < 100; ++i)
    DiskCache(m_folder, 16 * mebibyte).store(key(i), 1, content(i, 100));
  EXPECT_LE(segments_in(m_folder).size(), 64U);
  EXPECT_TRUE(DiskCache(m_folder, 16 * mebibyte).find(key(99)));
}

TEST_F(DiskCacheTest, AnEntryLargerThanASegmentIsNotKept) {
  DiskCache cache(m_folder, mebibyte);
  cache.store(key(1), 1, content(1, 100'000));
  EXPECT_FALSE(cache.find(key(1)));
  EXPECT_EQ(cache.figures().rejections, 1U);
}

TEST_F(DiskCacheTest, DamageAtAnyByteIsAMissAndLeavesTheRestReadable) {
  const std::string first = content(1, 60);
  const std::string second = content(2, 40);
  {
    DiskCache cache(m_folder, mebibyte);
    cache.store(key(1), 1, first);
    cache.store(key(2), 1, second);
  }
  const fs::path file = segments_in(m_folder).at(0);
  std::ifstream in(file, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  ASSERT_EQ(whole.size(), 2 * DiskSegment::header_bytes + first.size() + second.size());
  for (std::size_t at = 0; at < DiskSegment::header_bytes + first.size(); ++at) {
    for (const int bit : {0, 7}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      std::ofstream(file, std::ios::binary | std::ios::trunc) << damaged;
      {
        DiskCache cache(m_folder, mebibyte);
        EXPECT_FALSE(cache.find(key(1))) << "byte " << at;
        if (at >= DiskSegment::header_bytes) {
          EXPECT_EQ(cache.find(key(2))->bytes, second);
        }
        cache.store(key(1), 1, first);
        EXPECT_EQ(cache.find(key(1))->bytes, first) << "made and kept again";
      }
      for (const fs::path& other : segments_in(m_folder))
        if (other != file) fs::remove(other);
    }
  }
}

TEST_F(DiskCacheTest, ATruncatedFileKeepsItsWholeEntries) {
  const std::string first = content(1, 60);
  {
    DiskCache cache(m_folder, mebibyte);
    cache.store(key(1), 1, first);
    cache.store(key(2), 1, content(2, 40));
  }
  const fs::path file = segments_in(m_folder).at(0);
  for (std::uintmax_t size = fs::file_size(file); size-- > 0;) {
    fs::resize_file(file, size);
    DiskCache cache(m_folder, mebibyte);
    EXPECT_EQ(cache.find(key(1)).has_value(), size >= DiskSegment::header_bytes + first.size()) << size;
    EXPECT_FALSE(cache.find(key(2)));
  }
}

TEST_F(DiskCacheTest, AFileThatShrinksOrGoesWhileItIsUsedIsAMiss) {
  DiskCache cache(m_folder, mebibyte);
  cache.store(key(1), 1, content(1, 1000));
  fs::resize_file(segments_in(m_folder).at(0), 500);
  EXPECT_FALSE(cache.find(key(1)));
  for (const fs::path& file : segments_in(m_folder)) fs::remove(file);
  cache.store(key(2), 1, content(2, 1000));
  EXPECT_EQ(cache.find(key(2))->bytes, content(2, 1000));
  EXPECT_EQ(segments_in(m_folder).size(), 1U) << "it writes where others will find it";
}

TEST_F(DiskCacheTest, TwoOnOneFolderKeepTheQuotaTogether) {
  constexpr std::uint64_t quota = 4 * mebibyte;
  DiskCache one(m_folder, quota);
  DiskCache two(m_folder, quota);
  const auto fill = [](DiskCache& cache, std::uint64_t from) {
    for (std::uint64_t i = from; i < from + 400; ++i) {
      cache.store(key(i), 1, content(i, 20'000));
      const auto kept = cache.find(key(i));
      EXPECT_TRUE(!kept || kept->bytes == content(i, 20'000));
    }
  };
  {
    std::jthread first([&] { fill(one, 0); });
    std::jthread second([&] { fill(two, 10'000); });
  }
  EXPECT_LE(bytes_in(m_folder), quota);
  const DiskCache third(m_folder, quota);
  EXPECT_GT(third.figures().entries, 100U);
}

TEST_F(DiskCacheTest, AFolderThatCannotBeMadeSwitchesItOff) {
  std::ofstream(m_folder) << "a file";
  DiskCache cache(m_folder / "below", mebibyte);
  cache.store(key(1), 1, "x");
  EXPECT_FALSE(cache.find(key(1)));
}

TEST_F(DiskCacheTest, AFullDiskSwitchesItOffWithOneWarning) {
  DiskCache cache(m_folder, 16 * mebibyte);
  cache.store(key(1), 1, content(1, 1000));
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = before;
  small.rlim_cur = 4096;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  ::testing::internal::CaptureStderr();
  for (std::uint64_t i = 2; i < 20; ++i) cache.store(key(i), 1, content(i, 1000));
  ::setrlimit(RLIMIT_FSIZE, &before);
  const std::string said = ::testing::internal::GetCapturedStderr();
  std::signal(SIGXFSZ, previous);
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  EXPECT_NE(said.find("no longer kept on disk"), std::string::npos) << said;
  EXPECT_EQ(cache.find(key(1))->bytes, content(1, 1000)) << "what is there can be read";
  EXPECT_FALSE(cache.find(key(19)));
}

}  // namespace
}  // namespace ritchi::tiles
