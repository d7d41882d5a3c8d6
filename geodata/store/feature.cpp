#include "geodata/store/feature.hpp"

namespace ritchi::store {

Feature copy_of(const FeatureView& view) {
  Feature out{
      view.id, std::string(view.source_id), view.synthetic, {view.geometry.begin(), view.geometry.end()}, {}};
  out.values.reserve(view.values.size());
  for (const ValueView& value : view.values) out.values.push_back(copy_of(value));
  return out;
}

catalogue::Value copy_of(const ValueView& value) {
  return std::visit(
      [](const auto& held) -> catalogue::Value {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string_view>)
          return std::string(held);
        else
          return held;
      },
      value);
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
