#include "ops/worker.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>

namespace gpuslice::ops {

struct Worker::Job {
  enum class State { queued, running, done, dropped };
  std::function<void()> call;
  std::shared_ptr<Shared> shared;
  State state{State::queued};  // this member and the next are protected by Shared::guard
  bool given_up{};
};

struct Worker::Shared {
  std::mutex guard;
  std::condition_variable changed;
  std::deque<std::shared_ptr<Job>> queue;
  std::shared_ptr<Job> running;
  bool closing{};

  [[nodiscard]] bool hung() const { return running != nullptr && running->given_up; }
};

Worker::Worker() : shared_(std::make_shared<Shared>()) {}

Worker::~Worker() {
  {
    const std::scoped_lock lock(shared_->guard);
    shared_->closing = true;
    shared_->queue.clear();
    shared_->changed.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Worker::work(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->guard);
  while (true) {
    shared->changed.wait(lock, [&] { return shared->closing || !shared->queue.empty(); });
    if (shared->queue.empty()) return;
    const auto job = std::move(shared->queue.front());
    shared->queue.pop_front();
    if (job->state == Job::State::dropped) continue;
    job->state = Job::State::running;
    shared->running = job;
    lock.unlock();
    job->call();
    job->call = nullptr;  // its captures are destroyed here, not while the program exits
    lock.lock();
    job->state = Job::State::done;
    shared->running = nullptr;
    shared->changed.notify_all();
  }
}

Worker::Ticket Worker::begin(std::function<void()> call) {
  auto job = std::make_shared<Job>();
  job->call = std::move(call);
  job->shared = shared_;
  if (!thread_.joinable()) try {
      thread_ = std::thread([shared = shared_] { work(shared); });
    } catch (const std::system_error&) {
      return Ticket(nullptr);
    }
  const std::scoped_lock lock(shared_->guard);
  shared_->queue.push_back(job);
  shared_->changed.notify_all();
  return Ticket(std::move(job));
}

bool Worker::hung() const {
  const std::scoped_lock lock(shared_->guard);
  return shared_->hung();
}

Worker::End Worker::Ticket::wait(std::chrono::steady_clock::time_point until) {
  if (job_ == nullptr) return End::no_thread;
  auto& shared = *job_->shared;
  std::unique_lock lock(shared.guard);
  const auto over = [&] {
    return job_->state == Job::State::done || (job_->state == Job::State::queued && shared.hung());
  };
  shared.changed.wait_until(lock, until, over);
  if (job_->state == Job::State::done) return End::done;
  if (job_->state == Job::State::queued) job_->state = Job::State::dropped;
  job_->given_up = true;
  shared.changed.notify_all();  // callers of queued calls stop waiting too
  return End::hung;
}

}  // namespace gpuslice::ops
