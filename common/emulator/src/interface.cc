#include "interface.h"

#include <dlfcn.h>

#include <cstdio>

#include "machine.h"

namespace cuda_emulator {
namespace {

// Of this module: its path, and where it begins in memory.
Dl_info Module() {
  Dl_info module = {};
  dladdr(reinterpret_cast<void *>(&Module), &module);
  return module;
}

std::string Quote(const std::string &text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < ' ') {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
      quoted += escaped;
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

// JSON, piece by piece: Field("a", 1).Field("b", "x").Text() is {"a": 1, "b": "x"}.
class Object {
 public:
  Object &Raw(const char *name, const std::string &value) {
    text_ += (text_.empty() ? "{\"" : ", \"") + std::string(name) + "\": " + value;
    return *this;
  }
  Object &Field(const char *name, const std::string &value) {
    return Raw(name, Quote(value));
  }
  Object &Field(const char *name, std::uint64_t value) {
    return Raw(name, std::to_string(value));
  }
  Object &Flag(const char *name, bool value) {
    return Raw(name, value ? "true" : "false");
  }
  std::string Text() const { return text_.empty() ? "{}" : text_ + "}"; }

 private:
  std::string text_;
};

// A list of what one function makes of each element.
template <typename List, typename F>
std::string Join(const List &list, F text) {
  std::string joined;
  for (const auto &each : list) joined += (joined.empty() ? "" : ", ") + text(each);
  return "[" + joined + "]";
}

// The offset of a place in this module's file; of another module's place, null.
std::string Offset(Place place) {
  Dl_info at = {};
  const Dl_info module = Module();
  if (place == 0 || dladdr(reinterpret_cast<void *>(place), &at) == 0) return "null";
  if (at.dli_fbase != module.dli_fbase) return "null";
  return std::to_string(place - reinterpret_cast<std::uintptr_t>(module.dli_fbase));
}

std::string Text(const Index3 &i) {
  return "[" + std::to_string(i.x) + ", " + std::to_string(i.y) + ", " +
         std::to_string(i.z) + "]";
}

std::string Text(const Witness &witness) {
  Object object;
  object.Flag("device", witness.device).Raw("place", Offset(witness.place));
  if (witness.device)
    object.Raw("block", Text(witness.block)).Raw("thread", Text(witness.thread));
  return object.Text();
}

std::string Text(const Finding &finding) {
  Object object;
  object.Field("kind", finding.kind).Field("text", finding.text);
  object.Field("kernel", finding.kernel).Field("times", finding.times);
  object.Flag("fatal", finding.fatal).Field("address", finding.address);
  object.Raw("now", Text(finding.now));
  if (finding.before.place != 0) object.Raw("before", Text(finding.before));
  return object.Text();
}

}  // namespace

std::string TakeFindings() {
  return Join(Machine::Get().Found().Take(),
              [](const Finding &each) { return Text(each); });
}

std::string Counts() { return "[]"; }

bool Configure(const std::string &order, std::uint64_t seed, bool) {
  Machine &machine = Machine::Get();
  machine.seed = seed;
  if (order == "forward")
    machine.order = Order::kForward;
  else if (order == "reversed")
    machine.order = Order::kReversed;
  else if (order == "shuffled")
    machine.order = Order::kShuffled;
  else
    return false;
  return true;
}

std::string Leaks() {
  std::string leaks;
  for (const auto &[begin, region] : Machine::Get().Device().All()) {
    if (!region->live) continue;
    Object object;
    object.Field("name", region->name).Field("size", region->size);
    object.Raw("made", Offset(region->made));
    leaks += (leaks.empty() ? "" : ", ") + object.Text();
  }
  return "[" + leaks + "]";
}

std::string ModulePath() { return Module().dli_fname; }

}  // namespace cuda_emulator

// The same for a library that Python's ctypes loads: each returns a text that is valid
// until the next call.
#define EXPORTED extern "C" __attribute__((visibility("default")))
namespace {

const char *Keep(std::string text) {
  static std::string kept;
  kept = std::move(text);
  return kept.c_str();
}

}  // namespace

EXPORTED const char *cuda_emulator_findings() {
  return Keep(cuda_emulator::TakeFindings());
}
EXPORTED const char *cuda_emulator_counts() { return Keep(cuda_emulator::Counts()); }
EXPORTED const char *cuda_emulator_leaks() { return Keep(cuda_emulator::Leaks()); }
EXPORTED const char *cuda_emulator_module() {
  return Keep(cuda_emulator::ModulePath());
}
EXPORTED int cuda_emulator_configure(const char *order, std::uint64_t seed,
                                     int counting) {
  return cuda_emulator::Configure(order, seed, counting != 0);
}
