// Clocks, the NVLink fabric, and the lists at the end.
#include "fields/chapters.hpp"

namespace gpuslice::fields {
namespace {

constexpr Row chapter[] = {
    // Clocks: -d CLOCK
    section(1, "Clocks", "clocks").in(in_clock),
    leaf(2, "Graphics", "graphics_clock", Reading::clock_graphics, Show::number)
        .unit("MHz")
        .ask(1770, "clocks.current.graphics", "clocks.gr", "Current graphics clock."),
    leaf(2, "SM", "sm_clock", Reading::clock_sm, Show::number)
        .unit("MHz")
        .ask(1780, "clocks.current.sm", "clocks.sm", "Current clock of the multiprocessors."),
    leaf(2, "Memory", "mem_clock", Reading::clock_memory, Show::number)
        .unit("MHz")
        .ask(1790, "clocks.current.memory", "clocks.mem", "Current memory clock."),
    leaf(2, "Video", "video_clock", Reading::clock_video, Show::number)
        .unit("MHz")
        .ask(1800, "clocks.current.video", "clocks.video", "Current clock of the video engines."),
    section(1, "Applications Clocks", "applications_clocks").in(in_clock),
    leaf(2, "Graphics", "graphics_clock", Reading::application_clock_graphics, Show::number)
        .unit("MHz")
        .ask(1810, "clocks.applications.graphics", "clocks.applications.gr",
             "Graphics clock requested for applications."),
    leaf(2, "Memory", "mem_clock", Reading::application_clock_memory, Show::number)
        .unit("MHz")
        .ask(1820, "clocks.applications.memory", "clocks.applications.mem",
             "Memory clock requested for applications."),
    section(1, "Default Applications Clocks", "default_applications_clocks").in(in_clock),
    leaf(2, "Graphics", "graphics_clock", Reading::default_clock_graphics, Show::number)
        .unit("MHz")
        .ask(1830, "clocks.default_applications.graphics", "clocks.default_applications.gr",
             "Default graphics clock of applications."),
    leaf(2, "Memory", "mem_clock", Reading::default_clock_memory, Show::number)
        .unit("MHz")
        .ask(1840, "clocks.default_applications.memory", "clocks.default_applications.mem",
             "Default memory clock of applications."),
    section(1, "Deferred Clocks", "deferred_clocks").from(520).in(in_clock),
    leaf(2, "Memory", "mem_clock", Reading::deferred_clock_memory, Show::megahertz).unit("MHz").from(520),
    section(1, "Max Clocks", "max_clocks").in(in_clock),
    leaf(2, "Graphics", "graphics_clock", Reading::max_clock_graphics, Show::number)
        .unit("MHz")
        .ask(1850, "clocks.max.graphics", "clocks.max.gr", "Highest graphics clock."),
    leaf(2, "SM", "sm_clock", Reading::max_clock_sm, Show::number)
        .unit("MHz")
        .ask(1860, "clocks.max.sm", "clocks.max.sm", "Highest clock of the multiprocessors."),
    leaf(2, "Memory", "mem_clock", Reading::max_clock_memory, Show::number)
        .unit("MHz")
        .ask(1870, "clocks.max.memory", "clocks.max.mem", "Highest memory clock."),
    leaf(2, "Video", "video_clock", Reading::max_clock_video, Show::number).unit("MHz"),
    section(1, "Max Customer Boost Clocks", "max_customer_boost_clocks").in(in_clock),
    leaf(2, "Graphics", "graphics_clock", Reading::customer_boost_graphics, Show::number).unit("MHz"),
    list(1, "SM Clock Samples", "", List::sm_clock_samples).chosen_only().in(in_clock),
    list(1, "Memory Clock Samples", "", List::memory_clock_samples).chosen_only().in(in_clock),
    section(1, "Clock Policy", "clock_policy").in(in_clock),
    leaf(2, "Auto Boost", "auto_boost", Reading::auto_boost, Show::on_off),
    leaf(2, "Auto Boost Default", "auto_boost_default", Reading::auto_boost_default, Show::on_off),
    // NVLink fabric: -d VOLTAGE
    section(1, "Voltage", "voltage").before(575).in(in_voltage),
    leaf(2, "Graphics", "graphics_volt", Reading::none).by(Rule::absent).before(575),
    // NVLink fabric
    section(1, "Fabric", "fabric").from(530),
    leaf(2, "State", "state", Reading::fabric_state, Show::fabric_state)
        .from(530)
        .ask(1960, "fabric.state", "", "State of the GPU's registration with its fabric."),
    leaf(2, "Status", "status", Reading::fabric_status, Show::return_code)
        .by(Rule::when_completed)
        .from(530)
        .ask(1970, "fabric.status", "", "Result of the GPU's registration with its fabric, once it is complete."),
    leaf(2, "CliqueId", "cliqueId", Reading::fabric_clique, Show::number)
        .by(Rule::when_completed)
        .from(550)
        .ask(1980, "fabric.cliqueId", "", "Clique of the fabric that the GPU belongs to."),
    leaf(2, "ClusterUUID", "clusterUuid", Reading::fabric_cluster)
        .by(Rule::when_completed)
        .from(550)
        .ask(1990, "fabric.clusterUuid", "", "UUID of the fabric cluster that the GPU belongs to."),
    section(2, "Health", "health").from(550),
    leaf(3, "Summary", "summary", Reading::fabric_health_summary, Show::health_summary)
        .by(Rule::when_completed)
        .from(575)
        .ask(2000, "fabric.health.summary", "", "Overall health of the fabric."),
    leaf(3, "Bandwidth", "bandwidth", Reading::fabric_health_mask, Show::bandwidth)
        .by(Rule::health_bits)
        .from(550)
        .ask(2010, "fabric.health.bandwidth", "", "Bandwidth of the links: Full or Degraded."),
    leaf(3, "Route Recovery in progress", "route_recovery_in_progress", Reading::fabric_health_mask, Show::true_false)
        .by(Rule::health_bits, Reading::none, 2)
        .from(565)
        .ask(2020, "fabric.health.route_recovery_in_progress", "", "Whether routes are being recovered."),
    leaf(3, "Route Unhealthy", "route_unhealthy", Reading::fabric_health_mask, Show::true_false)
        .by(Rule::health_bits, Reading::none, 4)
        .from(565)
        .ask(2030, "fabric.health.route_unhealthy", "", "Whether a route is unhealthy."),
    leaf(3, "Access Timeout Recovery", "access_timeout_recovery", Reading::fabric_health_mask, Show::true_false)
        .by(Rule::health_bits, Reading::none, 6)
        .from(565)
        .ask(2040, "fabric.health.access_timeout_recovery", "", "Whether accesses that timed out are being recovered."),
    leaf(3, "Incorrect Configuration", "incorrect_configuration", Reading::fabric_health_mask, Show::misconfiguration)
        .by(Rule::misconfigured, Reading::none, 8)
        .from(575)
        .ask(2050, "fabric.health.incorrect_configuration", "", "Error in the fabric configuration, or None."),
    leaf(3, "Partition Assigned", "partition_assigned", Reading::fabric_health_mask, Show::true_false)
        .by(Rule::health_bits, Reading::none, 12)
        .from(575)
        .ask(2060, "fabric.health.partition_assigned", "", "Whether the GPU is in a partition of the fabric."),
    // Lists at the end: -d SUPPORTED_CLOCKS
    list(1, "Supported Clocks", "supported_clocks", List::supported_clocks).chosen_only().in(in_supported_clocks),
    // Lists at the end: -d PIDS
    list(1, "Processes", "processes", List::processes).in(in_pids),
    // Lists at the end: -d ACCOUNTING
    list(1, "Accounted Processes", "accounted_processes", List::accounted_processes).chosen_only().in(in_accounting),
    // Lists at the end
    section(1, "Capabilities", "capabilities").from(550),
    leaf(2, "EGM", "egm", Reading::egm_capability, Show::egm).by(Rule::quiet).from(550),
};

}  // namespace

std::span<const Row> clocks_rows() { return chapter; }

}  // namespace gpuslice::fields
