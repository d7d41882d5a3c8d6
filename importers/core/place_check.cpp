#include "importers/core/place_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "geodata/geom/validity.hpp"

namespace ritchi::importers {
namespace {

// Outlines are simplified and surveys differ: what is nearer than this to where it says it is, is there.
constexpr double tolerance_m = 1000;
// Of the coarse comparison: about 5 km.
constexpr double margin_degrees = 0.05;

Message remedy_of_place() {
  return {"correct the code or the coordinates; a wrong reference system moves all places alike",
          "コードか座標を直してください。座標系の誤りなら全件が同じようにずれます"};
}

// A text that names one municipality, in the form that its code can be compared with.
bool names_one(std::string_view name) {
  constexpr std::string_view several[] = {"・", "、", ",", "，", "/", "／", "(", "（", "外", "ほか", "及び"};
  const bool ends =
      name.ends_with("市") || name.ends_with("町") || name.ends_with("村") || name.ends_with("区");
  return ends && std::none_of(std::begin(several), std::end(several), [&](std::string_view sign) {
           return name.find(sign) != std::string_view::npos;
         });
}

geom::Point representative(const geom::Geometry& geometry) {
  return geometry.kind == geom::Kind::point ? geometry.points.front() : geom::point_inside(geometry);
}

}  // namespace

PlaceCheck::PlaceCheck(const catalogue::Layer& layer, const catalogue::Places& places,
                       const catalogue::Catalogue& catalogue, const std::filesystem::path& data_folder)
    : m_places(places),
      m_shapes(data_folder, catalogue),
      m_code(layer.index_of("municipality_code")),
      m_prefecture(layer.index_of("prefecture_code")),
      m_name(layer.index_of("municipality")),
      m_boundaries(layer.id == "municipalities") {}

std::string PlaceCheck::text(const Mapped& mapped, std::size_t attribute) const {
  if (attribute >= mapped.record.values.size()) return {};
  const auto* held = std::get_if<std::string>(&mapped.record.values[attribute]);
  return held == nullptr ? std::string() : *held;
}

void PlaceCheck::check(Mapped& mapped) {
  if (!mapped.skipped.empty()) return;
  const std::string said = text(mapped, m_code);
  if (m_boundaries) {
    // Boundaries may be older or newer than the table.
    if (!said.empty() && m_places.find(said) == nullptr)
      mapped.record.notes.push_back(
          {"code_unknown", "municipality_code", said, "not in the table of " + m_places.edition()});
    return;
  }
  std::string code;
  if (!said.empty()) {
    if (m_places.find(said) == nullptr) {
      mapped.faults.push_back(
          {"municipality_code",
           said,
           {fmt::format("{} is neither a present nor an abolished municipality code known here (table of {})",
                        said, m_places.edition()),
            fmt::format("{} は現行にも廃止済みにもない市区町村コードです（{} 時点の表）", said,
                        m_places.edition())},
           {"correct the code; if it is newer than the table, add it to styles/places",
            "コードを直してください。表より新しいコードなら styles/places に加えてください"}});
      return;
    }
    check_name(said, text(mapped, m_name), mapped);
    check_prefecture_code(said, mapped);
    code = settle(said, mapped);
  }
  std::string prefecture = code.empty() ? text(mapped, m_prefecture) : code.substr(0, 2);
  if (prefecture.empty()) prefecture = said.substr(0, 2);
  if (m_places.prefecture(prefecture) != nullptr && mapped.record.geometry && mapped.faults.empty())
    check_place(code, prefecture, mapped);
}

void PlaceCheck::check_name(const std::string& code, const std::string& name, Mapped& mapped) {
  if (name.empty() || (code == m_fitting_code && name == m_fitting_name)) return;
  if (!names_one(name)) return;
  if (m_places.name_fits(code, name)) {
    m_fitting_code = code;
    m_fitting_name = name;
    return;
  }
  mapped.faults.push_back(
      {"municipality",
       name,
       {fmt::format("code {} is {}, the record says {}", code, m_places.find(code)->name, name),
        fmt::format("コード {} は{}ですが、記載は{}です", code, m_places.find(code)->name, name)},
       {"correct the code or the name", "コードか名称を直してください"}});
}

void PlaceCheck::check_prefecture_code(const std::string& code, Mapped& mapped) const {
  const std::string said = text(mapped, m_prefecture);
  if (said.empty() || said == code.substr(0, 2)) return;
  const auto* one = m_places.prefecture(said);
  const auto* other = m_places.prefecture(code.substr(0, 2));
  mapped.faults.push_back(
      {"prefecture_code",
       said,
       {fmt::format("the record says {} ({}), its municipality {} is in {}",
                    one == nullptr ? said : one->name.ja, said, m_places.shown(code), other->name.ja),
        fmt::format("都道府県の記載は{}（{}）ですが、市区町村 {} は{}にあります",
                    one == nullptr ? said : one->name.ja, said, m_places.shown(code), other->name.ja)},
       {"correct one of the two codes", "どちらかのコードを直してください"}});
}

std::string PlaceCheck::settle(const std::string& code, Mapped& mapped) {
  if (m_places.present(code) != nullptr) return code;
  const auto today = m_places.today(code);
  const bool established = m_places.is_established(code);
  std::string chosen = today.size() == 1 && established ? today.front() : std::string();
  if (chosen.empty()) choose(code, today, mapped, chosen);
  auto& stored = mapped.record.values[m_code];
  if (chosen.empty()) {
    stored = {};
    std::string names;
    for (const auto& candidate : today) names += (names.empty() ? "" : ", ") + m_places.shown(candidate);
    mapped.record.notes.push_back(
        established ? load::Note{"code_divided", "municipality_code", m_places.shown(code),
                                 "not known which: " + names}
                    : load::Note{"code_unsettled", "municipality_code", m_places.shown(code),
                                 "probably, but in no list that was read: " + names});
    return {};
  }
  stored = chosen;
  if (text(mapped, m_prefecture) == code.substr(0, 2))
    mapped.record.values[m_prefecture] = chosen.substr(0, 2);
  mapped.record.notes.push_back(
      {"code_replaced", "municipality_code", m_places.shown(code), m_places.shown(chosen)});
  return chosen;
}

// Of several or likely successors the one in which the place lies, if boundaries say so.
void PlaceCheck::choose(const std::string& code, const std::vector<std::string>& candidates, Mapped& mapped,
                        std::string& chosen) {
  if (m_shapes.empty() || !mapped.record.geometry || mapped.record.geometry->empty()) return;
  const auto found = m_shapes.at(representative(*mapped.record.geometry));
  if (!found || *found == code) return;
  const auto now = m_places.today(*found);
  if (now.size() == 1 && std::find(candidates.begin(), candidates.end(), now.front()) != candidates.end())
    chosen = now.front();
}

std::string PlaceCheck::spoken(const std::string& code, const std::string& prefecture) const {
  const auto& name = m_places.prefecture(prefecture)->name.ja;
  return code.empty() ? fmt::format("{} ({})", name, prefecture)
                      : fmt::format("{} ({})", m_places.shown(code), name);
}

void PlaceCheck::check_place(const std::string& code, const std::string& prefecture, Mapped& mapped) {
  if (mapped.record.geometry->empty()) return;
  if (!m_shapes.empty() &&
      compare_exactly(code, prefecture, representative(*mapped.record.geometry), mapped)) {
    ++m_exact;
    return;
  }
  ++m_coarse;
  compare_coarsely(code, prefecture, mapped);
}

// A city stands for its wards.
bool PlaceCheck::same_municipality(const std::string& one, const std::string& other) const {
  if (one == other) return true;
  const auto* a = m_places.present(one);
  const auto* b = m_places.present(other);
  if (a == nullptr || b == nullptr) return false;
  const auto city_of = [](const catalogue::Municipality& city, const catalogue::Municipality& ward) {
    return city.code.substr(0, 2) == ward.code.substr(0, 2) && ward.kind == "ward" &&
           ward.name.starts_with(city.name);
  };
  return city_of(*a, *b) || city_of(*b, *a) || (one == "13100" && b->kind == "special_ward");
}

// False where no published boundaries say anything about the place.
bool PlaceCheck::compare_exactly(const std::string& code, const std::string& prefecture, geom::Point point,
                                 Mapped& mapped) {
  const auto found = m_shapes.at(point);
  if (!found) return false;
  const auto now = m_places.today(*found);
  const std::string there = now.size() == 1 ? now.front() : *found;
  const auto is_named = [&](const std::string& of_shape) {
    const auto today = m_places.today(of_shape);
    return std::any_of(today.begin(), today.end(),
                       [&](const std::string& one) { return same_municipality(code, one); });
  };
  if (there.substr(0, 2) == prefecture) {
    if (code.empty() || is_named(*found) || m_shapes.near_one(point, tolerance_m, is_named)) return true;
    mapped.record.notes.push_back({"municipality_differs", "municipality_code", m_places.shown(code),
                                   "the place lies in " + m_places.shown(there)});
    return true;
  }
  const auto in_prefecture = [&](const std::string& of_shape) {
    const auto today = m_places.today(of_shape);
    return !today.empty() && today.front().substr(0, 2) == prefecture;
  };
  if (m_shapes.near_one(point, tolerance_m, in_prefecture)) return true;
  const auto* other = m_places.prefecture(there.substr(0, 2));
  mapped.faults.push_back(
      {code.empty() ? "prefecture_code" : "municipality_code",
       code.empty() ? prefecture : code,
       {fmt::format("the record says {}, its place {:.6f} {:.6f} lies in {}", spoken(code, prefecture),
                    point.x, point.y, other == nullptr ? there : spoken(there, other->code)),
        fmt::format("記載は {} ですが、位置 {:.6f} {:.6f} は {} にあります", spoken(code, prefecture),
                    point.x, point.y, other == nullptr ? there : spoken(there, other->code))},
       remedy_of_place()});
  return true;
}

void PlaceCheck::compare_coarsely(const std::string& code, const std::string& prefecture,
                                  Mapped& mapped) const {
  const geom::Box box = mapped.record.geometry->bounds();
  const geom::Box& extent = m_places.prefecture(prefecture)->extent;
  const geom::Box allowed{extent.min_x - margin_degrees, extent.min_y - margin_degrees,
                          extent.max_x + margin_degrees, extent.max_y + margin_degrees};
  if (allowed.intersects(box)) return;
  std::vector<std::string> others;
  for (const auto& other : m_places.prefectures())
    if (other.extent.intersects(box)) others.push_back(other.name.ja);
  mapped.faults.push_back(
      {code.empty() ? "prefecture_code" : "municipality_code",
       code.empty() ? prefecture : code,
       {fmt::format("the record says {}, its place {:.6f} {:.6f} lies outside it, {}",
                    spoken(code, prefecture), box.min_x, box.min_y,
                    others.empty() ? "in no prefecture"
                                   : fmt::format("in the extent of {}", fmt::join(others, ", "))),
        fmt::format(
            "記載は {} ですが、位置 {:.6f} {:.6f} はその外、{}です", spoken(code, prefecture), box.min_x,
            box.min_y,
            others.empty() ? "どの都道府県でもない場所" : fmt::format("{}の範囲", fmt::join(others, "・")))},
       remedy_of_place()});
}

void PlaceCheck::tell(CheckReport& report) const {
  report.places_exact = m_exact;
  report.places_coarse = m_coarse;
  report.municipalities = used();
}

std::vector<std::string> PlaceCheck::used() const {
  return m_shapes.used();
}

}  // namespace ritchi::importers
