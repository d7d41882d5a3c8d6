// rooms: geodata_store
// Any bytes as a file of facts: an Error, or every value of every row can be read.
#include <cstdint>
#include <cstring>
#include <string>

#include "geodata/base/error.hpp"
#include "geodata/store/facts_file.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace ritchi;

void read_column(const store::FactsFile& file, const store::FactColumn& column) {
  const std::size_t rows = file.ids().size();
  fuzz::require(column.sources.size() == rows, "a source for each row");
  fuzz::require(column.features.empty() || column.features.size() == rows, "a feature for each row, or none");
  fuzz::require(column.at_least.empty() || column.at_least.size() == rows, "a mark for each row, or none");
  for (const auto mark : column.at_least) fuzz::require(mark <= 1, "a mark is 0 or 1");
  std::size_t letters = 0;
  for (const auto source : column.sources)
    if (source != store::no_source) letters += file.sources()[source].layer.size();
  for (const auto word : column.texts)
    if (word != store::no_word) letters += column.words[word].size();
  if (column.form == store::FactForm::number)
    fuzz::require(column.numbers.size() == rows, "a number for each row");
  if (column.form == store::FactForm::text) fuzz::require(column.texts.size() == rows, "a text for each row");
  if (column.form == store::FactForm::texts)
    for (std::size_t i = 0; i < rows; ++i) {
      const std::size_t begin = i == 0 ? 0 : column.text_ends[i - 1];
      fuzz::require(begin <= column.text_ends[i] && column.text_ends[i] <= column.texts.size(),
                    "a set lies among the texts");
    }
  fuzz::require(letters < (std::size_t{1} << 40), "every word can be read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const bool fitting = input.choice(2) == 0;
  std::string bytes(input.rest());
  // The size is made to fit, so that what lies behind the head is reached.
  if (fitting && bytes.size() >= sizeof(store::FactsFileHead)) {
    const std::uint64_t whole = bytes.size();
    std::memcpy(bytes.data() + offsetof(store::FactsFileHead, file_size), &whole, sizeof whole);
  }
  const fuzz::NamedBytes named(bytes);
  try {
    const auto file = store::FactsFile::open(named.name());
    for (const auto& column : file->columns()) read_column(*file, column);
    geom::Geometry shape;
    for (std::size_t row = 0; row < file->ids().size(); ++row) {
      try {
        file->shape(row, shape);
      } catch (const base::Error&) {
        continue;
      }
    }
    file->verify();
  } catch (const base::Error&) {
    return 0;
  }
  return 0;
}
