// Result<T>: a value or an Error a person can act on. No exception crosses a room.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/hint.hpp"

namespace gpuslice {

// What sort of failure it is; programs map it to an exit code (see exit_code.hpp).
enum class ErrorKind {
  usage,        // the caller's words are wrong
  not_found,    // the named object does not exist
  exists,       // the name is taken
  permission,   // the caller may not
  busy,         // held by somebody else
  refused,      // would stop something that is in use, or breaks a rule
  unsupported,  // this object cannot do that
  unknown,      // could not be read: neither yes nor no
  damaged,      // a file is not what it should be
  io,           // the operating system said no
};

// `object` is the thing it happened to, `what` says what happened and why, `hint` what to type next (may be empty).
struct Error {
  ErrorKind kind{ErrorKind::io};
  std::string object;
  std::string what;
  Hint hint;
  // Where the reason is what a library answered: its code and its words for it. 0: it is not.
  int code{};
  std::string words{};

  // "object: what" on one line, without the hint.
  [[nodiscard]] std::string message() const { return object.empty() ? what : object + ": " + what; }
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string object, std::string what, Hint hint = {}) {
  return std::unexpected(Error{kind, std::move(object), std::move(what), std::move(hint)});
}

// An Error from errno (pass it in, so that it is the one of the failed call).
[[nodiscard]] std::unexpected<Error> fail_errno(std::string object, std::string what, int error_number, Hint hint = {});

// The value of a result that has one. Not constexpr, and a call of its own: GCC 12.2 loses the value of a statement
// expression that ends in a member function of std::expected when the expected came out of a lambda.
template <class T, class E>
[[nodiscard]] T taken(std::expected<T, E>&& result) {
  return *std::move(result);
}

}  // namespace gpuslice

// TRY(expression): its value, or return its error from the enclosing function. Nests.
#define GPUSLICE_TRY(expr) GPUSLICE_TRY_NAMED(expr, __COUNTER__)
#define GPUSLICE_TRY_NAMED(expr, number) GPUSLICE_TRY_AS(expr, number)
#define GPUSLICE_TRY_AS(expr, number)                                   \
  __extension__({                                                       \
    auto gpuslice_try_##number = (expr);                                \
    if (!gpuslice_try_##number) {                                       \
      return std::unexpected(std::move(gpuslice_try_##number).error()); \
    }                                                                   \
    ::gpuslice::taken(std::move(gpuslice_try_##number));                \
  })
#define GPUSLICE_CHECK(expr)                                            \
  do {                                                                  \
    if (auto gpuslice_check_result = (expr); !gpuslice_check_result) {  \
      return std::unexpected(std::move(gpuslice_check_result).error()); \
    }                                                                   \
  } while (false)
