// What cuda_runtime.h needs of the machine, for code that is compiled with its hooks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include "vector_types.h"

struct CUstream_st;

namespace cuda_emulator {

// Of the thread that runs. Values, not references: the hooks do not see them.
uint3 ThreadIndex();
uint3 BlockIndex();
dim3 BlockShape();
dim3 GridShape();

// -- shared memory ---------------------------------------------------------------------

// What the type of a shared array says.
struct ArrayType {
  std::size_t size, element, rank;
  const std::size_t *extents;
};

void *SharedArray(const void *key, const char *name, const ArrayType &type,
                  const void *declared);
void *DynamicShared();

template <typename T, std::size_t... I>
const std::size_t *Extents(std::index_sequence<I...>) {
  static constexpr std::size_t extents[] = {std::extent_v<T, I>..., 0};
  return extents;
}

// A shared array, by its type and the address of a variable that stands for it. It is
// called where the array is declared, and says so.
template <typename T>
__attribute__((noinline)) T &Shared(const void *key, const char *name) {
  constexpr std::size_t rank = std::rank_v<T>;
  static constexpr std::size_t element = sizeof(std::remove_all_extents_t<T>);
  const ArrayType type = {sizeof(T), element, rank,
                          Extents<T>(std::make_index_sequence<rank>())};
  return *static_cast<T *>(SharedArray(key, name, type, __builtin_return_address(0)));
}

// -- variables of the device -----------------------------------------------------------

// Makes a variable known as one of the device: `__device__ int x;` or `__constant__`.
class DeviceVariable {
 public:
  template <typename T>
  DeviceVariable(const T &variable, const char *name, bool constant)
      : DeviceVariable(&reinterpret_cast<const char &>(variable), sizeof variable,
                       sizeof(std::remove_all_extents_t<T>), name, constant) {}

 private:
  DeviceVariable(const void *address, std::size_t size, std::size_t element,
                 const char *name, bool constant);
};

// A variable, handed to the runtime by its name.
struct Symbol {
  template <typename T>
  Symbol(const T &variable) : address(&reinterpret_cast<const char &>(variable)) {}
  const void *address;
};

// Where an address is to be put, whatever it points to.
struct Slot {
  template <typename T>
  Slot(T **memory) : memory(reinterpret_cast<void **>(memory)) {}
  void **memory;
};

// -- launches --------------------------------------------------------------------------

// What stands between <<< and >>>. Not inline: who makes one is at the launch.
struct Configuration {
  Configuration(dim3 grid, dim3 block, std::size_t shared = 0,
                CUstream_st *stream = nullptr);
  dim3 grid, block;
  std::size_t shared;
  const void *place;
};

// What each thread calls, with its parameters; `pointers` of them are pointers.
struct Call {
  void (*body)(void *);
  void *parameters;
  std::size_t size;
  const void *const *pointers;
  std::size_t count;
};

void Run(const char *kernel, const Configuration &configuration, const Call &call);

// An argument, if it is a pointer: findings say which one points to an array.
template <typename T>
const void *AsPointer(const T &argument) {
  if constexpr (std::is_pointer_v<T>)
    return reinterpret_cast<const void *>(argument);
  else
    return nullptr;
}

// kernel<<<...>>>(arguments): each thread gets copies of the arguments.
template <typename Kernel>
class Launcher {
 public:
  Launcher(const char *name, const Configuration &configuration, Kernel kernel)
      : name_(name), configuration_(configuration), kernel_(std::move(kernel)) {}

  template <typename... Arguments>
  void operator()(Arguments... arguments) const {
    using All = std::pair<Kernel, std::tuple<Arguments...>>;
    const void *pointers[] = {AsPointer(arguments)..., nullptr};
    All all{kernel_, {std::move(arguments)...}};
    const auto body = [](void *parameters) {
      const All &all = *static_cast<const All *>(parameters);
      CallWith(all.first, all.second, std::index_sequence_for<Arguments...>());
    };
    Run(name_, configuration_,
        {body, &all, sizeof all, pointers, sizeof...(Arguments)});
  }

 private:
  // Not std::apply: what the compiler has to say of arguments would become a page.
  template <typename All, std::size_t... I>
  static void CallWith(const Kernel &kernel, const All &arguments,
                       std::index_sequence<I...>) {
    kernel(std::get<I>(arguments)...);
  }

  const char *name_;
  Configuration configuration_;
  Kernel kernel_;
};

template <typename Kernel>
Launcher<Kernel> Launch(const char *name, Kernel kernel,
                        const Configuration &configuration) {
  return {name, configuration, std::move(kernel)};
}

}  // namespace cuda_emulator
