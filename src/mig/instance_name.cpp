#include "mig/instance_name.hpp"

#include <algorithm>

namespace gpuslice::mig {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_allowed(char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The form of a UUID is 8-4-4-4-12 hexadecimal digits.
bool is_uuid(std::string_view text) {
  constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return text.size() == form.size() && std::equal(text.begin(), text.end(), form.begin(), [](char c, char wanted) {
           return wanted == '-' ? c == '-' : is_hex(c);
         });
}

}  // namespace

bool is_plain_word(std::string_view word) {
  return !word.empty() && word.size() <= max_name && std::all_of(word.begin(), word.end(), is_allowed);
}

std::string name_fault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (!std::all_of(name.begin(), name.end(), is_allowed)) return "may contain only letters, digits, '.', '_' and '-'";
  if (name.size() > max_name)
    return "has " + std::to_string(name.size()) + " characters; at most " + std::to_string(max_name) + " are allowed";
  if (!is_letter(name.front()) && name.front() != '_') return "must start with a letter or '_'";
  const auto small = lower(name);
  if (small.starts_with("gpu-") || small.starts_with("mig-")) return "starts like an NVML UUID";
  if (is_uuid(name)) return "is a UUID";
  if (small == "all" || small == "none") return "is a reserved word";
  return {};
}

}  // namespace gpuslice::mig
