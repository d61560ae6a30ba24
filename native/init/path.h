/* Opening and making paths beneath a root that an attacker may be changing at the same time. */
#ifndef RUNT_PATH_H
#define RUNT_PATH_H

#include <stdint.h>
#include <sys/types.h>

enum make_kind { MAKE_NOTHING = 0, MAKE_FOLDER = 1, MAKE_FILE = 2 };

/* openat2(root, path, flags | O_CLOEXEC, resolve), and the same in user space where the kernel does
 * not let us. */
int path_resolve(int root, const char *path, uint64_t flags, uint64_t resolve);

/* openat2(root, path, O_PATH, RESOLVE_IN_ROOT | resolve), after making what is missing. */
int path_open(int root, const char *path, enum make_kind make, mode_t mode, uint64_t resolve);

/* Opens the folder that holds the last component, and points `name` at that component. */
int path_open_parent(int root, const char *path, const char **name);

#endif
