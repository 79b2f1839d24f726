# One target a module: mailhold_module(name SOURCES … USES … LIBRARIES …) in src/<module>/CMakeLists.txt
# and mailhold_test(module SOURCES … [LIBRARIES …]) in tests/<module>/CMakeLists.txt.
# Besides, mailhold_fuzz(target …) in tests/fuzz/CMakeLists.txt.

# Builds mailhold::<name> from the calling folder and include/mailhold/<name>/.
# USES names other modules, LIBRARIES third-party targets (private, never in a public header).
function(mailhold_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(mailhold_${name} STATIC ${arg_SOURCES})
  if(TARGET mailhold_module_headers)
    target_precompile_headers(mailhold_${name} REUSE_FROM mailhold_module_headers)
  endif()
  add_library(mailhold::${name} ALIAS mailhold_${name})
  target_include_directories(mailhold_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include)
  mailhold_hardening(mailhold_${name})
  list(TRANSFORM arg_USES PREPEND mailhold::)
  target_link_libraries(mailhold_${name} PUBLIC ${arg_USES} fmt::fmt Threads::Threads
    PRIVATE ${arg_LIBRARIES})
endfunction()

# The headers that most modules include, compiled once; in debug builds only, so that the release build
# still sees whether each file includes what it uses.
function(mailhold_module_headers)
  if(NOT CMAKE_BUILD_TYPE STREQUAL Debug)
    return()
  endif()
  file(WRITE ${PROJECT_BINARY_DIR}/module_headers.cpp "")
  add_library(mailhold_module_headers STATIC ${PROJECT_BINARY_DIR}/module_headers.cpp)
  mailhold_hardening(mailhold_module_headers)
  target_link_libraries(mailhold_module_headers PRIVATE fmt::fmt Threads::Threads)
  target_precompile_headers(mailhold_module_headers PRIVATE <fmt/format.h> <algorithm> <chrono>
    <filesystem> <functional> <map> <memory> <optional> <set> <string> <unordered_map> <vector>)
endfunction()

# Tests are compiled without optimisation: what they test is optimised, and they are many.
function(mailhold_compile_quickly target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0>)
endfunction()

# GoogleTest's headers compiled once for all test binaries: they cost more than most tests.
function(mailhold_test_headers)
  file(WRITE ${PROJECT_BINARY_DIR}/test_headers.cpp "")
  add_library(mailhold_test_headers STATIC ${PROJECT_BINARY_DIR}/test_headers.cpp)
  mailhold_hardening(mailhold_test_headers)
  mailhold_compile_quickly(mailhold_test_headers)
  # Compiled as an executable's: g++ takes a precompiled header only under the same -fPIE.
  set_target_properties(mailhold_test_headers PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(mailhold_test_headers PRIVATE -fPIE)
  target_link_libraries(mailhold_test_headers PRIVATE GTest::gmock Threads::Threads fmt::fmt)
  target_precompile_headers(mailhold_test_headers PRIVATE <gtest/gtest.h> <gmock/gmock.h>
    <fmt/format.h> <filesystem> <functional> <map> <string> <vector>)
endfunction()

# Builds and registers <module>_test: one GoogleTest binary a module.
function(mailhold_test module)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_executable(${module}_test ${arg_SOURCES})
  mailhold_hardening(${module}_test)
  mailhold_compile_quickly(${module}_test)
  list(TRANSFORM arg_USES PREPEND mailhold::)
  target_include_directories(${module}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests
    ${PROJECT_SOURCE_DIR}/src/${module})
  target_link_libraries(${module}_test PRIVATE mailhold::${module} ${arg_USES} ${arg_LIBRARIES}
    GTest::gmock GTest::gtest_main)
  # Where a library's own definitions rule the precompiled headers out, g++ reads the plain ones.
  set_target_properties(${module}_test PROPERTIES PCH_WARN_INVALID OFF)
  target_precompile_headers(${module}_test REUSE_FROM mailhold_test_headers)
  add_test(NAME ${module} COMMAND ${module}_test --gtest_brief=1)
  set_tests_properties(${module} PROPERTIES TIMEOUT 600)
endfunction()

# Builds fuzz_<name> from tests/fuzz/<name>.cpp and registers fuzz.<name>: libFuzzer over what was found
# before (tests/fuzz/corpus/<name>), then for a while on its own. USES names modules, whose private
# headers are seen too. Nothing where the compiler has no libFuzzer.
function(mailhold_fuzz name)
  cmake_parse_arguments(arg "" "MAX_LENGTH" "SOURCES;USES;LIBRARIES;OPTIONS" ${ARGN})
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL Clang OR NOT MAILHOLD_SANITIZE MATCHES fuzzer-no-link)
    return()
  endif()
  add_executable(fuzz_${name} ${name}.cpp entry_point.cpp ${arg_SOURCES})
  mailhold_hardening(fuzz_${name})
  target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  foreach(module IN LISTS arg_USES)
    target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src/${module})
  endforeach()
  list(TRANSFORM arg_USES PREPEND mailhold::)
  target_link_libraries(fuzz_${name} PRIVATE ${arg_USES} ${arg_LIBRARIES})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  add_test(NAME fuzz.${name} COMMAND ${PROJECT_SOURCE_DIR}/tests/fuzz/run_target
    $<TARGET_FILE:fuzz_${name}> -max_len=${arg_MAX_LENGTH} ${arg_OPTIONS})
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz)
endfunction()

# Adds src/<module> and, where it exists, tests/<module>, for each module wanted by MAILHOLD_ONLY.
function(mailhold_add_modules)
  foreach(module IN LISTS ARGN)
    if(MAILHOLD_ONLY AND NOT module IN_LIST MAILHOLD_ONLY)
      continue()
    endif()
    add_subdirectory(${PROJECT_SOURCE_DIR}/src/${module})
    if(EXISTS ${PROJECT_SOURCE_DIR}/tests/${module}/CMakeLists.txt)
      add_subdirectory(${PROJECT_SOURCE_DIR}/tests/${module})
    endif()
  endforeach()
endfunction()
