// Which options select a command, which other options its command line may contain, and how nvidia-smi refuses all
// others. All of this was recorded from nvidia-smi 580.159.04.
#pragma once

#include <array>
#include <string_view>

#include "smi/main_options.hpp"
#include "smi/request.hpp"

namespace gpuslice::smi {

// Exit statuses for an invalid command line; which one nvidia-smi uses depends on the message.
inline constexpr int invalid_status = 2, unusable_status = 255;

// A command and the options of its command line.
struct CommandForm {
  Groups begun_by;  // an option of these groups selects this command
  Command command;
  Groups takes;
  std::string_view advice;  // the end of the message for any other option
  int status;               // the exit status that goes with that message
};
inline constexpr std::string_view short_advice = "'nvidia-smi -h'.", long_advice = "'nvidia-smi -h' for help.";
// If several commands are selected, the first one in this table is used.
inline constexpr std::array command_forms{
    CommandForm{groups({MainGroup::change, MainGroup::clock_lock}), Command::change,
                groups({MainGroup::change, MainGroup::change_part, MainGroup::clock_lock, MainGroup::clock_mode,
                        MainGroup::select}),
                long_advice, unusable_status},
    CommandForm{groups({MainGroup::field_query}), Command::query,
                groups({MainGroup::field_query, MainGroup::query_format, MainGroup::select, MainGroup::output}),
                long_advice, invalid_status},
    CommandForm{groups({MainGroup::full_query}), Command::report,
                groups({MainGroup::full_query, MainGroup::query_part, MainGroup::select, MainGroup::output}),
                short_advice, unusable_status},
    CommandForm{groups({MainGroup::help_query}), Command::help_query, groups({MainGroup::help_query}), short_advice,
                unusable_status},
    CommandForm{groups({MainGroup::version}), Command::version, groups({MainGroup::version}), short_advice,
                unusable_status},
};
inline constexpr CommandForm summary_form{0, Command::summary,
                                          groups({MainGroup::summary, MainGroup::select, MainGroup::output}),
                                          short_advice, unusable_status};
// The form of --dtd without -q.
inline constexpr CommandForm definition_form{groups({MainGroup::full_query}), Command::dtd,
                                             groups({MainGroup::full_query}), long_advice, unusable_status};

}  // namespace gpuslice::smi
