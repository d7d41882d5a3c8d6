// Blobs and WKB: round trips, SpatiaLite's own opinion of them, and hostile bytes.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstring>
#include <memory>
#include <span>
#include <string>

#include "geodata/base/error.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/geom/wkb.hpp"
#include "tests/unit/geodata_geom/shapes.hpp"

namespace ritchi::geom {
namespace {

using test::Dice;

std::span<const std::byte> bytes(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string blob_of(const Geometry& g) {
  std::string blob;
  encode_spatialite(g, 6668, blob);
  return blob;
}

Geometry from_blob(const std::string& blob) {
  Geometry g;
  decode_spatialite(bytes(blob), g);
  return g;
}

Geometry from_wkb(const std::string& wkb) {
  Geometry g;
  decode_wkb(bytes(wkb), g);
  return g;
}

template <class Call>
base::ErrorKind kind_of_failure(Call call) {
  try {
    call();
  } catch (const base::Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "no error";
  return base::ErrorKind::internal;
}

class SpatiaLite : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(sqlite3_open(":memory:", &m_db), SQLITE_OK);
    sqlite3_enable_load_extension(m_db, 1);
    char* message = nullptr;
    const int result = sqlite3_load_extension(m_db, "mod_spatialite", nullptr, &message);
    const std::string text = message == nullptr ? "" : message;
    sqlite3_free(message);
    ASSERT_EQ(result, SQLITE_OK) << text;
  }
  void TearDown() override { sqlite3_close(m_db); }

  // The value of an SQL expression with one blob bound to it.
  std::string ask(const std::string& sql, const std::string& blob = {}) {
    sqlite3_stmt* raw = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(m_db, sql.c_str(), -1, &raw, nullptr), SQLITE_OK) << sqlite3_errmsg(m_db);
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(raw, sqlite3_finalize);
    if (sqlite3_bind_parameter_count(raw) > 0) {
      sqlite3_bind_blob(raw, 1, blob.data(), static_cast<int>(blob.size()), SQLITE_TRANSIENT);
    }
    EXPECT_EQ(sqlite3_step(raw), SQLITE_ROW);
    const void* value = sqlite3_column_blob(raw, 0);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(raw, 0));
    return value == nullptr ? "" : std::string(static_cast<const char*>(value), size);
  }

 private:
  sqlite3* m_db = nullptr;
};

TEST(Codec, EveryKindComesBackAsItWas) {
  Dice dice(1);
  for (int i = 0; i < 600; ++i) {
    const Geometry g = test::random_geometry(dice, static_cast<Kind>(i % 3), 1 + (i / 3) % 4);
    const std::string blob = blob_of(g);
    EXPECT_EQ(from_blob(blob), g);
    EXPECT_EQ(decode_spatialite_bounds(bytes(blob)), g.bounds());
    EXPECT_EQ(decode_spatialite_srid(bytes(blob)), 6668);
    EXPECT_EQ(from_wkb(encode_wkb(g)), g);
  }
}

TEST_F(SpatiaLite, TakesOurBlobsAndWritesTheSame) {
  Dice dice(2);
  for (int i = 0; i < 120; ++i) {
    const Geometry g = test::random_geometry(dice, static_cast<Kind>(i % 3), 1 + (i / 3) % 3);
    const std::string blob = blob_of(g);
    EXPECT_EQ(ask("SELECT GeomFromWKB(ST_AsBinary(?), 6668)", blob), blob);
    EXPECT_EQ(ask("SELECT ST_AsBinary(?)", blob), encode_wkb(g));
    EXPECT_EQ(ask("SELECT ST_SRID(?)", blob), "6668");
  }
  const Geometry square = test::rectangle(138, 37, 139, 38);
  EXPECT_EQ(ask("SELECT ST_IsValid(?)", blob_of(square)), "1");
  EXPECT_EQ(ask("SELECT AsText(?)", blob_of(square)), "POLYGON((138 37, 139 37, 139 38, 138 38, 138 37))");
}

