// Executes the driver calls of a node. One worker for each GPU, and one for the node as a whole, own its port. Calls of
// one GPU run one after another; a GPU whose call hangs is reported and blocks no other GPU.
//
// To be used from one thread at a time. Arguments and results of a call are copied or shared, because an abandoned call
// may still run.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/result.hpp"
#include "node/port.hpp"
#include "ops/instance_path.hpp"
#include "ops/worker.hpp"

namespace gpuslice::ops {

class Workers {
 public:
  using Clock = std::chrono::steady_clock;
  using Patience = std::chrono::milliseconds;  // how long to wait for one result

  // `patience`: the default for calls that specify none.
  explicit Workers(Patience patience) : patience_(patience) {}
  Workers(std::shared_ptr<node::Node> node, Patience patience) : node_(std::move(node)), patience_(patience) {}
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  // Waits for every running call (see ~Worker), then releases the node.
  ~Workers() = default;

  [[nodiscard]] Patience patience() const { return patience_; }

  // Opens the node, which is a driver call too. Errors: those of `opener`, and unknown when it hangs.
  [[nodiscard]] Result<void> open(std::function<Result<std::unique_ptr<node::Node>>()> opener);

  // A result that is not available yet.
  template <class T>
  class Pending {
   public:
    // Errors: those of the call; unknown when there is no result in time, or when an earlier call of the same worker
    // has not returned; io when no thread could be created.
    [[nodiscard]] Result<T> get() {
      GPUSLICE_CHECK(ended(ticket_.wait(until_), about_, patience_));
      return std::move(**result_);
    }

   private:
    friend class Workers;
    Pending(Worker::Ticket ticket, std::shared_ptr<std::optional<Result<T>>> result, Clock::time_point until,
            std::string about, Patience patience)
        : ticket_(std::move(ticket)),
          result_(std::move(result)),
          until_(until),
          about_(std::move(about)),
          patience_(patience) {}
    Worker::Ticket ticket_;
    std::shared_ptr<std::optional<Result<T>>> result_;
    Clock::time_point until_;
    std::string about_;
    Patience patience_;
  };

  // `call` takes a node::Node& and returns a Result<T>. Calls of several GPUs run at the same time.
  template <class Call>
  [[nodiscard]] auto begin(GpuIndex gpu, Call call) {
    return hand_over(of(gpu), gpu_text(gpu), patience_, std::move(call));
  }
  template <class Call>
  [[nodiscard]] auto on(GpuIndex gpu, Patience patience, Call call) {
    return hand_over(of(gpu), gpu_text(gpu), patience, std::move(call)).get();
  }
  template <class Call>
  [[nodiscard]] auto on(GpuIndex gpu, Call call) {
    return on(gpu, patience_, std::move(call));
  }
  template <class Call>
  [[nodiscard]] auto on_node(Call call) {
    return hand_over(whole_, "node", patience_, std::move(call)).get();
  }

  // Releases the node. This is a driver call too, so the wait is limited in the same way. No call may follow.
  void close();

  // Whether an abandoned call, of that GPU or of any worker, has not returned yet.
  [[nodiscard]] bool hung(GpuIndex gpu) const;
  [[nodiscard]] bool any_hung() const;

 private:
  template <class Call>
  [[nodiscard]] auto hand_over(Worker& worker, std::string about, Patience patience, Call call) {
    using Answer = std::invoke_result_t<Call, node::Node&>;
    using T = typename Answer::value_type;
    auto result = std::make_shared<std::optional<Answer>>();
    auto ticket = worker.begin([result, about, node = node_, call = std::move(call)]() mutable {
      try {
        result->emplace(call(*node));
      } catch (const std::exception& thrown) {  // out of memory
        result->emplace(fail(ErrorKind::io, about, thrown.what()));
      }
    });
    return Pending<T>(std::move(ticket), std::move(result), Clock::now() + patience, std::move(about), patience);
  }
  [[nodiscard]] Worker& of(GpuIndex gpu);
  [[nodiscard]] static Result<void> ended(Worker::End end, const std::string& about, Patience patience);

  std::shared_ptr<node::Node> node_;  // declared first, so that it is destroyed after the workers
  Patience patience_;
  std::map<GpuIndex, Worker> gpus_;
  Worker whole_;
};

}  // namespace gpuslice::ops
