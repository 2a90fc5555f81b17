#include "nvml/adapter.hpp"

#include "abi/private_table.hpp"
#include "nvml/facets.hpp"

namespace gpuslice::nvml {
namespace {

// Suggests what to do if a driver is installed but cannot be started.
Hint hint_for(int code) {
  switch (code) {
    case abi::NVML_ERROR_DRIVER_NOT_LOADED:
      return "load it, or work on a simulated node: " + Hint::gpuslice({"sim", "list"});
    case abi::NVML_ERROR_LIB_RM_VERSION_MISMATCH:
      return "the library and the kernel module have different versions: reboot, or unload and reload the nvidia "
             "modules";
    default:
      return "";
  }
}

class Adapter final : public DriverNode {
 public:
  Adapter(Library library, const std::string& root)
      : calls_(std::move(library)), device_files_(device_files_of(calls_, root)) {
    give(*identity_, *readings_, *mig_, *processes_, *modes_, *topology_, *links_, *monitoring_, *tuning_, *reset_,
         *device_files_);
  }
  ~Adapter() override {
    if (initialised_) static_cast<void>(calls_.library().call("nvmlShutdown"));
  }
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;

  Result<void> start(const Options& options) {
    auto& library = calls_.library();
    const int code = library.call_any({"nvmlInit_v2", "nvmlInit"});
    if (code != abi::NVML_SUCCESS)
      return std::unexpected(Error{code == abi::NVML_ERROR_NO_PERMISSION ? ErrorKind::permission : ErrorKind::unknown,
                                   options.library, "the NVIDIA driver does not answer: " + library.words(code),
                                   hint_for(code), code, library.words(code)});
    initialised_ = true;
    calls_.set_simulated(simulated_table());
    if (options.simulated_only && !simulated())
      return fail(ErrorKind::refused, options.library,
                  "is a real NVIDIA driver, which must not be used inside a simulated node",
                  "leave the node, or put its lib directory first in LD_LIBRARY_PATH");
    if (options.readonly && !simulated()) library.forbid_changes();
    return {};
  }

  const std::string& simulated_node() const override { return simulated_node_; }

 private:
  // Only a library that names its node counts as simulated: any other could reach a real GPU.
  const abi::SimulatedTable* simulated_table() {
    const abi::SimulatedTable* table = nullptr;
    const int code = calls_.library().call("nvmlInternalGetExportTable", reinterpret_cast<const void**>(&table),
                                           static_cast<const void*>(abi::simulated_guid.data()));
    if (code != abi::NVML_SUCCESS || table == nullptr || table->directory == nullptr) return nullptr;
    simulated_node_ = table->directory;
    return table;
  }

  Calls calls_;
  std::unique_ptr<node::Identity> identity_ = identity_of(calls_);
  std::unique_ptr<node::Readings> readings_ = readings_of(calls_);
  std::unique_ptr<node::Mig> mig_ = mig_of(calls_);
  std::unique_ptr<node::Processes> processes_ = processes_of(calls_);
  std::unique_ptr<node::Modes> modes_ = modes_of(calls_);
  std::unique_ptr<node::Topology> topology_ = topology_of(calls_);
  std::unique_ptr<node::Links> links_ = links_of(calls_);
  std::unique_ptr<node::Monitoring> monitoring_ = monitoring_of(calls_);
  std::unique_ptr<node::Tuning> tuning_ = tuning_of(calls_);
  std::unique_ptr<node::Reset> reset_ = reset_of(calls_);
  std::unique_ptr<node::DeviceFiles> device_files_;
  bool initialised_{};
  std::string simulated_node_;
};

}  // namespace

Result<std::unique_ptr<DriverNode>> open(const Options& options) {
  auto library = GPUSLICE_TRY(Library::open(options.library));
  auto adapter = std::make_unique<Adapter>(std::move(library), options.root);
  GPUSLICE_CHECK(adapter->start(options));
  return adapter;
}

}  // namespace gpuslice::nvml
