#include "smi/main_options.hpp"

#include <array>

namespace gpuslice::smi {
namespace {

using Group = MainGroup;

constexpr bool not_built = false;
constexpr Option row(std::string_view short_name, std::string_view long_name, Takes takes, unsigned group,
                     bool built = true) {
  return {.short_name = short_name, .long_name = long_name, .takes = takes, .built = built, .group = group};
}

constexpr std::array options{
    row("-h", "--help", Takes::nothing, Group::help),
    row("", "--version", Takes::nothing, Group::version),
    row("-L", "--list-gpus", Takes::nothing, Group::list),
    row("-B", "--list-excluded-gpus", Takes::nothing, Group::list),
    row("-i", "--id", Takes::value, Group::select),
    row("-col", "--columns", Takes::value_without_dash, Group::summary, not_built),
    row("-f", "--filename", Takes::value, Group::output),
    row("-l", "--loop", Takes::optional_value, Group::output),
    row("-lms", "--loop-ms", Takes::value, Group::output),
    row("-q", "--query", Takes::nothing, Group::full_query),
    row("-u", "--unit", Takes::nothing, Group::full_query),
    row("-x", "--xml-format", Takes::nothing, Group::query_part),
    row("", "--dtd", Takes::nothing, Group::full_query),
    row("-d", "--display", Takes::value, Group::query_part),
    row("", "--query-gpu", Takes::value, Group::field_query),
    row("", "--query-compute-apps", Takes::value, Group::field_query),
    row("", "--query-supported-clocks", Takes::value, Group::field_query),
    row("", "--query-accounted-apps", Takes::value, Group::field_query),
    row("", "--query-retired-pages", Takes::value, Group::field_query),
    row("", "--query-remapped-rows", Takes::value, Group::field_query),
    row("", "--format", Takes::optional_value, Group::query_format),
    row("", "--help-query-gpu", Takes::nothing, Group::help_query),
    row("", "--help-query-compute-apps", Takes::nothing, Group::help_query),
    row("", "--help-query-supported-clocks", Takes::nothing, Group::help_query),
    row("", "--help-query-accounted-apps", Takes::nothing, Group::help_query),
    row("", "--help-query-retired-pages", Takes::nothing, Group::help_query),
    row("", "--help-query-remapped-rows", Takes::nothing, Group::help_query),
    row("-pm", "--persistence-mode", Takes::value, Group::change),
    row("-c", "--compute-mode", Takes::value, Group::change),
    row("-mig", "--multi-instance-gpu", Takes::value, Group::change),
    row("-eow", "--error-on-warning", Takes::nothing, Group::change_part),
    row("-e", "--ecc-config", Takes::value, Group::change),
    row("-p", "--reset-ecc-errors", Takes::value, Group::change),
    row("", "--gom", Takes::value, Group::change, not_built),
    row("-r", "--gpu-reset", Takes::optional_value, Group::change),
    row("-vm", "--virt-mode", Takes::value, Group::change, not_built),
    row("-lgc", "--lock-gpu-clocks", Takes::value, Group::clock_lock),
    row("-m", "--mode", Takes::value, Group::clock_mode, not_built),
    row("-rgc", "--reset-gpu-clocks", Takes::nothing, Group::change),
    row("-lmc", "--lock-memory-clocks", Takes::value, Group::change),
    row("-rmc", "--reset-memory-clocks", Takes::nothing, Group::change),
    row("-lmcd", "--lock-memory-clocks-deferred", Takes::value, Group::change, not_built),
    row("-rmcd", "--reset-memory-clocks-deferred", Takes::nothing, Group::change, not_built),
    row("-ac", "--applications-clocks", Takes::value, Group::change),
    row("-rac", "--reset-applications-clocks", Takes::nothing, Group::change),
    row("-pl", "--power-limit", Takes::value, Group::change),
    row("-sc", "--scope", Takes::value, Group::change, not_built),
    row("-cc", "--cuda-clocks", Takes::value, Group::change, not_built),
    row("-am", "--accounting-mode", Takes::value, Group::change),
    row("-caa", "--clear-accounted-apps", Takes::nothing, Group::change),
    row("", "--auto-boost-default", Takes::value, Group::change, not_built),
    row("", "--auto-boost-permission", Takes::value, Group::change, not_built),
    row("-gtt", "--gpu-target-temp", Takes::value, Group::change, not_built),
    row("-den", "--dram-encryption", Takes::value, Group::change, not_built),
    row("", "--set-hostname", Takes::value, Group::change, not_built),
    row("", "--get-hostname", Takes::nothing, Group::change),
    row("-t", "--toggle-led", Takes::value, Group::change, not_built),
    row("", "--debug", Takes::value, Group::output, not_built),
};

constexpr OptionTable table{.name = "", .about = "", .options = options};

}  // namespace

const OptionTable& main_options() { return table; }

}  // namespace gpuslice::smi
