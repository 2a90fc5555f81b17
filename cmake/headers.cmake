# Reduces the compile time of outside headers: fmt is linked as a library, and the standard library's headers are
# precompiled. Measured with GCC 12 (src/ops/drain.cpp at -O2): 5.7 s without either, 2.9 s with fmt as a library, 2.0 s
# with both; under AddressSanitizer at -O1 10.8, 5.1 and 4.3 s.
option(GPUSLICE_PRECOMPILE "Precompile the headers that many files include" ON)

# gpuslice_fmt: the fmt that the rooms link. The library build was tested only with version 9, so other versions are
# used header-only.
if(fmt_VERSION VERSION_GREATER_EQUAL 9 AND fmt_VERSION VERSION_LESS 10)
  add_library(gpuslice_fmt STATIC cmake/fmt_library.cpp)
  set(fmt_header fmt/format.h)
else()
  add_library(gpuslice_fmt INTERFACE)
  target_link_libraries(gpuslice_fmt INTERFACE fmt::fmt-header-only)
  set(fmt_header "")
endif()

set(common_headers algorithm array charconv chrono cstdint expected filesystem fstream functional map memory optional set span sstream
  string string_view utility variant vector ${fmt_header})
list(TRANSFORM common_headers REPLACE "(.+)" "<\\1>")

# gpuslice_precompile(TARGET [KIND]): compiles the files of TARGET with the precompiled headers above. The compiler
# accepts precompiled headers only with the options with which they were compiled, so there is a set for each KIND:
# `room`, `cold` (see GPUSLICE_COLD_ROOMS) and `test`.
function(gpuslice_precompile target kind)
  if(NOT GPUSLICE_PRECOMPILE)
    return()
  endif()
  set(made gpuslice_headers_${kind})
  if(NOT TARGET ${made})
    set(headers ${common_headers})
    file(WRITE ${CMAKE_BINARY_DIR}/headers/${kind}.cpp "")
    add_library(${made} OBJECT EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/headers/${kind}.cpp)
    if(kind STREQUAL cold)
      target_compile_options(${made} PRIVATE ${GPUSLICE_COLD_OPTIMIZATION})
    elseif(kind STREQUAL test)
      # The options for executables, which differ from those for libraries.
      set_target_properties(${made} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
      target_compile_options(${made} PRIVATE -fPIE ${GPUSLICE_TEST_OPTIMIZATION})
      target_link_libraries(${made} PRIVATE GTest::gtest)
      list(APPEND headers <gtest/gtest.h>)
    endif()
    target_precompile_headers(${made} PRIVATE ${headers})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${made})
endfunction()
