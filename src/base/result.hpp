// Result<T>: a value, or an Error that tells the user what to do. No exception crosses a room.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/hint.hpp"

namespace gpuslice {

// The kind of failure; programs map it to an exit code (see cli/exit_status.hpp).
enum class ErrorKind {
  usage,        // the arguments are wrong
  not_found,    // the named object does not exist
  exists,       // the name is taken
  permission,   // the caller lacks permission
  busy,         // held by another process
  refused,      // would stop something in use, or breaks a rule
  unsupported,  // this object does not support it
  unknown,      // could not be read: neither yes nor no
  damaged,      // a file's content is damaged
  io,           // the operating system returned an error
};

// `object`: the thing that it happened to; `what`: what happened and why; `hint`: what to type next (may be empty).
struct Error {
  ErrorKind kind{ErrorKind::io};
  std::string object;
  std::string what;
  Hint hint;
  // The library's return code and its text, if a library call failed. 0: the error has another reason.
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

// An Error from errno. The caller passes errno, so that it is the value left by the failed call.
[[nodiscard]] std::unexpected<Error> fail_errno(std::string object, std::string what, int error_number, Hint hint = {});

// The value of a result that has one. A separate function, and not constexpr, because of a GCC 12.2 bug: a statement
// expression that ends in a member function of std::expected loses the value if a lambda returned the expected.
template <class T, class E>
[[nodiscard]] T taken(std::expected<T, E>&& result) {
  return *std::move(result);
}

}  // namespace gpuslice

// TRY(expression): evaluates to the value, or returns the error from the enclosing function. Can be nested.
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
