// Who calls the driver of a node: one worker for each GPU, and one for what concerns the node as a whole, own its port.
// Calls of one GPU come one after another; a GPU whose call hangs is reported and holds up no other.
//
// Used from one thread at a time. What a call is given and gives back is copied or shared: a call that was given up on
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
  using Patience = std::chrono::milliseconds;  // how long to wait for one answer

  // `patience`: for calls that are not given one of their own.
  explicit Workers(Patience patience) : patience_(patience) {}
  Workers(std::shared_ptr<node::Node> node, Patience patience) : node_(std::move(node)), patience_(patience) {}
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  // Waits for every call under way (see ~Worker), and only then lets go of the node.
  ~Workers() = default;

  [[nodiscard]] Patience patience() const { return patience_; }

  // Opens the node, which is a call of the driver too. Errors: those of `opener`, unknown when it hangs.
  [[nodiscard]] Result<void> open(std::function<Result<std::unique_ptr<node::Node>>()> opener);

  // An answer that is awaited.
  template <class T>
  class Pending {
   public:
    // Errors: those of the call; unknown when there is no answer in time, or an earlier call of the same worker has not
    // come back; io when there is no thread.
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

  // `call` takes a node::Node& and gives a Result<T>. Those of several GPUs run at the same time.
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

  // Lets go of the node, which is a call of the driver too, and waits for that no longer than for any other. Nothing is
  // asked afterwards.
  void close();

  // Whether a call of that GPU, or any call, was given up on and has not come back.
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
      } catch (const std::exception& thrown) {  // no memory
        result->emplace(fail(ErrorKind::io, about, thrown.what()));
      }
    });
    return Pending<T>(std::move(ticket), std::move(result), Clock::now() + patience, std::move(about), patience);
  }
  [[nodiscard]] Worker& of(GpuIndex gpu);
  [[nodiscard]] static Result<void> ended(Worker::End end, const std::string& about, Patience patience);

  std::shared_ptr<node::Node> node_;  // goes after the workers
  Patience patience_;
  std::map<GpuIndex, Worker> gpus_;
  Worker whole_;
};

}  // namespace gpuslice::ops
