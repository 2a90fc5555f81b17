# gpuslice_yaml: what the rooms link for YAML. A node's nvidia-smi is a copy of the program: it should need only the system's own libraries,
# so YAML is linked in where there is a static library.
find_library(YAML_CPP_STATIC libyaml-cpp.a)
add_library(gpuslice_yaml INTERFACE)
if(YAML_CPP_STATIC)
  target_link_libraries(gpuslice_yaml INTERFACE ${YAML_CPP_STATIC})
else()
  target_link_libraries(gpuslice_yaml INTERFACE yaml-cpp)
endif()
