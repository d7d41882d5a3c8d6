#include "tileserver/access/inquiry_rules.hpp"

#include <algorithm>

#include "geodata/base/text.hpp"
#include "tileserver/access/consents.hpp"

namespace ritchi::access {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t max_note_bytes = 4'000;
constexpr const char* withdrawn = "withdrawn";

void check_text(const std::string& text, std::size_t most, const char* where) {
  if (!base::is_utf8(text))
    throw Error(ErrorKind::bad_input, "is not UTF-8", where).in_japanese("UTF-8 ではありません");
  if (text.size() > most)
    throw Error(ErrorKind::bad_input, "is longer than " + std::to_string(most) + " bytes", where)
        .in_japanese(std::to_string(most) + " バイトを超えています");
}

void check_needed(const std::string& text, std::size_t most, const char* where) {
  check_text(text, most, where);
  if (base::trim(text).empty())
    throw Error(ErrorKind::bad_input, "is missing or empty", where).in_japanese("必須です");
}

Error forbidden(const char* message, const char* ja) {
  return Error(ErrorKind::forbidden, message, "to").in_japanese(ja);
}

void check_reason(const Transition& transition) {
  const bool closes = transition.to == InquiryState::closed;
  if (!closes && !transition.reason.empty())
    throw Error(ErrorKind::bad_input, "goes only with the state 'closed'", "reason")
        .in_japanese("state を closed にするときだけ付けます");
  const auto& reasons = closing_reasons();
  if (closes && std::find(reasons.begin(), reasons.end(), transition.reason) == reasons.end()) {
    std::string all;
    for (const std::string& reason : reasons) all += (all.empty() ? "" : ", ") + reason;
    throw Error(ErrorKind::bad_input, "must say why it is closed", "reason", "one of " + all)
        .in_japanese("終了の理由を指定してください", all + " のいずれか");
  }
}

void check_municipality(const Caller& by, const Inquiry& inquiry, const Transition& transition) {
  const bool informs = transition.to == InquiryState::with_municipality;
  if (!transition.municipality_code.empty() && by.role != Role::administrator)
    throw forbidden("only an operator chooses the municipality", "市区町村を選べるのは仲介者だけです");
  if (!transition.municipality_code.empty() && (!informs || !inquiry.municipality_code.empty()))
    throw Error(
        ErrorKind::bad_input,
        informs ? "the site's municipality is informed already" : "goes only with 'with_municipality'",
        "municipality_code", "leave it out")
        .in_japanese(informs ? "適地の市区町村に通知済みです" : "with_municipality にするときだけ付けます",
                     "省いてください");
  if (informs && inquiry.municipality_code.empty() && transition.municipality_code.empty())
    throw Error(ErrorKind::bad_input, "must name the municipality that it goes to", "municipality_code",
                "5 digits, such as 15202")
        .in_japanese("照会先の市区町村コードが必要です", "15202 のような 5 桁で指定してください");
}

// Beyond what everybody may do with his own: withdraw it.
void check_right(const Caller& by, const Inquiry& inquiry, const Transition& transition) {
  if (by.role == Role::administrator || is_informed(by, inquiry) || !transition.to) return;
  if (*transition.to != InquiryState::closed)
    throw forbidden("whoever asked may only withdraw it: close it with the reason 'withdrawn'",
                    "照会者にできるのは取下げ（closed、理由 withdrawn）だけです");
  if (transition.reason != withdrawn)
    throw Error(ErrorKind::forbidden, "whoever asked closes it with the reason 'withdrawn'", "reason")
        .in_japanese("照会者が終了するときの理由は withdrawn です");
}

}  // namespace

bool is_own(const Caller& caller, const Inquiry& inquiry) noexcept {
  return caller.key != 0 && caller.role == inquiry.role && caller.holder == inquiry.holder;
}

bool is_informed(const Caller& caller, const Inquiry& inquiry) noexcept {
  return caller.role == Role::municipality && is_within(inquiry.municipality_code, caller.audience.home);
}

Error no_such_inquiry() {
  return Error(ErrorKind::not_found, "there is no such inquiry", "reference", "/inquiries lists yours")
      .in_japanese("この照会はありません", "一覧は /inquiries にあります");
}

void check_asked(const NewInquiry& asked) {
  check_needed(asked.message, Inquiries::max_message_bytes, "message");
  check_needed(asked.contact, Inquiries::max_contact_bytes, "contact");
  check_text(asked.like_json, Inquiries::max_like_bytes, "like");
  if (asked.site.has_value() == !asked.like_json.empty())
    throw Error(ErrorKind::bad_input, "must have either 'site' or 'like'", "site",
                "name a site that you see, or describe one as the inputs of match-sites do")
        .in_japanese(
            "site か like のどちらか一方が必要です",
            "見えている適地を site で、または match-sites の入力と同じ形の条件を like で示してください");
}

void check_step(const Caller& by, const Inquiry& inquiry, const Transition& transition) {
  check_text(transition.note, max_note_bytes, "note");
  if (!transition.to && transition.note.empty())
    throw Error(ErrorKind::bad_input, "must say a new state or a note", "to")
        .in_japanese("新しい状態（to）か note が必要です");
  check_right(by, inquiry, transition);
  check_reason(transition);
  check_municipality(by, inquiry, transition);
  if (transition.note_for && by.role == Role::company && *transition.note_for != Role::company)
    throw forbidden("what a company writes is for everybody concerned", "企業の書込みは関係者全員に見えます");
  if (transition.to && !may_follow(inquiry.state, *transition.to))
    throw Error(ErrorKind::conflict,
                std::string("an inquiry that is '") + name_of(inquiry.state) + "' cannot become '" +
                    name_of(*transition.to) + "'",
                "to", "received, with_municipality, introduced, closed follow each other; closed follows any")
        .in_japanese(
            std::string("「") + name_of(inquiry.state) + "」から「" + name_of(*transition.to) +
                "」へは進められません",
            "received → with_municipality → introduced → closed の順です（closed へはどこからでも）");
}

bool may_read(Role reader, Role note_for) noexcept {
  const auto rank = [](Role role) {
    return role == Role::administrator ? 3 : role == Role::municipality ? 2 : role == Role::company ? 1 : 0;
  };
  return rank(reader) >= rank(note_for) && rank(note_for) > 0;
}

}  // namespace ritchi::access
