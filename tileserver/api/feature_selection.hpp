// The parameters by which a caller chooses features: filter, filter-lang and datetime.
#pragma once
#include <string>
#include <vector>

#include "tileserver/http/request.hpp"
#include "tileserver/tiles/served_layer.hpp"

namespace ritchi::api {

bool selects_features(const http::Request& request);

// Sets for each layer which features are asked for. A filter holds for every layer, so each must have the
// properties that it names. Throws Error(bad_input), also for a layer of an archive, which has no rows to
// choose from.
void select_features(const http::Request& request, std::vector<tiles::ServedLayer>& layers);

// The same parameters again, for links: "" or "?filter=…".
std::string selection_query(const http::Request& request);

}  // namespace ritchi::api
