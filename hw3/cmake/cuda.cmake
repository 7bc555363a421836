# The module ndarray_backend_cuda, where there is a CUDA compiler. No card is needed to
# build it: without one it is made for any that the compiler knows by default, and newer.

# Whatever is wrong with CUDA is said, and keeps nothing else from being built, unless
# this module alone is wanted.
macro(leave_cuda_out)
  string(JOIN " " why ${ARGN})
  if(NEEDLE_CUDA_ONLY)
    message(FATAL_ERROR " ${why}")
  endif()
  message(STATUS "needle: ${why}")
  return()
endmacro()

# Toolkits do not always put themselves on the PATH.
if(DEFINED ENV{CUDACXX})
  set(needle_nvcc $ENV{CUDACXX})
else()
  find_program(needle_nvcc NAMES nvcc PATHS /usr/local/cuda/bin /opt/cuda/bin)
endif()
if(NOT needle_nvcc)
  leave_cuda_out("There is no CUDA compiler (nvcc) here:"
    "the CUDA kernels are not built for graphics cards.")
endif()
set(ENV{CUDACXX} ${needle_nvcc})

# For the card that is here, if there is one. A compiler knows cards of some years only, so
# it is tried with this one.
if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES AND NOT DEFINED ENV{CUDAARCHS}
   AND NOT CMAKE_VERSION VERSION_LESS 3.24)
  execute_process(COMMAND nvidia-smi -L OUTPUT_VARIABLE cards ERROR_QUIET)
  if(cards MATCHES "GPU 0")
    set(ENV{CUDAARCHS} native)
    set(for_the_card -arch=native)
  endif()
endif()

include(CheckLanguage)
check_language(CUDA)
if(NOT CMAKE_CUDA_COMPILER)
  # It may be too old, or g++ too new for it: let it say so itself.
  file(WRITE ${CMAKE_BINARY_DIR}/probe.cu "__global__ void f() {}\nint main() {}\n")
  execute_process(COMMAND ${needle_nvcc} -std=c++17 ${for_the_card} probe.cu -o probe
    WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
    OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE status)
  if(NOT said MATCHES "[^\n]*([Ee]rror|fatal)[^\n]*")
    string(REGEX MATCH "[^\n]+|$" said "${said}status ${status}")
    set(CMAKE_MATCH_0 ${said})
  endif()
  leave_cuda_out("The CUDA compiler ${needle_nvcc} does not work here:"
    "the CUDA kernels are not built for graphics cards. It says: ${CMAKE_MATCH_0}")
endif()
enable_language(CUDA)
if(CMAKE_CUDA_COMPILER_VERSION VERSION_LESS 11)
  leave_cuda_out("The CUDA compiler ${needle_nvcc} is of CUDA"
    "${CMAKE_CUDA_COMPILER_VERSION}, and 11 is needed:"
    "the CUDA kernels are not built for graphics cards.")
endif()
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
# Linked as CUDA is, with its runtime inside: find_package(CUDAToolkit) of an older CMake
# finds less than the compiler does.
set_target_properties(ndarray_backend_cuda PROPERTIES LINKER_LANGUAGE CUDA)
target_include_directories(ndarray_backend_cuda SYSTEM PRIVATE
  ${CMAKE_CUDA_TOOLKIT_INCLUDE_DIRECTORIES})
needle_module(ndarray_backend_cuda)
