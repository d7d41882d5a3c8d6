#include "geodata/load/facts_file_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "geodata/base/descriptor.hpp"
#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::load {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;
using store::FactForm;

[[noreturn]] void fail(const std::filesystem::path& file) {
  const auto reason = std::error_code(errno, std::generic_category());
  throw Error(ErrorKind::io, "cannot be written: " + reason.message(), file.string(),
              "check the disk and its permissions");
}

const char* name_of(FactForm form) {
  return form == FactForm::number ? "number" : form == FactForm::text ? "text" : "texts";
}

// Sections in the order of writing; what was written is hashed as it goes.
class Out {
 public:
  explicit Out(const std::filesystem::path& file)
      : m_file(file), m_descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)) {
    if (!m_descriptor.valid()) fail(file);
  }
  // Where the next section begins.
  std::uint64_t begin() {
    m_buffer.append((8 - m_at % 8) % 8, '\0');
    m_at += (8 - m_at % 8) % 8;
    return m_at;
  }
  void put(std::string_view bytes) {
    m_buffer += bytes;
    m_at += bytes.size();
    if (m_buffer.size() > (1 << 20)) flush();
  }
  template <class Number>
  void put_number(const Number& number) {
    put({reinterpret_cast<const char*>(&number), sizeof number});
  }
  template <class Number>
  std::uint64_t put_all(const std::vector<Number>& numbers) {
    const std::uint64_t from = begin();
    for (const Number& number : numbers) put_number(number);
    return from;
  }
  void finish(store::FactsFileHead head, const std::string& revision) {
    flush();
    std::memcpy(head.dataset_revision.data(), revision.data(),
                std::min(revision.size(), head.dataset_revision.size()));
    head.file_size = m_at;
    m_digest.add({reinterpret_cast<const char*>(&head), sizeof head});
    const std::string digest = m_digest.hex();
    std::memcpy(head.checksum.data(), digest.data(), head.checksum.size());
    base::write_at(m_descriptor.get(), 0, {reinterpret_cast<const char*>(&head), sizeof head}, m_file);
    if (::fsync(m_descriptor.get()) != 0) fail(m_file);
  }

 private:
  void flush() {
    base::write_at(m_descriptor.get(), m_written, m_buffer, m_file);
    m_digest.add(m_buffer);
    m_written += m_buffer.size();
    m_buffer.clear();
  }
  std::filesystem::path m_file;
  base::UniqueDescriptor m_descriptor;
  base::Sha256 m_digest;
  std::string m_buffer;
  std::uint64_t m_at = sizeof(store::FactsFileHead);
  std::uint64_t m_written = sizeof(store::FactsFileHead);
};

json source_json(const store::FactSource& source) {
  return {{"layer", source.layer},
          {"partition", source.partition},
          {"revision", source.revision},
          {"as_of", source.as_of},
          {"source_name", source.source_name},
          {"licence", source.licence},
          {"attribution", source.attribution},
          {"synthetic", source.synthetic}};
}

json write_words(Out& out, const FactValues& column) {
  std::map<std::string, std::uint32_t> numbers;
  for (const auto& value : column.rows)
    if (value.words)
      for (const auto& word : *value.words) numbers.emplace(word, 0);
  json words = json::array();
  for (auto& [word, number] : numbers) {
    number = static_cast<std::uint32_t>(words.size());
    words.push_back(word);
  }
  std::vector<std::uint32_t> texts;
  std::vector<std::uint32_t> ends;
  for (const auto& value : column.rows) {
    if (!value.words || (column.form == FactForm::text && value.words->empty())) {
      texts.push_back(store::no_word);
    } else if (column.form == FactForm::text) {
      texts.push_back(numbers.at(value.words->front()));
    } else {
      for (const auto& word : std::set<std::string>(value.words->begin(), value.words->end()))
        texts.push_back(numbers.at(word));
    }
    ends.push_back(static_cast<std::uint32_t>(texts.size()));
  }
  json entry{{"words", std::move(words)}, {"texts", out.put_all(texts)}};
  if (column.form == FactForm::texts) entry["text_ends"] = out.put_all(ends);
  return entry;
}

