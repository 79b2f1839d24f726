#pragma once
// What the interposed names of libc do: the call goes to the laboratory, where it watches the file.
// Results and errno are those of the kernel's call.

#include <cstddef>

#include <sys/types.h>

#include "laboratory.hpp"

namespace mailhold::faults {

/// Any call on an open descriptor.
long on_descriptor(const char* name, Kind kind, int fd, std::size_t bytes, const Real& real);

int opened(int folder, const char* path, int flags, mode_t mode);
int closed(int fd);
int renamed(int from_folder, const char* from, int to_folder, const char* to, unsigned flags);
int linked(int from_folder, const char* from, int to_folder, const char* to, int flags);
int unlinked(int folder, const char* path, int flags);
int made_folder(int folder, const char* path, mode_t mode);
int allocated(const char* name, int fd, const Real& real);

}  // namespace mailhold::faults
