# gpuslice_room(NAME SOURCES ... USES ... LINKS ... TESTS ...)
#   NAME     the room: folder src/NAME, library gpuslice_NAME
#   SOURCES  its translation units (none: a header-only room)
#   USES     the rooms it may use (checked against the includes by tools/check-rooms)
#   LINKS    outside libraries
#   TESTS    its GoogleTest files, linked into one program NAME_test and run by ctest
function(gpuslice_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LINKS;TESTS;TEST_USES" ${ARGN})
  set(kind PUBLIC)
  if(ROOM_SOURCES)
    add_library(gpuslice_${name} STATIC ${ROOM_SOURCES})
    gpuslice_unless_partial(gpuslice_${name})
    if(name IN_LIST GPUSLICE_COLD_ROOMS)
      target_compile_options(gpuslice_${name} PRIVATE ${GPUSLICE_COLD_OPTIMIZATION})
      gpuslice_precompile(gpuslice_${name} cold)
    else()
      gpuslice_precompile(gpuslice_${name} room)
    endif()
  else()
    add_library(gpuslice_${name} INTERFACE)
    set(kind INTERFACE)
  endif()
  target_include_directories(gpuslice_${name} ${kind} ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(gpuslice_${name} ${kind} ${ROOM_LINKS})
  foreach(used IN LISTS ROOM_USES)
    target_link_libraries(gpuslice_${name} ${kind} gpuslice_${used})
  endforeach()
  if(GPUSLICE_TESTS AND ROOM_TESTS)
    add_executable(${name}_test ${ROOM_TESTS})
    target_link_libraries(${name}_test PRIVATE gpuslice_${name} GTest::gtest_main)
    foreach(used IN LISTS ROOM_TEST_USES)
      target_link_libraries(${name}_test PRIVATE gpuslice_${used})
    endforeach()
    gpuslice_room_test(${name} ${name}_test)
  endif()
endfunction()

# Part of every build: checks that the includes and links of src follow the table of rooms in ARCHITECTURE.md. It runs
# again only if a file that it read, or a folder of src, has changed.
function(gpuslice_check_rooms)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  set(stamp ${CMAKE_BINARY_DIR}/rooms.stamp)
  set(check ${PROJECT_SOURCE_DIR}/tools/check-rooms)
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${Python3_EXECUTABLE} ${check} --root ${PROJECT_SOURCE_DIR} --stamp ${stamp} --depfile ${stamp}.d
    DEPENDS ${check} DEPFILE ${stamp}.d VERBATIM
    COMMENT "Checking the rooms against ARCHITECTURE.md")
  add_custom_target(check_rooms ALL DEPENDS ${stamp})
endfunction()
