// Memory, and utilisation of the engines.
#include "fields/chapters.hpp"

namespace gpuslice::fields {
namespace {

constexpr Row chapter[] = {
    // Memory: -d MEMORY
    section(1, "FB Memory Usage", "fb_memory_usage").in(in_memory),
    leaf(2, "Total", "total", Reading::memory_total, Show::mib_up)
        .unit("MiB")
        .ask(650, "memory.total", "", "Total frame buffer of the GPU."),
    // NVML has reported the reserved part since R510 (nvmlDeviceGetMemoryInfo_v2).
    leaf(2, "Reserved", "reserved", Reading::memory_reserved, Show::mib_up)
        .unit("MiB")
        .from(510)
        .ask(660, "memory.reserved", "", "Frame buffer reserved by the driver and firmware."),
    leaf(2, "Used", "used", Reading::memory_used, Show::mib_up)
        .unit("MiB")
        .ask(670, "memory.used", "", "Frame buffer in use by contexts and instances."),
    leaf(2, "Free", "free", Reading::memory_free, Show::mib_up)
        .unit("MiB")
        .ask(680, "memory.free", "", "Free frame buffer."),
    section(1, "BAR1 Memory Usage", "bar1_memory_usage").in(in_memory),
    leaf(2, "Total", "total", Reading::bar1_total, Show::mib_down).unit("MiB"),
    leaf(2, "Used", "used", Reading::bar1_used, Show::mib_down).unit("MiB"),
    leaf(2, "Free", "free", Reading::bar1_used, Show::mib_down)
        .by(Rule::free_of_whole, Reading::bar1_total)
        .unit("MiB"),
    section(1, "Conf Compute Protected Memory Usage", "cc_protected_memory_usage").from(530).in(in_memory),
    leaf(2, "Total", "total", Reading::protected_total, Show::mib_up)
        .from(530)
        .unit("MiB")
        .ask(1930, "protected_memory.total", "", "Total frame buffer protected for confidential computing."),
    leaf(2, "Used", "used", Reading::protected_used, Show::mib_up)
        .from(530)
        .unit("MiB")
        .ask(1940, "protected_memory.used", "", "Protected frame buffer in use."),
    leaf(2, "Free", "free", Reading::protected_free, Show::mib_up)
        .from(530)
        .unit("MiB")
        .ask(1950, "protected_memory.free", "", "Free protected frame buffer."),
    // Memory: -d COMPUTE
    leaf(1, "Compute Mode", "compute_mode", Reading::compute_mode, Show::compute_mode)
        .ask(690, "compute_mode", "", "Which compute processes can run: Default, Exclusive_Process or Prohibited.")
        .in(in_compute),
    // Utilization: -d UTILIZATION
    section(1, "Utilization", "utilization").in(in_utilization),
    leaf(2, "Gpu", "gpu_util", Reading::utilization_gpu, Show::number).before(565).unit("%"),
    leaf(2, "GPU", "gpu_util", Reading::utilization_gpu, Show::number)
        .from(565)
        .unit("%")
        .ask(710, "utilization.gpu", "",
             "Share of the last sample in which a kernel ran; not reported while MIG mode is on."),
    leaf(2, "Memory", "memory_util", Reading::utilization_memory, Show::number)
        .unit("%")
        .ask(720, "utilization.memory", "", "Share of the last sample in which memory was read or written."),
    leaf(2, "Encoder", "encoder_util", Reading::utilization_encoder, Show::number)
        .unit("%")
        .ask(730, "utilization.encoder", "", "Share of the last sample in which the video encoder ran."),
    leaf(2, "Decoder", "decoder_util", Reading::utilization_decoder, Show::number)
        .unit("%")
        .ask(740, "utilization.decoder", "", "Share of the last sample in which the video decoder ran."),
    leaf(2, "JPEG", "jpeg_util", Reading::utilization_jpeg, Show::number)
        .from(530)
        .unit("%")
        .ask(750, "utilization.jpeg", "", "Share of the last sample in which the JPEG engine ran."),
    leaf(2, "OFA", "ofa_util", Reading::utilization_ofa, Show::number)
        .from(530)
        .unit("%")
        .ask(760, "utilization.ofa", "", "Share of the last sample in which the optical flow engine ran."),
    list(1, "GPU Utilization Samples", "", List::gpu_samples).chosen_only().in(in_utilization),
    list(1, "Memory Utilization Samples", "", List::memory_samples).chosen_only().in(in_utilization),
    list(1, "ENC Utilization Samples", "", List::encoder_samples).chosen_only().in(in_utilization),
    list(1, "DEC Utilization Samples", "", List::decoder_samples).chosen_only().in(in_utilization),
    list(1, "JPG Utilization Samples", "", List::jpeg_samples).chosen_only().in(in_utilization),
    list(1, "OFA Utilization Samples", "", List::ofa_samples).chosen_only().in(in_utilization),
    // Utilization: -d ENCODER_STATS
    section(1, "Encoder Stats", "encoder_stats").in(in_encoder_stats),
    leaf(2, "Active Sessions", "session_count", Reading::encoder_sessions, Show::number)
        .ask(770, "encoder.stats.sessionCount", "", "Number of encoder sessions."),
    leaf(2, "Average FPS", "average_fps", Reading::encoder_fps, Show::number)
        .ask(780, "encoder.stats.averageFps", "", "Average frames per second of all encoder sessions."),
    leaf(2, "Average Latency", "average_latency", Reading::encoder_latency, Show::number)
        .ask(790, "encoder.stats.averageLatency", "", "Average time to encode a frame, in microseconds."),
    // Utilization: -d FBC_STATS
    section(1, "FBC Stats", "fbc_stats").in(in_fbc_stats),
    leaf(2, "Active Sessions", "session_count", Reading::fbc_sessions, Show::number),
    leaf(2, "Average FPS", "average_fps", Reading::fbc_fps, Show::number),
    leaf(2, "Average Latency", "average_latency", Reading::fbc_latency, Show::number),
};

}  // namespace

std::span<const Row> memory_rows() { return chapter; }

}  // namespace gpuslice::fields
