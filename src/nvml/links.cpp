#include "nvml/facets.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;

// Ids for nvmlDeviceGetFieldValues; the scope is the number of a link or lane.
constexpr unsigned field_remote_link = 146;  // NVML_FI_DEV_NVLINK_REMOTE_NVLINK_ID
constexpr unsigned field_link_speed = 164;   // NVML_FI_DEV_NVLINK_GET_SPEED
constexpr unsigned first_throughput = 138;   // data sent, data received, raw sent, raw received
constexpr std::array pcie_fields = {94U,  95U,  169U, 173U, 174U, 175U, 176U, 177U,
                                    178U, 179U, 180U, 181U, 182U, 183U, 197U, 198U};
constexpr std::array c2c_fields = {170U, 171U, 172U};

std::uint64_t number(const abi::nvmlFieldValue_t& field) {
  enum Type : unsigned { real, whole32, whole, whole64, with_sign64, with_sign32, whole16 };
  switch (field.valueType) {
    case whole32:
      return field.value.uiVal;
    case with_sign32:
      return static_cast<std::uint64_t>(static_cast<std::int64_t>(field.value.siVal));
    case whole16:
      return field.value.usVal;
    default:
      return field.value.ullVal;
  }
}

Answer<std::uint64_t> field(Calls& calls, GpuIndex gpu, unsigned id, unsigned scope) {
  abi::nvmlFieldValue_t asked{};
  asked.fieldId = id;
  asked.scopeId = scope;
  if (const auto done = calls.on(gpu, "nvmlDeviceGetFieldValues", 1, &asked); !done)
    return std::unexpected(done.error());
  if (asked.nvmlReturn != abi::NVML_SUCCESS) return calls.refusal(static_cast<int>(asked.nvmlReturn));
  return number(asked);
}

Answer<std::uint64_t> of_link(Calls& calls, GpuIndex gpu, Symbol symbol, unsigned link) {
  unsigned value = 0;
  if (const auto done = calls.on(gpu, symbol, link, &value); !done) return std::unexpected(done.error());
  return value;
}

class LinkCalls final : public node::Links {
 public:
  explicit LinkCalls(Calls& calls) : calls_(calls) {}

  Answer<std::uint64_t> link_figure(GpuIndex gpu, std::uint32_t link, LinkFigure figure) override {
    const auto since = [figure](LinkFigure first) {
      return static_cast<unsigned>(figure) - static_cast<unsigned>(first);
    };
    if (figure == LinkFigure::state) return of_link(calls_, gpu, "nvmlDeviceGetNvLinkState", link);
    if (figure == LinkFigure::version) return of_link(calls_, gpu, "nvmlDeviceGetNvLinkVersion", link);
    if (figure == LinkFigure::speed_mb) return field(calls_, gpu, field_link_speed, link);
    if (figure <= LinkFigure::ecc_errors) {
      unsigned long long count = 0;
      if (const auto done =
              calls_.on(gpu, "nvmlDeviceGetNvLinkErrorCounter", link, since(LinkFigure::replay_errors), &count);
          !done)
        return std::unexpected(done.error());
      return count;
    }
    if (figure <= LinkFigure::raw_received_kib)
      return field(calls_, gpu, first_throughput + since(LinkFigure::data_sent_kib), link);
    unsigned can = 0;
    if (const auto done = calls_.on(gpu, "nvmlDeviceGetNvLinkCapability", link, since(LinkFigure::peer_access), &can);
        !done)
      return std::unexpected(done.error());
    return can;
  }
  Answer<LinkPeer> link_peer(GpuIndex gpu, std::uint32_t link) override {
    abi::nvmlPciInfo_t pci{};
    if (const auto done = calls_.on(gpu, "nvmlDeviceGetNvLinkRemotePciInfo_v2", link, &pci); !done)
      return std::unexpected(done.error());
    LinkPeer peer{Calls::bounded(pci.busId), {}};
    if (const auto other = field(calls_, gpu, field_remote_link, link)) peer.link = static_cast<std::uint32_t>(*other);
    return peer;
  }
  Answer<std::uint32_t> link_bandwidth_mode() override {
    unsigned mode = 0;
    if (const int code = calls_.library().call("nvmlSystemGetNvlinkBwMode", &mode); code != abi::NVML_SUCCESS)
      return calls_.refusal(code);
    return mode;
  }
  Answer<std::uint64_t> pcie_figure(GpuIndex gpu, PcieFigure figure, std::uint32_t lane) override {
    return field(calls_, gpu, pcie_fields.at(static_cast<std::size_t>(figure)), lane);
  }
  Answer<std::uint64_t> c2c_figure(GpuIndex gpu, C2cFigure figure, std::uint32_t link) override {
    return field(calls_, gpu, c2c_fields.at(static_cast<std::size_t>(figure)), link);
  }

 private:
  Calls& calls_;
};

}  // namespace

std::unique_ptr<node::Links> links_of(Calls& calls) { return std::make_unique<LinkCalls>(calls); }

}  // namespace gpuslice::nvml
