// `nvidia-smi encodersessions` and `fbcsessions`: the encoder and frame capture sessions of each GPU, repeatedly.
//
// The output without sessions was recorded; the names of codecs, types and capture modes are our own, after NVML's.
#include <array>

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

constexpr std::array session_options{
    help_option,
    id_option,
    Option{"-l", "--loop", Takes::value, "Seconds between rounds; 5 when left out."},
};

// The widths of a line's cells; the first cell is the GPU's index.
template <std::size_t Columns>
void print_line(std::ostream& out, const std::array<int, Columns>& widths,
                const std::array<std::string, Columns>& cells) {
  for (std::size_t i = 0; i < Columns; ++i) out << fmt::format("{:>{}}", cells[i], widths[i]);
  out << '\n';
}

std::string text(std::uint32_t number) { return fmt::format("{}", number); }

void print_encoder_sessions(Session& session) {
  constexpr std::array widths{5, 8, 11, 8, 8, 8, 8, 12};
  constexpr std::array codecs{"H.264", "HEVC", "AV1"};
  for (const GpuIndex gpu : session.gpus) {
    const auto all = session.node.monitoring().encoder_sessions(gpu).value_or(std::vector<node::EncoderSession>{});
    if (all.empty()) print_line(session.out, widths, {text(gpu.value), "-", "-", "-", "-", "-", "-", "-"});
    for (const auto& s : all) {
      print_line(session.out, widths,
                 {text(gpu.value), text(s.id), text(s.pid), word_of(codecs, s.codec, "-"), text(s.width),
                  text(s.height), text(s.fps), text(s.latency_us)});
    }
  }
}

void print_capture_sessions(Session& session) {
  constexpr std::array widths{5, 10, 10, 10, 10, 10, 12, 14, 8, 8, 6, 6, 10, 14};
  constexpr std::array types{"Unknown", "ToSys", "Cuda", "Vid", "HwEnc"};
  constexpr std::uint32_t difference_map = 1, class_map = 2, no_wait = 4, wait = 8, wait_limited = 16;
  for (const GpuIndex gpu : session.gpus) {
    const auto all = session.node.monitoring().capture_sessions(gpu).value_or(std::vector<node::CaptureSession>{});
    if (all.empty())
      print_line(session.out, widths,
                 {text(gpu.value), "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"});
    for (const auto& s : all) {
      const auto on = [&s](std::uint32_t flag) { return (s.flags & flag) != 0; };
      print_line(
          session.out, widths,
          {text(gpu.value), text(s.id), text(s.pid), text(s.display), word_of(types, s.type, "Unknown"),
           on(difference_map) ? "Enabled" : "Disabled", on(class_map) ? "Enabled" : "Disabled",
           on(no_wait)        ? "NoWait"
           : on(wait)         ? "Wait"
           : on(wait_limited) ? "Timeout"
                              : "Unknown",
           text(s.max_width), text(s.max_height), text(s.width), text(s.height), text(s.fps), text(s.latency_us)});
    }
  }
}

int run_sessions(const Call& call, const std::vector<std::string>& arguments, const OptionTable& table,
                 const char* header, void (*print)(Session&)) {
  const auto options = read_options(call, table, arguments);
  if (!options) return options.error();
  constexpr long usual = 5;
  const auto delay = options->number("-l").value_or(usual);
  const auto opened = open_with_gpus(call, options->value("-i"));
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  session.out << header;
  do {
    print(session);
  } while (session.pause(std::chrono::seconds(delay > 0 ? delay : usual), Environment::Interrupt::is_told));
  return 0;
}

}  // namespace

int run_encodersessions(const Call& call, const std::vector<std::string>& arguments) {
  return run_sessions(call, arguments,
                      {"encodersessions", "The encoder sessions of each GPU, until Ctrl-C.", session_options},
                      "# GPU Session    Process   Codec       H       V Average     Average\n"
                      "# Idx      Id         Id    Type     Res     Res     FPS Latency(us)\n",
                      print_encoder_sessions);
}

int run_fbcsessions(const Call& call, const std::vector<std::string>& arguments) {
  return run_sessions(
      call, arguments, {"fbcsessions", "The frame capture sessions of each GPU, until Ctrl-C.", session_options},
      "# GPU   Session   Process   Display   Session Diff. Map  Class. Map       Capture   Max H   Max V     H     V   "
      "Average       Average\n"
      "# Idx        Id        Id   Ordinal      Type     State       State          Mode     Res     Res   Res   Res   "
      "    "
      "FPS   Latency(us)\n",
      print_capture_sessions);
}

}  // namespace gpuslice::smi
