#include "geodata/store/facts_file.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <system_error>

#include "geodata/base/descriptor.hpp"
#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::store {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using nlohmann::json;

constexpr const char* remedy = "run `ritchi check --rebuild`";

std::string_view text_of(const std::array<char, 64>& digits) {
  const std::string_view all(digits.data(), digits.size());
  return all.substr(0, all.find_last_not_of('\0') + 1);
}

// A whole file in memory, for reading.
class Mapping {
 public:
  Mapping(int descriptor, std::size_t size, const fs::path& file) : m_size(size) {
    void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
    if (mapped == MAP_FAILED)
      throw Error(ErrorKind::io, std::error_code(errno, std::generic_category()).message(), file.string());
    m_bytes = static_cast<const std::byte*>(mapped);
  }
  ~Mapping() { ::munmap(const_cast<std::byte*>(m_bytes), m_size); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  std::span<const std::byte> bytes() const { return {m_bytes, m_size}; }

 private:
  const std::byte* m_bytes = nullptr;
  std::size_t m_size;
};

FactForm form_named(const std::string& name) {
  if (name == "number") return FactForm::number;
  if (name == "text") return FactForm::text;
  if (name == "texts") return FactForm::texts;
  throw std::invalid_argument("a column has the unknown form '" + name + "'");
}

}  // namespace

struct FactsFile::State {
  fs::path file;
  base::UniqueDescriptor descriptor;
  std::unique_ptr<Mapping> mapping;
  FactsFileHead head;
  std::string dataset_revision;
  std::span<const std::int64_t> ids;
  std::span<const geom::Box> boxes;
  std::span<const std::uint64_t> shape_ends;
  std::span<const std::byte> shapes;
  std::vector<FactColumn> columns;
  std::vector<FactSource> sources;

  Error damaged(const std::string& why) const {
    return {ErrorKind::damaged, "is no whole file of facts: " + why, file.string(), remedy};
  }

  template <class T>
  std::span<const T> section(std::uint64_t offset, std::uint64_t count, const char* what) const {
    const auto bytes = mapping->bytes();
    if (offset % 8 != 0 || offset > bytes.size() || count > (bytes.size() - offset) / sizeof(T))
      throw damaged(std::string(what) + " lie outside it");
    return {reinterpret_cast<const T*>(bytes.data() + offset), static_cast<std::size_t>(count)};
  }

  void read_head() {
    const auto size = static_cast<std::uint64_t>(base::size_of(descriptor.get()));
    if (size < sizeof head) throw damaged("it is too short");
    mapping = std::make_unique<Mapping>(descriptor.get(), static_cast<std::size_t>(size), file);
    std::memcpy(&head, mapping->bytes().data(), sizeof head);
    if (head.magic != FactsFileHead{}.magic) throw damaged("it begins otherwise");
    if (head.version != facts_file_version)
      throw Error(ErrorKind::unsupported, "the facts were computed by another version", file.string(),
                  remedy);
    if (head.file_size != size) throw damaged("it is shorter or longer than its head says");
    dataset_revision = text_of(head.dataset_revision);
  }

