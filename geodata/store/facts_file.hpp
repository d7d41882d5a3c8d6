// The facts of a dataset's sites, computed when it or a layer that they depend on is published: columns that
// are mapped and read in place.
//
// File: DATA/<layer>/<partition>.facts, replaced as a whole by one rename. It holds a row for every feature
// of the dataset whatever its disclosure; what the facts are made of is public rows of other layers alone.
// Little-endian, each section at a multiple of eight bytes:
//   FactsFileHead      256 bytes
//   ids                int64 × rows, ascending
//   boxes              4 doubles × rows
//   shape ends         uint64 × rows: where each row's shape ends in the shapes
//   shapes             SpatiaLite blobs one after the other, as the dataset has them; a row without: no place
//   columns            the arrays of each, where the directory says
//   directory          JSON: the columns (name, form, made_from, words, offsets) and the sources
// A column in which some value is only known to be at least what is stored has the array at_least, a byte a
// row, 0 or 1.
// Equal facts give equal bytes: words are sorted, and are those in use.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "geodata/catalogue/fact.hpp"
#include "geodata/geom/geometry.hpp"

namespace ritchi::store {

// A dataset that values come from.
struct FactSource {
  std::string layer;
  std::string partition;
  std::string revision;  // of its public rows
  std::string as_of;     // YYYY-MM-DD; empty: not stated
  std::string source_name;
  std::string licence;
  std::string attribution;
  bool synthetic = false;
  friend bool operator==(const FactSource&, const FactSource&) = default;
};

// number: numbers(), NaN is unknown. text: words of texts(), no_word is unknown. texts: a set of words, from
// text_ends(); no_word as the only one is unknown, no word is known to be none.
using catalogue::FactForm;

inline constexpr std::uint32_t no_word = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::uint16_t no_source = std::numeric_limits<std::uint16_t>::max();

inline constexpr std::uint32_t facts_file_version = 2;

struct FactsFileHead {
  std::array<char, 8> magic{'R', 'I', 'T', 'C', 'H', 'I', 'F', 'A'};
  std::uint32_t version = facts_file_version;
  std::uint32_t reserved = 0;
  std::array<char, 64> dataset_revision{};  // hexadecimal, zeros behind it
  std::array<char, 64> checksum{};  // SHA-256 of all behind the head and the head without it, hexadecimal
  std::uint64_t rows = 0;
  std::uint64_t ids_offset = 0;
  std::uint64_t boxes_offset = 0;
  std::uint64_t shape_ends_offset = 0;
  std::uint64_t shapes_offset = 0;
  std::uint64_t shapes_size = 0;
  std::uint64_t directory_offset = 0;
  std::uint64_t directory_size = 0;
  std::uint64_t file_size = 0;
  std::array<char, 40> unused{};
};
static_assert(sizeof(FactsFileHead) == 256 && std::is_trivially_copyable_v<FactsFileHead>);

struct FactColumn {
  std::string name;
  FactForm form = FactForm::number;
  std::span<const double> numbers;
  std::span<const std::uint32_t>
      texts;  // indices into words; of form texts: of all rows, one after the other
  std::span<const std::uint32_t> text_ends;  // of form texts: end of each row's in texts
  std::vector<std::string> words;
  std::span<const std::uint16_t> sources;  // by row: index into FactsFile::sources, or no_source
  std::span<const std::int64_t>
      features;  // by row: id of the feature the value is of, 0 if of none; may be empty
  // By row: 1 where the number may be greater, or the set have more words; empty: every value is exact. Never
  // of form text.
  std::span<const std::uint8_t> at_least;
  std::string made_from;  // digest of all that decides the column
};

class FactsFile {
 public:
  // Throws Error(not_found | damaged | unsupported | io). Whatever the file holds, what is read from it
  // afterwards stays inside it; that its content is what was written is for verify() to say.
  static std::shared_ptr<const FactsFile> open(const std::filesystem::path& file);
  ~FactsFile();
  FactsFile(const FactsFile&) = delete;
  FactsFile& operator=(const FactsFile&) = delete;

  const std::filesystem::path& file() const;
  int descriptor() const;  // of the very file, whatever becomes of its name
  // Recomputes the checksum. Throws Error(damaged).
  void verify() const;
  // The whole revision of the dataset whose rows these are.
  const std::string& dataset_revision() const;
  std::span<const std::int64_t> ids() const;  // ascending: the rows
  std::span<const geom::Box> boxes() const;   // by row; empty box: no place
  // The shape of a row as it is stored (EPSG:6668), without copying the dataset's blob; empty: no place.
  void shape(std::size_t row, geom::Geometry& out) const;
  std::span<const std::byte> blob(std::size_t row) const;  // the same undecoded
  const std::vector<FactColumn>& columns() const;
  const FactColumn* find(std::string_view name) const;
  const std::vector<FactSource>& sources() const;

 private:
  struct State;
  explicit FactsFile(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
};

std::filesystem::path facts_file(const std::filesystem::path& data_folder, const std::string& layer,
                                 const std::string& partition);

}  // namespace ritchi::store
