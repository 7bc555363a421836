# The module ndarray_backend_cuda_emulated: the same kernels, compiled for this processor
# together with the emulator, which looks at each of their accesses.
foreach(folder ${CMAKE_SOURCE_DIR}/emulator ${CMAKE_SOURCE_DIR}/../emulator)
  if(EXISTS ${folder}/src/machine.cc)
    set(emulator ${folder})
    break()
  endif()
endforeach()
if(NOT emulator OR NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
  return()
endif()

# All flags of some files as one: CMake would leave out the second --param.
function(read_flags variable)
  set(flags)
  foreach(file ${ARGN})
    file(STRINGS ${emulator}/flags/${file}.txt lines)
    list(APPEND flags ${lines})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
      ${emulator}/flags/${file}.txt)
  endforeach()
  string(JOIN " " joined ${flags})
  set(${variable} "SHELL:${joined}" PARENT_SCOPE)
endfunction()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  read_flags(watched kernels kernels_clang)
else()
  read_flags(watched kernels kernels_gcc)
endif()
read_flags(plain machine)

set(translated)
file(GLOB translators CONFIGURE_DEPENDS ${emulator}/python/cuda_emulator/*.py)
file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/*.h)
foreach(source cuda_extra ndarray_backend_cuda)
  set(into ${CMAKE_BINARY_DIR}/${source}.cu.cc)
  add_custom_command(OUTPUT ${into}
    COMMAND ${CMAKE_COMMAND} -E env PYTHONPATH=${emulator}/python PYTHONDONTWRITEBYTECODE=1
      ${Python_EXECUTABLE} -m cuda_emulator src/${source}.cu ${into}
    DEPENDS src/${source}.cu ${headers} ${translators}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} COMMENT "" VERBATIM)
  list(APPEND translated ${into})
endforeach()

# The machine comes first: of a function that several objects have, as those of
# std::vector, the linker takes the first, and nobody may watch the machine.
file(GLOB machine CONFIGURE_DEPENDS ${emulator}/src/*.cc)
set(interface ${emulator}/src/interface.cc)
list(REMOVE_ITEM machine ${interface})
add_library(emulator_machine OBJECT ${machine})
add_library(emulator_interface OBJECT ${interface})
foreach(target emulator_machine emulator_interface)
  target_include_directories(${target} PRIVATE ${emulator}/include)
  target_compile_options(${target} PRIVATE "${plain}" -Wno-attributes)
endforeach()
add_library(emulated_kernels OBJECT ${translated})
target_include_directories(emulated_kernels PRIVATE
  ${emulator}/include ${CMAKE_SOURCE_DIR}/src)
target_compile_options(emulated_kernels PRIVATE "${watched}" -Wno-unknown-pragmas)
add_library(emulated_memory OBJECT src/cuda_memory.cc)
target_include_directories(emulated_memory PRIVATE ${emulator}/include)
target_compile_definitions(emulated_memory PRIVATE NEEDLE_CUDA_EMULATED)
set_target_properties(emulator_machine emulator_interface emulated_kernels
  emulated_memory PROPERTIES POSITION_INDEPENDENT_CODE ON)
Python_add_library(ndarray_backend_cuda_emulated MODULE ${name}
  $<TARGET_OBJECTS:emulator_machine> $<TARGET_OBJECTS:emulator_interface>
  src/ndarray_backend_cuda_module.cc
  $<TARGET_OBJECTS:emulated_memory> $<TARGET_OBJECTS:emulated_kernels>)
target_compile_definitions(ndarray_backend_cuda_emulated PRIVATE NEEDLE_CUDA_EMULATED)
target_include_directories(ndarray_backend_cuda_emulated PRIVATE
  ${emulator}/include ${emulator}/src)
target_link_libraries(ndarray_backend_cuda_emulated PRIVATE ${CMAKE_DL_LIBS})
needle_module(ndarray_backend_cuda_emulated)

# Kernels know neither Python nor what is asked of the emulator: they are linked once with
# the rest of it alone, where nothing may be missing.
add_library(emulated_kernels_alone SHARED $<TARGET_OBJECTS:emulator_machine>
  $<TARGET_OBJECTS:emulated_memory> $<TARGET_OBJECTS:emulated_kernels>)
target_link_options(emulated_kernels_alone PRIVATE -Wl,--no-undefined)
target_link_libraries(emulated_kernels_alone PRIVATE ${CMAKE_DL_LIBS})
add_dependencies(ndarray_backend_cuda_emulated emulated_kernels_alone)
