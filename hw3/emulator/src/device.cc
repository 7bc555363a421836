// The language of kernels: where a thread is, barriers and fences.

#include <cstdio>
#include <cstdlib>
#include <string>

#include "cuda_runtime.h"
#include "machine.h"

#undef threadIdx
#undef blockIdx
#undef blockDim
#undef gridDim

#define HERE reinterpret_cast<Place>(__builtin_return_address(0))

namespace cuda_emulator {
namespace {

Machine &M() { return Machine::Get(); }

int Meet(int predicate, int line, const char *file, Place place) {
  return M().Barrier({file, line}, predicate, place);
}

Finding Ending(const char *kind, std::string text, Place place) {
  Finding finding;
  finding.kind = kind;
  finding.text = std::move(text);
  finding.now = M().Here(place);
  return finding;
}

}  // namespace

uint3 ThreadIndex() {
  const Index3 &i = M().Current().index;
  return {i.x, i.y, i.z};
}
uint3 BlockIndex() {
  const Index3 i = M().BlockIndex();
  return {i.x, i.y, i.z};
}
dim3 BlockShape() {
  const Index3 &n = M().CurrentShape().block;
  return {n.x, n.y, n.z};
}
dim3 GridShape() {
  const Index3 &n = M().CurrentShape().grid;
  return {n.x, n.y, n.z};
}

void *SharedArray(const void *key, const char *name, const ArrayType &type,
                  const void *declared) {
  return M().SharedArray(key, name, type, reinterpret_cast<Place>(declared));
}
void *DynamicShared() { return M().DynamicShared(HERE); }

}  // namespace cuda_emulator

using namespace cuda_emulator;

void __syncthreads(int line, const char *file) { Meet(0, line, file, HERE); }
int __syncthreads_count(int predicate, int line, const char *file) {
  return Meet(predicate, line, file, HERE);
}
int __syncthreads_and(int predicate, int line, const char *file) {
  return Meet(predicate, line, file, HERE) == M().BarrierSize();
}
int __syncthreads_or(int predicate, int line, const char *file) {
  return Meet(predicate, line, file, HERE) != 0;
}

void __threadfence() { M().MakeFence(true); }
void __threadfence_block() { M().MakeFence(false); }
void __threadfence_system() { M().MakeFence(true); }
void __nanosleep(unsigned) { M().LetOthersRun(); }

void __trap() {
  M().Fail(Ending("trap", "the kernel has called __trap()", HERE));
  std::abort();  // not in a kernel
}

// What assert() calls: in a kernel it ends the launch, on the host the process, as ever.
extern "C" void __assert_fail(const char *condition, const char *file, unsigned line,
                              const char *function) noexcept {
  if (M().Running())
    M().Fail(Ending("assertion failed",
                    std::string("assert(") + condition + ") does not hold", HERE));
  std::fprintf(stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line, function,
               condition);
  std::abort();
}
