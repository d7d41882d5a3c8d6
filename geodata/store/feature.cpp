#include "geodata/store/feature.hpp"

namespace ritchi::store {

Feature copy_of(const FeatureView& view) {
  Feature out{
      view.id, std::string(view.source_id), view.synthetic, {view.geometry.begin(), view.geometry.end()}, {}};
  out.values.reserve(view.values.size());
  for (const ValueView& value : view.values) {
    std::visit(
        [&](const auto& held) {
          using Held = std::decay_t<decltype(held)>;
          if constexpr (std::is_same_v<Held, std::string_view>)
            out.values.emplace_back(std::string(held));
          else
            out.values.emplace_back(held);
        },
        value);
  }
  return out;
}

ValueView view_of(const catalogue::Value& value) {
  return std::visit(
      [](const auto& held) -> ValueView {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>)
          return std::string_view(held);
        else
          return held;
      },
      value);
}

}  // namespace ritchi::store
