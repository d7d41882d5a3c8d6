#include "importers/core/citygml_source.hpp"

#include <cpl_vsi.h>
#include <expat.h>
#include <fmt/format.h>

#include <array>
#include <deque>
#include <map>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/gml_geometry.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;

struct FileClose {
  void operator()(VSILFILE* file) const { VSIFCloseL(file); }
};
struct ParserFree {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

std::string_view local(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

const char* attribute(const char** attributes, std::string_view name) {
  for (; *attributes != nullptr; attributes += 2)
    if (local(*attributes) == name) return attributes[1];
  return nullptr;
}

// "EPSG:n" of the ways in which GML names systems; others as they are.
std::string crs_name(std::string_view srs) {
  if (srs.find("CRS84") != std::string_view::npos) return "OGC:CRS84";
  const auto digits = srs.find_last_not_of("0123456789") + 1;
  if (srs.find("EPSG") != std::string_view::npos && digits < srs.size())
    return "EPSG:" + std::string(srs.substr(digits));
  return std::string(srs);
}

int default_dimension(const std::string& crs) {
  if (crs == "EPSG:6697" || crs == "EPSG:4979") return 3;
  return crs.size() == 10 && crs >= "EPSG:10162" && crs <= "EPSG:10180" ? 3 : 2;
}

class CityGmlSource : public Source {
 public:
  CityGmlSource(const std::string& name, const std::string& shown, const SourceOptions& options)
      : m_name(name), m_shown(shown), m_options(options) {
    // Kinds of element and columns are known only after a whole reading.
    rewind();
    while (pump(nullptr)) {
    }
    if (m_layers.empty())
      throw Error(ErrorKind::bad_input, "holds no city object", m_shown,
                  "check that this is the file you meant")
          .in_japanese("地物（cityObjectMember）がありません", "ファイルを確かめてください");
    for (auto& layer : m_layers) layer.geometry = m_kinds[layer.name].value_or(catalogue::LayerGeometry::any);
  }

  const std::vector<SourceLayer>& layers() const override { return m_layers; }
  std::string encoding() const override { return "UTF-8"; }
  std::optional<std::uint64_t> expected() const override { return m_count; }

  void start(std::optional<std::size_t> only_layer) override {
    rewind();
    m_only = only_layer;
    m_counting = false;
  }

  bool next(SourceFeature& out) override {
    while (pump(&out))
      if (!m_only || out.layer == *m_only) return true;
    return false;
  }

 private:
  void rewind() {
    m_file.reset(VSIFOpenL(m_name.c_str(), "rb"));
    if (!m_file) throw Error(ErrorKind::io, "cannot be read", m_shown, "check its permissions");
    m_parser.reset(XML_ParserCreate(nullptr));
    XML_SetUserData(m_parser.get(), this);
    XML_SetElementHandler(
        m_parser.get(),
        [](void* self, const XML_Char* element, const XML_Char** a) {
          static_cast<CityGmlSource*>(self)->start_element(element, a);
        },
        [](void* self, const XML_Char* element) { static_cast<CityGmlSource*>(self)->end_element(element); });
    XML_SetCharacterDataHandler(m_parser.get(), [](void* self, const XML_Char* text, int size) {
      static_cast<CityGmlSource*>(self)->characters({text, static_cast<std::size_t>(size)});
    });
    // Nothing outside the document is read, and nothing that it leaves out is passed over in silence.
    XML_SetExternalEntityRefHandler(m_parser.get(),
                                    [](XML_Parser, const XML_Char*, const XML_Char*, const XML_Char*,
                                       const XML_Char*) -> int { return XML_STATUS_ERROR; });
    m_queue.clear();
    m_stack.clear();
    m_done = false;
    m_in_feature = false;
    m_skip_depth = 0;
    m_geometry_depth = 0;
    m_default_crs.clear();
    m_default_dimension = 0;
  }

  // Takes the next feature (into nothing while counting); false at the end of the file.
  bool pump(SourceFeature* out) {
    while (m_queue.empty()) {
      if (m_done) return false;
      std::array<char, 65536> buffer{};
      const auto size = VSIFReadL(buffer.data(), 1, buffer.size(), m_file.get());
      m_done = size < buffer.size();
      if (XML_Parse(m_parser.get(), buffer.data(), static_cast<int>(size), m_done ? 1 : 0) != XML_STATUS_OK ||
          !m_refusal.empty()) {
        const std::string why =
            m_refusal.empty() ? XML_ErrorString(XML_GetErrorCode(m_parser.get())) : m_refusal;
        throw Error(ErrorKind::bad_input,
                    fmt::format("is damaged at line {}: {}", XML_GetCurrentLineNumber(m_parser.get()), why),
                    m_shown, "the file may be truncated: fetch it again")
            .in_japanese(
                fmt::format("{} 行目が壊れています: {}", XML_GetCurrentLineNumber(m_parser.get()), why),
                "途切れているかもしれません。取得し直してください");
      }
    }
    if (out != nullptr) *out = std::move(m_queue.front());
    m_queue.pop_front();
    return true;
  }

  void start_element(std::string_view element, const char** attributes) {
    const std::string_view name = local(element);
    m_stack.emplace_back(name);
    m_leaf = true;
    m_text.clear();
    if (m_stack.size() > 200) return refuse("elements are nested more than 200 deep");
    if (m_skip_depth != 0) return;
    if (!m_in_feature) {
      if (name == "Envelope" && m_stack.size() == 3) read_envelope(attributes);
      const auto& parent = m_stack.size() > 1 ? m_stack[m_stack.size() - 2] : m_stack.back();
      if (m_stack.size() == 3 && (parent == "cityObjectMember" || parent == "featureMember"))
        start_feature(name, attributes);
      return;
    }
    if (m_geometry_depth == 0) {
      if (name == "boundedBy" && m_stack.size() == 4)
        m_skip_depth = m_stack.size();
      else if (GmlGeometry::begins(name))
        start_geometry(attributes);
      else
        start_attribute(name, attributes);
    }
    if (m_geometry_depth != 0) {
      if (const char* srs = attribute(attributes, "srsName"); srs != nullptr) m_crs = crs_name(srs);
      if (const char* size = attribute(attributes, "srsDimension"); size != nullptr)
        m_dimension = *size == '2' ? 2 : 3;
      m_geometry.begin(name);
    }
  }

  void end_element(std::string_view element) {
    const std::string_view name = local(element);
    const std::size_t depth = m_stack.size();
    if (m_skip_depth != 0) {
      if (depth == m_skip_depth) m_skip_depth = 0;
    } else if (m_in_feature) {
      if (m_geometry_depth != 0) {
        if (name == "pos" || name == "posList")
          m_geometry.coordinates(m_text, dimension(), m_options.max_vertices);
        m_geometry.end(name);
        if (depth == m_geometry_depth) end_geometry();
      } else if (depth == 3) {
        end_feature();
      } else if (m_leaf) {
        set_attribute(m_generic.empty() || name != "value" ? name : std::string_view(m_generic),
                      base::trim(m_text));
      }
      if (depth == 4) m_generic.clear();
    }
    m_leaf = false;
    m_stack.pop_back();
  }

  void characters(std::string_view text) {
    if (!m_in_feature || m_skip_depth != 0) return;
    if (m_text.size() + text.size() > m_options.max_vertices * 64) return refuse("an element is too long");
    m_text.append(text);
  }

  void refuse(const char* why) {
    m_refusal = why;
    XML_StopParser(m_parser.get(), XML_FALSE);
  }

  void read_envelope(const char** attributes) {
    if (const char* srs = attribute(attributes, "srsName"); srs != nullptr) m_default_crs = crs_name(srs);
    if (const char* size = attribute(attributes, "srsDimension"); size != nullptr)
      m_default_dimension = *size == '2' ? 2 : 3;
  }

  void start_feature(std::string_view name, const char** attributes) {
    m_in_feature = true;
    m_feature.clear();
    m_crs.clear();
    m_dimension = 0;
    m_best_detail = 100;
    const auto found = m_layer_of.find(name);
    if (found == m_layer_of.end()) {
      m_layer_of.emplace(name, m_layers.size());
      SourceLayer layer;
      layer.name = std::string(name);
      m_layers.push_back(std::move(layer));
      m_column_of.emplace_back();
    }
    m_feature.layer = m_layer_of.find(name)->second;
    if (m_counting) ++m_count;
    const auto line = XML_GetCurrentLineNumber(m_parser.get());
    const char* id = attribute(attributes, "id");
    m_feature.label = id == nullptr ? fmt::format("line {}", line) : fmt::format("{} (line {})", id, line);
    if (id != nullptr) set_attribute("gml_id", id);
  }

  void start_attribute(std::string_view name, const char** attributes) {
    if (name.ends_with("Attribute"))
      if (const char* generic = attribute(attributes, "name"); generic != nullptr) m_generic = generic;
    if (const char* uom = attribute(attributes, "uom"); uom != nullptr)
      set_attribute(std::string(name) + "@uom", uom);
  }

  void set_attribute(std::string_view name, std::string_view text) {
    if (text.empty()) return;
    auto& columns = m_column_of[m_feature.layer];
    auto found = columns.find(name);
    if (found == columns.end()) {
      found = columns.emplace(name, columns.size()).first;
      m_layers[m_feature.layer].columns.push_back({std::string(name), catalogue::AttributeType::text});
    }
    if (m_feature.values.size() <= found->second) m_feature.values.resize(found->second + 1);
    auto& value = m_feature.values[found->second];
    if (catalogue::is_unknown(value)) value = std::string(text);
  }

  // lod0Geometry is 0, lod1MultiSurface 1, a property without a level comes last.
  int detail_of_property() const {
    for (std::size_t i = m_stack.size() - 1; i > 2; --i)
      if (m_stack[i].starts_with("lod") && m_stack[i].size() > 3) return m_stack[i][3] - '0';
    return 50;
  }

  void start_geometry(const char**) {
    m_geometry_depth = m_stack.size();
    m_geometry.clear();
  }

  int dimension() const {
    if (m_dimension != 0) return m_dimension;
    if (m_default_dimension != 0) return m_default_dimension;
    return default_dimension(m_crs.empty() ? m_default_crs : m_crs);
  }

  void end_geometry() {
    m_geometry_depth = 0;
    const int detail = detail_of_property();
    if (detail >= m_best_detail) return;
    m_best_detail = detail;
    m_feature.geometry_fault = m_geometry.fault();
    m_feature.geometry.reset();
    if (m_geometry.fault().empty()) {
      m_feature.geometry = m_geometry.geometry();
      m_feature.has_z = dimension() == 3;
    }
  }

  void end_feature() {
    m_in_feature = false;
    m_feature.id = static_cast<std::int64_t>(XML_GetCurrentLineNumber(m_parser.get()));
    m_feature.crs = m_crs.empty() ? m_default_crs : m_crs;
    m_feature.authority_axes = m_feature.crs != "OGC:CRS84";
    if (!m_feature.authority_axes) m_feature.crs = "EPSG:4326";
    if (m_counting && m_feature.geometry) {
      const auto kind = m_feature.geometry->kind == geom::Kind::point  ? catalogue::LayerGeometry::point
                        : m_feature.geometry->kind == geom::Kind::line ? catalogue::LayerGeometry::line
                                                                       : catalogue::LayerGeometry::polygon;
      auto& known = m_kinds[m_layers[m_feature.layer].name];
      if (!known)
        known = kind;
      else if (*known != kind)
        known = catalogue::LayerGeometry::any;
    }
    m_queue.push_back(std::move(m_feature));
  }

  std::string m_name;
  std::string m_shown;
  SourceOptions m_options;
  std::unique_ptr<VSILFILE, FileClose> m_file;
  std::unique_ptr<XML_ParserStruct, ParserFree> m_parser;
  std::deque<SourceFeature> m_queue;
  std::vector<SourceLayer> m_layers;
  std::map<std::string, std::size_t, std::less<>> m_layer_of;
  std::vector<std::map<std::string, std::size_t, std::less<>>> m_column_of;
  std::map<std::string, std::optional<catalogue::LayerGeometry>, std::less<>> m_kinds;
  std::optional<std::size_t> m_only;
  std::uint64_t m_count = 0;
  bool m_counting = true;
  bool m_done = false;

  // Where the parser stands.
  std::vector<std::string> m_stack;
  std::string m_text;
  std::string m_generic;  // name of the generic attribute whose value follows
  std::string m_refusal;
  bool m_leaf = false;
  bool m_in_feature = false;
  std::size_t m_skip_depth = 0;
  std::size_t m_geometry_depth = 0;
  SourceFeature m_feature;
  GmlGeometry m_geometry;
  std::string m_crs;
  std::string m_default_crs;
  int m_dimension = 0;
  int m_default_dimension = 0;
  int m_best_detail = 100;
};

}  // namespace

bool is_citygml(const std::string& name) {
  if (name.starts_with("PG:")) return false;
  const std::unique_ptr<VSILFILE, FileClose> file(VSIFOpenL(name.c_str(), "rb"));
  if (!file) return false;
  std::string head(8192, '\0');
  head.resize(VSIFReadL(head.data(), 1, head.size(), file.get()));
  const auto at = head.find("CityModel");
  return head.find("<?xml") < 64 && at != std::string::npos && at > 0 &&
         (head[at - 1] == ':' || head[at - 1] == '<');
}

std::unique_ptr<Source> open_citygml_source(const std::string& name, const std::string& shown,
                                            const SourceOptions& options) {
  return std::make_unique<CityGmlSource>(name, shown, options);
}

}  // namespace ritchi::importers
