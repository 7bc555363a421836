// Each form of launch and of shared array, as test_translate_forms.py runs them: FORM is a
// function that fills out[0 ... n) with 1, 2, ..., n through what its name says.
// clang-format off
#include <cuda_runtime.h>
#include <vector>

#define FORM(name) extern "C" __attribute__((noinline)) void name(int *out, int n)

// Run a form with memory of the device; return what CUDA says of it.
extern "C" int run(void (*form)(int *, int), int *out, int n) {
  int *device;
  cudaMalloc(&device, n * sizeof(int));
  form(device, n);
  cudaMemcpy(out, device, n * sizeof(int), cudaMemcpyDeviceToHost);
  cudaFree(device);
  return cudaGetLastError();
}

__global__ void Plain(int *out) { out[threadIdx.x] = threadIdx.x + 1; }

template <typename T, int N = 1>
__global__ void Typed(T *out) { out[threadIdx.x] = threadIdx.x + N; }

template <typename A, typename B> struct Pair { A a; B b; };
template <typename P>
__global__ void Nested(int *out, P one) { out[threadIdx.x] = threadIdx.x + one.b.b; }

namespace space { namespace inner {
__global__ void Kernel(int *out) { out[threadIdx.x] = threadIdx.x + 1; }
template <bool more> __global__ void Choose(int *out) { out[threadIdx.x] = threadIdx.x + more; }
}}
struct Holder {
  static __global__ void Kernel(int *out) { out[threadIdx.x] = threadIdx.x + 1; }
  template <int N> static __global__ void Member(int *out) { out[threadIdx.x] = threadIdx.x + N; }
};

// Functions of math.h have no namespace, those that are macros in C included.
__global__ void Mathematics(int *out) {
  const float x = threadIdx.x, none = NAN;
  out[threadIdx.x] = x + (isnan(none) && isinf(INFINITY) && isfinite(x) && !signbit(x));
}
FORM(mathematics) { Mathematics<<<1, n>>>(out); }
FORM(plain) { Plain<<<1, n>>>(out); }
FORM(templates) { Typed<int, 1><<<1, n>>>(out); }
FORM(deduced) { Typed<<<1, n>>>(out); }
FORM(nested_templates) {
  Pair<int, Pair<int, int>> one{0, {0, 1}};
  Nested<Pair<int, Pair<int, int>>><<<1, n>>>(out, one);
}
FORM(shift_in_template) { Typed<int, (2 >> 1)><<<dim3(2 >> 1), n>>>(out); }
FORM(triple_bracket_elsewhere) {
  std::vector<Pair<int, Pair<int, int>>> all; Pair<int, Pair<int, Pair<int, int>>> *p = nullptr;
  (void)p; Plain<<<1, n>>>(out);
}
FORM(namespaces) { space::inner::Kernel<<<1, n>>>(out); }
FORM(from_the_root) { if (n) ::space::inner::Kernel<<<1, n>>>(out); else ::Plain<<<1, 1>>>(out); }
FORM(in_a_class) { Holder::Kernel<<<1, n>>>(out); }
FORM(member_template) { Holder::Member<1><<<1, n>>>(out); }
template <typename H> void Launch(int *out, int n) { H::template Member<1><<<1, n>>>(out); }
FORM(dependent_member_template) { Launch<Holder>(out, n); }
FORM(comparison_in_template) { space::inner::Choose<(1 < 2)><<<1, n>>>(out); }
FORM(pointer) { void (*kernel)(int *) = Plain; kernel<<<1, n>>>(out); }
FORM(pointer_of_an_array) { void (*table[])(int *) = {nullptr, Plain}; table[1]<<<1, n>>>(out); }
FORM(pointer_in_parentheses) { void (*kernel)(int *) = Plain; (*kernel)<<<1, n>>>(out); }
FORM(over_lines) {
  Plain   // the kernel
      <<<1 /* block */,
         n
      >>>
      (out);
}
FORM(with_comma) { Plain<<<1, n>>>(out), cudaGetLastError(); }
FORM(with_braces) { Plain<<<{1, 1, 1}, {unsigned(n), 1}>>>(out); }
FORM(with_stream) { cudaStream_t s; cudaStreamCreate(&s); Plain<<<1, n, 16, s>>>(out); cudaStreamDestroy(s); }
FORM(after_return) { return void(Plain<<<1, n>>>(out)); }
#define LAUNCH(kernel, blocks, ...) kernel<<<blocks, n>>>(__VA_ARGS__)
#define RUN(kernel)  \
  do {               \
    kernel<<<1, n>>> /* with out */ \
        (out);       \
  } while (0)
