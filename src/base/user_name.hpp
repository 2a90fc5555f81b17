// The name of a user of this host, for messages.
#pragma once

#include <sys/types.h>

#include <string>

namespace gpuslice {

// "bob"; "user 1234" where the host has no name for the id.
[[nodiscard]] std::string user_name(uid_t uid);
// How sudo(8) and others take that user: the name, or '#1234' in quotes.
[[nodiscard]] std::string user_argument(uid_t uid);

}  // namespace gpuslice
