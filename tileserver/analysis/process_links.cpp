#include "tileserver/analysis/process_links.hpp"

#include <nlohmann/json.hpp>

#include "geodata/base/text.hpp"

namespace ritchi::analysis {

using nlohmann::json;

std::string normalised_text(const json& inputs) {
  return inputs.dump(-1, ' ', false, json::error_handler_t::replace);
}

json question_links(const Context& context, const std::string& process, const json& inputs,
                    const std::vector<Format>& formats, Format self, std::vector<std::string>& warnings) {
  json links = json::array();
  if (context.public_base.empty()) return links;
  const std::string target =
      "/processes/" + process + "/execution?inputs=" + base::percent_encode(normalised_text(inputs)) + "&f=";
  if (target.size() > longest_link_target) {
    warnings.emplace_back(context.language == "en"
                              ? "the question is too long for a link; send it by POST to ask it again"
                              : "質問が長いためリンクにできません（再実行は POST で送ってください）");
    return links;
  }
  for (const Format format : formats)
    links.push_back({{"rel", format == self ? "self" : "alternate"},
                     {"type", media_type_of(format)},
                     {"href", context.public_base + target + name_of(format)}});
  return links;
}

}  // namespace ritchi::analysis