TEST_F(SpatiaLite, ItsOtherFormsAreRead) {
  const Geometry path = test::line({{1, 2}, {3, 4}, {5, 7}});
  EXPECT_EQ(from_blob(ask("SELECT GeomFromText('LINESTRING Z(1 2 9, 3 4 9, 5 7 9)', 4326)")), path);
  EXPECT_EQ(from_blob(ask("SELECT GeomFromText('LINESTRING M(1 2 9, 3 4 9, 5 7 9)', 4326)")), path);
  EXPECT_EQ(from_blob(ask("SELECT GeomFromText('LINESTRING ZM(1 2 9 8, 3 4 9 8, 5 7 9 8)', 4326)")), path);
  EXPECT_EQ(from_blob(ask("SELECT CompressGeometry(GeomFromText('LINESTRING(1 2, 3 4, 5 7)', 4326))")), path);
  for (const char* dimension :
       {"Z(1 2 9, 3 4 9, 5 7 9)", "M(1 2 9, 3 4 9, 5 7 9)", "ZM(1 2 9 8, 3 4 9 8, 5 7 9 8)"}) {
    EXPECT_EQ(from_blob(ask("SELECT CompressGeometry(GeomFromText('LINESTRING " + std::string(dimension) +
                            "', 4326))")),
              path)
        << dimension;
  }
  Geometry two = test::rectangle(0, 0, 4, 4);
  two.multi = true;
  test::add_ring(two, {{10, 10}, {12, 10}, {12, 12}});
  two.end_part();
  const std::string text = "MULTIPOLYGON(((0 0, 4 0, 4 4, 0 4, 0 0)), ((10 10, 12 10, 12 12, 10 10)))";
  EXPECT_EQ(from_blob(ask("SELECT GeomFromText('" + text + "', 4326)")), two);
  EXPECT_EQ(from_blob(ask("SELECT CompressGeometry(GeomFromText('" + text + "', 4326))")), two);
  Geometry point;
  point.points = {{138.5, 37.25}};
  EXPECT_EQ(from_blob(ask("SELECT TinyPointEncode(MakePoint(138.5, 37.25, 4326))")), point);
  EXPECT_EQ(
      kind_of_failure([&] {
        from_blob(ask("SELECT GeomFromText('GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(1 2, 3 4))', 4326)"));
      }),
      base::ErrorKind::unsupported);
}

// The same geometry with every number turned round: byte order 0.
std::string big_endian_line() {
  std::string out;
  const auto put = [&](const void* value, std::size_t size) {
    const char* p = static_cast<const char*>(value);
    for (std::size_t i = size; i > 0; --i) out.push_back(p[i - 1]);
  };
  const auto f64 = [&](double v) { put(&v, 8); };
  const auto i32 = [&](std::int32_t v) { put(&v, 4); };
  out += std::string("\x00\x00", 2);
  i32(4326);
  for (const double v : {1.0, 2.0, 3.0, 4.0}) f64(v);
  out += '\x7C';
  i32(2);
  i32(2);
  for (const double v : {1.0, 2.0, 3.0, 4.0}) f64(v);
  out += '\xFE';
  return out;
}

TEST(Codec, BigEndianIsRead) {
  EXPECT_EQ(from_blob(big_endian_line()), test::line({{1, 2}, {3, 4}}));
  EXPECT_EQ(decode_spatialite_bounds(bytes(big_endian_line())), (Box{1, 2, 3, 4}));
  const std::string wkb(
      "\x00\x00\x00\x00\x01\x3F\xF0\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x00", 21);
  EXPECT_EQ(from_wkb(wkb).points.front(), (Point{1, 2}));
}

