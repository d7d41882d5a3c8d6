// A folder of declarations of its own for a test: the shipped schema, and the layers that the test puts in.
#pragma once
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/catalogue.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace ritchi::test {

inline std::filesystem::path shipped_styles() {
  return std::filesystem::path(RITCHI_SOURCE_DIR) / "styles";
}

class StylesFolder {
 public:
  StylesFolder() {
    std::filesystem::copy(shipped_styles() / "schema", m_folder.path() / "schema");
    std::filesystem::create_directories(m_folder.path() / "layers");
    std::filesystem::create_directories(m_folder.path() / "codes");
  }
  const std::filesystem::path& path() const { return m_folder.path(); }
  void put(const std::string& file, const std::string& text) const {
    std::ofstream(m_folder.path() / file) << text;
  }
  // The message of the error that loading gives, "" when it succeeds.
  std::string error() const {
    try {
      catalogue::Catalogue::load(m_folder.path());
      return "";
    } catch (const base::Error& error) {
      return error.line();
    }
  }

 private:
  TemporaryFolder m_folder;
};

inline nlohmann::json good_layer() {
  using nlohmann::json;
  const auto title = [](const char* text) { return json{{"ja", text}, {"en", text}}; };
  return {{"id", "wells"},
          {"title", title("井戸")},
          {"description", title("井戸")},
          {"geometry", "point"},
          {"minzoom", 8},
          {"maxzoom", 14},
          {"attributes",
           json::array({{{"name", "depth_m"}, {"title", title("深さ")}, {"type", "real"}, {"unit", "m"}}})}};
}

}  // namespace ritchi::test
