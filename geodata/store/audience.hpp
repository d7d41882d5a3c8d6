// What one caller may see of the rows of every layer: decided here and nowhere else.
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/store/disclosure.hpp"

namespace ritchi::store {

// A default one is the public.
struct Audience {
  Disclosure everywhere = Disclosure::open;
  // Of rows whose municipality_code is at home; never below `everywhere`.
  Disclosure at_home = Disclosure::open;
  std::vector<std::string> home;                   // municipality (5 digits) or prefecture (2) codes, sorted
  std::optional<std::vector<std::string>> layers;  // ids, sorted; none: every layer
  std::vector<std::string> hidden_attributes;      // "layer.attribute", sorted
  std::string holder;                              // whom consents that name somebody are compared with

  friend bool operator==(const Audience&, const Audience&) = default;
};

// Levels that hold instead of what a row says of itself: consents that were recorded or withdrawn after the
// import. Immutable; a new one replaces it.
struct Restated {
  struct Level {
    Disclosure level = Disclosure::internal;
    // Sorted; empty where everybody of that level is meant; otherwise others see the row as internal.
    std::vector<std::string> holders;

    bool is_for(std::string_view holder) const {
      return holders.empty() || std::binary_search(holders.begin(), holders.end(), holder);
    }
    friend bool operator==(const Level&, const Level&) = default;
  };
  std::map<std::string, std::map<std::int64_t, Level>, std::less<>> by_layer;  // layer -> id -> level
  std::uint64_t generation = 0;                                                // grows with every change
};
using RestatedPtr = std::shared_ptr<const Restated>;

}  // namespace ritchi::store
