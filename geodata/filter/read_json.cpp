#include <nlohmann/json.hpp>

#include "geodata/filter/tree_builder.hpp"

namespace ritchi::filter {
namespace {

using nlohmann::json;

class JsonReader {
 public:
  explicit JsonReader(const Limits& limits) : m_builder(limits) {}

  NodePtr read(const json& from, const std::string& where) {
    const TreeBuilder::Level level(m_builder, where);
    if (from.is_boolean()) return m_builder.literal(from.get<bool>(), where);
    if (from.is_string()) return m_builder.literal(from.get<std::string>(), where);
    if (from.is_number_integer() && !(from.is_number_unsigned() && from.get<std::uint64_t>() > INT64_MAX))
      return m_builder.literal(from.get<std::int64_t>(), where);
    if (from.is_number()) return m_builder.number(from.get<double>(), where);
    if (from.is_array()) return m_builder.make(Op::array, read_all(from, where), where);
    if (!from.is_object()) throw unknown(where);
    if (from.contains("op")) return read_operation(from, where);
    if (from.contains("property"))
      return m_builder.named(Op::property, text(from["property"], where + ".property"), where);
    if (from.contains("date")) return m_builder.date(text(from["date"], where + ".date"), where);
    if (from.contains("timestamp"))
      return m_builder.timestamp(text(from["timestamp"], where + ".timestamp"), where);
    if (from.contains("interval")) return read_interval(from["interval"], where + ".interval");
    if (from.contains("bbox")) return m_builder.box(numbers(from["bbox"], where + ".bbox"), where);
    if (from.contains("type")) {
      Shape shape;
      read_shape(from, where, shape);
      return m_builder.geometry(std::move(shape), where);
    }
    throw unknown(where);
  }

 private:
  static base::Error unknown(const std::string& where) {
    return bad_filter(
        "this is nothing that CQL2 JSON knows", where,
        "write an object with op and args, property, date, timestamp, interval, bbox or a "
        "GeoJSON geometry",
        "CQL2 JSON にない書き方です",
        "op と args、property、date、timestamp、interval、bbox、GeoJSON のいずれかを書いてください");
  }

  static std::string text(const json& from, const std::string& where) {
    if (!from.is_string())
      throw bad_filter("a text is expected", where, "write it in double quotes", "文字列が必要です",
                       "二重引用符で囲んでください");
    return from.get<std::string>();
  }

  static std::vector<double> numbers(const json& from, const std::string& where) {
    std::vector<double> out;
    if (!from.is_array() || from.size() > 6) throw unknown(where);
    for (const json& number : from) {
      if (!number.is_number())
        throw bad_filter("a number is expected", where, "write numbers only", "数値が必要です",
                         "数値だけを書いてください");
      out.push_back(number.get<double>());
    }
    return out;
  }

  std::vector<NodePtr> read_all(const json& from, const std::string& where) {
    std::vector<NodePtr> out;
    for (std::size_t i = 0; i < from.size(); ++i)
      out.push_back(read(from[i], where + "[" + std::to_string(i) + "]"));
    return out;
  }

  NodePtr read_operation(const json& from, const std::string& where) {
    const std::string name = text(from["op"], where + ".op");
    const auto args = from.find("args");
    if (args == from.end() || !args->is_array())
      throw bad_filter("'args' is missing or not an array", where, "write {\"op\": …, \"args\": […]}",
                       "args がないか配列ではありません", "{\"op\": …, \"args\": […]} と書いてください");
    if (op_named(name) == Op::in) {
      if (args->size() != 2 || !(*args)[1].is_array()) throw unknown(where + ".args");
      std::vector<NodePtr> operands{read((*args)[0], where + ".args[0]")};
      for (NodePtr& item : read_all((*args)[1], where + ".args[1]")) operands.push_back(std::move(item));
      return m_builder.operation(name, std::move(operands), where);
    }
    return m_builder.operation(name, read_all(*args, where + ".args"), where);
  }

