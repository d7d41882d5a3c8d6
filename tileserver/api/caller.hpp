// Who sent a request, by the key in its header fields; what he sees; and what every answer to him carries.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tileserver/access/caller.hpp"
#include "tileserver/api/site.hpp"

namespace ritchi::api {

// The public for a request without a key. Throws Error(unauthorized) or Error(bad_input), see
// KeyRing::caller_of.
access::Caller caller_of(const Site& site, const http::Request& request);
// Who asks and what he sees, for what nobody may do without a key: then Error(unauthorized).
View known_view(const Site& site, const http::Request& request);

// The fields on which it depends who the caller is: every answer that does names them in Vary.
inline constexpr const char* key_fields = "Authorization, X-API-Key";

// An answer that is for this caller alone: kept by nobody.
http::Response private_json(const nlohmann::json& body, int status = 200);

struct SeenFeature {
  std::string municipality_code;  // empty where the row does not say
  bool knows_disclosure = false;  // the layer has levels of it
};
// nullopt where there is none, or none for whom the snapshot is.
std::optional<SeenFeature> find_feature(const store::Snapshot& seen, std::string_view layer, std::int64_t id);
// What is said of both.
base::Error no_such_feature(std::string_view layer, const std::string& id);

// Notes those of the features that are not public for the audit; before the answer is sent.
void note_shown(const Site& site, const access::Caller& caller, std::string_view channel,
                const std::vector<store::ShownFeature>& features);

}  // namespace ritchi::api
