// What the compiler calls, with -fsanitize=bounds, where an index lies outside of an array
// whose length the code tells: one that the access alone would not give away, because
// something else lies there, as the next row or the thread's other variables.

#include <cstdint>
#include <string>

#include "machine.h"

namespace {

// As the compiler lays them out.
struct Type {
  std::uint16_t kind,
      info;      // info: whether it has a sign, and twice the log of its bits
  char name[1];  // as 'float [4]'
};
struct Place {
  const char *file;
  std::uint32_t line, column;
};
struct OutOfBounds {
  Place place;
  const Type *array, *index;
};

// The index, which is handed over as it is, or by its address if it is longer.
std::string Text(const Type &type, std::uintptr_t index) {
  const unsigned bits = 1u << (type.info >> 1);
  if (bits > 8 * sizeof index) return "an index";
  if (!(type.info & 1)) return "index " + std::to_string(index);
  const unsigned unused = 8 * sizeof index - bits;
  return "index " +
         std::to_string(static_cast<std::intptr_t>(index << unused) >> unused);
}

// 'float [4]', also where the compiler adds ' *' or what else is of no use here.
std::string Declared(const Type &type) {
  std::string name = type.name;
  const std::size_t last = name.rfind('\'');
  return last > 0 && name[0] == '\'' ? name.substr(1, last - 1) : name;
}

}  // namespace

extern "C" void __ubsan_handle_out_of_bounds(OutOfBounds *data, std::uintptr_t index) {
  auto &machine = cuda_emulator::Machine::Get();
  const auto place =
      reinterpret_cast<cuda_emulator::Place>(__builtin_return_address(0));
  cuda_emulator::Finding finding;
  finding.kind = "out of bounds";
  finding.text =
      Text(*data->index, index) + " of an array declared as " + Declared(*data->array);
  finding.now = machine.Here(place);
  if (machine.Running()) return machine.Fail(std::move(finding));
  machine.Found().Add(std::move(finding));
}
