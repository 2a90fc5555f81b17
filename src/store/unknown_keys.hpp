// What a document holds that this program does not know: a newer gpuslice wrote it, and it must not be lost when an
// older one writes the document again.
#pragma once

#include <nlohmann/json.hpp>

namespace gpuslice::store {

// Puts into `after`, a document that is to be written, what `before` had and `understood`, the same document read and
// written again by this program, has not. Elements of lists are the same when their "uuid", or their "placement" and
// "profile", are; what belongs to an element that is gone goes with it.
void keep_unknown(const nlohmann::ordered_json& before, const nlohmann::ordered_json& understood,
                  nlohmann::ordered_json& after);

}  // namespace gpuslice::store
