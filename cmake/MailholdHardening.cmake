# Warnings, sanitizers and hardening that every target of ours is built with.
include(CheckPIESupported)
check_pie_supported()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# Sanitized binaries are large and many, and the gate has thirty minutes.
find_program(MOLD mold)
if(MOLD AND MAILHOLD_SANITIZE)
  add_link_options(-fuse-ld=mold)
endif()

function(mailhold_hardening target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    -fstack-protector-strong)
  if(MAILHOLD_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(MAILHOLD_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${MAILHOLD_SANITIZE}
      -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${MAILHOLD_SANITIZE})
  else()
    target_compile_options(${target} PRIVATE -fstack-clash-protection -fcf-protection)
    target_compile_definitions(${target} PRIVATE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=3>)
  endif()
  target_link_options(${target} PRIVATE -Wl,-z,relro,-z,now)
endfunction()
