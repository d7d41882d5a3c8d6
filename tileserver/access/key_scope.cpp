#include "tileserver/access/key_scope.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "geodata/base/error.hpp"

namespace ritchi::access {
namespace {

using base::Error;
using base::ErrorKind;

std::vector<std::string> sorted_once(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

Error wrong_code(const std::string& code, const std::string& why, const std::string& remedy) {
  return Error(ErrorKind::bad_input, "'" + code + "' " + why, "area", remedy);
}

// The wards of a city that has some: they are what rows name. Their names begin with the city's; Tokyo's
// special wards have a kind of their own.
void add_wards(const catalogue::Places& places, const catalogue::Municipality& city,
               std::vector<std::string>& out) {
  const bool is_tokyo = city.kind == "special_wards";
  if (city.kind != "designated_city" && !is_tokyo) return;
  for (int number = 100; number < 1000; ++number) {
    const auto* ward = places.present(fmt::format("{}{}", city.code.substr(0, 2), number));
    if (ward == nullptr || ward->code == city.code) continue;
    if (is_tokyo ? ward->kind == "special_ward" : ward->kind == "ward" && ward->name.starts_with(city.name))
      out.push_back(ward->code);
  }
}

std::string five_digits(const std::string& code) {
  const bool digits = code.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || (code.size() != 5 && code.size() != 6))
    throw wrong_code(code, "is no code of a prefecture or municipality",
                     "write 2 or 5 digits, such as 15 or 15202");
  if (code.size() == 6 && catalogue::check_digit(code) != code[5])
    throw wrong_code(code, "has a wrong check digit", "write the first five digits");
  return code.substr(0, 5);
}

}  // namespace

std::vector<std::string> resolve_area(const catalogue::Places& places,
                                      const std::vector<std::string>& codes) {
  std::vector<std::string> out;
  for (const std::string& code : codes) {
    if (code.size() == 2) {
      if (places.prefecture(code) == nullptr) throw wrong_code(code, "is no prefecture", "write 01 to 47");
      out.push_back(code);
      continue;
    }
    const std::string five = five_digits(code);
    if (const auto* municipality = places.present(five)) {
      out.push_back(five);
      add_wards(places, *municipality, out);
    } else if (const auto* was = places.former(five)) {
      std::string now;
      for (const std::string& successor : places.today(five))
        now += (now.empty() ? "" : ", ") + places.shown(successor);
      throw wrong_code(code, "(" + was->was.name + ") is no more", "name what it belongs to today: " + now);
    } else {
      throw wrong_code(code, "is no municipality of " + places.edition(), "styles/places lists them");
    }
  }
  return sorted_once(std::move(out));
}

std::vector<std::string> resolve_layers(const FindLayer& find, const std::vector<std::string>& ids) {
  for (const std::string& id : ids)
    if (find(id) == nullptr)
      throw Error(ErrorKind::bad_input, "there is no layer '" + id + "'", "layers",
                  "`ritchi layers` and styles/layers list them");
  return sorted_once(ids);
}

std::vector<std::string> resolve_hidden(const FindLayer& find, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    const auto* layer = find(name.substr(0, dot));
    if (layer == nullptr || dot == name.size() || layer->find(name.substr(dot + 1)) == nullptr)
      throw Error(ErrorKind::bad_input, "there is no attribute '" + name + "'", "hide",
                  "write layer.attribute, such as factory_sites.price_jpy_per_m2");
  }
  return sorted_once(names);
}

}  // namespace ritchi::access
