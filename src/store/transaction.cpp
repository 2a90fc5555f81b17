#include "store/transaction.hpp"

#include "store/json_fields.hpp"

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

// Reads a document of `format_name` into `value`.
template <class T>
Result<T> read(const std::string& text, const std::string& source, const char* format_name) {
  try {
    auto document = ordered_json::parse(text);
    if (!document.is_object() || document.value("version", "") != format_name)
      return fail(ErrorKind::damaged, source, std::string("is no ") + format_name);
    document.erase("version");
    T value;
    from_json_value(document, "", value);
    return value;
  } catch (const Bad& bad) {
    return fail(ErrorKind::damaged, source, bad.where + " " + bad.what);
  } catch (const nlohmann::json::exception& thrown) {
    return fail(ErrorKind::damaged, source, std::string("is not JSON: ") + thrown.what());
  }
}
template <class T>
std::string write(const T& value, const char* format_name, int indent) {
  ordered_json document = {{"version", format_name}};
  ordered_json body;
  to_json_value(body, value);
  document.update(body);
  return document.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

constexpr const char* transaction_format = "gpuslice.transaction/v1";
constexpr const char* names_format = "gpuslice.names/v1";

}  // namespace

template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, GpuRecord>
void describe(V& v, T& g) {
  v("uuid", g.uuid);
  v("index", g.index);
  v("before", g.before);
  v("after", g.after);
  v("made_before", g.made_before);
  v("made_after", g.made_after);
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
