#include "interface.h"

#include <dlfcn.h>

#include <cstdio>

#include "copies.h"
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
  Object &Signed(const char *name, std::int64_t value) {
    return Raw(name, std::to_string(value));
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

std::string Numbers(const std::vector<std::size_t> &numbers) {
  return Join(numbers, [](std::size_t each) { return std::to_string(each); });
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

std::string Text(const Access &access) {
  if (access.size == 0) return "null";
  Object object;
  object.Field("size", access.size).Flag("write", access.write);
  return object.Flag("atomic", access.atomic).Text();
}

std::string Text(const Array &array) {
  if (array.space.empty()) return "null";
  Object object;
  object.Field("name", array.name).Field("space", array.space);
  object.Field("number", array.number).Field("size", array.size);
  object.Signed("offset", array.offset).Field("element", array.element);
  object.Raw("extents", Numbers(array.extents)).Field("argument", array.argument);
  return object.Raw("made", Offset(array.made)).Text();
}

std::string Text(const Finding &finding) {
  Object object;
  object.Field("kind", finding.kind).Field("text", finding.text);
  object.Field("kernel", finding.kernel).Field("times", finding.times);
  object.Flag("fatal", finding.fatal).Field("address", finding.address);
  object.Raw("now", Text(finding.now)).Raw("access", Text(finding.access));
  if (finding.before.place != 0 || finding.before.device)
    object.Raw("before", Text(finding.before));
  object.Raw("access_before", Text(finding.access_before));
  return object.Raw("array", Text(finding.array)).Text();
}

std::string Text(const Traffic &traffic) {
  Object object;
  object.Field("accesses", traffic.accesses).Field("requests", traffic.requests);
  object.Field("bytes", traffic.bytes).Field("sectors", traffic.sectors);
  object.Field("passes", traffic.passes);
  return object.Field("passes_at_best", traffic.passes_at_best).Text();
}

std::string Text(const Sample &sample) {
  Object object;
  object.Field("array", sample.array).Field("array_size", sample.array_size);
  object.Field("size", sample.size).Field("warp", sample.warp);
  object.Raw("lanes", Numbers({sample.lanes.begin(), sample.lanes.end()}));
  object.Raw("offsets", Numbers(sample.offsets));
  return object.Raw("block", Text(sample.block)).Text();
}

std::string Text(const CountedPlace &counted) {
  static const char *const acts[] = {"load", "store", "atomic"};
  Object object;
  object.Raw("place", Offset(counted.place)).Flag("shared", counted.shared);
  object.Field("act", std::string(acts[static_cast<int>(counted.act)]));
  object.Raw("traffic", Text(counted.traffic));
  return object.Raw("sample", Text(counted.sample)).Text();
}

std::string Text(const CountedKernel &counted) {
  Object object;
  object.Field("kernel", counted.kernel).Field("launches", counted.launches);
  object.Field("blocks", counted.blocks).Field("threads", counted.threads);
  object.Field("barriers", counted.barriers);
  const auto text = [](const CountedPlace &each) { return Text(each); };
  return object.Raw("places", Join(counted.places, text)).Text();
}

}  // namespace

std::string TakeFindings() {
  return Join(Machine::Get().Found().Take(),
              [](const Finding &each) { return Text(each); });
}

std::string Counts() {
  return Join(Machine::Get().Counts().Take(),
              [](const CountedKernel &each) { return Text(each); });
}

std::string Copies() {
  const Copied copied = TakeCopied();
  Object object;
  object.Field("to_device", copied.to_device).Field("to_host", copied.to_host);
  return object.Field("on_device", copied.on_device).Text();
}

bool Configure(const std::string &order, std::uint64_t seed, bool counting) {
  Machine &machine = Machine::Get();
  machine.Counts().on = counting;
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
    if (!region->live || region->number == 0) continue;
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
EXPORTED const char *cuda_emulator_copies() { return Keep(cuda_emulator::Copies()); }
EXPORTED const char *cuda_emulator_leaks() { return Keep(cuda_emulator::Leaks()); }
EXPORTED const char *cuda_emulator_module() {
  return Keep(cuda_emulator::ModulePath());
}
EXPORTED int cuda_emulator_configure(const char *order, std::uint64_t seed,
                                     int counting) {
  return cuda_emulator::Configure(order, seed, counting != 0);
}