  NodePtr read_interval(const json& from, const std::string& where) {
    if (!from.is_array() || from.size() != 2)
      throw bad_filter("an interval has two ends", where, "write [begin, end], \"..\" where one is open",
                       "期間には始まりと終わりが必要です",
                       "[始まり, 終わり] と書いてください（開いた端は \"..\"）");
    std::vector<NodePtr> ends;
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string at = where + "[" + std::to_string(i) + "]";
      ends.push_back(from[i].is_string() ? m_builder.interval_end(from[i].get<std::string>(), at)
                                         : read(from[i], at));
    }
    return m_builder.make(Op::interval, std::move(ends), where);
  }

  const json& list(const json& from, const std::string& where) const {
    if (!from.is_array() || from.empty())
      throw bad_filter("a list of positions is expected", where, "write coordinates as GeoJSON has them",
                       "座標の配列が必要です", "GeoJSON の座標を書いてください");
    return from;
  }

  void read_path(const json& from, bool ring, const std::string& where, geom::Geometry& out) {
    for (const json& position : list(from, where)) m_builder.add_point(out, numbers(position, where), where);
    m_builder.end_path(out, ring, where);
  }

  void read_polygon(const json& from, const std::string& where, geom::Geometry& out) {
    for (const json& ring : list(from, where)) read_path(ring, true, where, out);
    out.end_part();
  }

  void read_shape(const json& from, const std::string& where, Shape& shape) {
    const TreeBuilder::Level level(m_builder, where);
    if (!from.is_object() || !from.contains("type")) throw unknown(where);
    const std::string type = text(from["type"], where + ".type");
    if (type == "GeometryCollection") {
      const auto members = from.find("geometries");
      if (members == from.end()) throw unknown(where);
      std::size_t at = 0;
      for (const json& member : list(*members, where + ".geometries"))
        read_shape(member, where + ".geometries[" + std::to_string(at++) + "]", shape);
      return;
    }
    geom::Geometry out;
    const auto found = from.find("coordinates");
    if (found == from.end()) throw unknown(where);
    const std::string at = where + ".coordinates";
    const json& coordinates = list(*found, at);
    out.multi = type.starts_with("Multi");
    if (type == "Point") {
      m_builder.add_point(out, numbers(coordinates, at), at);
    } else if (type == "MultiPoint") {
      for (const json& position : coordinates) m_builder.add_point(out, numbers(position, at), at);
    } else if (type == "LineString" || type == "MultiLineString") {
      out.kind = geom::Kind::line;
      if (!out.multi) read_path(coordinates, false, at, out);
      if (out.multi)
        for (const json& line : coordinates) read_path(line, false, at, out);
    } else if (type == "Polygon" || type == "MultiPolygon") {
      out.kind = geom::Kind::polygon;
      if (!out.multi) read_polygon(coordinates, at, out);
      if (out.multi)
        for (const json& polygon : coordinates) read_polygon(polygon, at, out);
    } else {
      throw unknown(where + ".type");
    }
    shape.push_back(std::move(out));
  }

  TreeBuilder m_builder;
};

}  // namespace

NodePtr read_json(std::string_view text, const Limits& limits) {
  const std::string where = "filter";
  if (text.size() > limits.bytes) throw filter_too_large("bytes", "バイト数", limits.bytes, where);
  json document;
  try {
    document = json::parse(text);
  } catch (const json::exception& error) {
    throw bad_filter(std::string("the filter is not JSON: ") + error.what(), where,
                     "send CQL2 JSON, or say filter-lang=cql2-text",
                     std::string("フィルターが JSON ではありません: ") + error.what(),
                     "CQL2 JSON を送るか filter-lang=cql2-text を指定してください");
  }
  return JsonReader(limits).read(document, where + " $");
}

}  // namespace ritchi::filter
