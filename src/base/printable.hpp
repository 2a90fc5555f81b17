// Escapes text from outside before it is shown. Names of processes and users, text from files, file names, the
// environment and a driver's strings may hold any bytes. They are stored unchanged and escaped here wherever they are
// shown.
//
// Escaped are: bytes that are not UTF-8, as "\xNN"; control characters (C0, DEL, C1), as "\xNN" or "\u00NN"; and
// invisible characters that move or hide others (bidirectional controls, zero width, line and paragraph separators, the
// byte order mark, tags), as "\uNNNN" or "\UNNNNNNNN". Everything else is kept, including the backslash, so that
// ordinary text never changes. Sources: Unicode 15, UAX #9 and the general category Cf.
#pragma once

#include <string>
#include <string_view>

namespace gpuslice {

// For text shown on one line: line ends are escaped too.
[[nodiscard]] std::string printable(std::string_view text);
// For text of several lines: line ends are kept.
[[nodiscard]] std::string printable_lines(std::string_view text);
// For a JSON document shown on a terminal: the characters listed above become "\uNNNN", which JSON readers decode. The
// document must be UTF-8 and have line ends between values only.
[[nodiscard]] std::string printable_json(std::string_view document);

// Always quotes with single quotes; a POSIX shell reads back the same text.
[[nodiscard]] std::string single_quoted(std::string_view text);

// An argument quoted for a POSIX shell: unchanged if it needs no quotes, otherwise in single quotes. Text with
// characters that printable() escapes is written in $'...', which bash, zsh and ksh read, so that the characters are
// visible in a hint and the hint can be pasted.
[[nodiscard]] std::string shell_word(std::string_view text);

// The first or last `bytes` bytes of a text, or fewer, so that no character is cut in half.
[[nodiscard]] std::string_view first_bytes(std::string_view text, std::size_t bytes);
[[nodiscard]] std::string_view last_bytes(std::string_view text, std::size_t bytes);

// The position of the first byte that is not UTF-8; the size of the text if there is none.
[[nodiscard]] std::size_t first_bad_byte(std::string_view text);

}  // namespace gpuslice
