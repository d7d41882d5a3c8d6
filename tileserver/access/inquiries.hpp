// Inquiries: somebody with a key asks about a site that he may see, or about a site like what he describes.
// The request reaches the intermediary (operator) and the site's municipality, and goes through its states;
// each step is kept. A company gets back its own inquiries alone.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tileserver/access/caller.hpp"
#include "tileserver/access/database.hpp"

namespace ritchi::access {

// received -> with_municipality -> introduced -> closed; closed from any.
enum class InquiryState { received, with_municipality, introduced, closed };
const char* name_of(InquiryState state) noexcept;
std::optional<InquiryState> state_named(std::string_view name) noexcept;
bool may_follow(InquiryState from, InquiryState to) noexcept;

// Why one was closed; the words of answers.
const std::vector<std::string>& closing_reasons();

struct InquirySite {
  std::string layer;
  std::int64_t id = 0;
};

struct Inquiry {
  std::int64_t number = 0;  // never shown: it would tell how many there are
  std::string reference;    // what it is called outside; random
  std::string asked_at;
  std::int64_t key = 0;
  Role role = Role::company;  // of whoever asked
  std::string holder;
  std::optional<InquirySite> site;
  std::string like_json;  // the inputs of match-sites as they were given; empty where it is about a site
  std::string message;
  std::string contact;
  std::string municipality_code;  // whose municipality is informed; empty: none yet
  std::string informed_at;
  InquiryState state = InquiryState::received;
  std::string reason;  // of a closed one
  std::int64_t version = 1;
  std::string changed_at;
};

struct InquiryStep {
  std::string at;
  std::optional<InquiryState> from;  // none: it was asked
  InquiryState to = InquiryState::received;
  std::string reason;
  std::string note;
  Role note_for = Role::administrator;  // he, and those who see more than he does
  std::string by_role;
  std::string by_holder;
};

struct NewInquiry {
  std::optional<InquirySite> site;  // one of the two; that the caller sees it has been looked up
  std::string like_json;
  std::string municipality_code;  // of the site; empty where it is not known
  std::string message;
  std::string contact;
};

struct Transition {
  std::optional<InquiryState> to;  // none: a note alone
  std::string reason;              // for closed
  std::string note;
  std::optional<Role> note_for;   // none: the writer's own side, and for what a company writes everybody
  std::string municipality_code;  // whom to inform where nobody is yet
  std::int64_t version = 0;       // which the caller has seen; another one is Error(conflict)
};

class Inquiries {
 public:
  static constexpr std::int64_t most_asked_per_day = 50;    // by one key
  static constexpr std::int64_t most_steps_per_day = 1000;  // by one key
  static constexpr std::size_t max_message_bytes = 16'000;
  static constexpr std::size_t max_contact_bytes = 2'000;
  static constexpr std::size_t max_like_bytes = 32'000;

  explicit Inquiries(Database& database) : m_database(database) {}

  // Throws Error(unauthorized) without a key, Error(bad_input), Error(over_quota).
  Inquiry ask(const Caller& by, const NewInquiry& asked);
  // Of those that this caller may see.
  std::optional<Inquiry> find(const Caller& caller, std::string_view reference) const;
  // The newest first; those before `before` (a number), INT64_MAX for the first page.
  std::vector<Inquiry> list(const Caller& caller, std::int64_t before, std::size_t limit) const;
  // With the notes that are for him; the oldest first.
  std::vector<InquiryStep> steps(const Caller& caller, const Inquiry& inquiry) const;
  // Throws Error(not_found), Error(forbidden), Error(conflict), Error(bad_input), Error(over_quota).
  Inquiry move(const Caller& by, std::string_view reference, const Transition& transition);

 private:
  Database& m_database;
};

// Operators see all, municipalities those in their area, and everybody with a key those of his own holder.
bool sees(const Caller& caller, const Inquiry& inquiry) noexcept;

}  // namespace ritchi::access