json write_column(Out& out, const FactValues& column) {
  json entry = json::object();
  if (column.form == FactForm::number) {
    entry["numbers"] = out.begin();
    for (const auto& value : column.rows)
      // One of the many numbers that are none, so that equal facts are equal bytes.
      out.put_number(std::isnan(value.number) ? std::numeric_limits<double>::quiet_NaN() : value.number);
  } else {
    entry = write_words(out, column);
  }
  entry["sources"] = out.begin();
  for (const auto& value : column.rows) out.put_number(value.source);
  if (column.of_features) {
    entry["features"] = out.begin();
    for (const auto& value : column.rows) out.put_number(value.feature);
  }
  if (std::any_of(column.rows.begin(), column.rows.end(),
                  [](const FactValue& value) { return value.at_least; })) {
    entry["at_least"] = out.begin();
    for (const auto& value : column.rows) out.put_number(static_cast<std::uint8_t>(value.at_least ? 1 : 0));
  }
  entry["name"] = column.name;
  entry["form"] = name_of(column.form);
  entry["made_from"] = column.made_from;
  return entry;
}

}  // namespace

FactValues values_of(const store::FactColumn& column) {
  FactValues out{column.name, column.form, !column.features.empty(), column.made_from, {}};
  out.rows.resize(column.sources.size());
  for (std::size_t i = 0; i < out.rows.size(); ++i) {
    FactValue& value = out.rows[i];
    value.source = column.sources[i];
    if (out.of_features) value.feature = column.features[i];
    if (!column.at_least.empty()) value.at_least = column.at_least[i] != 0;
    if (column.form == FactForm::number) {
      value.number = column.numbers[i];
      continue;
    }
    const bool set = column.form == FactForm::texts;
    const std::size_t begin = !set ? i : i == 0 ? 0 : column.text_ends[i - 1];
    const std::size_t end = !set ? i + 1 : column.text_ends[i];
    if (end - begin == 1 && column.texts[begin] == store::no_word) continue;
    value.words.emplace();
    for (std::size_t k = begin; k < end; ++k)
      if (column.texts[k] != store::no_word) value.words->push_back(column.words[column.texts[k]]);
  }
  return out;
}

std::string_view FactRows::shape(std::size_t row) const {
  const auto begin = static_cast<std::size_t>(row == 0 ? 0 : shape_ends[row - 1]);
  return std::string_view(shapes).substr(begin, static_cast<std::size_t>(shape_ends[row]) - begin);
}

void FactRows::add(std::int64_t id, std::string_view blob) {
  ids.push_back(id);
  boxes.push_back(blob.empty() ? geom::Box{}
                               : geom::decode_spatialite_bounds(std::as_bytes(std::span(blob))));
  shapes += blob;
  shape_ends.push_back(shapes.size());
}

struct FactsFileWriter::State {
  Out out;
  std::string revision;
  store::FactsFileHead head;
  json directory{{"sources", json::array()}, {"columns", json::array()}};
};

FactsFileWriter::FactsFileWriter(const std::filesystem::path& file, std::string dataset_revision,
                                 const FactRows& rows, const std::vector<store::FactSource>& sources)
    : m_state(new State{Out(file), std::move(dataset_revision), {}}) {
  static_assert(std::endian::native == std::endian::little);
  if (sources.size() >= store::no_source)
    throw Error(ErrorKind::too_large, "the facts come from too many datasets", file.string());
  auto& [out, revision, head, directory] = *m_state;
  head.rows = rows.size();
  head.ids_offset = out.put_all(rows.ids);
  head.boxes_offset = out.put_all(rows.boxes);
  head.shape_ends_offset = out.put_all(rows.shape_ends);
  head.shapes_offset = out.begin();
  head.shapes_size = rows.shapes.size();
  out.put(rows.shapes);
  for (const auto& source : sources) directory["sources"].push_back(source_json(source));
}

FactsFileWriter::~FactsFileWriter() = default;

void FactsFileWriter::add(const FactValues& column) {
  m_state->directory["columns"].push_back(write_column(m_state->out, column));
}

void FactsFileWriter::finish() {
  auto& [out, revision, head, directory] = *m_state;
  const std::string text = directory.dump();
  head.directory_offset = out.begin();
  head.directory_size = text.size();
  out.put(text);
  out.finish(head, revision);
}

}  // namespace ritchi::load
