#include "cli/completion.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <utility>

#include "base/printable.hpp"
#include "cli/option_words.hpp"
#include "cli/terms.hpp"

namespace gpuslice::cli {
namespace {

using Pair = std::pair<std::string, std::string>;

// What a script knows. The key "COMMAND/WORD" is the command so far and the word after it; the program itself is the
// command "". A kind says which values are offered: "=a b" (one of these words), products, nodes, where (for --node),
// fields (comma separated), slices (names of instances of the node), files, commands, or nothing.
struct Knowledge {
  std::vector<Pair> steps;  // COMMAND/WORD -> the command that they name
  std::vector<Pair> kinds;  // COMMAND/--option or COMMAND/position (from 1) -> kind
  std::vector<std::pair<std::string, std::vector<Pair>>> words;  // COMMAND -> words that may follow, and meanings
  std::string products;                                          // separated by blanks
};

std::string kind_of(const CLI::Option& option) {
  if (const auto words = choices(option); !words.empty()) return fmt::format("={}", fmt::join(words, " "));
  static const std::map<std::string, std::string> by_usage = {
      {"--for PRODUCT", "products"}, {"--node NODE", "where"}, {"NODE", "nodes"},
      {"COMMAND", "commands"},       {"DIR", "files"},         {"--check FILE", "files"},
      {"--fields FIELDS", "fields"}, {"--out FILE", "files"},  {"--from FILE", "files"},
      {"PID|NAME", "slices"},        {"INSTANCE", "slices"}};
  if (const auto found = by_usage.find(usage_of(option)); found != by_usage.end()) return found->second;
  return usage_of(option).starts_with("--file ") ? "files" : "nothing";
}

// The topics of `gpuslice help`: commands and terms, and after the name of a command group its subcommands.
void collect_topics(const CLI::App& program, Knowledge& all) {
  std::vector<std::string> topics;
  for (const auto* command : subcommands(program)) {
    if (command->get_group().empty()) continue;
    const auto& name = command->get_name();
    topics.push_back(name);
    const auto subs = subcommands(*command);
    if (subs.empty()) continue;
    all.steps.emplace_back("help/" + name, "help " + name);
    std::vector<Pair> words;
    for (const auto* sub : subs) words.emplace_back(sub->get_name(), sub->get_description());
    all.words.emplace_back("help " + name, std::move(words));
  }
  topics.emplace_back("term");
  topics.emplace_back("terms");
  for (const auto& term : terms())
    // If a command and a term have the same name, the command is offered.
    if (auto word = term_word(term); std::find(topics.begin(), topics.end(), word) == topics.end())
      topics.push_back(std::move(word));
  all.kinds.emplace_back("help/1", fmt::format("={}", fmt::join(topics, " ")));
}

void collect(const CLI::App& app, const std::string& verb, Knowledge& all) {
  std::vector<Pair> words;
  for (const auto* sub : subcommands(app)) {
    if (sub->get_group().empty()) continue;  // hidden
    const auto path = verb.empty() ? sub->get_name() : verb + " " + sub->get_name();
    all.steps.emplace_back(verb + "/" + sub->get_name(), path);
    words.emplace_back(sub->get_name(), sub->get_description());
  }
  int place = 0;
  for (const auto* option : options(app)) {
    if (is_positional(*option) && usage_of(*option) == "TOPIC") continue;  // collect_topics() adds them
    if (is_positional(*option)) all.kinds.emplace_back(fmt::format("{}/{}", verb, ++place), kind_of(*option));
    for (const auto& name : spellings(*option)) {
      words.emplace_back(name, option->get_description());
      if (!value_word(*option).empty()) all.kinds.emplace_back(verb + "/" + name, kind_of(*option));
    }
  }
  all.words.emplace_back(verb, std::move(words));
  for (const auto* sub : subcommands(app))
    if (!sub->get_group().empty()) collect(*sub, verb.empty() ? sub->get_name() : verb + " " + sub->get_name(), all);
}

// Quotes for fish, in single quotes.
std::string fish(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// The part that bash and zsh share. Its functions set variables of their caller.
std::string sh_tables(const Knowledge& all) {
  std::string out = "_gpuslice_step() {\n  case \"$1/$2\" in\n";
  for (const auto& [key, verb] : all.steps)
    out += fmt::format("    {}) verb={} ;;\n", single_quoted(key), single_quoted(verb));
  out += "    *) return 1 ;;\n  esac\n}\n_gpuslice_kind() {\n  case \"$1/$2\" in\n";
  for (const auto& [key, kind] : all.kinds)
    out += fmt::format("    {}) kind={} ;;\n", single_quoted(key), single_quoted(kind));
  out += "    *) return 1 ;;\n  esac\n}\n_gpuslice_words() {\n  case \"$1\" in\n";
  for (const auto& [verb, words] : all.words) {
    out += fmt::format("    {})\n      printf '%s\\n'", single_quoted(verb));
    for (const auto& [word, help] : words) out += " \\\n        " + single_quoted(word + ":" + help);
    out += " ;;\n";
  }
  out += "  esac\n}\n";
  out += R"script(_gpuslice_nodes() { gpuslice sim list 2>/dev/null | awk 'NR > 1 { print $1 }'; }
_gpuslice_fields() { gpuslice query --list --output csv 2>/dev/null | awk -F, 'NR > 1 { print $1 }'; }
# The names of the instances of the node that the words before name.
_gpuslice_slices() {
  local word before=''
  local -a at
  at=()
  for word in "$@"; do
    if [[ $before == --node ]]; then at=(--node "$word"); fi
    if [[ $word == --node=* ]]; then at=("$word"); fi
    before="$word"
  done
  gpuslice "${at[@]}" list --timeout 2 --columns name --output csv 2>/dev/null | tr -d '\r' |
    awk 'NR > 1 && $1 != ""' | sort -u
}
# The words before the one to complete: which verb they make, what kind of value the next one is, which place it has.
_gpuslice_walk() {
  verb='' kind='' place=1
  local word
  for word in "$@"; do
    if [[ -n $kind ]]; then
      kind=''
    elif [[ $word == -- ]]; then
      kind=commands
    elif [[ $word == -* ]]; then
      _gpuslice_kind "$verb" "$word"
    elif ! _gpuslice_step "$verb" "$word"; then
      place=$((place + 1))
    fi
  done
}
)script";
  return out;
}

std::string bash_script(const Knowledge& all) {
  return "# Completion of gpuslice for bash: source it, or put it into "
         "/usr/share/bash-completion/completions/gpuslice.\n" +
         sh_tables(all) + fmt::format("_gpuslice_products={}\n", single_quoted(all.products)) + R"script(_gpuslice() {
  local verb kind place word piece joins='' i words=()
  COMPREPLY=()
  # bash breaks words at : and =, as in sim:NAME and --output=json; put them together again.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    piece="${COMP_WORDS[i]}"
    if [[ ${#words[@]} -gt 0 && ( -n $joins || $piece == [:=]* ) ]]; then
      words[-1]+="$piece"
    else
      words+=("$piece")
    fi
    if [[ $piece == *[:=] ]]; then joins=1; else joins=''; fi
  done
  local cur="${words[-1]}" typed
  _gpuslice_walk "${words[@]:0:${#words[@]}-1}"
  typed="$cur"
  if [[ -z $kind && $cur == --*=* ]]; then
    typed="${cur#*=}"
    _gpuslice_kind "$verb" "${cur%%=*}"
  elif [[ -z $kind && $cur != -* ]]; then
    _gpuslice_kind "$verb" "$place"
  fi
  local candidates=''
  case "$kind" in
    '')
      candidates="$(_gpuslice_words "$verb" | sed 's/:.*//')"
      # Options are offered for a dash, or where nothing else can follow.
      if [[ $cur != -* && -n $(grep -v '^-' <<<"$candidates") ]]; then
        candidates="$(grep -v '^-' <<<"$candidates")"
      fi
      ;;
    '='*) candidates="${kind#=}" ;;
    products) candidates="$_gpuslice_products" ;;
    nodes) candidates="$(_gpuslice_nodes)" ;;
    where) candidates="local $(_gpuslice_nodes | sed 's/^/sim:/')" ;;
    fields) candidates="$(_gpuslice_fields | sed "s/^/${typed%"${typed##*,}"}/")" ;;
    slices) candidates="$(_gpuslice_slices "${words[@]:0:${#words[@]}-1}")" ;;
    commands) candidates="$(compgen -c -- "$typed")" ;;
    files) return ;; # readline completes file names
    *) compopt +o default 2>/dev/null; return ;;
  esac
  # readline replaces the last piece only.
  local before='' strip='' one
  piece="${COMP_WORDS[COMP_CWORD]}"
  if [[ $piece == "$cur" ]]; then before="${cur%"$typed"}"; else
    [[ $piece == [:=] ]] && piece=''
    strip="${typed%"$piece"}"
  fi
  for one in $(compgen -W "$candidates" -- "$typed"); do COMPREPLY+=("$before${one#"$strip"}"); done
}
complete -o default -F _gpuslice gpuslice
)script";
}

