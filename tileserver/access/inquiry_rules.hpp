// What may be asked, and who may take an inquiry which step.
#pragma once
#include "geodata/base/error.hpp"
#include "tileserver/access/inquiries.hpp"

namespace ritchi::access {

bool is_own(const Caller& caller, const Inquiry& inquiry) noexcept;
// Sees it as the municipality that is informed.
bool is_informed(const Caller& caller, const Inquiry& inquiry) noexcept;

// The same whether there is none or it is another's.
base::Error no_such_inquiry();

// Throws Error(bad_input) naming the member.
void check_asked(const NewInquiry& asked);
// Throws Error(forbidden), Error(conflict) or Error(bad_input).
void check_step(const Caller& by, const Inquiry& inquiry, const Transition& transition);

// May somebody of this role read what was written for that one?
bool may_read(Role reader, Role note_for) noexcept;

}  // namespace ritchi::access
