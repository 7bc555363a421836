// Accesses that are easy to count. The comment `now: NAME` marks the line of one.
namespace {

__global__ void Row(const float *in, float *out) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  const float x = in[i];  // now: coalesced
  out[i] = x;             // now: stored
}
__global__ void Column(const float *in, float *out) {
  out[threadIdx.x] = in[threadIdx.x * 32];  // now: strided
}
__global__ void Same(const float *in, float *out) {
  out[threadIdx.x] = in[5];  // now: broadcast
}
__global__ void Four(const float4 *in, float4 *out) {
  const float4 x = in[threadIdx.x];  // now: four
  out[threadIdx.x] = x;
}
template <int kStride>
__global__ void Banks(float *out) {
  __shared__ float tile[32 * kStride];
  tile[threadIdx.x * kStride] = 1;  // now: banks
  __syncthreads();
  out[threadIdx.x] = tile[threadIdx.x * kStride];
}
__global__ void Loop(const float *in, float *out, int n) {
  float sum = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) sum += in[i];  // now: loop
  atomicAdd(out, sum);                                             // now: added
}

float *Written(int count) {
  float *memory;
  cudaMalloc(&memory, count * sizeof(float));
  cudaMemset(memory, 0, count * sizeof(float));
  return memory;
}

}  // namespace

extern "C" {
void settle() { cudaDeviceReset(); }
void row() { Row<<<3, 64>>>(Written(192), Written(192)); }
void column() { Column<<<1, 32>>>(Written(1024), Written(32)); }
void same() { Same<<<1, 32>>>(Written(32), Written(32)); }
void four() {
  Four<<<1, 32>>>(reinterpret_cast<float4 *>(Written(128)),
                  reinterpret_cast<float4 *>(Written(128)));
}
void banks(int stride) {
  if (stride == 1) Banks<1><<<1, 32>>>(Written(32));
  if (stride == 2) Banks<2><<<1, 32>>>(Written(32));
  if (stride == 32) Banks<32><<<1, 32>>>(Written(32));
  if (stride == 33) Banks<33><<<1, 32>>>(Written(32));
}
void loop() { Loop<<<2, 64>>>(Written(100), Written(1), 100); }
// 40 bytes to the device, 24 on it, 8 and 12 to the host; the host's own do not count.
int copied_about() {
  char there[40] = {}, here[40];
  char *a, *b;
  cudaMalloc(&a, 40);
  cudaMalloc(&b, 24);
  cudaMemcpy(a, there, 40, cudaMemcpyHostToDevice);
  cudaMemcpy(b, a, 24, cudaMemcpyDeviceToDevice);
  cudaMemcpyAsync(here, b, 8, cudaMemcpyDefault);
  cudaMemcpy2D(here, 6, a, 10, 6, 2, cudaMemcpyDeviceToHost);
  cudaMemcpy(here, there, 40, cudaMemcpyHostToHost);
  cudaMemcpy(b, a, 25, cudaMemcpyDeviceToDevice);  // refused
  return cudaGetLastError();
}
}