std::string zsh_script(const Knowledge& all) {
  return "#compdef gpuslice\n# Completion of gpuslice for zsh: source it, or put it as _gpuslice into a directory of "
         "$fpath.\n" +
         sh_tables(all) + fmt::format("_gpuslice_products={}\n", single_quoted(all.products)) + R"script(_gpuslice() {
  local verb kind place
  local -a lines others
  _gpuslice_walk "${(@)words[2,CURRENT-1]}"
  if [[ -z $kind && $PREFIX == --*=* ]]; then
    _gpuslice_kind "$verb" "${PREFIX%%=*}"
    compset -P 1 '*='
  elif [[ -z $kind && $PREFIX != -* ]]; then
    _gpuslice_kind "$verb" "$place"
  fi
  case "$kind" in
    '')
      lines=("${(@f)$(_gpuslice_words "$verb")}")
      others=("${(@)lines:#-*}")
      if [[ $PREFIX != -* && -n "${others[1]-}" ]]; then
        _describe -t verbs 'verb' others
      else
        lines=("${(@M)lines:#-*}")
        _describe -o -t options 'option' lines
      fi
      ;;
    '='*) compadd -- ${=kind#=} ;;
    products) compadd -- ${=_gpuslice_products} ;;
    nodes) compadd -- ${(f)"$(_gpuslice_nodes)"} ;;
    where) compadd -- local sim:${^${(f)"$(_gpuslice_nodes)"}} ;;
    fields) compset -P '*,'; compadd -- ${(f)"$(_gpuslice_fields)"} ;;
    slices) compadd -- ${(f)"$(_gpuslice_slices "${(@)words[2,CURRENT-1]}")"} ;;
    files) _files ;;
    commands) _command_names ;;
    *) _message 'value' ;;
  esac
}
if [[ "${funcstack[1]-}" == _gpuslice ]]; then _gpuslice "$@"; else compdef _gpuslice gpuslice; fi
)script";
}

