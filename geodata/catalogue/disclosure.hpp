// Levels of disclosure, of rows and of attributes alike.
#pragma once

namespace ritchi::catalogue {

// Each level includes those before it.
enum class Disclosure { open = 0, consented = 1, internal = 2 };

}  // namespace ritchi::catalogue