#define SIZES 1, n
FORM(in_a_macro) { LAUNCH(Plain, 1, out); }
FORM(in_a_macro_of_lines) { RUN(space::inner::Kernel); }
FORM(macro_in_launch) { Plain<<<SIZES>>>(out); }
#define DEFINE(name) \
  __global__ void name##Kernel(int *out) { out[threadIdx.x] = threadIdx.x + 1; } \
  void name##Run(int *out, int n) { name##Kernel<<<1, n>>>(out); }
DEFINE(Pasted)
FORM(pasted_in_a_macro) { PastedRun(out, n); }
__global__ void Maybe(int *out, const int *other) { out[threadIdx.x] = threadIdx.x + 1 + (other != NULL); }
FORM(null_pointer) { Maybe<<<1, n>>>(out, NULL); }
FORM(in_branches) {
#if 1
  Plain<<<1, n>>>(
#else
  Plain<<<2, n>>>(
#endif
      out);
}
FORM(left_out) {
#if 0
  It is <<< not a kernel; __shared__ int x = 3;
#if 1
#endif
  #error no
#else
  Plain<<<1, n>>>(out);
#endif
}
FORM(literals) {
  const char *text = "Plain<<<1, 2>>>(out) __shared__ \" // ", *raw = R"--(
    __shared__ int x = 3; Plain<<<1, n>>>(out); )" )--", letter = '"';
  const int many = 1'000'000;  // Plain<<<1, 2>>>(out) \
  Plain<<<3, 4>>>(nothing)
  Plain<<<1, many ? n : 0>>>(text && raw && letter ? out : nullptr);
}

// -- shared arrays: thread i writes, thread n - 1 - i reads

#define TURN(array, index)                                  \
  array[index(threadIdx.x)] = blockDim.x - threadIdx.x;     \
  __syncthreads();                                          \
  out[threadIdx.x] = array[index(blockDim.x - 1 - threadIdx.x)]
#define SHARED(name, kernel) \
  FORM(name) { kernel<<<1, n, 64 * sizeof(int)>>>(out); }