  void read_rows() {
    ids = section<std::int64_t>(head.ids_offset, head.rows, "ids");
    boxes = section<geom::Box>(head.boxes_offset, head.rows, "boxes");
    shape_ends = section<std::uint64_t>(head.shape_ends_offset, head.rows, "ends of shapes");
    shapes = section<std::byte>(head.shapes_offset, head.shapes_size, "shapes");
    if (std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>()) != ids.end())
      throw damaged("its ids are not in order");
    if (!std::is_sorted(shape_ends.begin(), shape_ends.end()) ||
        (!shape_ends.empty() && shape_ends.back() > shapes.size()))
      throw damaged("a shape lies outside it");
  }

  void read_directory() {
    const auto text = section<char>(head.directory_offset, head.directory_size, "directory");
    try {
      const json directory = json::parse(text.begin(), text.end());
      for (const json& source : directory.at("sources")) sources.push_back(source_of(source));
      if (sources.size() >= no_source) throw std::invalid_argument("it has too many sources");
      for (const json& column : directory.at("columns")) columns.push_back(column_of(column));
    } catch (const Error&) {
      throw;
    } catch (const std::exception& error) {
      throw damaged(error.what());
    }
  }

  static FactSource source_of(const json& object) {
    const auto text = [&](const char* key) { return object.at(key).get<std::string>(); };
    return {text("layer"),       text("partition"), text("revision"),    text("as_of"),
            text("source_name"), text("licence"),   text("attribution"), object.at("synthetic").get<bool>()};
  }

  FactColumn column_of(const json& object) const {
    const auto offset = [&](const char* key) { return object.at(key).get<std::uint64_t>(); };
    FactColumn out;
    out.name = object.at("name").get<std::string>();
    out.form = form_named(object.at("form").get<std::string>());
    out.made_from = object.at("made_from").get<std::string>();
    out.sources = section<std::uint16_t>(offset("sources"), head.rows, "sources");
    check_indices(out.sources, sources.size(), no_source);
    if (object.contains("features"))
      out.features = section<std::int64_t>(offset("features"), head.rows, "features");
    if (object.contains("at_least")) {
      out.at_least = section<std::uint8_t>(offset("at_least"), head.rows, "marks");
      check_marks(out);
    }
    if (out.form == FactForm::number) {
      out.numbers = section<double>(offset("numbers"), head.rows, "numbers");
      return out;
    }
    out.words = object.at("words").get<std::vector<std::string>>();
    std::uint64_t count = head.rows;
    if (out.form == FactForm::texts) {
      out.text_ends = section<std::uint32_t>(offset("text_ends"), head.rows, "ends of texts");
      if (!std::is_sorted(out.text_ends.begin(), out.text_ends.end()))
        throw damaged("a set of texts ends before it begins");
      count = out.text_ends.empty() ? 0 : out.text_ends.back();
    }
    out.texts = section<std::uint32_t>(offset("texts"), count, "texts");
    check_indices(out.texts, out.words.size(), no_word);
    return out;
  }

  void check_marks(const FactColumn& column) const {
    if (column.form == FactForm::text) throw damaged("a column of single words has marks");
    if (std::any_of(column.at_least.begin(), column.at_least.end(),
                    [](std::uint8_t mark) { return mark > 1; }))
      throw damaged("a mark is neither 0 nor 1");
  }

  template <class Index>
  void check_indices(std::span<const Index> indices, std::size_t end, Index none) const {
    for (const Index i : indices)
      if (i >= end && i != none) throw damaged("a column names what it does not hold");
  }
};

fs::path facts_file(const fs::path& data_folder, const std::string& layer, const std::string& partition) {
  return data_folder / layer / (partition + ".facts");
}

FactsFile::FactsFile(std::unique_ptr<State> state) : m_state(std::move(state)) {}
FactsFile::~FactsFile() = default;

std::shared_ptr<const FactsFile> FactsFile::open(const fs::path& file) {
  auto state = std::make_unique<State>();
  state->file = file;
  state->descriptor = base::open_for_reading(file);
  state->read_head();
  state->read_rows();
  state->read_directory();
  return std::shared_ptr<const FactsFile>(new FactsFile(std::move(state)));
}

void FactsFile::verify() const {
  const auto bytes = m_state->mapping->bytes().subspan(sizeof(FactsFileHead));
  base::Sha256 digest;
  digest.add({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  FactsFileHead head = m_state->head;
  head.checksum = {};
  digest.add({reinterpret_cast<const char*>(&head), sizeof head});
  if (digest.hex() != text_of(m_state->head.checksum))
    throw Error(ErrorKind::damaged, "the facts have changed since they were written", file().string(),
                remedy);
}

const fs::path& FactsFile::file() const {
  return m_state->file;
}
int FactsFile::descriptor() const {
  return m_state->descriptor.get();
}
const std::string& FactsFile::dataset_revision() const {
  return m_state->dataset_revision;
}
std::span<const std::int64_t> FactsFile::ids() const {
  return m_state->ids;
}
std::span<const geom::Box> FactsFile::boxes() const {
  return m_state->boxes;
}
const std::vector<FactColumn>& FactsFile::columns() const {
  return m_state->columns;
}
const std::vector<FactSource>& FactsFile::sources() const {
  return m_state->sources;
}

std::span<const std::byte> FactsFile::blob(std::size_t row) const {
  const auto begin = static_cast<std::size_t>(row == 0 ? 0 : m_state->shape_ends[row - 1]);
  return m_state->shapes.subspan(begin, static_cast<std::size_t>(m_state->shape_ends[row]) - begin);
}

void FactsFile::shape(std::size_t row, geom::Geometry& out) const {
  const auto stored = blob(row);
  if (stored.empty())
    out.clear();
  else
    geom::decode_spatialite(stored, out);
}

const FactColumn* FactsFile::find(std::string_view name) const {
  const auto found = std::find_if(m_state->columns.begin(), m_state->columns.end(),
                                  [&](const FactColumn& column) { return column.name == name; });
  return found == m_state->columns.end() ? nullptr : &*found;
}

}  // namespace ritchi::store
