// Text from outside, made fit to be shown. Names of processes and users, words of files, file names, the environment
// and a driver's strings may hold any bytes. They are kept as they came, and every place that shows them shows them
// through here.
//
// What is escaped: bytes that are not UTF-8, as "\xNN"; control characters (C0, DEL, C1), as "\xNN" or "\u00NN"; and
// characters that nobody sees but that move or hide others (bidirectional controls, zero width, line and paragraph
// separators, the byte order mark, tags), as "\uNNNN" or "\UNNNNNNNN". Everything else, a backslash too, stays as it
// is, so that ordinary text is never changed. Sources: Unicode 15, UAX #9 and the general category Cf.
#pragma once

#include <string>
#include <string_view>

namespace gpuslice {

// On one line: a line end is escaped as well.
[[nodiscard]] std::string printable(std::string_view text);
// Of several lines: line ends stay.
[[nodiscard]] std::string printable_lines(std::string_view text);
// A JSON document as a terminal may see it: what is escaped above becomes "\uNNNN", which a JSON reader takes back. For
// documents that are UTF-8 and have their line ends between the values only.
[[nodiscard]] std::string printable_json(std::string_view document);

// In single quotes, as a POSIX shell takes it back whatever it holds.
[[nodiscard]] std::string single_quoted(std::string_view text);

// A word as a POSIX shell takes it back: unchanged when it needs no quotes, else in single quotes; with what would be
// escaped above in $'...', as bash, zsh and ksh read it, so that a hint shows it and can still be pasted.
[[nodiscard]] std::string shell_word(std::string_view text);

// How wide a text is that was cut: at most `bytes` bytes from its start, or its end, never within a character.
[[nodiscard]] std::string_view first_bytes(std::string_view text, std::size_t bytes);
[[nodiscard]] std::string_view last_bytes(std::string_view text, std::size_t bytes);

// Where text stops being UTF-8; its size when all of it is.
[[nodiscard]] std::size_t first_bad_byte(std::string_view text);

}  // namespace gpuslice
