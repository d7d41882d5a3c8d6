#include "geodata/store/row_extras.hpp"

#include <algorithm>

#include "geodata/base/bytes.hpp"
#include "geodata/store/stored_value.hpp"

namespace ritchi::store {
namespace {

using base::put_bytes;
using base::put_text;
using catalogue::AttributeType;
using catalogue::Value;

void put_value(std::string& out, const Value& value) {
  out.push_back(static_cast<char>('0' + value.index()));
  if (const auto* text = std::get_if<std::string>(&value))
    put_text(out, *text);
  else if (const auto* flag = std::get_if<bool>(&value))
    out.push_back(*flag ? '1' : '0');
  else if (const auto* whole = std::get_if<std::int64_t>(&value))
    put_bytes(out, *whole);
  else if (const auto* real = std::get_if<double>(&value))
    put_bytes(out, *real);
}

Value take_value(base::ByteTaker& from) {
  switch (from.number<char>()) {
    case '1':
      return from.number<char>() == '1';
    case '2':
      return from.number<std::int64_t>();
    case '3':
      return from.number<double>();
    case '4':
      return std::string(from.text());
    default:
      return {};
  }
}

static_assert(std::is_same_v<std::variant_alternative_t<4, Value>, std::string> &&
                  std::is_same_v<std::variant_alternative_t<1, Value>, bool>,
              "the codec names the kinds of values by their place");

bool has_table(const Connection& connection, const std::string& name) {
  Statement find = connection.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1");
  find.bind(1, std::string_view(name));
  return find.step();
}

std::string select_sql(const std::string& table, const std::vector<std::string>& columns) {
  std::string out = "SELECT feature_id";
  for (const auto& column : columns) out += ", " + sql_name(column);
  return out + " FROM " + sql_name(table) + " ORDER BY feature_id, position";
}

}  // namespace

bool Extras::empty() const {
  return notes.empty() &&
         std::all_of(children.begin(), children.end(), [](const auto& rows) { return rows.empty(); });
}

void encode_extras(const Extras& extras, std::string& out) {
  out.clear();
  if (extras.empty()) return;
  put_bytes(out, static_cast<std::uint32_t>(extras.children.size()));
  for (const auto& rows : extras.children) {
    put_bytes(out, static_cast<std::uint32_t>(rows.size()));
    for (const auto& row : rows) {
      put_bytes(out, static_cast<std::uint32_t>(row.size()));
      for (const Value& value : row) put_value(out, value);
    }
  }
  put_bytes(out, static_cast<std::uint32_t>(extras.notes.size()));
  for (const Note& note : extras.notes)
    for (const auto* text : {&note.kind, &note.field, &note.before, &note.after}) put_text(out, *text);
}

Extras decode_extras(std::string_view bytes) {
  Extras out;
  if (bytes.empty()) return out;
  base::ByteTaker from(bytes);
  const auto tables = from.number<std::uint32_t>();
  for (std::uint32_t table = 0; table < tables; ++table) {
    auto& rows = out.children.emplace_back();
    const auto count = from.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < count; ++i) {
      auto& row = rows.emplace_back();
      const auto values = from.number<std::uint32_t>();
      for (std::uint32_t v = 0; v < values; ++v) row.push_back(take_value(from));
    }
  }
  const auto notes = from.number<std::uint32_t>();
  for (std::uint32_t i = 0; i < notes; ++i) {
    Note& note = out.notes.emplace_back();
    for (auto* text : {&note.kind, &note.field, &note.before, &note.after}) *text = from.text();
  }
  return out;
}

std::string child_table(const catalogue::Layer& layer, const catalogue::ChildTable& child) {
  return layer.id + "_" + child.name;
}

ExtrasReader::ExtrasReader(const Connection& connection, const catalogue::Layer& layer) {
  const auto open = [&](const std::string& table, const std::vector<std::string>& columns,
                        std::vector<AttributeType> types) -> std::optional<Table> {
    if (!has_table(connection, table)) return std::nullopt;
    Table out{connection.prepare(select_sql(table, columns)), std::move(types), false};
    out.there = out.rows.step();
    return out;
  };
  for (const auto& child : layer.children) {
    std::vector<std::string> columns;
    std::vector<AttributeType> types;
    for (const auto& attribute : child.attributes) {
      columns.push_back(attribute.name);
      types.push_back(attribute.type);
    }
    m_children.push_back(open(child_table(layer, child), columns, std::move(types)));
  }
  m_notes = open(notes_table, {"kind", "field", "before", "after"}, {});
}

template <class Take>
void ExtrasReader::take_rows(Table& table, std::int64_t id, Take&& take) {
  while (table.there && table.rows.integer(0) < id) table.there = table.rows.step();
  while (table.there && table.rows.integer(0) == id) {
    take(table.rows);
    table.there = table.rows.step();
  }
}

Extras ExtrasReader::of(std::int64_t id) {
  Extras out;
  out.children.resize(m_children.size());
  for (std::size_t i = 0; i < m_children.size(); ++i) {
    if (!m_children[i]) continue;
    take_rows(*m_children[i], id, [&](const Statement& from) {
      ChildRow& row = out.children[i].emplace_back();
      for (const AttributeType type : m_children[i]->types)
        row.push_back(copy_of(stored_value(from, static_cast<int>(row.size()) + 1, type)));
    });
  }
  if (m_notes)
    take_rows(*m_notes, id, [&](const Statement& from) {
      out.notes.push_back({std::string(from.text(1)), std::string(from.text(2)), std::string(from.text(3)),
                           std::string(from.text(4))});
    });
  return out;
}

}  // namespace ritchi::store
