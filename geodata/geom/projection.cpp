#include "geodata/geom/projection.hpp"

#include <proj.h>
#include <proj_experimental.h>  // proj_crs_demote_to_2D

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "geodata/base/error.hpp"

namespace ritchi::geom {
namespace {

constexpr const char* stored_crs = "EPSG:6668";

struct ContextDelete {
  void operator()(PJ_CONTEXT* context) const { proj_context_destroy(context); }
};
struct PjDelete {
  void operator()(PJ* pj) const { proj_destroy(pj); }
};
using ContextPtr = std::unique_ptr<PJ_CONTEXT, ContextDelete>;
using PjPtr = std::unique_ptr<PJ, PjDelete>;

std::optional<int> number_at_end(const std::string& text) {
  const std::size_t digit = text.find_last_not_of("0123456789") + 1;
  int code = 0;
  const char* end = text.data() + text.size();
  const auto [at, failure] = std::from_chars(text.data() + digit, end, code);
  if (digit == text.size() || failure != std::errc{} || at != end) return std::nullopt;
  return code;
}

// The code of "EPSG:n" and of the two URI forms that GML uses.
std::optional<int> epsg_code(const std::string& text) {
  for (const char* prefix :
       {"EPSG:", "epsg:", "urn:ogc:def:crs:EPSG:", "http://www.opengis.net/def/crs/EPSG/",
        "https://www.opengis.net/def/crs/EPSG/"}) {
    if (text.rfind(prefix, 0) == 0) return number_at_end(text);
  }
  return std::nullopt;
}

// Height plays no part here, so plane + height is read as its plane; PROJ before 9.2 does not know 10162 …
// 10180.
int without_height(int code) {
  if (code >= 10162 && code <= 10180) return code - 10162 + 6669;
  if (code == 6697) return 6668;
  return code;
}

std::string definition(const std::string& source) {
  if (const auto code = epsg_code(source)) return fmt::format("EPSG:{}", without_height(*code));
  // PROJ takes a string without this for an operation, not for a system.
  if (source.find("+proj=") != std::string::npos && source.find("+type=crs") == std::string::npos) {
    return source + " +type=crs";
  }
  return source;
}

bool is_geographic(PJ_TYPE type) {
  return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
}

bool is_plane(PJ_CONTEXT* context, const PJ* crs) {
  PjPtr base;
  if (proj_get_type(crs) == PJ_TYPE_BOUND_CRS) {
    base.reset(proj_get_source_crs(context, crs));
    if (base) crs = base.get();
  }
  return proj_get_type(crs) == PJ_TYPE_PROJECTED_CRS;
}

[[noreturn]] void refuse(const std::string& source, const std::string& why) {
  throw base::Error(base::ErrorKind::bad_input, why, source,
                    "give a geographic or projected system as EPSG:n, for example EPSG:6668 (JGD2011), "
                    "EPSG:6669 to 6687 (plane I to XIX) or EPSG:4326 (WGS 84)");
}

// The horizontal 2D system within what was named.
PjPtr horizontal(PJ_CONTEXT* context, PjPtr crs, const std::string& source) {
  for (int depth = 0; depth < 4; ++depth) {
    const PJ_TYPE type = proj_get_type(crs.get());
    if (is_geographic(type) || type == PJ_TYPE_PROJECTED_CRS || type == PJ_TYPE_BOUND_CRS) {
      PjPtr flat(proj_crs_demote_to_2D(context, nullptr, crs.get()));
      return flat ? std::move(flat) : std::move(crs);
    }
    if (type != PJ_TYPE_COMPOUND_CRS) break;
    crs.reset(proj_crs_get_sub_crs(context, crs.get(), 0));
    if (!crs) break;
  }
  refuse(source, "not a reference system of longitude and latitude or of a plane");
}

bool first_axis_is_north(PJ_CONTEXT* context, const PJ* crs) {
  PjPtr base;
  if (proj_get_type(crs) == PJ_TYPE_BOUND_CRS) {
    base.reset(proj_get_source_crs(context, crs));
    if (base) crs = base.get();
  }
  const PjPtr system(proj_crs_get_coordinate_system(context, crs));
  const char* direction = nullptr;
  return system &&
         proj_cs_get_axis_info(context, system.get(), 0, nullptr, nullptr, &direction, nullptr, nullptr,
                               nullptr, nullptr) == 1 &&
         direction != nullptr && std::string(direction) == "north";
}

// PROJ may hold several operations and choose by place: one trial in the middle of where the system is used,
// within Japan, settles which one name() and accuracy_m() speak of.
void try_once(PJ_CONTEXT* context, PJ* operation, const PJ* crs) {
  double west = 0;
  double south = 0;
  double east = 0;
  double north = 0;
  if (proj_get_area_of_use(context, crs, &west, &south, &east, &north, nullptr) == 0 || west < -180) {
    west = 139, east = 140, south = 35, north = 36;
  }
  const bool wider_than_japan = west < 122 || east > 154 || south < 20 || north > 46;
  PJ_COORD at = wider_than_japan ? proj_coord(138.75, 37.42, 0, HUGE_VAL)
                                 : proj_coord((west + east) / 2, (south + north) / 2, 0, HUGE_VAL);
  at = proj_trans(operation, PJ_INV, at);
  proj_trans(operation, PJ_FWD, at);
  proj_errno_reset(operation);
}

struct FactoryDelete {
  void operator()(PJ_OPERATION_FACTORY_CONTEXT* factory) const {
    proj_operation_factory_context_destroy(factory);
  }
};
struct ListDelete {
  void operator()(PJ_OBJ_LIST* list) const { proj_list_destroy(list); }
};
using ListPtr = std::unique_ptr<PJ_OBJ_LIST, ListDelete>;

// Operations from one system to another, best first, none of them a guess; with or without those whose grids
// are not installed.
ListPtr operations(PJ_CONTEXT* context, const PJ* from, const PJ* to, PROJ_GRID_AVAILABILITY_USE grids,
                   PROJ_INTERMEDIATE_CRS_USE intermediate) {
  const std::unique_ptr<PJ_OPERATION_FACTORY_CONTEXT, FactoryDelete> factory(
      proj_create_operation_factory_context(context, nullptr));
  if (!factory) return nullptr;
  proj_operation_factory_context_set_spatial_criterion(context, factory.get(),
                                                       PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
  proj_operation_factory_context_set_grid_availability_use(context, factory.get(), grids);
  proj_operation_factory_context_set_allow_use_intermediate_crs(context, factory.get(), intermediate);
  proj_operation_factory_context_set_allow_ballpark_transformations(context, factory.get(), 0);
  return ListPtr(proj_create_operations(context, from, to, factory.get()));
}

// PROJ takes a datum for another where the grid between them is missing: Tokyo for JGD2011, which is 450 m
// beside the truth. The way through a third system by three parameters is good to some metres.
PjPtr way_through_another(PJ_CONTEXT* context, const PJ* from, const PJ* to) {
  const ListPtr ways = operations(context, from, to, PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID,
                                  PROJ_INTERMEDIATE_CRS_USE_ALWAYS);
  if (!ways || proj_list_get_count(ways.get()) == 0) return nullptr;
  return PjPtr(proj_list_get(context, ways.get(), 0));
}

std::vector<std::string> grids_missing(PJ_CONTEXT* context, const PJ* from, const PJ* to,
                                       std::optional<double> accuracy_m) {
  std::vector<std::string> out;
  const ListPtr ways = operations(context, from, to, PROJ_GRID_AVAILABILITY_IGNORED,
                                  PROJ_INTERMEDIATE_CRS_USE_IF_NO_DIRECT_TRANSFORMATION);
  for (int i = 0; ways && i < proj_list_get_count(ways.get()); ++i) {
    const PjPtr way(proj_list_get(context, ways.get(), i));
    const double better_m = proj_coordoperation_get_accuracy(context, way.get());
    if (better_m < 0 || (accuracy_m && better_m >= *accuracy_m)) continue;
    for (int grid = 0; grid < proj_coordoperation_get_grid_used_count(context, way.get()); ++grid) {
      const char* name = nullptr;
      const char* package = nullptr;
      int available = 0;
      if (proj_coordoperation_get_grid_used(context, way.get(), grid, &name, nullptr, &package, nullptr,
                                            nullptr, nullptr, &available) == 0 ||
          available != 0 || name == nullptr)
        continue;
      const std::string brought =
          package != nullptr && *package != '\0' ? fmt::format(", in package {}", package) : "";
      std::string text = fmt::format("{} (accuracy {:g} m{})", name, better_m, brought);
      const bool said = std::any_of(out.begin(), out.end(), [&](const std::string& other) {
        return other.starts_with(std::string(name) + " ");
      });
      if (!said) out.push_back(std::move(text));
    }
  }
  return out;
}

// PROJ names each swap of axes as a step; to a reader they are noise.
std::string without_axis_swaps(std::string name) {
  for (const std::string noise : {"axis order change (2D) + ", " + axis order change (2D)"}) {
    for (std::size_t at = name.find(noise); at != std::string::npos; at = name.find(noise)) {
      name.erase(at, noise.size());
    }
  }
  return name;
}

}  // namespace

struct Projection::State {
  ContextPtr context;
  PjPtr operation;
  std::string source;
  bool northing_first = false;
  bool projected = false;
  std::vector<std::string> missing_grids;

