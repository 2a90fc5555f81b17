# Compiler settings that all targets share. GCC 12 has false -Wrestrict warnings (PR 105651) about string concatenation
# at -O2 and above.
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  add_compile_options(-Wno-restrict)
endif()
add_compile_options(-Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Wold-style-cast)
if(GPUSLICE_WERROR)
  add_compile_options(-Werror)
endif()
if(GPUSLICE_SANITIZE)
  add_compile_options(-fsanitize=${GPUSLICE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${GPUSLICE_SANITIZE})
endif()
# With ccache, clones share compiled files: paths are relative to the top of the clone, and precompiled headers
# (cmake/headers.cmake) are allowed.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options(-fpch-preprocess)
  endif()
endif()

# Test code runs so rarely that optimising it costs more time than it saves, above all under the sanitizers.
set(GPUSLICE_TEST_OPTIMIZATION "" CACHE STRING "Optimization level of test code, such as -O1 (empty: that of the build type)")
set(GPUSLICE_COLD_ROOMS "" CACHE STRING "Rooms that are compiled with GPUSLICE_COLD_OPTIMIZATION, whatever the build type")
set(GPUSLICE_COLD_OPTIMIZATION "-O0" CACHE STRING "Their optimization level")
# If this list is set, only the tests of these rooms, and what they need, are built.
set(GPUSLICE_TESTED_ROOMS "" CACHE STRING "Rooms whose tests are built; empty: all, and the programs")
set(GPUSLICE_PROGRAM "" CACHE FILEPATH "The gpuslice that tests outside the rooms use; empty: the one of this build")
if(GPUSLICE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Targets that only full builds contain.
function(gpuslice_unless_partial)
  if(GPUSLICE_TESTED_ROOMS)
    set_target_properties(${ARGN} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# gpuslice_room_test(ROOM TARGET): adds the room's unit tests to ctest under the name of the room.
function(gpuslice_room_test room target)
  target_compile_options(${target} PRIVATE ${GPUSLICE_TEST_OPTIMIZATION})
  gpuslice_precompile(${target} test)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(GPUSLICE_TESTED_ROOMS AND NOT room IN_LIST GPUSLICE_TESTED_ROOMS)
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  add_test(NAME ${room} COMMAND ${target})
  set_tests_properties(${room} PROPERTIES LABELS unit TIMEOUT 300 ENVIRONMENT "GPUSLICE_LOCAL=readonly")
endfunction()
