// Everything declared under styles/, read and checked once.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/catalogue/fact.hpp"
#include "geodata/catalogue/layer.hpp"
#include "geodata/catalogue/rule.hpp"
#include "geodata/catalogue/surroundings.hpp"

namespace ritchi::catalogue {

struct Code {
  std::string code;
  Title title;
};

struct CodeList {
  std::string id;
  Title title;
  std::vector<Code> codes;
  const Code* find(std::string_view code) const;
};

class Catalogue {
 public:
  // Reads layers/, codes/ and, where they are there, rules/, facts/ and reports/. Throws Error(bad_input)
  // naming file, key and reason.
  static Catalogue load(const std::filesystem::path& styles_folder);

  const std::vector<Layer>& layers() const { return m_layers; }
  const Layer* find_layer(std::string_view id) const;
  const CodeList* find_codes(std::string_view id) const;
  // In the order in which they are told.
  const std::vector<Topic>& topics() const { return m_topics; }
  // The facts declared for a layer's features, in the order of declaration; mostly none.
  const std::vector<Fact>& facts_of(std::string_view layer) const;
  // The layers that have facts, by id.
  std::vector<std::string> layers_with_facts() const;
  // What the constraint report tells of what lies around; nothing where it is not declared.
  const Surroundings& surroundings() const { return m_surroundings; }

 private:
  void read_rules(const std::filesystem::path& styles_folder);
  void read_facts(const std::filesystem::path& styles_folder);
  void read_reports(const std::filesystem::path& styles_folder);

  std::vector<Layer> m_layers;  // by id
  std::map<std::string, CodeList, std::less<>> m_codes;
  std::vector<Topic> m_topics;
  std::map<std::string, std::vector<Fact>, std::less<>> m_facts;  // by layer
  Surroundings m_surroundings;
};

}  // namespace ritchi::catalogue
