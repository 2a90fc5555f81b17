// The name of a user of this host, for messages.
#pragma once

#include <sys/types.h>

#include <string>

namespace gpuslice {

// "bob", or "user 1234" if the host has no name for the id.
[[nodiscard]] std::string user_name(uid_t uid);
// "bob", or "1234" if the host has no name for the id.
[[nodiscard]] std::string user_name_or_id(uid_t uid);
// The user as an argument of sudo(8) and similar programs: the name, or '#1234' in quotes.
[[nodiscard]] std::string user_argument(uid_t uid);

}  // namespace gpuslice
