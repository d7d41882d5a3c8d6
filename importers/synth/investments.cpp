// investments.csv: projects with the precision that sources really have. A row without a known place has no
// coordinates, never invented ones.
//
// Rates: place known 60 %, municipality 30 %, prefecture 8 %, nothing 2 %; no public funds in a quarter;
// money in six ways of writing. One row per project, and per lender where
// several fund it: only the lender differs, the amounts are the project's.
#include <algorithm>
#include <utility>

#include "importers/synth/csv.hpp"
#include "importers/synth/defects.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/job.hpp"

namespace ritchi::synth {
namespace {

struct Funds {
  std::int64_t total = 0;
  std::int64_t publicly = 0;
  std::int64_t loan = 0;
  std::int64_t own() const { return total - publicly - loan; }
};

// plan 0: strategic (some billions of yen), 1: regional (hundreds of millions), 2: local (some tens of
// millions).
Funds funds_of(int plan, Random& random) {
  static constexpr double medians[] = {4.6e9, 2.5e8, 2.0e7};
  static constexpr std::int64_t units[] = {10'000'000, 1'000'000, 1'000};
  const std::int64_t unit = units[plan];
  const auto in_units = [&](double yen) {
    return static_cast<std::int64_t>(yen / static_cast<double>(unit)) * unit;
  };
  Funds funds;
  funds.total = std::max(unit * 10, in_units(random.log_normal(medians[plan], 0.9)));
  const auto total = static_cast<double>(funds.total);
  if (!random.chance(0.25)) funds.publicly = in_units(total * random.between(0.1, 0.4));
  if (!random.chance(0.15)) funds.loan = in_units(total * random.between(0.2, 0.55));
  return funds;
}

struct Spot {
  geom::Point metres;
  int municipality = 0;
};

Spot spot_in(const Region& region, const std::vector<int>& choice, std::uint64_t seed, Random& random) {
  for (;;) {  // one draw where cells are all land; the sea is no place
    const int cell = choice[random.below(choice.size())];
    const double u = random.between(-cell_reach_m, cell_reach_m);
    const double v = random.between(-cell_reach_m, cell_reach_m);
    const geom::Point metres = frame_of(region, cell, seed).at(u, v);
    const int municipality = region.holder(cell, {&metres, 1});
    if (municipality >= 0) return {metres, municipality};
  }
}

}  // namespace

// In the table's columns.
constexpr std::size_t lender_column = 20;

void write_investments(Job& job) {
  const Region& region = job.region;
  CsvFile file(
      job.folder / "investments.csv", CsvFile::Encoding::utf8,
      {"事業番号", "事業名",   "事業者", "計画区分", "分野",     "制度", "都道府県コード", "市区町村コード",
       "所在地",   "位置精度", "経度",   "緯度",     "総事業費", "公費", "融資額",         "自己資金",
       "雇用数",   "決定日",   "操業日", "開示区分", "金融機関", "合成"});
  static constexpr const char* plans[] = {"戦略産業クラスター計画", "地域産業クラスター計画",
                                          "地場産業成長プラン"};
  static constexpr const char* fields[] = {"半導体",     "マテリアル",     "資源・エネルギー",
                                           "航空・宇宙", "創薬・先端医療", "フードテック",
                                           "機械",       "金属加工",       "食品",
                                           "木材",       "繊維",           "観光"};
  static constexpr const char* programmes[] = {"大規模成長投資補助金", "地域未来投資促進法",
                                               "ローカル10,000プロジェクト", "企業立地補助金", ""};
  static constexpr const char* lenders[] = {"架空銀行", "見本信用金庫", "例示県信用組合", "仮設商工銀行",
                                            "模造農林信用金庫"};
  static constexpr const char* works[] = {"新工場建設", "生産ライン増設", "研究棟整備", "物流拠点整備",
                                          "設備更新"};
  const std::vector<int> towns = region.cells_of(false, false, true);
  const std::vector<int> lowland = region.cells_of(false, true, true);

  ImportEntry entry{"investments", "investments", {"investments.csv"}, "2025-03-31"};
  std::vector<std::string> row;
  bool can_be_joined = false;
  std::int64_t joined = 0;
  for (std::int64_t i = 0; i < job.counts.investments; ++i) {
    const char* const lender = lenders[static_cast<std::size_t>(i) % std::size(lenders)];
    if (investment_second_lender.strikes(i) && can_be_joined) {
      row[lender_column] = lender;
      file.add(row);
      ++entry.odd["second_lender"];
      ++joined;
      can_be_joined = false;
      continue;
    }
    Random random(job.seed,
                  {key(Stream::investment), static_cast<std::uint64_t>(std::stoi(region.prefecture_code)),
                   static_cast<std::uint64_t>(i)});
    const double kind = random.real();
    const int plan = kind < 0.15 ? 0 : kind < 0.55 ? 1 : 2;
    const std::vector<int>& choice = random.chance(0.5) ? towns : lowland;
    const bool exchanged = investment_exchanged.strikes(i);
    const bool placeless = investment_placeless.strikes(i);
    // Those whose place is wrong are of those that state one.
    const double place = random.real() * (exchanged || placeless ? 0.60 : 1);
    const bool point = place < 0.60;
    const bool in_municipality = place < 0.90;
    const bool in_prefecture = place < 0.98;
    const Spot spot = spot_in(region, choice, job.seed, random);
    const Municipality& municipality = region.municipalities[static_cast<std::size_t>(spot.municipality)];
    geom::Point at = region.plane.to_degrees(spot.metres);
    if (exchanged) std::swap(at.x, at.y);
    if (exchanged) ++entry.rejected["coordinates_exchanged"];
    if (placeless) ++entry.rejected["place_missing"];
    if (!point) ++entry.odd["no_point"];
    std::string address;
    if (in_prefecture) address = region.prefecture;
    if (in_municipality) address += municipality.county + municipality.name;
    if (point) {
      address += place_name(random);
      address += std::to_string(random.between(1, 2000)) + "番地";
    }
    Funds funds = funds_of(plan, random);
    if (investment_negative.strikes(i)) {
      funds.loan = funds.total - funds.publicly + funds.total / 10 / 1000 * 1000;
      ++entry.rejected["amount_below_zero"];
    }
    const std::string total = money(funds.total, random);
    const std::string publicly = money(funds.publicly, random);
    const std::string loan = money(funds.loan, random);
    const bool own_stated = !random.chance(0.2) || funds.own() < 0;
    const std::string own = own_stated ? money(funds.own(), random) : std::string();
    std::string serial = std::to_string(i + 1);
    serial.insert(0, serial.size() < 6 ? 6 - serial.size() : 0, '0');
    const std::string company = company_name(random);
    const char* work = random.pick(works);
    const char* field = random.pick(fields);
    const char* programme = random.pick(programmes);
    const std::string jobs =
        random.chance(0.15) ? std::string() : std::to_string(random.between(1, 20 * (3 - plan) * (3 - plan)));
    const int decided_year = random.between(2016, 2024);
    const std::string decided =
        mixed_date({decided_year, random.between(1, 12), random.between(1, 28)}, random);
    const std::string operation =
        random.chance(0.3)
            ? std::string()
            : mixed_date({decided_year + random.between(1, 4), random.between(1, 12), random.between(1, 28)},
                         random);
    const double openness = random.real();
    const bool negative = funds.own() < 0;
    can_be_joined = !exchanged && !placeless && !negative && funds.loan > 0;
    row = {region.prefecture_code + "-" + serial,
           company + work,
           company,
           plans[plan],
           field,
           programme,
           in_prefecture ? region.prefecture_code : "",
           in_municipality ? municipality.code : "",
           address,
           point             ? "地点"
           : in_municipality ? "市区町村"
           : in_prefecture   ? "都道府県"
                             : "不明",
           point && !placeless ? fixed(at.x, 7) : "",
           point && !placeless ? fixed(at.y, 7) : "",
           total,
           publicly,
           loan,
           own,
           jobs,
           decided,
           operation,
           openness < 0.7    ? "公開"
           : openness < 0.85 ? "同意"
                             : "内部",
           funds.loan > 0 ? lender : "",
           "1"};
    file.add(row);
  }
  file.close();
  if (file.count() == 0) return;
  entry.rows = file.count();
  entry.features = entry.accepted_rows() - joined;
  job.imports.push_back(std::move(entry));
}

}  // namespace ritchi::synth
