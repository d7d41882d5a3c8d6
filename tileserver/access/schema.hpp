// The layout of the database of what changes (keys, consents, inquiries, audit), and the way to it from older
// ones.
#pragma once
#include "geodata/store/live_file.hpp"

namespace ritchi::access {

inline constexpr const char* database_name = "ritchi.sqlite";
inline constexpr store::FileMark current_mark{0x52544348, 1};  // "RTCH"

// Makes the tables of a new file, or brings those of an older layout up to the present one; all or nothing.
// Throws Error(conflict) for a file of somebody else's, Error(unsupported) for one of a newer program.
void bring_up_to_date(const store::Connection& connection, const std::string& file);
// The same judgement without writing; false where the file has no tables yet.
bool check_layout(const store::Connection& connection, const std::string& file);

}  // namespace ritchi::access
