// Keeps keys that this program does not know. A newer gpuslice wrote them, and an older one must not lose them when it
// writes the document again.
#pragma once

#include <nlohmann/json.hpp>

namespace gpuslice::store {

// Keeps keys that this program does not know, such as those of a newer version, when it rewrites a document. `before` is
// the document as read from disk; `understood` is `before` after this program has parsed and serialized it, so it lacks
// the unknown keys; they are copied from `before` into `after`, the document to be written. List elements correspond if
// their "uuid" is equal, or their "placement" and "profile"; keys of an element that no longer exists are dropped.
void keep_unknown(const nlohmann::ordered_json& before, const nlohmann::ordered_json& understood,
                  nlohmann::ordered_json& after);

}  // namespace gpuslice::store
