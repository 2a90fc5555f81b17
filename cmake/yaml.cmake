# gpuslice_yaml: the YAML library that the rooms link. A node's nvidia-smi is a copy of the program and should need only
# system libraries, so a static library is preferred.
find_library(YAML_CPP_STATIC libyaml-cpp.a)
add_library(gpuslice_yaml INTERFACE)
if(YAML_CPP_STATIC)
  target_link_libraries(gpuslice_yaml INTERFACE ${YAML_CPP_STATIC})
else()
  target_link_libraries(gpuslice_yaml INTERFACE yaml-cpp)
endif()