TEST(Codec, ExtendedWkbIsRead) {
  Geometry point;
  point.points = {{1, 2}};
  std::string wkb = encode_wkb(point);
  std::string with_srid = wkb;
  with_srid[4] = '\x20';
  with_srid.insert(5, std::string("\x0C\x1A\x00\x00", 4));
  EXPECT_EQ(from_wkb(with_srid), point);
  std::string with_z = wkb + std::string(8, '\0');
  with_z[4] = static_cast<char>(0x80);
  EXPECT_EQ(from_wkb(with_z), point);
  std::string iso_zm = wkb + std::string(16, '\0');
  iso_zm[1] = static_cast<char>(3001 & 0xFF);
  iso_zm[2] = static_cast<char>(3001 >> 8);
  EXPECT_EQ(from_wkb(iso_zm), point);
}

TEST(Codec, WkbOfNothingAndOfCollections) {
  Geometry empty;
  empty.kind = Kind::polygon;
  EXPECT_EQ(from_wkb(encode_wkb(empty)), empty);
  EXPECT_EQ(kind_of_failure([&] { blob_of(empty); }), base::ErrorKind::bad_input);
  const std::string collection("\x01\x07\x00\x00\x00\x00\x00\x00\x00", 9);
  EXPECT_EQ(kind_of_failure([&] { from_wkb(collection); }), base::ErrorKind::unsupported);
}

TEST(Codec, EveryTruncationIsDamage) {
  Dice dice(3);
  for (int i = 0; i < 12; ++i) {
    const Geometry g = test::random_geometry(dice, static_cast<Kind>(i % 3), 1 + i % 2);
    const std::string blob = blob_of(g);
    const std::string wkb = encode_wkb(g);
    for (std::size_t size = 0; size < blob.size(); ++size) {
      const std::string cut = blob.substr(0, size);
      ASSERT_EQ(kind_of_failure([&] { from_blob(cut); }), base::ErrorKind::damaged) << size;
    }
    for (std::size_t size = 0; size < wkb.size(); ++size) {
      const std::string cut = wkb.substr(0, size);
      ASSERT_EQ(kind_of_failure([&] { from_wkb(cut); }), base::ErrorKind::damaged) << size;
    }
    EXPECT_EQ(kind_of_failure([&] { from_blob(blob + '\xFE'); }), base::ErrorKind::damaged);
    EXPECT_EQ(kind_of_failure([&] { from_wkb(wkb + 'x'); }), base::ErrorKind::damaged);
  }
}

TEST(Codec, ChangedBytesGiveAGeometryOrAnErrorAndNeverMore) {
  Dice dice(4);
  int refused = 0;
  for (int i = 0; i < 30000; ++i) {
    const Geometry g = test::random_geometry(dice, static_cast<Kind>(i % 3), 1 + i % 3);
    std::string data = i % 2 == 0 ? blob_of(g) : encode_wkb(g);
    for (int changes = dice.whole(1, 4); changes > 0; --changes) {
      const auto at = static_cast<std::size_t>(dice.whole(0, static_cast<int>(data.size()) - 1));
      data[at] = static_cast<char>(dice.whole(0, 255));
    }
    // A copy of exactly this size, so that a read past the end is seen by a sanitizer.
    const std::unique_ptr<char[]> exact(new char[data.size()]);
    std::memcpy(exact.get(), data.data(), data.size());
    const auto view = std::as_bytes(std::span(exact.get(), data.size()));
    try {
      Geometry out;
      if (i % 2 == 0) {
        decode_spatialite(view, out);
      } else {
        decode_wkb(view, out);
      }
      EXPECT_LE(out.points.size() * 8, data.size());
    } catch (const base::Error& error) {
      ++refused;
      EXPECT_TRUE(error.kind() == base::ErrorKind::damaged || error.kind() == base::ErrorKind::unsupported);
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST(Codec, ACountThatCannotBeIsRefusedBeforeAllocating) {
  std::string blob = blob_of(test::line({{1, 2}, {3, 4}}));
  for (std::size_t i = 43; i < 47; ++i) blob[i] = '\xFF';
  EXPECT_EQ(kind_of_failure([&] { from_blob(blob); }), base::ErrorKind::damaged);
}

}  // namespace
}  // namespace ritchi::geom
