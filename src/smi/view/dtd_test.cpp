// The output of -q -x must be valid according to the document type definition that --dtd prints.
#include <map>
#include <regex>
#include <sstream>

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "smi/testing/recorded_gpu.hpp"
#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

// The content models of a DTD, as regular expressions over ",name" for each child; mixed content may contain text.
class Dtd {
 public:
  explicit Dtd(const std::string& text) {
    static const std::regex element("<!ELEMENT (\\S+) ([^>]*)>");
    for (auto at = std::sregex_iterator(text.begin(), text.end(), element); at != std::sregex_iterator(); ++at) {
      const auto name = (*at)[1].str();
      EXPECT_FALSE(models_.contains(name)) << name << " is defined twice";
      models_[name] = (*at)[2].str();
    }
  }
  [[nodiscard]] bool defines(const std::string& name) const { return models_.contains(name); }
  [[nodiscard]] std::size_t size() const { return models_.size(); }

  void check(const std::string& name, const std::vector<std::string>& children, bool has_text) const {
    ASSERT_TRUE(defines(name)) << name;
    const auto& model = models_.at(name);
    const bool mixed = model.find("#PCDATA") != std::string::npos;
    EXPECT_TRUE(mixed || !has_text) << name << " holds text";
    std::string all;
    for (const auto& child : children) all += "," + child;
    // (a, b?, c*) becomes (,a)(,b)?(,c)*; (#PCDATA | a | b)* becomes (,a|,b)*.
    std::string expression;
    if (mixed) {
      for (const auto& part : words_of(model))
        if (part != "#PCDATA") expression += (expression.empty() ? "," : "|,") + part;
      expression = expression.empty() ? "" : "(" + expression + ")*";
    } else {
      for (const auto& part : words_of(model)) {
        const auto mark = part.find_first_of("?*+");
        expression += "(," + part.substr(0, mark) + ")" + (mark == std::string::npos ? "" : part.substr(mark));
      }
    }
    EXPECT_TRUE(std::regex_match(all, std::regex(expression))) << name << ": " << all << " is not " << model;
  }

 private:
  static std::vector<std::string> words_of(const std::string& model) {
    static const std::regex word("[#A-Za-z0-9_]+[?*+]?");
    std::vector<std::string> words;
    for (auto at = std::sregex_iterator(model.begin(), model.end(), word); at != std::sregex_iterator(); ++at)
      words.push_back(at->str());
    return words;
  }
  std::map<std::string, std::string> models_;
};

// Validates every element of a document against the DTD; returns the number of elements.
std::size_t validate(const std::string& document, const Dtd& dtd) {
  struct Open {
    std::string name;
    std::vector<std::string> children;
    bool text{};
  };
  static const std::regex token("<(/?)([A-Za-z0-9_]+)[^>]*>|([^<]+)");
  std::vector<Open> open{{"", {}, false}};
  std::size_t elements = 0;
  const auto body = document.substr(document.find("<nvidia_smi_log>"));
  for (auto at = std::sregex_iterator(body.begin(), body.end(), token); at != std::sregex_iterator(); ++at) {
    if ((*at)[3].matched) {
      if ((*at)[3].str().find_first_not_of(" \t\n") != std::string::npos) open.back().text = true;
    } else if ((*at)[1].length() == 0) {
      open.back().children.push_back((*at)[2].str());
      open.push_back({(*at)[2].str(), {}, false});
      ++elements;
    } else {
      EXPECT_EQ(open.back().name, (*at)[2].str());
      dtd.check(open.back().name, open.back().children, open.back().text);
      open.pop_back();
    }
  }
  EXPECT_EQ(open.size(), 1U);
  return elements;
}

FakeNode with(FakeGpu gpu, const char* driver = "580.159.04") {
  FakeNode node;
  node.gpus = {std::move(gpu)};
  node.about.driver_version = driver;
  return node;
}
void put(FakeGpu& gpu, fields::Reading reading, std::uint64_t value) {
  gpu.readings.insert_or_assign(reading, fields::Value(value));
}

TEST(Dtd, HasTheElementsOfTheRecordedXml) {
  const Dtd dtd(run_smi(FakeNode{}, {"--dtd"}).out);
  EXPECT_EQ(validate(run_smi(with(recorded_gpu()), {"-q", "-x"}).out, dtd), 272U);
}