__global__ void Array(int *out) { __shared__ int a[64]; TURN(a, ); }
SHARED(shared_array, Array)
__global__ void Several(int *out) {
  __shared__ float a[2][4], b, c[3]; __shared__ int d[64];
  if (threadIdx.x == 0) { b = 1; a[0][1] = 2; c[0] = 3; }
  TURN(d, );
  if (b != 1 || a[0][1] != 2 || c[0] != 3 || sizeof a != 32) out[0] = -1;
}
SHARED(shared_several, Several)
__global__ void Aligned(int *out) {
  __shared__ __align__(16) int a[64]; __shared__ alignas(float4) int b[64]; alignas(16) __shared__ int c[64];
  TURN(a, );
  if ((unsigned long long)a % 16 || (unsigned long long)b % 16 || (unsigned long long)c % 16) out[0] = -1;
}
SHARED(shared_aligned, Aligned)
__global__ void Qualified(int *out) {
  volatile __shared__ int a[64]; __shared__ volatile int b; static __shared__ int c; int __shared__ d[2];
  __shared__ const int *pointer;
  if (threadIdx.x == 0) { b = 1; c = 2; d[1] = 3; pointer = &d[1]; }
  TURN(a, );
  if (b != 1 || c != 2 || *pointer != 3) out[0] = -1;
}
SHARED(shared_qualified, Qualified)
__global__ void Structs(int *out) {
  __shared__ struct { int value, other; } a[64];
  __shared__ Pair<int, Pair<int, float>> one;
  __shared__ struct Named { int x; } two;
  if (threadIdx.x == 0) { one.b.a = 1; two.x = 2; }
  a[threadIdx.x].value = blockDim.x - threadIdx.x;
  __syncthreads();
  out[threadIdx.x] = a[blockDim.x - 1 - threadIdx.x].value + one.b.a - 1 + two.x - 2;
}
SHARED(shared_structs, Structs)
template <typename T, int N>
__global__ void InTemplate(T *out) { __shared__ T a[N < 4 ? 4 : N], b[(N > 4)]; (void)b; TURN(a, ); }
FORM(shared_in_a_template) { InTemplate<int, 64><<<1, n>>>(out); }
__device__ int *Borrow() { __shared__ int a[64]; return a; }
__global__ void Borrows(int *out) { int *a = Borrow(); TURN(a, ); }
SHARED(shared_in_a_function, Borrows)
#define TILE(type, name) __shared__ type name[64]; __shared__ type name##_second[2]
__global__ void InMacro(int *out) { TILE(int, a); (void)a_second; TURN(a, ); }
SHARED(shared_in_a_macro, InMacro)

__global__ void Dynamic(int *out) { extern __shared__ int a[]; TURN(a, ); }
SHARED(dynamic, Dynamic)
template <typename T>
__global__ void DynamicTyped(T *out) { extern __shared__ __align__(sizeof(T)) T a[]; TURN(a, ); }
SHARED(dynamic_in_a_template, DynamicTyped)
__global__ void DynamicRows(int *out) {
  extern volatile __shared__ int a[][2];
  a[threadIdx.x / 2][threadIdx.x % 2] = blockDim.x - threadIdx.x;
  __syncthreads();
  const unsigned i = blockDim.x - 1 - threadIdx.x;
  out[threadIdx.x] = a[i / 2][i % 2];
}
SHARED(dynamic_rows, DynamicRows)
extern __shared__ unsigned char everywhere[];
__global__ void DynamicOutside(int *out) { int *a = (int *)everywhere; TURN(a, ); }
SHARED(dynamic_outside, DynamicOutside)
namespace space { extern __shared__ int numbers[]; }
__global__ void DynamicOfSpace(int *out) { TURN(space::numbers, ); }
SHARED(dynamic_of_a_namespace, DynamicOfSpace)
__global__ void DynamicCast(int *out) { int *a = reinterpret_cast<int *>(everywhere) + 0; TURN(a, ); }
SHARED(dynamic_cast_to_another, DynamicCast)
#include "part.cuh"
SHARED(in_a_header, InHeader)

// -- variables of the device

__device__ int one = 1, zeros[4], *never;
static __device__ int counter;
__constant__ int ones[] = {1, 1};
__device__ __forceinline__ int Same(int x) { return x; }
template <typename T> __device__ T Twice(T x) { return 2 * x; }
__device__ [[maybe_unused]] static int Other();
namespace space { __device__ Pair<int, int> pair = {1, 2}; __align__(16) __device__ float4 four; }
struct Functor { __device__ int operator()(int x) const { return Same(x) + one; } };
__global__ void Variables(int *out) {
  if (threadIdx.x < 4) zeros[threadIdx.x] = 0;
  atomicAdd(&counter, 1);
  if (threadIdx.x == 0) space::four.x = 3;
  __syncthreads();
  out[threadIdx.x] = Functor()(threadIdx.x) + zeros[0] + ones[1] - space::pair.a;
  if (counter != blockDim.x || space::four.x != 3) out[0] = Twice(counter);
}
FORM(device_variables) {
  int zero = 0;
  cudaMemcpyToSymbol(counter, &zero, sizeof zero);
  Variables<<<1, n>>>(out);
}
