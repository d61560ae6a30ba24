/*
 * Every component is resolved by the kernel beneath the root (openat2(2), K_RESOLVE_IN_ROOT), and
 * made by mkdirat in a folder that is already open: a symlink or a rename at the wrong moment leads
 * nowhere (CVE-2024-45310).
 */
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel.h"
#include "walk.h"

#define MAX_LINKS 40 /* as many as the kernel follows: path_resolution(7) */

#define MAX_TRIES 16

int path_resolve(int root, const char *path, uint64_t flags, uint64_t resolve)
{
	int found = -1;

	/* EAGAIN: somewhere on the host something was renamed while ".." was resolved */
	for (int tries = 0; tries < MAX_TRIES; tries++) {
		found = sys_openat2(root, path, flags | O_CLOEXEC, 0, resolve);
		if (found >= 0 || errno != EAGAIN)
			break;
	}
	if (found < 0 && (LACKING(errno) || errno == EAGAIN))
		return walk_open(root, path, flags, resolve);
	return found;
}

static int open_in_root(int root, const char *path, uint64_t flags, uint64_t resolve)
{
	return path_resolve(root, path, flags,
			    K_RESOLVE_IN_ROOT | K_RESOLVE_NO_MAGICLINKS | resolve);
}

/* Opens the first `length` bytes of path as a folder; the empty prefix is the root. */
static int open_prefix(int root, const char *path, size_t length)
{
	char prefix[PATH_MAX];

	if (length == 0)
		return open_in_root(root, ".", O_PATH | O_DIRECTORY, 0);
	memcpy(prefix, path, length);
	prefix[length] = '\0';
	return open_in_root(root, prefix, O_PATH | O_DIRECTORY, 0);
}

/* Where the component that starts at `start` ends. */
static size_t component_end(const char *path, size_t start)
{
	const char *slash = strchr(path + start, '/');

	return slash ? (size_t)(slash - path) : strlen(path);
}

int path_open_parent(int root, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 0;

	*name = slash ? slash + 1 : path;
	if (length >= PATH_MAX || **name == '\0') {
		errno = EINVAL;
		return -1;
	}
	return open_prefix(root, path, length);
}

/* A dangling symlink stands at [start, end): path becomes what it points to, and the rest. */
static int follow(int folder, char *path, size_t start, size_t end)
{
	char target[PATH_MAX], rest[PATH_MAX];
	char name[NAME_MAX + 1];

	if (end - start > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, path + start, end - start);
	name[end - start] = '\0';
	ssize_t length = readlinkat(folder, name, target, sizeof(target) - 1);

	if (length <= 0)
		return -1;
	size_t keep = target[0] == '/' ? 0 : start;
	size_t rest_length = strlen(path + end);

	if (keep + (size_t)length + rest_length >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(rest, path + end, rest_length + 1);
	memcpy(path + keep, target, (size_t)length);
	memcpy(path + keep + length, rest, rest_length + 1);
	return 0;
}

static int make_component(int folder, const char *path, size_t start, size_t end,
			  enum make_kind make, mode_t mode)
{
	char name[NAME_MAX + 1];
	int last = path[end] == '\0';

	if (end - start > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, path + start, end - start);
	name[end - start] = '\0';
	if (!last || make == MAKE_FOLDER)
		return mkdirat(folder, name, last ? mode : 0755);
	return mknodat(folder, name, S_IFREG | (mode & 0777), 0);
}

static int is_folder(int root, const char *path, size_t length)
{
	int found = open_prefix(root, path, length);

	if (found >= 0)
		close(found);
	return found >= 0;
}

/* Where the first missing component starts. Mostly only the last one is, so that is asked first. */
static size_t first_missing(int root, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t last = slash ? (size_t)(slash - path) + 1 : 0;
	size_t start = strspn(path, "/");

	if (is_folder(root, path, last))
		return last;
	for (;;) {
		size_t end = component_end(path, start);

		if (path[end] == '\0' || !is_folder(root, path, end))
			return start;
		start = end + strspn(path + end, "/");
	}
}

/* Makes the first missing component: 1 made, 0 a symlink was followed instead, -1 failed. */
static int advance(int root, char *path, enum make_kind make, mode_t mode)
{
	size_t start = first_missing(root, path), end = component_end(path, start);
	int folder = open_prefix(root, path, start);

	if (folder < 0)
		return -1;
	int result = make_component(folder, path, start, end, make, mode) < 0 ? -1 : 1;

	if (result < 0 && errno == EEXIST)
		result = follow(folder, path, start, end);
	int error = errno;

	close(folder);
	errno = error;
	return result;
}

int path_open(int root, const char *wanted, enum make_kind make, mode_t mode, uint64_t resolve)
{
	char path[PATH_MAX];
	size_t length = strlen(wanted);
	int found = open_in_root(root, wanted, O_PATH, resolve);

	if (found >= 0 || errno != ENOENT || make == MAKE_NOTHING)
		return found;
	if (length >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(path, wanted, length + 1);
	/* somebody else may be making and removing the same folders: a bounded number of tries */
	for (int tries = 0; tries < MAX_LINKS + PATH_MAX / 2; tries++) {
		if (advance(root, path, make, mode) < 0)
			return -1;
		found = open_in_root(root, path, O_PATH, resolve);
		if (found >= 0 || errno != ENOENT)
			return found;
	}
	errno = ELOOP;
	return -1;
}
