// `nvidia-smi c2c`: the chip-to-chip links between a GPU and its CPU. The output for a GPU without such links was
// recorded; the lines of links are taken from published output of a GH200.
#include <array>

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/links/link_speed.hpp"
#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

using node::C2cFigure;

constexpr std::array c2c_options{
    help_option,
    id_option,
    Option{"-l", "--link", Takes::value, "Only this link."},
    Option{"-s", "--status", Takes::nothing, "Which links are up, and how fast."},
    Option{"-e", "--errorCounters"},
    Option{"-gLowPwrInfo", "-getLowPowerInfo"},
};
constexpr std::size_t shown_options = 4;  // in the help that is printed without arguments
constexpr OptionTable c2c{"c2c", "The chip-to-chip links between GPU and CPU.", c2c_options};

}  // namespace

int run_c2c(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, c2c, arguments);
  if (!options) return options.error();
  if (options->empty()) {
    auto shown = c2c;
    shown.options = shown.options.first(shown_options);
    return answer_with_usage(call, shown);
  }
  const auto opened = open_with_gpus(call, options->value("-i"));
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  bool any = false;
  for (const GpuIndex gpu : session.gpus) {
    const auto links = session.node.links().c2c_figure(gpu, C2cFigure::links, 0);
    if (!links || *links == 0) continue;
    any = true;
    if (!options->has("-s")) return say_not_there_yet(call, "c2c of a GPU with such links, apart from -s");
    session.out << gpu_line(session.node, gpu);
    for (std::uint32_t link = 0; link < *links; ++link) {
      if (const auto only = options->number("-l"); only && *only != static_cast<long>(link)) continue;
      const auto speed = session.node.links().c2c_figure(gpu, C2cFigure::speed_mb, link);
      const auto state = session.node.links().c2c_figure(gpu, C2cFigure::state, link);
      session.out << fmt::format("\t C2C Link {}: {}\n", link, link_speed(state, speed));
    }
  }
  if (any) return 0;
  session.out << "No Devices support C2C.\n";
  return node::err_not_supported;
}

}  // namespace gpuslice::smi