std::string fish_script(const Knowledge& all) {
  std::string out =
      "# Completion of gpuslice for fish: source it, or put it into ~/.config/fish/completions/gpuslice.fish.\n"
      "function __gpuslice_step --no-scope-shadowing\n    switch \"$argv[1]/$argv[2]\"\n";
  for (const auto& [key, verb] : all.steps)
    out += fmt::format("        case {}\n            set verb {}\n            return 0\n", fish(key), fish(verb));
  out +=
      "        case '*'\n            return 1\n    end\nend\nfunction __gpuslice_kind --no-scope-shadowing\n    switch "
      "\"$argv[1]/$argv[2]\"\n";
  for (const auto& [key, kind] : all.kinds)
    out += fmt::format("        case {}\n            set kind {}\n", fish(key), fish(kind));
  out += "    end\nend\nfunction __gpuslice_words\n    switch \"$argv[1]\"\n";
  for (const auto& [verb, words] : all.words) {
    out += fmt::format("        case {}\n            printf '%s\\t%s\\n'", fish(verb));
    for (const auto& [word, help] : words) out += fmt::format(" \\\n                {} {}", fish(word), fish(help));
    out += "\n";
  }
  out += "    end\nend\n";
  return out + fmt::format("set -g __gpuslice_products {}\n", all.products) + R"script(function __gpuslice_nodes
    gpuslice sim list 2>/dev/null | awk 'NR > 1 { print $1 }'
end
function __gpuslice_fields
    gpuslice query --list --output csv 2>/dev/null | awk -F, 'NR > 1 { print $1 }'
end
function __gpuslice_slices
    set -l at
    set -l before ''
    for word in $argv
        test "$before" = --node; and set at --node $word
        string match -q -- '--node=*' "$word"; and set at $word
        set before $word
    end
    gpuslice $at list --timeout 2 --columns name --output csv 2>/dev/null | tr -d '\r' |
        awk 'NR > 1 && $1 != ""' | sort -u
end
function __gpuslice_complete
    set -l verb ''
    set -l kind ''
    set -l place 1
    set -l tokens (commandline -opc)
    for word in $tokens[2..-1]
        if test -n "$kind"
            set kind ''
        else if test "$word" = --
            set kind commands
        else if string match -q -- '-*' "$word"
            __gpuslice_kind "$verb" "$word"
        else if not __gpuslice_step "$verb" "$word"
            set place (math $place + 1)
        end
    end
    set -l cur (commandline -ct)
    set -l before ''
    if test -z "$kind"; and string match -q -- '--*=*' "$cur"
        set before (string replace -r '=.*' '=' -- "$cur")
        __gpuslice_kind "$verb" (string replace -r '=.*' '' -- "$cur")
    else if test -z "$kind"; and not string match -q -- '-*' "$cur"
        __gpuslice_kind "$verb" "$place"
    end
    switch "$kind"
        case ''
            __gpuslice_words "$verb"
        case '=*'
            printf '%s\n' $before(string split ' ' -- (string sub -s 2 -- "$kind"))
        case products
            printf '%s\n' $before$__gpuslice_products
        case nodes
            __gpuslice_nodes
        case where
            printf '%s\n' "$before"local $before"sim:"(__gpuslice_nodes)
        case fields
            set -l typed (string replace -r '^--[^=]*=' '' -- "$cur")
            printf '%s\n' $before(string replace -r '[^,]*$' '' -- "$typed")(__gpuslice_fields)
        case slices
            __gpuslice_slices $tokens[2..-1]
        case files
            __fish_complete_path "$cur"
        case commands
            complete -C "$cur"
    end
end
complete -c gpuslice -f -a '(__gpuslice_complete)'
)script";
}

}  // namespace

std::string completion_script(const CLI::App& app, std::string_view shell, const std::vector<std::string>& products) {
  Knowledge all;
  collect(app, "", all);
  collect_topics(app, all);
  all.products = fmt::format("{}", fmt::join(products, " "));
  if (shell == "fish") return fish_script(all);
  return shell == "zsh" ? zsh_script(all) : bash_script(all);
}

}  // namespace gpuslice::cli
