#include "nvml/read.hpp"

#include <array>
#include <future>
#include <map>
#include <variant>

#include "nvml/reader.hpp"
#include "nvml/sources.hpp"

namespace gpuslice::nvml {
namespace {

using fields::Reading;
using fields::Value;
using node::Answer;

using Source = std::variant<std::monostate, const NumberCall*, const TextCall*, const PairCall*, const EnumCall*,
                            const FieldCall*, const StructureCall*>;

const std::array<Source, fields::reading_count>& sources() {
  static const auto all = [] {
    std::array<Source, fields::reading_count> found;
    const auto put = [&](Reading reading, Source source) {
      if (reading != Reading::none) found[static_cast<std::size_t>(reading)] = source;
    };
    for (const auto& call : number_calls()) put(call.reading, &call);
    for (const auto& call : text_calls()) put(call.reading, &call);
    for (const auto& call : pair_calls()) {
      put(call.first, &call);
      put(call.second, &call);
    }
    for (const auto& call : enum_calls()) put(call.reading, &call);
    for (const auto& call : field_calls()) put(call.reading, &call);
    for (const auto table : {board_calls(), memory_calls(), state_calls()})
      for (const auto& call : table)
        for (const auto reading : call.readings) put(reading, &call);
    return found;
  }();
  return all;
}

struct Ask {
  Reader& reader;

  void operator()(std::monostate) const {}
  void operator()(const FieldCall*) const {}  // already read, all in one call
  void operator()(const NumberCall* call) const {
    unsigned value = 0;
    auto done = reader.call(call->symbol, &value);
    if (!done && done.error().code == abi::NVML_ERROR_FUNCTION_NOT_FOUND) done = reader.call(call->older, &value);
    if (done) return reader.put(call->reading, value);
    reader.refuse(call->reading, done.error());
  }
  void operator()(const TextCall* call) const {
    std::array<char, 96> text{};
    const auto done = reader.call(call->symbol, text.data(), static_cast<unsigned>(text.size()));
    if (done) return reader.put(call->reading, Calls::bounded(text));
    reader.refuse(call->reading, done.error());
  }
  void operator()(const PairCall* call) const {
    unsigned first = 0, second = 0;
    auto done = reader.call(call->symbol, &first, &second);
    if (!done && done.error().code == abi::NVML_ERROR_FUNCTION_NOT_FOUND)
      done = reader.call(call->older, &first, &second);
    const Reading both[] = {call->first, call->second};
    if (!done) return reader.refuse(both, done.error());
    reader.put(call->first, first);
    reader.put(call->second, second);
  }
  void operator()(const EnumCall* call) const {
    unsigned value = 0;
    const auto done = reader.call(call->symbol, call->argument, &value);
    if (done) return reader.put(call->reading, value);
    reader.refuse(call->reading, done.error());
  }
  void operator()(const StructureCall* call) const { call->call(reader); }
};

// Reads the requested fields in one call; the driver may refuse each separately.
void ask_fields(Reader& reader, std::span<const Reading> readings) {
  std::vector<abi::nvmlFieldValue_t> values;
  std::vector<Reading> asked;
  for (const auto reading : readings) {
    const auto* const* call = std::get_if<const FieldCall*>(&sources()[static_cast<std::size_t>(reading)]);
    if (call == nullptr) continue;
    abi::nvmlFieldValue_t value{};
    value.fieldId = (*call)->id;
    value.scopeId = (*call)->scope;
    values.push_back(value);
    asked.push_back(reading);
  }
  if (values.empty()) return;
  const auto done = reader.call("nvmlDeviceGetFieldValues", static_cast<int>(values.size()), values.data());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto& value = values[i];
    if (!done) {
      reader.refuse(asked[i], done.error());
    } else if (value.nvmlReturn != abi::NVML_SUCCESS) {
      reader.refuse(asked[i], reader.calls().refusal(value.nvmlReturn).error());
    } else {
      reader.put(asked[i], field_value(value));
    }
  }
}

// Readings for which the call takes long: the driver measures PCIe traffic for 20 ms (nvml.h), and the check of the
// infoROM reads all of it (70 ms on an H200 under 580.159.04). They are read in parallel with the others.
bool takes_long(Reading reading) {
  return reading == Reading::pcie_tx || reading == Reading::pcie_rx || reading == Reading::inforom_valid;
}

const Answer<Value>& answer_of(Reader& reader, Reading reading) {
  if (reading != Reading::none && !reader.knows(reading))
    std::visit(Ask{reader}, sources()[static_cast<std::size_t>(reading)]);
  if (!reader.knows(reading)) reader.not_supported(reading);
  // If the library lacks the function because its driver is older, the GPU counts as not having the figure.
  if (const auto& answer = reader.at(reading); !answer && answer.error().code == abi::NVML_ERROR_FUNCTION_NOT_FOUND)
    reader.not_supported(reading);
  return reader.at(reading);
}

}  // namespace

bool has_source(Reading reading) {
  return !std::holds_alternative<std::monostate>(sources()[static_cast<std::size_t>(reading)]);
}

// The cases are values of nvmlValueType_t. The bytes beyond the type's size are undefined, because the driver does not
// write them. No field that is read here is a double; nvidia-smi 580 shows a value of type double as an integer.
Value field_value(const abi::nvmlFieldValue_t& value) {
  switch (value.valueType) {
    case 0:  // double
    case 1:  // unsigned int
      return Value(std::uint64_t{value.value.uiVal});
    case 5:  // int
      return Value(std::int64_t{value.value.siVal});
    case 6:  // unsigned short
      return Value(std::uint64_t{value.value.usVal});
    case 4:  // signed long long
      return Value(static_cast<std::int64_t>(value.value.sllVal));
    default:  // unsigned long, unsigned long long
      return Value(std::uint64_t{value.value.ullVal});
  }
}

std::vector<Answer<Value>> read(Calls& calls, node::Subject subject, std::span<const Reading> readings) {
  std::map<Reading, std::future<Answer<Value>>> beside;
  if (readings.size() > 1)
    for (const auto reading : readings)
      if (takes_long(reading) && !beside.contains(reading))
        // If no thread can be started, the call is made later, in get() below.
        beside.emplace(reading, std::async(std::launch::async | std::launch::deferred, [&calls, subject, reading] {
                         Reader reader(calls, subject);
                         return answer_of(reader, reading);
                       }));
  Reader reader(calls, subject);
  ask_fields(reader, readings);
  std::vector<Answer<Value>> answers;
  answers.reserve(readings.size());
  for (const auto reading : readings) {
    const auto slow = beside.find(reading);
    if (slow == beside.end())
      answers.push_back(answer_of(reader, reading));
    else
      answers.emplace_back(node::absent());
  }
  for (auto& [reading, answer] : beside) {
    const auto told = answer.get();
    for (std::size_t i = 0; i < readings.size(); ++i)
      if (readings[i] == reading) answers[i] = told;
  }
  return answers;
}

}  // namespace gpuslice::nvml
