#include "store/transaction.hpp"

#include "store/document.hpp"
#include "store/json_fields.hpp"
#include "store/unknown_keys.hpp"

namespace gpuslice::store {
namespace {

const char* word(Outcome outcome) {
  switch (outcome) {
    case Outcome::open:
      return "open";
    case Outcome::done:
      return "done";
    case Outcome::undone:
      return "undone";
  }
  return "open";
}

// Reads a document named `name` into `value`.
template <class T>
Result<T> read(const std::string& text, const std::string& source, const char* name) {
  const auto document = GPUSLICE_TRY(read_document(name, text, source));
  try {
    T value;
    from_json_value(document, "", value, Unknown::left);
    value.origin = document.dump();
    return value;
  } catch (const Bad& bad) {
    return fail(ErrorKind::damaged, source, bad.where + " " + bad.what);
  } catch (const nlohmann::json::exception& thrown) {
    return fail(ErrorKind::damaged, source, not_json(thrown));
  }
}
template <class T>
std::string write(const T& value, const char* name, int indent) {
  ordered_json body;
  to_json_value(body, value);
  if (!value.origin.empty()) {
    const auto before = ordered_json::parse(value.origin);
    T read;
    from_json_value(before, "", read, Unknown::left);
    ordered_json understood;
    to_json_value(understood, read);
    keep_unknown(before, understood, body);
  }
  return write_document(name, body, indent);
}

constexpr const char* transaction_format = "gpuslice.transaction";
constexpr const char* names_format = "gpuslice.names";

}  // namespace

template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, model::GiSeat>
void describe(V& v, T& s) {
  v("profile", s.profile);
  v("placement", s.placement);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, model::CiSeat>
void describe(V& v, T& s) {
  v("parent", s.parent);
  v("profile", s.profile);
  v("placement", s.placement);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, StepRecord>
void describe(V& v, T& s) {
  v("kind", s.kind);
  v("text", s.text);
  v("name", s.name);
  v("gpu_instance", s.gi);
  v("compute_instance", s.ci);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, CiProfileName>
void describe(V& v, T& n) {
  v("profile", n.profile);
  v("name", n.name);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, GiProfileName>
void describe(V& v, T& n) {
  v("profile", n.profile);
  v("name", n.name);
  v("compute", n.compute);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, GpuRecord>
void describe(V& v, T& g) {
  v("uuid", g.uuid);
  v("index", g.index);
  v("before", g.before);
  v("after", g.after);
  v("made_before", g.made_before);
  v("made_after", g.made_after);
  v("steps", g.steps);
  v("profiles", g.profiles);
  v("devices_before", g.devices_before);
  v("devices_after", g.devices_after);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, Transaction>
void describe(V& v, T& t) {
  v("number", t.number);
  v("verb", t.verb);
  v("user", t.user);
  v("started", t.started);
  v("digest", t.digest);
  if constexpr (std::is_const_v<T>) {
    v("outcome", std::string(word(t.outcome)));
  } else {
    std::string outcome;
    v("outcome", outcome);
    t.outcome = outcome == "done" ? Outcome::done : outcome == "undone" ? Outcome::undone : Outcome::open;
  }
  v("undoes", t.undoes);
  v("gpus", t.gpus);
  v("stopped", t.stopped);
  v("afterwards", t.afterwards);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, Names::OfGpu>
void describe(V& v, T& n) {
  v("uuid", n.uuid);
  v("made", n.made);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, Names>
void describe(V& v, T& n) {
  v("gpus", n.gpus);
}

bool can_be_undone(const Transaction& transaction) {
  return transaction.outcome == Outcome::done && transaction.verb != "undo" && transaction.verb != restore_verb;
}

std::string write_transaction(const Transaction& transaction) { return write(transaction, transaction_format, -1); }
Result<Transaction> read_transaction(const std::string& text, const std::string& source) {
  return read<Transaction>(text, source, transaction_format);
}

const std::vector<model::NamedGi>& Names::of(const std::string& uuid) const {
  static const std::vector<model::NamedGi> none;
  for (const auto& gpu : gpus)
    if (gpu.uuid == uuid) return gpu.made;
  return none;
}
void Names::set(const std::string& uuid, std::vector<model::NamedGi> made) {
  for (auto& gpu : gpus)
    if (gpu.uuid == uuid) {
      gpu.made = std::move(made);
      return;
    }
  gpus.push_back({uuid, std::move(made)});
}
std::string write_names(const Names& names) { return write(names, names_format, 2) + "\n"; }
Result<Names> read_names(const std::string& text, const std::string& source) {
  return read<Names>(text, source, names_format);
}

}  // namespace gpuslice::store