// These boards show, between them, every row that only some GPUs have.
TEST(Dtd, HoldsForOtherBoardsModesAndRefusals) {
  using enum fields::Reading;
  const Dtd dtd(run_smi(FakeNode{}, {"--dtd"}).out);
  const auto holds = [&](FakeGpu gpu) { return validate(run_smi(with(std::move(gpu)), {"-q", "-x"}).out, dtd); };
  for (const unsigned generation : {2U, 5U, 6U, 7U, 10U}) {
    auto gpu = recorded_gpu();
    put(gpu, architecture, generation);
    EXPECT_GT(holds(gpu), 250U) << generation;
  }
  EXPECT_GT(holds(FakeGpu{}), 200U) << "nearly all readings are refused";
  auto gpu = idle_gpu();
  gpu.readings.erase(temperature_margin);
  put(gpu, virtualization_mode, 3);
  put(gpu, fields::power_smoothing(251), 1);
  put(gpu, power_profiles_requested, 3);
  gpu.retired_corrected = {{0x1000, 5}};
  gpu.retired_uncorrected = std::vector<node::RetiredPage>{};
  gpu.processes = {{10, 1, "a<b>&\"c\"", 64ULL << 20, {}, {}}, {11, 2, "Xorg", {}, 1U, 0U}};
  gpu.accounted = {{10, 5U, 6U, 7ULL << 20, 8, true}};
  gpu.licensed = {{"NVIDIA Virtual Compute Server", true, "Permanent"}, {"Other", false, ""}};
  gpu.profiles = h200_profiles();
  gpu.mig = {true, true};
  gpu.instances = {{{mig::GiId{2}, mig::GiProfileId{5}, 0, 4}, {{{mig::CiId{0}, mig::CiProfileId{3}, 0, 4}}}}};
  const auto ran = run_smi(with(gpu), {"-q", "-x"}).out;
  EXPECT_GT(validate(ran, dtd), 500U);
  EXPECT_NE(ran.find("<process_name>a&lt;b&gt;&amp;&quot;c&quot;</process_name>"), std::string::npos);
  EXPECT_NE(ran.find("<multiprocessor_count>64</multiprocessor_count>"), std::string::npos);
}

TEST(Dtd, OfOlderDriversMatchesTheirXml) {
  for (const char* driver : {"510.47.03", "535.129.03", "545.23.08", "560.35.03", "570.124.06"}) {
    const auto document = run_smi(with(recorded_gpu(), driver), {"-q", "-x", "--dtd"}).out;
    const auto dtd_end = document.find("]>");
    ASSERT_NE(dtd_end, std::string::npos);
    EXPECT_GT(validate(document, Dtd(document.substr(0, dtd_end))), 180U) << driver;
  }
}

TEST(Dtd, IsTheSameEmbeddedAndAlone) {
  const auto alone = run_smi(FakeNode{}, {"--dtd"}).out;
  const auto document = run_smi(with(recorded_gpu()), {"-q", "-x", "--dtd"}).out;
  EXPECT_TRUE(document.starts_with("<?xml version=\"1.0\" ?>\n<!DOCTYPE nvidia_smi_log [\n" + alone +
                                   "]>\n<nvidia_smi_log>\n"));
  EXPECT_TRUE(run_smi(FakeNode{}, {"--dtd", "-u"}).out.starts_with("<!-- nvsmi_unit_v13.dtd -->\n"));
}

// Tests the checker itself: it must refuse invalid documents.
TEST(Dtd, TheCheckerRefusesInvalidDocuments) {
  const Dtd dtd("<!ELEMENT nvidia_smi_log (a, b?)>\n<!ELEMENT a (#PCDATA)>\n<!ELEMENT b (#PCDATA | a)*>\n");
  EXPECT_EQ(validate("<nvidia_smi_log><a>x</a><b>y<a></a></b></nvidia_smi_log>", dtd), 4U);
  EXPECT_NONFATAL_FAILURE(validate("<nvidia_smi_log><b></b></nvidia_smi_log>", dtd), "is not (a, b?)");
  EXPECT_NONFATAL_FAILURE(validate("<nvidia_smi_log><a></a>text</nvidia_smi_log>", dtd), "holds text");
}

}  // namespace
}  // namespace gpuslice::smi::testing
