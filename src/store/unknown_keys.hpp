// Keeps keys that this program does not know. A newer gpuslice wrote them, and an older one must not lose them when it
// writes the document again.
#pragma once

#include <nlohmann/json.hpp>

namespace gpuslice::store {

// Copies keys into `after`, a document to be written: all keys of `before` that `understood` lacks. `understood` is the
// same document after this program has read and written it. List elements correspond if their "uuid" is equal, or their
// "placement" and "profile"; keys of an element that no longer exists are dropped.
void keep_unknown(const nlohmann::ordered_json& before, const nlohmann::ordered_json& understood,
                  nlohmann::ordered_json& after);

}  // namespace gpuslice::store
