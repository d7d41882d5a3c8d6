#include "tileserver/analysis/report_style.hpp"

#include <array>
#include <cstdint>

#include "geodata/base/digest.hpp"

namespace ritchi::analysis {

std::string_view report_style() {
  return R"(
@page { size: A4; margin: 10mm; }
* { box-sizing: border-box; }
body { margin: 0; color: #111; background: #fff; font: 9pt/1.3 "Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", Meiryo, sans-serif; }
main { max-width: 190mm; margin: 0 auto; padding: 4mm; }
h1 { font-size: 15pt; line-height: 1.2; margin: 0 0 1mm; }
h2 { font-size: 10.5pt; margin: 2.5mm 0 0.8mm; border-bottom: 0.5mm solid #234; break-after: avoid; }
h3 { font-size: 9pt; margin: 0; break-inside: avoid; break-after: avoid; }
p { margin: 0.5mm 0; }
.kind { color: #456; margin: 0; }
header { display: grid; grid-template-columns: 1fr 60mm; column-gap: 5mm; }
header > * { grid-column: 1; }
figure { grid-column: 2; grid-row: 1 / span 20; margin: 0; }
figure > svg { width: 100%; border: 0.2mm solid #999; }
.legend { list-style: none; margin: 0.5mm 0 0; padding: 0; line-height: 1.2; display: flex; flex-wrap: wrap; gap: 0 2mm; }
dl { margin: 0.5mm 0; }
dl > div { display: flex; gap: 2mm; }
dt { color: #456; flex: 0 0 24mm; }
dd { margin: 0; }
.notice { border: 0.3mm solid #234; padding: 0.8mm 2mm; font-weight: bold; }
.warning { color: #8a2500; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 0.2mm 1mm; border-bottom: 0.2mm solid #ccc; font-weight: normal; }
thead th { color: #456; }
tr { break-inside: avoid; }
tr.layer th, .verdicts th { font-weight: bold; }
tr.layer th span { font-weight: normal; color: #456; white-space: nowrap; }
.sources span { color: #456; }
.nearest th { width: 29%; }
.verdicts th { width: 34%; }
.n { text-align: right; white-space: nowrap; }
.badge { display: inline-block; white-space: nowrap; line-height: 1.15; border: 0.3mm solid #555; border-radius: 1mm; padding: 0 1mm; font-weight: bold; }
.badge.blocked { background: #a11; border-color: #a11; color: #fff; }
.badge.procedure { background: #ffe9a8; border-color: #8a6d00; }
.badge.unknown { background: #e4e4e4; border-style: dashed; }
.badge.clear { background: #fff; }
article { padding: 0.5mm 0; border-bottom: 0.2mm solid #ccc; }
article p, article dl { margin: 0.2mm 0; }
article dl > div { display: inline; margin-right: 2mm; }
article dt, article dd { display: inline; }
article dt::after { content: ": "; }
@media print { main { padding: 0; max-width: none; } .columns { columns: 2; column-gap: 5mm; orphans: 2; widows: 2; } header { margin-bottom: 2mm; } .columns section:first-child h2 { margin-top: 0; } .badge, svg { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
@media screen and (max-width: 640px) { header { display: block; } }
)";
}

std::string report_style_hash() {
  base::Sha256 digest;
  digest.add(report_style());
  const std::string hex = digest.hex();
  std::array<unsigned, 33> bytes{};  // one more than there are, so that threes come out even
  for (std::size_t i = 0; i < 32; ++i)
    bytes[i] = static_cast<unsigned>(std::stoul(hex.substr(2 * i, 2), nullptr, 16));
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = "sha256-";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const unsigned three = bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2];
    for (const unsigned shift : {18U, 12U, 6U, 0U}) out += letters[three >> shift & 63];
  }
  out.back() = '=';
  return out;
}

}  // namespace ritchi::analysis
