// A folder of random rows of every level, published with or without those that somebody may not see.
#pragma once
#include <functional>

#include "geodata/geom/tile_math.hpp"
#include "tests/unit/served_tiles/world.hpp"

namespace ritchi::test {

// Levels of rows, an attribute for everybody in each, and two that not everybody has; the municipalities are
// of two prefectures.
inline catalogue::Layer layered(bool levels_in_tiles = false) {
  auto attribute = [](const char* name, const char* type, const char* level, bool tiles) {
    return nlohmann::json{{"name", name}, {"type", type}, {"disclosure", level}, {"tiles", tiles}};
  };
  return catalogue::parse_layer(
      {{"id", "things"},
       {"geometry", "any"},
       {"rank", "amount"},
       {"minzoom", 5},
       {"maxzoom", 9},
       {"generalise", {{{"zooms", {5, 6}}, {"cluster", {{"cell", 512}, {"sum", {"amount"}}}}}}},
       {"attributes",
        {attribute("kind", "text", "public", true), attribute("amount", "integer", "public", true),
         attribute("price", "real", "consented", levels_in_tiles),
         attribute("note", "text", "internal", false), attribute("disclosure", "text", "public", true),
         attribute("municipality_code", "text", "public", true),
         attribute("consent_until", "date", "internal", false),
         attribute("consented_to", "text", "internal", false)}}},
      "test");
}

enum Attributes { kind_at, amount_at, price_at, note_at, level_at, municipality_at, until_at, holder_at };

inline Records rows_of_levels(unsigned seed, int count) {
  std::mt19937 random(seed);
  const std::vector<catalogue::Value> levels{
      std::string("public"), std::string("consented"), std::string("internal"), std::string("word"), {}};
  const std::vector<catalogue::Value> codes{
      std::string("15202"), std::string("15203"), std::string("10201"), std::string(""), {}};
  const std::vector<catalogue::Value> days{
      std::string("2024-03-31"), std::string("2024-04-01"), std::string("2030-01-01"), {}, {}, {}, {}};
  const std::vector<catalogue::Value> holders{std::string("甲"), std::string("乙"), {}, {}, {}};
  const auto one_of = [&](const auto& from) { return from[random() % from.size()]; };
  Records out;
  for (int i = 1; i <= count; ++i) {
    auto shape = i % 2 == 0 ? point(138 + unit(random), 37 + unit(random))
                            : star(138 + unit(random), 37 + unit(random), 0.003, 12, random);
    load::Record record = record_of(i, std::move(shape), random);
    if (random() % 20 == 0) record.geometry.reset();
    record.values.resize(8);
    record.values[price_at] = static_cast<double>(random() % 50);
    record.values[note_at] = std::string(1, static_cast<char>('a' + random() % 5));
    record.values[level_at] = one_of(levels);
    record.values[municipality_at] = one_of(codes);
    record.values[until_at] = one_of(days);
    record.values[holder_at] = one_of(holders);
    out.push_back(std::move(record));
  }
  return out;
}

// The tile that a place is in.
inline geom::TileId tile_at(geom::Point lonlat, int zoom) {
  const geom::Point at = geom::to_mercator_unit(lonlat);
  const double side = std::pow(2.0, zoom);
  return {zoom, static_cast<std::uint32_t>(at.x * side), static_cast<std::uint32_t>(at.y * side)};
}

inline std::string text_of(const catalogue::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

// Written again from the rules as they are told, so that the program's own reading of them is not its proof.
inline bool is_seen(const load::Record& row, const store::Audience& who, const store::Restated* restated,
                    const std::string& today) {
  using store::Disclosure;
  const std::string word = text_of(row.values[level_at]);
  auto level = word == "public"      ? Disclosure::open
               : word == "consented" ? Disclosure::consented
                                     : Disclosure::internal;
  const std::string until = text_of(row.values[until_at]), holder = text_of(row.values[holder_at]);
  if (level == Disclosure::consented && !holder.empty() && holder != who.holder) level = Disclosure::internal;
  if (!until.empty() && until < today) level = Disclosure::internal;
  if (restated != nullptr) {
    const auto& of = restated->by_layer.at("things");
    if (const auto now = of.find(row.id); now != of.end())
      level = now->second.holders.empty() ||
                      std::count(now->second.holders.begin(), now->second.holders.end(), who.holder) > 0
                  ? now->second.level
                  : Disclosure::internal;
  }
  auto may = who.everywhere;
  const std::string code = text_of(row.values[municipality_at]);
  for (const std::string& home : who.home)
    if (!code.empty() && (code == home || (home.size() == 2 && code.substr(0, 2) == home)))
      may = std::max(may, who.at_home);
  return level <= may;
}

inline store::Audience audience_of(store::Disclosure everywhere, store::Disclosure at_home = {},
                                   std::vector<std::string> home = {}, std::string holder = {}) {
  store::Audience out;
  out.everywhere = everywhere;
  out.at_home = std::max(everywhere, at_home);
  out.home = std::move(home);
  out.holder = std::move(holder);
  return out;
}

}  // namespace ritchi::test
