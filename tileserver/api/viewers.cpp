#include "tileserver/api/viewers.hpp"

#include <algorithm>
#include <utility>

namespace ritchi::api {
namespace {

// Beyond it, what was asked for longest ago is made anew when it is asked for again.
constexpr std::size_t most_made = 64;

}  // namespace

// What an audience sees of one state of the data on one day.
struct Viewers::Made {
  std::shared_ptr<const store::Snapshot> data;
  store::RestatedPtr restated;
  std::string today;
  store::Audience audience;
  std::shared_ptr<const store::Snapshot> seen;  // null: not yet made; guarded by the lock of all
  std::shared_ptr<std::mutex> making = std::make_shared<std::mutex>();  // held by whoever makes it

  bool is_for(const Made& other) const {
    return data == other.data && restated == other.restated && today == other.today &&
           audience == other.audience;
  }
};

Viewers::Viewers(Sources sources) : m_sources(std::move(sources)) {}
Viewers::~Viewers() = default;

Viewers::Made Viewers::wanted(const store::Audience& audience) const {
  Made out;
  out.data = m_sources.data();
  out.today = m_sources.today();
  out.restated = m_sources.restated(out.today);
  out.audience = audience;
  return out;
}

Viewers::MadePtr Viewers::find(const Made& wanted) const {
  const auto found =
      std::find_if(m_made.begin(), m_made.end(), [&](const MadePtr& made) { return made->is_for(wanted); });
  if (found == m_made.end()) return nullptr;
  std::rotate(found, found + 1, m_made.end());
  return m_made.back();
}

Viewers::MadePtr Viewers::add(Made wanted) const {
  if (m_made.size() == most_made) m_made.erase(m_made.begin());
  return m_made.emplace_back(std::make_shared<Made>(std::move(wanted)));
}

std::shared_ptr<const store::Snapshot> Viewers::seen_by(const store::Audience& audience) const {
  Made now = wanted(audience);
  MadePtr made;
  {
    const std::lock_guard lock(m_mutex);
    made = find(now);
    if (!made) made = add(std::move(now));
    if (made->seen) return made->seen;
  }
  const std::lock_guard alone(*made->making);
  {
    const std::lock_guard lock(m_mutex);
    if (made->seen) return made->seen;
  }
  auto seen = made->data->seen_by(audience, made->restated, made->today);
  const std::lock_guard lock(m_mutex);
  made->seen = std::move(seen);
  // What the audience saw before is of use until then: what did not change is taken over from it.
  std::erase_if(m_made, [&](const MadePtr& other) {
    return other != made && other->seen && other->audience == audience;
  });
  return made->seen;
}

View Viewers::of(const http::Request& request) const {
  View out;
  out.caller = m_sources.caller(request);
  out.snapshot = seen_by(out.caller.audience);
  return out;
}

std::shared_ptr<const store::Snapshot> Viewers::public_at_hand(const http::Request& request) const {
  // Whether it is a key at all is found out by of().
  if (request.headers.has("Authorization") || request.headers.has("X-API-Key")) return nullptr;
  const Made now = wanted({});
  const std::lock_guard lock(m_mutex);
  const MadePtr made = find(now);
  return made ? made->seen : nullptr;
}

std::shared_ptr<const store::Snapshot> Viewers::everybody() const {
  return seen_by({});
}

std::size_t Viewers::damaged_files() const {
  return m_sources.data()->damaged().size();
}

}  // namespace ritchi::api
