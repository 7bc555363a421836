# The module ndarray_backend_cuda, where there is a CUDA compiler. No card is needed to
# build it: without one it is made for any that the compiler knows by default, and newer.
include(CheckLanguage)
check_language(CUDA)
if(NOT CMAKE_CUDA_COMPILER)
  return()
endif()
if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES AND NOT DEFINED ENV{CUDAARCHS})
  execute_process(COMMAND nvidia-smi -L OUTPUT_VARIABLE cards ERROR_QUIET)
  if(cards MATCHES "GPU 0" AND NOT CMAKE_VERSION VERSION_LESS 3.24)
    set(CMAKE_CUDA_ARCHITECTURES native)
  endif()
endif()
enable_language(CUDA)
find_package(CUDAToolkit REQUIRED)
set(CMAKE_CUDA_STANDARD 17)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)
set(CMAKE_CUDA_FLAGS_RELEASE "-O3")

# The kernels use lambdas on the device. Never --use_fast_math, for the same reasons as
# above.
add_library(cuda_kernels OBJECT src/cuda_extra.cu src/ndarray_backend_cuda.cu)
target_compile_options(cuda_kernels PRIVATE --extended-lambda)
set_target_properties(cuda_kernels PROPERTIES POSITION_INDEPENDENT_CODE ON)
Python_add_library(ndarray_backend_cuda MODULE ${name}
  src/cuda_memory.cc src/ndarray_backend_cuda_module.cc $<TARGET_OBJECTS:cuda_kernels>)
set_target_properties(ndarray_backend_cuda PROPERTIES LINKER_LANGUAGE CXX)
target_link_libraries(ndarray_backend_cuda PRIVATE CUDA::cudart_static)
needle_module(ndarray_backend_cuda)
