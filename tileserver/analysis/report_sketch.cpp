// The land and what lies on it as a small drawing: no map, only shapes to scale.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "geodata/base/text.hpp"
#include "tileserver/analysis/report.hpp"

namespace ritchi::analysis {
namespace {

constexpr double width = 360, height = 260, margin = 14;
// Finer than this nothing shows on paper.
constexpr double least_step = 0.4;

struct Frame {
  double west, north, scale_x, scale_y;
  double x(double lon) const { return margin + (lon - west) * scale_x; }
  double y(double lat) const { return margin + (north - lat) * scale_y; }
};

Frame frame_of(const geom::Box& box) {
  const double squeeze = std::cos((box.min_y + box.max_y) / 2 * std::numbers::pi / 180);
  const double wide = std::max((box.max_x - box.min_x) * squeeze, 1e-9);
  const double high = std::max(box.max_y - box.min_y, 1e-9);
  const double scale = std::min((width - 2 * margin) / wide, (height - 2 * margin) / high);
  return {box.min_x, box.max_y, scale * squeeze, scale};
}

std::string path_of(const geom::Geometry& shape, const Frame& frame) {
  std::string out;
  for (std::size_t ring = 0; ring < shape.ring_ends.size(); ++ring) {
    const std::size_t begin = shape.ring_begin(ring);
    double last_x = -1e9, last_y = -1e9;
    for (std::size_t i = begin; i + 1 < shape.ring_ends[ring]; ++i) {
      const double x = frame.x(shape.points[i].x), y = frame.y(shape.points[i].y);
      if (i != begin && std::abs(x - last_x) < least_step && std::abs(y - last_y) < least_step) continue;
      fmt::format_to(std::back_inserter(out), "{}{:.1f} {:.1f}", i == begin ? "M" : "L", x, y);
      last_x = x;
      last_y = y;
    }
    out += "Z";
  }
  return out;
}

struct Look {
  const char* fill;
  const char* stroke;
};
// Told apart in grey print too, by the order and the legend's names.
constexpr std::array<Look, 8> looks{{{"#e8c33a", "#8a6d00"},
                                     {"#9bc9e8", "#2a6f9e"},
                                     {"#c9a0dc", "#6a3d86"},
                                     {"#f0a58f", "#a83c1c"},
                                     {"#9ed2a5", "#2c7a3a"},
                                     {"#cfcfcf", "#5a5a5a"},
                                     {"#f4b6d2", "#99215f"},
                                     {"#b8b2f0", "#3f36a0"}}};

// A round length that fits a quarter of the drawing.
double scale_bar_m(double metres_wide) {
  double out = 1;
  while (out * 10 <= metres_wide / 4) out *= 10;
  return out * 5 <= metres_wide / 4 ? out * 5 : out * 2 <= metres_wide / 4 ? out * 2 : out;
}

}  // namespace

std::string sketch_svg(const Report& report, const std::string& language) {
  const geom::Box box = report.question.polygon.bounds();
  const Frame frame = frame_of(box);
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">)",
      width, height, language == "en" ? "sketch of the land and what lies on it" : "範囲とかかる区域の略図");
  std::string legend;
  std::size_t number = 0;
  for (const std::string& id : report.layer_order) {
    const LayerFound& layer = report.layers.at(id);
    std::string paths;
    for (const OverlapFound& found : layer.overlaps)
      if (found.counts()) paths += path_of(found.part, frame);
    if (paths.empty()) continue;
    const Look& look = looks[number++ % looks.size()];
    out += fmt::format(
        R"(<path d="{}" fill="{}" fill-opacity="0.45" fill-rule="evenodd" stroke="{}" stroke-width="0.6"/>)",
        paths, look.fill, look.stroke);
    legend += fmt::format(
        R"(<li><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect width="12" height="12" fill="{}" fill-opacity="0.6" stroke="{}"/></svg> {}</li>)",
        look.fill, look.stroke, base::escape_html(layer.title.in(language)));
  }
  out += fmt::format(R"(<path d="{}" fill="none" stroke="#111" stroke-width="1.6" fill-rule="evenodd"/>)",
                     path_of(report.question.polygon, frame));
  constexpr double metres_per_degree = 111000;
  const double bar = scale_bar_m(width / frame.scale_y * metres_per_degree);
  const double bar_wide = bar / metres_per_degree * frame.scale_y;
  out += fmt::format(
      R"(<path d="M{0:.1f} {1:.1f}h{2:.1f}" stroke="#111" stroke-width="2"/><text x="{0:.1f}" y="{3:.1f}" font-size="9">{4}</text>)",
      margin, height - 4, bar_wide, height - 7,
      bar >= 1000 ? fmt::format("{:g} km", bar / 1000) : fmt::format("{:g} m", bar));
  return out + "</svg>" + (legend.empty() ? "" : R"(<ul class="legend">)" + legend + "</ul>");
}

}  // namespace ritchi::analysis
