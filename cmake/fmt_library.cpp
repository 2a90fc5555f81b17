// fmt as one object file. The distribution has its headers and a shared library. Header-only, each of our files
// compiles its own copy of the engine, which is half of its compile time; and the programs must not need the shared
// library, because they are copied into nodes.
#include <fmt/format-inl.h>

#include <locale>

// Defines what format.h of version 9 declares as external, for the character types that we use.
namespace fmt {
inline namespace v9 {
namespace detail {
template dragonbox::decimal_fp<float> dragonbox::to_decimal(float) noexcept;
template dragonbox::decimal_fp<double> dragonbox::to_decimal(double) noexcept;
template locale_ref::locale_ref(const std::locale&);
template std::locale locale_ref::get<std::locale>() const;
template thousands_sep_result<char> thousands_sep_impl(locale_ref);
template char decimal_point_impl(locale_ref);
template void buffer<char>::append(const char*, const char*);
}  // namespace detail
}  // namespace v9
}  // namespace fmt
