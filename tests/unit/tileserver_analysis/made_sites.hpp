// Invented sites as plain values, and the columns that the engine reads of them.
#pragma once
#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tileserver/analysis/match_scan.hpp"

namespace ritchi::analysis::test {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

struct PlainSite {
  std::int64_t id = 0;
  std::vector<std::optional<double>> numbers;
  std::vector<std::optional<std::string>> texts;
  std::vector<std::optional<std::set<std::string>>> sets;
  // By the numbers and the sets: only known to be at least that; shorter lists mean exact values.
  std::vector<bool> least_numbers{};
  std::vector<bool> least_sets{};
};

// Owns what the table's columns point into. Every other column has rows in an order of its own.
struct MadeTable {
  SiteTable table;
  std::vector<std::int64_t> ids;
  std::vector<geom::Box> boxes;
  std::deque<std::vector<double>> numbers;
  std::deque<std::vector<std::uint32_t>> words;
  std::deque<std::vector<std::string>> dictionaries;
  std::deque<std::vector<std::uint8_t>> marks;
  std::vector<std::uint32_t> reversed;

  explicit MadeTable(const std::vector<PlainSite>& sites) {
    for (const PlainSite& site : sites) ids.push_back(site.id);
    for (std::size_t i = sites.size(); i-- > 0;) reversed.push_back(static_cast<std::uint32_t>(i));
    table.ids = ids;
    boxes.resize(sites.size());
    table.boxes = boxes;
    if (sites.empty()) return;
    for (std::size_t i = 0; i < sites[0].numbers.size(); ++i) add_numbers(sites, i);
    for (std::size_t i = 0; i < sites[0].texts.size(); ++i) add_texts(sites, i);
    for (std::size_t i = 0; i < sites[0].sets.size(); ++i) add_sets(sites, i);
  }
  MadeTable(const MadeTable&) = delete;
  MadeTable& operator=(const MadeTable&) = delete;

 private:
  SiteColumn& column(std::string name, store::FactForm form, bool turned) {
    SiteColumn& out = table.columns.emplace_back();
    out.name = std::move(name);
    out.form = form;
    if (turned) out.rows = reversed;
    return out;
  }

  static std::uint32_t word(std::vector<std::string>& dictionary, const std::string& text) {
    for (std::size_t i = 0; i < dictionary.size(); ++i)
      if (dictionary[i] == text) return static_cast<std::uint32_t>(i);
    dictionary.push_back(text);
    return static_cast<std::uint32_t>(dictionary.size() - 1);
  }

  static const PlainSite& site_of(const std::vector<PlainSite>& sites, std::size_t row, bool turned) {
    return sites[turned ? sites.size() - 1 - row : row];
  }

  // Nothing where no value is marked, as in files of facts.
  std::span<const std::uint8_t> marks_of(const std::vector<PlainSite>& sites, std::size_t number, bool turned,
                                         std::vector<bool> PlainSite::*lists) {
    std::vector<std::uint8_t> out;
    for (std::size_t row = 0; row < sites.size(); ++row) {
      const std::vector<bool>& list = site_of(sites, row, turned).*lists;
      out.push_back(number < list.size() && list[number] ? 1 : 0);
    }
    if (std::find(out.begin(), out.end(), 1) == out.end()) return {};
    return marks.emplace_back(std::move(out));
  }

  void add_numbers(const std::vector<PlainSite>& sites, std::size_t number) {
    const bool turned = number % 2 == 1;
    auto& values = numbers.emplace_back();
    for (std::size_t row = 0; row < sites.size(); ++row)
      values.push_back(site_of(sites, row, turned).numbers[number].value_or(unknown));
    SiteColumn& made = column("n" + std::to_string(number), store::FactForm::number, turned);
    made.numbers = values;
    made.at_least = marks_of(sites, number, turned, &PlainSite::least_numbers);
  }

  void add_texts(const std::vector<PlainSite>& sites, std::size_t number) {
    const bool turned = number % 2 == 1;
    auto& values = words.emplace_back();
    auto& dictionary = dictionaries.emplace_back();
    for (std::size_t row = 0; row < sites.size(); ++row) {
      const auto& text = site_of(sites, row, turned).texts[number];
      values.push_back(text ? word(dictionary, *text) : store::no_word);
    }
    SiteColumn& made = column("t" + std::to_string(number), store::FactForm::text, turned);
    made.texts = values;
    made.words = dictionary;
  }

  void add_sets(const std::vector<PlainSite>& sites, std::size_t number) {
    const bool turned = number % 2 == 1;
    auto& values = words.emplace_back();
    auto& ends = words.emplace_back();
    auto& dictionary = dictionaries.emplace_back();
    for (std::size_t row = 0; row < sites.size(); ++row) {
      const auto& set = site_of(sites, row, turned).sets[number];
      if (!set) values.push_back(store::no_word);
      if (set)
        for (const std::string& text : *set) values.push_back(word(dictionary, text));
      ends.push_back(static_cast<std::uint32_t>(values.size()));
    }
    SiteColumn& made = column("s" + std::to_string(number), store::FactForm::texts, turned);
    made.at_least = marks_of(sites, number, turned, &PlainSite::least_sets);
    made.texts = values;
    made.text_ends = ends;
    made.words = dictionary;
  }
};

}  // namespace ritchi::analysis::test
