// What cuda_runtime.h needs of the machine, for code that is compiled with its hooks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include "vector_types.h"

namespace cuda_emulator {

struct Where {
  uint3 thread, block;
  dim3 block_shape, grid_shape;
};

// Of the thread that runs. Values, not references: the hooks do not see them.
uint3 ThreadIndex();
uint3 BlockIndex();
dim3 BlockShape();
dim3 GridShape();

void Barrier();
void *SharedArray(const void *key, const char *name, std::size_t size);
void *DynamicShared();

// Note an atomic access. The operation itself is one: no other thread runs meanwhile.
void Atomic(void *address, std::size_t size);
// Give others a chance: of threads that wait for each other by atomics.
void LetOthersRun();

// The values that the lanes of a mask hand in, when all have come.
const std::uint64_t *Meet(unsigned operation, unsigned mask, std::uint64_t value);
unsigned Lane();

struct Configuration {
  Configuration(dim3 grid, dim3 block, std::size_t shared = 0, const void * = nullptr)
      : grid(grid), block(block), shared(shared) {}
  dim3 grid, block;
  std::size_t shared;
};

// Call body(parameters) once for each thread. Threads may read `size` bytes there.
void Run(const char *kernel, const Configuration &configuration, void (*body)(void *),
         void *parameters, std::size_t size);

// kernel<<<...>>>(arguments): each thread gets copies of the arguments.
template <typename Kernel>
class Launcher {
 public:
  Launcher(const char *name, const Configuration &configuration, Kernel kernel)
      : name_(name), configuration_(configuration), kernel_(std::move(kernel)) {}

  template <typename... Arguments>
  void operator()(Arguments... arguments) const {
    using Call = std::pair<Kernel, std::tuple<Arguments...>>;
    Call call{kernel_, {std::move(arguments)...}};
    Run(
        name_, configuration_,
        [](void *parameters) {
          const Call &call = *static_cast<const Call *>(parameters);
          std::apply(call.first, call.second);
        },
        &call, sizeof call);
  }

 private:
  const char *name_;
  Configuration configuration_;
  Kernel kernel_;
};

template <typename Kernel>
Launcher<Kernel> Launch(const char *name, Kernel kernel,
                        const Configuration &configuration) {
  return {name, configuration, std::move(kernel)};
}

// A shared array, by its type and the address of a variable that stands for it.
template <typename T>
T &Shared(const void *key, const char *name) {
  return *static_cast<T *>(SharedArray(key, name, sizeof(T)));
}

}  // namespace cuda_emulator