  PjPtr last_used() const { return PjPtr(proj_trans_get_last_used_operation(operation.get())); }
  void fail(Point from) const;
};

Projection::Projection(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Projection::~Projection() = default;
Projection::Projection(Projection&&) noexcept = default;
Projection& Projection::operator=(Projection&&) noexcept = default;

Projection Projection::to_stored(const std::string& source_crs) {
  auto state = std::make_unique<State>();
  state->source = source_crs;
  state->context.reset(proj_context_create());
  PJ_CONTEXT* context = state->context.get();
  if (context == nullptr) throw base::Error(base::ErrorKind::internal, "PROJ cannot be started");
  proj_log_level(context, PJ_LOG_NONE);
  proj_context_set_enable_network(context, 0);

  PjPtr crs(proj_create(context, definition(source_crs).c_str()));
  if (!crs || proj_is_crs(crs.get()) == 0) refuse(source_crs, "unknown reference system");
  crs = horizontal(context, std::move(crs), source_crs);
  state->northing_first = first_axis_is_north(context, crs.get());

  const PjPtr stored(proj_create(context, stored_crs));
  if (!stored) {
    throw base::Error(base::ErrorKind::internal, "PROJ does not know EPSG:6668", "proj.db",
                      "install PROJ's data (Debian: proj-data) or set PROJ_LIB");
  }
  const PjPtr raw(proj_create_crs_to_crs_from_pj(context, crs.get(), stored.get(), nullptr, nullptr));
  if (raw) state->operation.reset(proj_normalize_for_visualization(context, raw.get()));
  if (!state->operation) refuse(source_crs, "there is no way from this reference system to JGD2011");
  try_once(context, state->operation.get(), crs.get());
  const PjPtr used = state->last_used();
  if (used && proj_coordoperation_has_ballpark_transformation(context, used.get()) != 0) {
    if (const PjPtr better = way_through_another(context, crs.get(), stored.get())) {
      PjPtr normal(proj_normalize_for_visualization(context, better.get()));
      if (normal) state->operation = std::move(normal);
      try_once(context, state->operation.get(), crs.get());
    }
  }
  state->projected = is_plane(context, crs.get());
  Projection made(std::move(state));
  made.m_state->missing_grids = grids_missing(context, crs.get(), stored.get(), made.accuracy_m());
  return made;
}

void Projection::State::fail(Point from) const {
  throw base::Error(base::ErrorKind::bad_input,
                    fmt::format("the point {} {} does not lie in this reference system", from.x, from.y),
                    source,
                    "check that the reference system is the file's own and that its axes are not exchanged");
}

void Projection::apply(Geometry& geometry) const {
  for (Point& p : geometry.points) p = apply(p);
}

Point Projection::apply(Point point) const {
  if (!std::isfinite(point.x) || !std::isfinite(point.y)) m_state->fail(point);
  PJ* operation = m_state->operation.get();
  const PJ_COORD result = proj_trans(operation, PJ_FWD, proj_coord(point.x, point.y, 0, HUGE_VAL));
  const Point out{result.xy.x, result.xy.y};
  // A null operation lets nonsense through; published data reaches a hair over 180 degrees.
  constexpr double hair = 1e-9;
  const bool good = std::isfinite(out.x) && std::isfinite(out.y) && std::fabs(out.y) <= 90 + hair &&
                    std::fabs(out.x) <= 180 + hair;
  if (!good) {
    proj_errno_reset(operation);
    m_state->fail(point);
  }
  return out;
}

bool Projection::northing_first() const {
  return m_state->northing_first;
}

std::string Projection::name() const {
  const PjPtr used = m_state->last_used();
  const char* text = used ? proj_get_name(used.get()) : nullptr;
  if (text != nullptr && *text != '\0') return without_axis_swaps(text);
  const char* description = proj_pj_info(m_state->operation.get()).description;
  return description == nullptr ? "" : description;
}

std::optional<double> Projection::accuracy_m() const {
  const PjPtr used = m_state->last_used();
  const PJ* operation = used ? used.get() : m_state->operation.get();
  const double accuracy = proj_coordoperation_get_accuracy(m_state->context.get(), operation);
  if (accuracy < 0) return std::nullopt;
  return accuracy;
}

bool Projection::is_projected() const {
  return m_state->projected;
}

const std::vector<std::string>& Projection::missing_grids() const {
  return m_state->missing_grids;
}

const std::string& Projection::source() const {
  return m_state->source;
}

}  // namespace ritchi::geom
